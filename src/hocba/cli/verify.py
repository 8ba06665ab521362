"""`hocba verify`: the verdict over XML and PDF files, offline and without a database.

Exit: 0 all valid, 1 any invalid, 2 any indeterminate, 3 any unreadable or not of ours; the highest counts.
"""

from __future__ import annotations

import argparse
import json
import sys
import warnings
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING

from hocba.cli.terminal import plain
from hocba.documents.verification import Report, Verdict, verify, verify_pair
from hocba.documents.verification.pairs import are_versions_of_one
from hocba.documents.verification.report import unreadable
from hocba.documents.verification.report_json import full_json
from hocba.documents.verification.validation_policy import LARGEST_FILE
from hocba.documents.verification.wording import ADVICE, CHECKS, KINDS, MEANINGS, ROLES, STATUSES, VERDICTS
from hocba.signing import instants, trust
from hocba.signing.checks import Code, Status, not_checked

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

HELP = "kiểm tra học bạ số, sổ điện tử (XML, PDF), không cần mạng"

EXIT = {Verdict.VALID: 0, Verdict.INVALID: 1, Verdict.INDETERMINATE: 2, Verdict.UNREADABLE: 3}
VIETNAM = timezone(timedelta(hours=7))
TRUST_SUFFIXES = {".pem", ".crt", ".cer", ".der", ".crl", ".json"}
MARKS = {Status.PASSED: "✓", Status.FAILED: "✗", Status.NOT_CHECKED: "?"}


@dataclass(slots=True)
class _Result:
    """One file of the command line with its report."""

    file: str
    report: Report


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("files", nargs="+", metavar="FILE", help="tệp XML hoặc PDF cần kiểm tra")
    add_trust_arguments(parser)
    parser.add_argument("--json", action="store_true", help="in kết quả dạng JSON cho chương trình khác đọc")


