"""Let judges that are not ours judge every file of a `hocba demo --out DIR` result, and print counts and times.

    python -m tools.judge_demo DIR

xmlsec1 (with the certificates' path to the root) and the JDK judge every signature of every XML; poppler's pdfsig
and pyHanko's validator (with path and revocation lists, and the rules about later changes) every signature of
every PDF. Exit: 0 when all say valid of all, 1 otherwise, 2 when a judge is not installed.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from asn1crypto import crl, pem, x509
from lxml import etree
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

DS = "http://www.w3.org/2000/09/xmldsig#"
HOC_BA = ("urn:hocba:hoc-ba:1.0", "urn:hocba:hoc-ba-tieu-hoc:1.0")
REGIONS = tuple(
    f"{namespace}:{element}" for namespace in HOC_BA for element in ("HocBa", "HoSo", "MonHoc", "BanTheHien")
)
JAVA_PROGRAM = Path(__file__).parents[1] / "tests" / "external" / "java" / "CheckXmlSignatures.java"
PDF_SIGNATURES = 3

Verdicts = dict[Path, list[bool]]
"""By file, what the judge says of each of its signatures."""


def count_of(path: Path) -> int:
    """How many signatures an XML has."""
    return len(etree.parse(str(path)).getroot().findall(f".//{{{DS}}}Signature"))


def xmlsec1(files: Sequence[Path], trust: Path) -> Verdicts:
    """The xmlsec1 program: one run for the n-th signature of all files, single runs where one of them fails."""
    counts = {path: count_of(path) for path in files}
    verdicts: Verdicts = {path: [] for path in files}
    for number in range(1, max(counts.values(), default=0) + 1):
        having = [path for path in files if counts[path] >= number]
        accepted = _xmlsec1(having, number, trust)
        for path in having:
            verdicts[path].append(accepted or _xmlsec1([path], number, trust))
    return verdicts


def _xmlsec1(files: Iterable[Path], number: int, trust: Path) -> bool:
    ids = [part for name in (*REGIONS, f"{DS}:Object", f"{DS}:Signature") for part in ("--id-attr:Id", name)]
    command = [
        "xmlsec1", "--verify", "--trusted-pem", trust / "root.pem", "--untrusted-pem", trust / "issuing.pem",
        "--enabled-key-data", "x509", "--enabled-reference-uris", "empty,same-doc", *ids,
        "--node-xpath", f"(//*[local-name()='Signature' and namespace-uri()='{DS}'])[{number}]", *files,
    ]  # fmt: skip
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def jdk(files: Sequence[Path], trust: Path) -> Verdicts:
    """The validator of the JDK, its secure validation on; all files in one run. Keys come from the signatures."""
    command = ["java", str(JAVA_PROGRAM), *map(str, files)]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    verdicts: Verdicts = {path: [] for path in files}
    for line in told.stdout.splitlines():
        name, _, verdict = line.rsplit(" ", 2)
        verdicts[Path(name)].append(verdict == "valid")
    return verdicts


def pdfsig(files: Sequence[Path], trust: Path) -> Verdicts:
    """The pdfsig program of poppler: values and digests; the last signature has to cover the whole file."""
    with ThreadPoolExecutor(max_workers=2) as pool:
        return dict(zip(files, pool.map(_pdfsig, files), strict=True))


def _pdfsig(path: Path) -> list[bool]:
    told = subprocess.run(["pdfsig", "-nocert", path], capture_output=True, text=True, check=False)
    parts = re.split(r"^Signature #\d+:$", told.stdout, flags=re.MULTILINE)[1:]
    verdicts = ["Signature Validation: Signature is Valid." in part for part in parts]
    if parts:
        verdicts[-1] &= "Total document signed" in parts[-1] and "Not total" not in parts[-1]
    return verdicts


def pyhanko(files: Sequence[Path], trust: Path) -> Verdicts:
    """pyHanko: values, path to the root, revocation lists, and that nothing but what may be changed was changed."""
    with ProcessPoolExecutor(max_workers=2) as pool:
        judged = pool.map(partial(_pyhanko, trust=trust), files, chunksize=4)
        return dict(zip(files, judged, strict=True))


def _pyhanko(path: Path, trust: Path) -> list[bool]:
    try:
        with path.open("rb") as file:
            found = PdfFileReader(file).embedded_signatures
            statuses = [validate_pdf_signature(each, _context(trust)) for each in found]
    except (PdfError, SignatureValidationError, ValueError):
        return [False]
    verdicts = [
        status.bottom_line
        and status.modification_level in (ModificationLevel.NONE, ModificationLevel.FORM_FILLING)
        for status in statuses
    ]
    if statuses:
        verdicts[-1] &= statuses[-1].coverage is SignatureCoverageLevel.ENTIRE_FILE
    return verdicts


@cache
def _context(trust: Path) -> ValidationContext:
    certificates = {name: _certificate(trust / f"{name}.pem") for name in ("root", "issuing")}
    return ValidationContext(
        trust_roots=[certificates["root"]],
        other_certs=[certificates["issuing"]],
        crls=[crl.CertificateList.load(path.read_bytes()) for path in sorted(trust.glob("*.crl"))],
        revocation_mode="hard-fail",
        allow_fetching=False,
    )


def _certificate(path: Path) -> x509.Certificate:
    return x509.Certificate.load(pem.unarmor(path.read_bytes())[2])


XML_JUDGES: dict[str, Callable[[Sequence[Path], Path], Verdicts]] = {"xmlsec1": xmlsec1, "java": jdk}
PDF_JUDGES: dict[str, Callable[[Sequence[Path], Path], Verdicts]] = {"pdfsig": pdfsig, "pyhanko": pyhanko}


def is_installed(judge: str) -> bool:
    """Whether the judge's program is there; pyHanko is a library of ours."""
    return judge == "pyhanko" or shutil.which(judge) is not None


def main(arguments: list[str]) -> int:
    """Judge everything and print a line for each judge."""
    if len(arguments) != 1 or not (Path(arguments[0]) / "trust").is_dir():
        print(__doc__)
        return 2
    out = Path(arguments[0])
    code = 0
    for judges, kind in ((XML_JUDGES, "xml"), (PDF_JUDGES, "pdf")):
        files = sorted((out / kind).glob(f"*.{kind}"))
        expected = {path: count_of(path) if kind == "xml" else PDF_SIGNATURES for path in files}
        for name, judge in judges.items():
            code = max(code, _judge(name, judge, expected, out / "trust"))
    return code


def _judge(
    name: str, judge: Callable[[Sequence[Path], Path], Verdicts], expected: dict[Path, int], trust: Path
) -> int:
    if not is_installed(name):
        print(f"{name:8} is not installed")
        return 2
    start = time.perf_counter()
    verdicts = judge(list(expected), trust)
    seconds = time.perf_counter() - start
    bad = [path for path, count in expected.items() if not count or verdicts[path] != [True] * count]
    signatures = Counter(verdict for found in verdicts.values() for verdict in found)
    print(
        f"{name:8} {len(verdicts):5} files, {signatures[True]:5} signatures valid, {signatures[False]} not,"
        f" {len(bad)} files not accepted, {seconds:.1f} s"
    )
    for path in bad[:10]:
        print(f"         {path}: {verdicts[path]}")
    return int(bool(bad) or not verdicts)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
