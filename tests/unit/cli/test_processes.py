"""Logs of the house."""

from __future__ import annotations

from pathlib import Path

from hocba.cli.processes import open_log


class TestOpenLog:
    def test_lets_nobody_else_read_it(self, tmp_path: Path) -> None:
        old = tmp_path / "city.log"
        old.touch(mode=0o644)
        old.chmod(0o644)

        for path in (old, tmp_path / "portal.log"):
            with open_log(path) as log:
                log.write(b"line\n")
            assert path.stat().st_mode & 0o777 == 0o600
            assert path.read_bytes() == b"line\n"