def add_trust_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what every command that verifies files takes."""
    parser.add_argument(
        "--trust",
        action="append",
        default=[],
        metavar="PATH",
        help="tệp PEM, hoặc thư mục chứa chứng thư (*.pem), danh sách thu hồi (*.crl) và danh sách chứng thư "
        "số được phê duyệt (*.json); dùng được nhiều lần",
    )
    parser.add_argument(
        "--at",
        type=_moment,
        metavar="TIME",
        help="thời điểm kiểm tra theo ISO 8601, không ghi múi giờ là giờ Việt Nam; mặc định là bây giờ",
    )


def run(args: argparse.Namespace) -> int:
    """Verify the files and print the outcome; returns the exit code."""
    at: datetime = args.at or datetime.now(VIETNAM)
    warnings.simplefilter("ignore")  # the library's remarks on odd certificates: what counts is in the report
    material, problem = load_trust(args.trust)
    results = [_Result(file, verify_file(file, material, at)) for file in args.files]
    if problem is not None:
        for result in results:
            if result.report.kind is not None:
                check = not_checked("trust", Code.NO_CERTIFICATE_CHAIN_FOUND, problem)
                result.report = result.report.with_check(check)
    _compare_pairs(results)
    if args.json:
        _print_json(results)
    else:
        _print_text(results)
    return max(EXIT[result.report.verdict] for result in results)


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"“{text}” không phải thời điểm dạng ISO 8601, ví dụ 2026-11-21T09:00:00+07:00"
        ) from None
    if "T" not in text and " " not in text.strip():
        moment += timedelta(days=1, seconds=-1)  # a day means all of it
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=VIETNAM)


def load_trust(paths: Sequence[str]) -> tuple[trust.TrustMaterial, str | None]:
    """What the paths hold; with any fault nothing, and the fault: half a trust folder proves nothing."""
    try:
        return trust.load({str(path): path.read_bytes() for path in _trust_files(paths)}), None
    except FileNotFoundError as error:
        return trust.load({}), f"Không tìm thấy {error.filename} (--trust)."
    except OSError as error:
        return trust.load({}), f"Không đọc được {error.filename} (--trust)."
    except trust.TrustError as error:
        return trust.load({}), f"Tệp tin cậy {error}"


def _trust_files(paths: Sequence[str]) -> Iterator[Path]:
    for name in paths:
        path = Path(name)
        if path.is_dir():
            suitable = (item for item in path.iterdir() if item.suffix.lower() in TRUST_SUFFIXES)
            yield from sorted(item for item in suitable if item.is_file())
        else:
            yield path


def verify_file(file: str, material: trust.TrustMaterial, at: datetime) -> Report:
    """The report about one file; also when there is none, or it cannot be read."""
    data = _read(Path(file))
    if isinstance(data, str):
        return unreadable(data)
    return verify(data, trust=material, at=at)


def _read(path: Path) -> bytes | str:
    """The bytes of a file, or a sentence saying why there are none; never reads more than is looked at."""
    try:
        if path.is_dir():
            return "Đây là thư mục, không phải tệp."
        if not path.exists():
            return "Không tìm thấy tệp."
        if not path.is_file():
            return "Đây không phải tệp thông thường."
        with path.open("rb") as file:
            return file.read(LARGEST_FILE + 1)
    except (OSError, ValueError) as error:
        return f"Không đọc được tệp: {getattr(error, 'strerror', None) or error}."


def _compare_pairs(results: Sequence[_Result]) -> None:
    """Where XML and PDF of one transcript were both given, each report says whether they belong together."""
    pdfs = [item for item in results if item.report.kind == "transcript_pdf"]
    by_identity = {(item.report.transcript_id, item.report.version): item for item in pdfs}
    for xml in (item for item in results if item.report.kind == "transcript_xml"):
        pdf = by_identity.get((xml.report.transcript_id, xml.report.version))
        if pdf is not None and are_versions_of_one(xml.report, pdf.report):
            xml.report, pdf.report = verify_pair(xml.report, pdf.report)


def _print_json(results: Iterable[_Result]) -> None:
    document = {"files": [{"file": item.file, **full_json(item.report)} for item in results]}
    json.dump(document, sys.stdout, ensure_ascii=False)
    sys.stdout.write("\n")


def _print_text(results: Sequence[_Result]) -> None:
    for item in results:
        # Of many files, those that are in order need one line only.
        brief = len(results) > 1 and item.report.verdict is Verdict.VALID
        lines = [f"{VERDICTS[item.report.verdict]}: {item.file}"]
        if not brief:
            lines += [*_details(item.report), ""]
        # Names in files and certificates are whatever their makers wrote: each stays within its line.
        sys.stdout.write("".join(f"{plain(line)}\n" for line in lines))
    if len(results) > 1:
        counts = Counter(item.report.verdict for item in results)
        parts = [f"{counts[verdict]} {VERDICTS[verdict].lower()}" for verdict in Verdict if counts[verdict]]
        sys.stdout.write(f"Tổng cộng {len(results)} tệp: {', '.join(parts)}.\n")


def _details(report: Report) -> Iterator[str]:
    if report.kind is None:
        yield from (f"  {check.detail}" for check in report.checks)
        return
    yield f"  {MEANINGS[report.verdict]}"
    yield f"  Loại tệp: {KINDS[report.kind]}"
    yield from _about(report)
    yield "  Các mục kiểm tra:"
    for check in report.checks:
        title = CHECKS.get(check.name, check.name)
        yield f"    {MARKS[check.status]} {title} — {STATUSES[check.status]}. {check.detail}"
    yield from _signers(report)
    advice = dict.fromkeys(ADVICE[check.code] for check in report.problems if check.code in ADVICE)
    if advice:
        yield "  Cần làm để có kết luận:"
        yield from (f"    - {sentence}" for sentence in advice)
    yield from (f"  Ghi chú: {note}" for note in report.notes)


def _about(report: Report) -> Iterator[str]:
    transcript = report.transcript
    if transcript is not None:
        yield f"  Học sinh: {transcript.pupil.name}, số định danh {transcript.pupil.personal_id}"
        yield f"  Năm học {transcript.school_year}, lớp {transcript.class_name}, {transcript.school.name}"
        yield f"  Mã học bạ: {transcript.id}, phiên bản {transcript.version}"
    if report.file_digest is not None:
        yield f"  Giá trị băm của tệp: {report.file_digest}"


def _signers(report: Report) -> Iterator[str]:
    if report.signatures:
        yield "  Chữ ký:"
    for item in report.signatures:
        when = "" if item.signed_at is None else f", {instants.moment(item.signed_at)}"
        covers = f" — {'; '.join(item.covers)}" if item.covers else ""
        yield f"    {VERDICTS[item.verdict]}: {ROLES.get(item.role, item.role)} {item.signer}{when}{covers}"
        if item.verdict is Verdict.INVALID:
            yield f"      {item.detail}"
