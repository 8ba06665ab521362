"""Run Django's checks and look for missing migrations on every real site.

The site of the unit tests holds all apps at once and hides foreign keys across sides: this does not.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile

SIDES = ("sector", "tracking", "transcripts", "city", "portal")


def main() -> int:
    """0 when every site is clean."""
    failed = False
    with tempfile.TemporaryDirectory() as state:
        for side in SIDES:
            for command in (["check"], ["makemigrations", "--check", "--dry-run"]):
                failed |= _run(side, command, state)
    return int(failed)


def _run(side: str, command: list[str], state: str) -> bool:
    done = subprocess.run(
        [sys.executable, "-W", "ignore::RuntimeWarning", "-m", "hocba.cli", side, *command],
        env={**os.environ, "HOCBA_STATE": state},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        print(f"{side} {' '.join(command)}\n{done.stdout}{done.stderr}")
    return done.returncode != 0


if __name__ == "__main__":
    sys.exit(main())
