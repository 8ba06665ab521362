from __future__ import annotations

from pathlib import Path

import pytest

from hocba.simulators import remote_signing_provider
from hocba.simulators.remote_signing_provider import keys_in


@pytest.fixture
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of keys whose content says whose they are."""
    monkeypatch.setattr(remote_signing_provider.pkcs12, "load", lambda content, password: content.decode())
    (tmp_path / "password").write_text("x", "utf-8")
    for name in ("GV0001", "79764501", "79764501.GV0001", "system-city", "tsa", "trust-list"):
        (tmp_path / f"{name}.p12").write_text(name, "utf-8")
    return tmp_path


class TestKeysIn:
    @pytest.mark.parametrize(
        ("account", "name"),
        [
            ("79764501.GV0001", "79764501.GV0001"),
            ("79764501.79764501", "79764501"),
            ("79764501", "79764501"),
            ("GV0001", "GV0001"),
        ],
    )
    def test_are_found_by_account(self, directory: Path, account: str, name: str) -> None:
        assert keys_in(directory)(account) == name

    @pytest.mark.parametrize(
        "account",
        [
            "",
            ".",
            "..",
            "../GV0001",
            "79764501.GV0002",
            "SYSTEM-CITY",
            "system-city",
            "system-city.system-city",
            "tsa",
            "trust-list",
            "GV0001\0",
            "x" * 61,
        ],
    )
    def test_are_nobody_elses(self, directory: Path, account: str) -> None:
        assert keys_in(directory)(account) is None
