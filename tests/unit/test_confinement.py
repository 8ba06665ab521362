from __future__ import annotations

import platform
import subprocess
import sys
from pathlib import Path

import pytest

CAN_FILTER = sys.platform == "linux" and platform.machine() in {"x86_64", "aarch64"}


def run(*lines: str) -> subprocess.CompletedProcess[str]:
    """Run lines in a process of their own, since none of this can be undone."""
    script = "\n".join(["import os, socket, subprocess, sys", "from hocba import confinement", *lines])
    return subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.skipif(not CAN_FILTER, reason="no filter of system calls here")
class TestForbidNetwork:
    @pytest.mark.parametrize(
        "attempt",
        [
            "socket.socket()",
            "socket.socket(socket.AF_UNIX)",
            "socket.socketpair()",
            "os.execv('/bin/true', ['true'])",
        ],
    )
    def test_refuses(self, attempt: str) -> None:
        done = run(
            "assert confinement.forbid_network()",
            "try:",
            f"    {attempt}",
            "except PermissionError: print('no')",
        )

        assert done.stdout == "no\n", done.stderr

    def test_leaves_files_and_pipes_alone(self) -> None:
        done = run("assert confinement.forbid_network()", "print(open(os.devnull).read() == '')")

        assert done.stdout == "True\n", done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="no such limits here")
class TestLimits:
    def test_memory_counts_from_what_is_used(self) -> None:
        done = run(
            "confinement.limit_memory(64 << 20)",
            "small = bytearray(16 << 20)",
            "try:",
            "    bytearray(128 << 20)",
            "except MemoryError: print('no')",
        )

        assert done.stdout == "no\n", done.stderr

    def test_files_cannot_be_written(self, tmp_path: Path) -> None:
        done = run(
            "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)",
            f"descriptor = os.open({str(tmp_path / 'x')!r}, os.O_CREAT | os.O_WRONLY)",
            "confinement.limit_files(32)",
            "try:",
            "    os.write(descriptor, b'x')",
            "except OSError: print('no')",
        )

        assert done.stdout == "no\n", done.stderr

    def test_open_files_count_from_what_is_open(self) -> None:
        done = run(
            "held = [os.open(os.devnull, os.O_RDONLY) for _ in range(100)]",
            "confinement.limit_files(8)",
            "more = []",
            "try:",
            "    for _ in range(20): more.append(os.open(os.devnull, os.O_RDONLY))",
            "except OSError: print(len(more) in (8, 9))",
        )

        assert done.stdout == "True\n", done.stderr

    def test_processor_time_ends_the_process(self) -> None:
        done = run("confinement.allow_processor(1)", "while True: pass")

        assert done.returncode < 0
