from __future__ import annotations

import re

import pytest
import segno
from segno import encoder

from hocba.documents.pdf import qr

ADDRESS = "https://hocba.example/xac-minh/0b3c1d9e-7a31-4a0e-9c55-1f6f3c2d7a00"


class TestModules:
    @pytest.mark.parametrize("length", [1, 14, 15, 26, 42, 43, 62, 84, 85, 106, 107, 122, 152, 180])
    def test_are_those_of_the_reference(self, length: int, monkeypatch: pytest.MonkeyPatch) -> None:
        # segno pads whole bytes with one byte too many, which readers skip; byte mode needs no such padding.
        monkeypatch.setattr(encoder, "write_padding_bits", lambda *_: None)
        data = (ADDRESS * 3)[-length:].encode()
        reference = segno.make_qr(data, error="m", boost_error=False, mask=2, mode="byte")
        expected = "".join(str(module) for row in reference.matrix for module in bytes(row))
        assert qr.modules(data) == (expected, len(reference.matrix))

    def test_refuse_what_does_not_fit(self) -> None:
        with pytest.raises(ValueError, match="too long"):
            qr.modules(b"x" * 181)


class TestQrSvg:
    def test_draws_every_dark_module_once(self) -> None:
        symbol, size = qr.modules(ADDRESS.encode())
        drawn = [["0"] * size for _ in range(size)]
        for y, moves in re.findall(r"M0 (\d+)\.5((?:m\d+ 0h\d+)*)", qr.qr_svg(ADDRESS)):
            x = 0
            for skipped, dark in re.findall(r"m(\d+) 0h(\d+)", moves):
                x += int(skipped)
                drawn[int(y)][x : x + int(dark)] = ["1"] * int(dark)
                x += int(dark)
        assert "".join(map("".join, drawn)) == symbol

    def test_refuses_letters_outside_ascii(self) -> None:
        with pytest.raises(UnicodeEncodeError):
            qr.qr_svg("https://học.bạ")
