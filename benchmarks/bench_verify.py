"""How long offline verification takes: `python -m benchmarks.bench_verify [ROUNDS]`, one line per figure.

The files are those of the test school, made here and now: a transcript XML with 15 signatures, its PDF with 3.
Times are of the processor in this process after a warm-up, median and best of ROUNDS (200; a fourth of it for the
PDF); the cold start is the wall time of `hocba verify` on the XML in a process of its own, best of five.
"""

from __future__ import annotations

import gc
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import rsa
from tests.factories import transcripts

from hocba.documents.verification import Report, Verdict, verify
from hocba.signing import trust
from hocba.signing.demo_ca import generate_person_keys

ROUNDS = 200
STARTS = 5


def main() -> None:
    """Print the figures; stops when a file is not valid, since a fast wrong answer is no figure."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    for name, school in (("RSA-2048", _rsa_school()), ("P-256", transcripts.school())):
        pair = transcripts.sign_pair(school, transcripts.transcript())
        files = school.trust_files()
        material = trust.load(files)

        def judge(data: bytes, material: trust.TrustMaterial = material) -> Report:
            return verify(data, trust=material, at=transcripts.NOW)

        _figure(f"XML, 15 signatures, {name}", _times(judge, pair.xml, rounds))
        _figure(f"PDF, 3 signatures, {name}", _times(judge, pair.pdf, rounds // 4))
        _figure(f"`hocba verify` of that XML, cold start, {name}", _starts(pair.xml, files))


def _rsa_school() -> transcripts.SchoolKeys:
    keys: list[rsa.RSAPrivateKey] = generate_person_keys(len(transcripts.STAFF) + 1)
    return transcripts.found_school(make_key=keys.pop)


def _times(judge: Callable[[bytes], Report], data: bytes, rounds: int) -> list[float]:
    if judge(data).verdict is not Verdict.VALID:
        raise SystemExit("the file is not valid")
    for _ in range(rounds // 10):
        judge(data)
    gc.collect()
    times = []
    for _ in range(rounds):
        start = time.process_time()
        judge(data)
        times.append(time.process_time() - start)
    return times


def _starts(data: bytes, files: dict[str, bytes]) -> list[float]:
    with tempfile.TemporaryDirectory() as folder:
        document, authorities = Path(folder, "hoc-ba.xml"), Path(folder, "trust")
        document.write_bytes(data)
        authorities.mkdir()
        for name, content in files.items():
            (authorities / name).write_bytes(content)
        hocba = str(Path(sys.executable).with_name("hocba"))
        command = [
            hocba, "verify", str(document), "--trust", str(authorities), "--json",
            "--at", transcripts.NOW.isoformat(),
        ]  # fmt: skip
        return [_start(command) for _ in range(STARTS)]


def _start(command: list[str]) -> float:
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, check=False)
    seconds = time.perf_counter() - start
    if done.returncode or json.loads(done.stdout)["files"][0]["verdict"] != "valid":
        raise SystemExit(f"hocba verify: {done.stdout.decode()} {done.stderr.decode()}")
    return seconds


def _figure(name: str, seconds: list[float]) -> None:
    median, best = statistics.median(seconds) * 1000, min(seconds) * 1000
    print(f"{name}: median {median:.1f} ms, best {best:.1f} ms")


if __name__ == "__main__":
    main()
