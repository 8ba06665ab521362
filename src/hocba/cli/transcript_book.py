"""`hocba transcript-book`: the transcripts of a pupil's years as one PDF to read, made of verified XML files only.

Exit: 0 written; 1 a file is invalid, 2 one is indeterminate, 3 one is unreadable or not a transcript's XML, or the
files do not make a book; the highest counts, and then nothing is written.
"""

from __future__ import annotations

import sys
import warnings
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from hocba.cli import verify
from hocba.cli.terminal import plain
from hocba.documents.pdf import BookError, SignedYear, TypesettingError, render_book
from hocba.documents.verification import Verdict
from hocba.documents.verification.kinds import transcript_covers
from hocba.documents.verification.wording import KINDS, VERDICTS

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from hocba.documents.verification import Report

HELP = """ghép học bạ số (tệp XML) nhiều năm học của một học sinh thành một tệp PDF để đọc

Chỉ nhận tệp XML có kết luận hợp lệ. Tập được ghép không có chữ ký số và không thay học bạ số gốc."""

_UNUSABLE: Final = 3
_KIND: Final = "transcript_xml"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("files", nargs="+", metavar="FILE", help="tệp XML học bạ số, mỗi năm học một tệp")
    parser.add_argument("--out", required=True, metavar="PDF", help="tệp PDF sẽ ghi")
    parser.add_argument(
        "--portal",
        metavar="URL",
        help="địa chỉ cổng xác minh để in mã QR; không có thì mã QR chỉ chứa mã học bạ",
    )
    verify.add_trust_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Verify the files, write the book; returns the exit code."""
    at: datetime = args.at or datetime.now(verify.VIETNAM)
    warnings.simplefilter("ignore")  # the library's remarks on odd certificates: what counts is in the report
    material, problem = verify.load_trust(args.trust)
    if problem is not None:
        return _refuse([problem], verify.EXIT[Verdict.INDETERMINATE])
    reports = [(file, verify.verify_file(file, material, at)) for file in args.files]
    bad = [(file, report) for file, report in reports if not _usable(report)]
    if bad:
        return _refuse(
            [_reason(file, report) for file, report in bad], max(_code(report) for _, report in bad)
        )
    try:
        book = render_book([signed_year(report, args.portal) for _, report in reports], made_at=at)
    except (BookError, TypesettingError) as error:
        return _refuse([str(error)], _UNUSABLE)
    try:
        Path(args.out).write_bytes(book)
    except OSError as error:
        return _refuse([f"Không ghi được {args.out}: {error.strerror}."], _UNUSABLE)
    sys.stdout.write(plain(f"Đã ghi {args.out}: {len(reports)} năm học.") + "\n")
    return 0


def signed_year(report: Report, portal: str | None) -> SignedYear:
    """What the book prints of one valid XML file; `portal` is the address of the verification portal."""
    transcript = report.transcript
    if (
        not _usable(report)
        or transcript is None
        or report.file_digest is None
        or report.record_digest is None
    ):
        raise ValueError("not the report about a valid transcript")
    ends = {item.role: item.signed_at for item in report.signatures if item.signed_at is not None}
    number = f"ma={transcript.id}&pb={transcript.version}"
    return SignedYear(
        transcript=transcript,
        file=report.file_digest,
        record=report.record_digest,
        subjects={
            row.code: [
                (item.signer, item.signed_at)
                for item in report.signatures
                if item.covers == transcript_covers("subject_teacher", row.name)
                and item.signed_at is not None
            ]
            for row in transcript.subjects
        },
        homeroom=ends["homeroom_teacher"],
        principal=ends["principal"],
        seal=ends["seal"],
        address=f"urn:uuid:{transcript.id}" if portal is None else f"{portal.rstrip('/')}/?{number}",
    )


def _usable(report: Report) -> bool:
    return report.kind == _KIND and report.verdict is Verdict.VALID


def _code(report: Report) -> int:
    return verify.EXIT[report.verdict] if report.kind == _KIND else _UNUSABLE


def _reason(file: str, report: Report) -> str:
    if report.kind is not None and report.kind != _KIND:
        return f"{file}: cần tệp XML của học bạ số, đây là {KINDS[report.kind]}."
    details = " ".join(dict.fromkeys(check.detail for check in report.problems))
    return f"{file}: {VERDICTS[report.verdict]}. {details}"


def _refuse(sentences: Sequence[str], code: int) -> int:
    for sentence in sentences:
        sys.stderr.write(plain(sentence) + "\n")
    sys.stderr.write("Chưa ghi tập học bạ: mọi tệp phải là học bạ số XML hợp lệ của cùng một học sinh.\n")
    return code
