"""Our verdict beside two judges used in the plain way, on the same files in one run.

    python -m benchmarks.bench_judges [FILES] [--json]

FILES (20) transcripts of the test school with RSA-2048 keys: an XML with 15 signatures and its PDF with 3. Wall time
for each file, median, best and spread; every judge must call every file valid, or there is no figure.

What each does is not the same, and the table says so. Ours: gate, schema, profile, every digest and value twice, paths,
revocation, approval, who had to sign what, in which order, and nothing unsigned. `xmlsec1 --verify`: digest, value and
path of one signature a process; asked 15 times, as it must be. pyHanko's `validate_pdf_signature`: digest, value, path,
revocation and the general comparison of revisions, for each signature, in this process.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
import warnings
from collections.abc import Callable, Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path

from asn1crypto import crl, pem, x509
from benchmarks.bench_verify import _rsa_school
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from tests.factories import transcripts
from tools.judge_demo import _xmlsec1, count_of

from hocba.documents.verification import Verdict, verify
from hocba.signing import trust

FILES = 20
SIGNATURES = 15


def main() -> int:
    """Make the files, let every judge see all of them, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("files", nargs="?", type=int, default=FILES)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as folder:
        figures = _figures(Path(folder), args.files)
    load = os.getloadavg()[0]
    if args.json:
        sys.stdout.write(json.dumps({"files": args.files, "load": load, "judges": figures}) + "\n")
        return 0
    print(f"{args.files} tệp mỗi loại, tải của máy {load:.1f}; mili giây mỗi tệp")
    print(f"{'':58} {'median':>9} {'best':>9} {'worst':>9}")
    for name, figure in figures.items():
        print(f"{name:58} {figure['median']:9.1f} {figure['best']:9.1f} {figure['worst']:9.1f}")
    return 0


def _figures(folder: Path, count: int) -> dict[str, dict[str, float]]:
    school = _rsa_school()
    authorities = school.trust_files()
    (folder / "trust").mkdir()
    for name, data in authorities.items():
        (folder / "trust" / name).write_bytes(data)
    pairs = [pair_of(school, number) for number in range(count)]
    xmls, pdfs = [pair.xml for pair in pairs], [pair.pdf for pair in pairs]
    paths = []
    for number, data in enumerate(xmls):
        paths.append(folder / f"{number}.xml")
        paths[-1].write_bytes(data)
    material = trust.load(authorities)
    context = _context(authorities)
    return {
        "hocba: XML, 15 signatures, all rules": _timed(lambda data: _ours(data, material), xmls),
        "xmlsec1 --verify: the same, a process a signature": _timed(
            lambda path: _fifteen(path, folder / "trust"), paths
        ),
        f"xmlsec1 --verify: a process a signature for all {count} files": _together(paths, folder / "trust"),
        "hocba: PDF, 3 signatures, all rules": _timed(lambda data: _ours(data, material), pdfs),
        "pyHanko validate_pdf_signature: the same, in this process": _timed(
            lambda data: _pyhanko(data, context), pdfs
        ),
        f"hocba verify: a process for all {count} XML": _command(paths, folder / "trust"),
    }


def pair_of(school: transcripts.SchoolKeys, number: int) -> transcripts.Pair:
    """XML and PDF of one of many pupils, really signed."""
    value = transcripts.transcript()
    pupil = replace(value.pupil, personal_id=f"07908502{number:04d}")
    return transcripts.sign_pair(
        school, replace(value, id=str(uuid.UUID(int=number + 1, version=4)), pupil=pupil)
    )


def _timed(judge: Callable[..., bool], things: Sequence[object]) -> dict[str, float]:
    judge(things[0])
    times = []
    for thing in things:
        start = time.perf_counter()
        accepted = judge(thing)
        times.append((time.perf_counter() - start) * 1000)
        if not accepted:
            raise SystemExit("a judge calls a good file wrong: no figure")
    return {"median": statistics.median(times), "best": min(times), "worst": max(times)}


def _ours(data: bytes, material: trust.TrustMaterial) -> bool:
    return verify(data, trust=material, at=transcripts.NOW).verdict is Verdict.VALID


def _fifteen(path: Path, authorities: Path) -> bool:
    return all(_xmlsec1([path], number, authorities) for number in range(1, count_of(path) + 1))


def _together(paths: Sequence[Path], authorities: Path) -> dict[str, float]:
    """What is left of xmlsec1's time when its start is shared: 15 runs, each over the n-th signature of all files."""
    start = time.perf_counter()
    if not all(_xmlsec1(paths, number, authorities) for number in range(1, SIGNATURES + 1)):
        raise SystemExit("xmlsec1 calls a good file wrong: no figure")
    each = (time.perf_counter() - start) * 1000 / len(paths)
    return {"median": each, "best": each, "worst": each}


def _context(files: dict[str, bytes]) -> dict[str, list[object]]:
    der = {name: pem.unarmor(data)[2] for name, data in files.items() if name.endswith(".pem")}
    return {
        "trust_roots": [x509.Certificate.load(der["root.pem"])],
        "other_certs": [x509.Certificate.load(der["issuing.pem"])],
        "crls": [crl.CertificateList.load(data) for name, data in files.items() if name.endswith(".crl")],
    }


def _pyhanko(data: bytes, known: dict[str, list[object]]) -> bool:
    reader = PdfFileReader(BytesIO(data))
    found = []
    for signature in reader.embedded_signatures:
        context = ValidationContext(
            **known, moment=transcripts.NOW, allow_fetching=False, revocation_mode="require"
        )
        status = validate_pdf_signature(
            signature, signer_validation_context=context, key_usage_settings=None, skip_diff=False
        )
        found.append(status.bottom_line)
    return len(found) == 3 and all(found)


def _command(paths: Sequence[Path], authorities: Path) -> dict[str, float]:
    hocba = str(Path(sys.executable).with_name("hocba"))
    command = [
        hocba,
        "verify",
        *map(str, paths),
        "--trust",
        str(authorities),
        "--at",
        transcripts.NOW.isoformat(),
    ]
    times = []
    for _ in range(3):
        start = time.perf_counter()
        done = subprocess.run(command, capture_output=True, check=False)
        times.append((time.perf_counter() - start) * 1000 / len(paths))
        if done.returncode:
            raise SystemExit("hocba verify calls a good file wrong: no figure")
    return {"median": statistics.median(times), "best": min(times), "worst": max(times)}


if __name__ == "__main__":
    sys.exit(main())
