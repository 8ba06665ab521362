"""`hocba verify` over many files, with one process and with two: `python -m benchmarks.bench_verify_many [FILES]`.

FILES (1000) are half XML with 15 signatures and half their PDF, of the test school with RSA-2048 keys. Files a second
by the wall, and the largest memory of any process.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.bench_judges import pair_of
from benchmarks.bench_verify import _rsa_school
from tests.factories import transcripts

FILES = 1000
# A small process in between, whose children are only those of the command.
WATCH = (
    "import resource, subprocess, sys\n"
    "done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL)\n"
    "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)\n"
    "sys.exit(done.returncode)"
)


def main() -> None:
    """Print a line for each number of processes."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else FILES
    with tempfile.TemporaryDirectory() as folder:
        files, authorities = _written(Path(folder), count // 2)
        for jobs in (1, 2):
            seconds, peak = _run(files, authorities, jobs)
            print(
                f"{len(files)} files, {jobs} process(es): {seconds:.1f} s, {len(files) / seconds:.0f} a second, "
                f"at most {peak:.0f} MiB, load {os.getloadavg()[0]:.1f}",
                flush=True,
            )


def _written(folder: Path, pairs: int) -> tuple[list[str], Path]:
    school = _rsa_school()
    authorities = folder / "trust"
    authorities.mkdir()
    for name, data in school.trust_files().items():
        (authorities / name).write_bytes(data)
    files = []
    for number in range(pairs):
        pair = pair_of(school, number)
        for kind, data in (("xml", pair.xml), ("pdf", pair.pdf)):
            files.append(folder / f"{number:05}.{kind}")
            files[-1].write_bytes(data)
    return [str(path) for path in files], authorities


def _run(files: list[str], authorities: Path, jobs: int) -> tuple[float, float]:
    hocba = str(Path(sys.executable).with_name("hocba"))
    command = [sys.executable, "-S", "-c", WATCH, hocba, "verify", *files]
    options = ["--trust", str(authorities), "--jobs", str(jobs), "--at", transcripts.NOW.isoformat()]
    start = time.perf_counter()
    done = subprocess.run([*command, *options], capture_output=True, check=False)
    seconds = time.perf_counter() - start
    if done.returncode:
        raise SystemExit("hocba verify calls a good file wrong: no figure")
    return seconds, int(done.stdout) / 1024


if __name__ == "__main__":
    main()
