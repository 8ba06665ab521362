from __future__ import annotations

import json
from pathlib import Path

import pytest
import typst

from hocba.documents import lettering
from hocba.documents.forms.booklets import FONT

WORDS = [
    "Nguyễn", "Thị", "Ngọc", "Phương", "Thảo", "Quỳnh", "ĐƯỢC", "nghiêng", "Mĩ", "WWWWWWWW", "ỆỆỆỆ", "10,0",
    "2024–2025", "nguoicodiachi@truonghoc.example.vn", "(Kí,", "ĐTBmhkII", "%&@#", "mmmm", "iiii", "JKQZ", "…",
    "“Giỏi”", "œ", "Ж",
]  # fmt: skip


class TestWidth:
    @pytest.mark.parametrize("bold", [False, True])
    def test_is_never_less_than_in_print(self, tmp_path: Path, *, bold: bool) -> None:
        source = tmp_path / "widths.typ"
        source.write_text(
            f'#set text(font: "{FONT}", size: 10pt, weight: "{"bold" if bold else "regular"}")\n'
            f"#context [#metadata({json.dumps(WORDS, ensure_ascii=False).replace('[', '(').replace(']', ')')}"
            ".map(word => measure(word).width / 1mm)) <widths>]"
        )
        printed = json.loads(typst.query(str(source), "<widths>", field="value", one=True))
        for word, real in zip(WORDS, printed, strict=True):
            estimate = lettering.width(word, 10, bold=bold)
            assert real <= estimate <= real * 1.35 + 0.5, word

    def test_counts_no_width_for_a_place_to_break(self) -> None:
        assert lettering.width("a\u200bb", 9) == lettering.width("ab", 9)


class TestFitted:
    def test_leaves_words_that_fit(self) -> None:
        assert lettering.fitted("Nguyễn Thị Ngọc", 30, 9) == "Nguyễn Thị Ngọc"

    def test_gives_places_to_break_to_words_that_do_not(self) -> None:
        text = lettering.fitted("x " + "W" * 40, 20, 9)
        pieces = text.split(" ")[1].split("\u200b")
        assert "".join(pieces) == "W" * 40
        assert len(pieces) > 4
        assert all(lettering.width(piece, 9) <= 20 for piece in pieces)

    def test_keeps_lines(self) -> None:
        assert lettering.fitted("một\r\nhai", 20, 9) == "một\nhai"


class TestClean:
    def test_composes_letters(self) -> None:
        assert lettering.clean("Nguye\u0302\u0303n") == "Nguyễn"

    def test_drops_what_nobody_sees(self) -> None:
        assert lettering.clean("A\u0000n\u200e \u00adB\tC") == "An B C"


class TestLines:
    def test_counts_lines_as_they_are_filled(self) -> None:
        assert lettering.lines("một hai ba", 100, 9) == 1
        assert lettering.lines("một\nhai", 100, 9) == 2
        assert lettering.lines(" ".join(["mười"] * 10), 20, 9) == 5
