from __future__ import annotations

from pathlib import Path

import pytest

from hocba.channels import seal_keys
from hocba.channels.pkcs11_errors import PinRefusedError
from hocba.channels.pkcs11_library import library
from tests.factories import soft_tokens as tokens
from tests.factories import transcripts

CODE = transcripts.SCHOOL.code


def written(directory: Path, text: str) -> Path:
    (directory / "seal-keys.toml").write_text(text, "utf-8")
    return directory / "seal-keys.toml"


class TestOf:
    def test_gives_one_object_in_the_whole_process(self, tmp_path: Path) -> None:
        path = written(tmp_path, "[schools]\n")

        assert seal_keys.of(path) is seal_keys.of(path)


class TestKey:
    @pytest.mark.external
    def test_tries_a_refused_pin_once_only(self, tmp_path: Path) -> None:
        soft = tokens.soft_tokens()
        library(soft.library).restart()
        (tmp_path / "pin").write_text("000000")
        address = soft.address(tokens.SEAL, "con-dau", tmp_path / "pin")
        keys = seal_keys.load(written(tmp_path, f'[schools]\n{CODE} = "{address}"\n'))
        for _ in range(2):
            with pytest.raises(PinRefusedError):
                keys.key(CODE)
            (tmp_path / "pin").write_text(tokens.PIN)  # even the right one: somebody must look first


class TestLoad:
    def test_knows_no_school_without_a_file(self) -> None:
        assert CODE not in seal_keys.load(None)

    @pytest.mark.external
    def test_gives_the_key_of_a_school_and_keeps_it(self, tmp_path: Path) -> None:
        soft = tokens.soft_tokens()
        (tmp_path / "pin").write_text(tokens.PIN)
        address = soft.address(tokens.SEAL, "con-dau", tmp_path / "pin")

        keys = seal_keys.load(written(tmp_path, f'[schools]\n{CODE} = "{address}"\n'))

        assert CODE in keys
        assert "79000000" not in keys
        assert keys.key(CODE).certificate == soft.seal.certificate
        assert keys.key(CODE) is keys.key(CODE)
        with pytest.raises(KeyError):
            keys.key("79000000")

    @pytest.mark.parametrize(
        ("text", "why"),
        [
            ("[schools", "cannot be read"),
            ("", "one table"),
            ("[schools]\na = 1\n", "one table"),
            ('[schools]\na = "pkcs11:token=x"\n', "school a"),
            ('pin = "1"\n[schools]\n', "nothing else"),
        ],
    )
    def test_refuses(self, tmp_path: Path, text: str, why: str) -> None:
        with pytest.raises(ValueError, match=why):
            seal_keys.load(written(tmp_path, text))

    def test_refuses_a_file_that_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(ValueError, match="cannot be read"):
            seal_keys.load(tmp_path / "nowhere.toml")
