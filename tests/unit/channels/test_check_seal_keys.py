from __future__ import annotations

from pathlib import Path

import pytest

from hocba.channels import check_seal_keys
from tests.factories import soft_tokens as tokens

pytestmark = pytest.mark.external


class TestMain:
    def test_says_of_each_school_whether_its_key_can_be_used(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        soft = tokens.soft_tokens()
        (tmp_path / "pin").write_text(tokens.PIN)
        good = soft.address(tokens.SEAL, "con-dau", tmp_path / "pin")
        file = tmp_path / "seal-keys.toml"

        file.write_text(f'[schools]\n79764501 = "{good}"\n', "utf-8")
        assert check_seal_keys.main([str(file)]) == 0
        assert "79764501: dùng được, " in capsys.readouterr().out

        file.write_text(
            f'[schools]\n79764501 = "{good}"\n79764502 = "{good.replace("con-dau", "mat")}"\n', "utf-8"
        )
        assert check_seal_keys.main([str(file)]) == 1
        said = capsys.readouterr().out
        assert "79764501: dùng được" in said
        assert "79764502: KHÔNG dùng được" in said

    def test_says_that_the_file_cannot_be_read(self, tmp_path: Path) -> None:
        assert check_seal_keys.main([str(tmp_path / "none.toml")]) == 2
        assert check_seal_keys.main([]) == 2
