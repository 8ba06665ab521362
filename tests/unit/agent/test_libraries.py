from __future__ import annotations

import re
import tomllib
from pathlib import Path, PurePosixPath, PureWindowsPath

import pytest

import hocba_agent
from hocba.platform.web import agent as pages
from hocba_agent import config, libraries
from hocba_agent.libraries import VENDORS

# The autouse fixture of this folder empties `libraries.candidates`; this is the real one.
CANDIDATES = libraries.candidates
SOURCE = Path(hocba_agent.__file__).parent


class TestCandidates:
    @pytest.mark.parametrize(
        "maker",
        ["Ban Cơ yếu", "Viettel", "VNPT", "Bkav", "FPT", "SafeNet", "ePass", "Bit4id", "OpenSC", "SoftHSM2"],
    )
    def test_know_every_maker_on_windows_and_linux(self, maker: str) -> None:
        [vendor] = [vendor for vendor in VENDORS if maker in vendor.name]

        assert vendor.windows
        assert vendor.linux

    def test_are_absolute_paths_of_the_system(self) -> None:
        windows = dict.fromkeys(path for _, path in CANDIDATES("win32", {"SystemRoot": "D:\\Windows"}))
        linux = dict.fromkeys(path for _, path in CANDIDATES("linux", {}))

        assert PureWindowsPath("D:\\Windows\\System32\\viettel-ca_v6.dll") in windows
        assert (
            PureWindowsPath("C:\\Program Files\\OpenSC Project\\OpenSC\\pkcs11\\opensc-pkcs11.dll") in windows
        )
        assert PurePosixPath("/usr/lib/softhsm/libsofthsm2.so") in linux
        assert all(path.is_absolute() for path in (*windows, *linux))


class TestInstalled:
    def test_gives_the_configured_ones_first_and_none_twice(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        first, second = tmp_path / "a.so", tmp_path / "b.so"
        first.touch()
        second.touch()
        (tmp_path / "link.so").symlink_to(first)
        known = iter([("x", PurePosixPath(first)), ("y", PurePosixPath(tmp_path / "link.so"))])
        monkeypatch.setattr(libraries, "candidates", lambda *_: known)

        assert libraries.installed([str(second), str(tmp_path / "missing.so")]) == [str(second), str(first)]


class TestThePackage:
    def test_never_imports_the_house(self) -> None:
        for file in SOURCE.rglob("*.py"):
            assert not re.search(r"^\s*(from|import) hocba\b", file.read_text("utf-8"), re.MULTILINE), file

    def test_listens_where_the_pages_look(self) -> None:
        assert tuple(pages.PORTS) == config.PORTS

    def test_has_one_version(self) -> None:
        project = tomllib.loads((SOURCE.parent.parent / "pyproject.toml").read_text("utf-8"))["project"]

        assert project["version"] == hocba_agent.__version__
