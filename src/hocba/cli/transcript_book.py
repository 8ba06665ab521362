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

from hocba.cli import verify, verify_inputs
from hocba.cli.terminal import plain
from hocba.documents import book_years
from hocba.documents.pdf import BookError, TypesettingError, render_book
from hocba.documents.verification import Verdict
from hocba.documents.verification.wording import KINDS, VERDICTS

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from hocba.documents.pdf import SignedYear
    from hocba.documents.verification import Report

HELP = """ghép học bạ số (tệp XML) nhiều năm học của một học sinh thành một tệp PDF để đọc

Chỉ nhận tệp XML có kết luận hợp lệ. Tập được ghép không có chữ ký số và không thay học bạ số gốc."""

_UNUSABLE: Final = 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("files", nargs="+", metavar="FILE", help="tệp XML học bạ số, mỗi năm học một tệp")
    parser.add_argument("--out", required=True, metavar="PDF", help="tệp PDF sẽ ghi")
    parser.add_argument(
        "--portal",
        metavar="URL",
        help="địa chỉ cổng xác minh để in mã QR; không có thì mã QR chỉ chứa mã học bạ",
    )
    verify_inputs.add_trust_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Verify the files, write the book; returns the exit code."""
    at: datetime = args.at or datetime.now(verify_inputs.VIETNAM)
    warnings.simplefilter("ignore")  # the library's remarks on odd certificates: what counts is in the report
    material, problem = verify_inputs.load_trust(args.trust, args.trust_list_signer)
    if problem is not None:
        return _refuse([problem], verify.EXIT[Verdict.INDETERMINATE])
    reports = [(file, verify_inputs.verify_file(file, material, at)) for file in args.files]
    bad = [(file, report) for file, report in reports if not book_years.is_usable(report)]
    if bad:
        return _refuse(
            [_reason(file, report) for file, report in bad], max(_code(report) for _, report in bad)
        )
    try:
        book = render_book([_year(report, args.portal) for _, report in reports], made_at=at)
    except (BookError, TypesettingError) as error:
        return _refuse([str(error)], _UNUSABLE)
    try:
        Path(args.out).write_bytes(book)
    except OSError as error:
        return _refuse([f"Không ghi được {args.out}: {error.strerror}."], _UNUSABLE)
    sys.stdout.write(plain(f"Đã ghi {args.out}: {len(reports)} năm học.") + "\n")
    return 0


def _year(report: Report, portal: str | None) -> SignedYear:
    transcript, version = report.transcript_id, report.version
    address = (
        f"urn:uuid:{transcript}" if portal is None else f"{portal.rstrip('/')}/?ma={transcript}&pb={version}"
    )
    return book_years.signed_year(report, address=address)


def _code(report: Report) -> int:
    return verify.EXIT[report.verdict] if report.kind == book_years.KIND else _UNUSABLE


def _reason(file: str, report: Report) -> str:
    if report.kind is not None and report.kind != book_years.KIND:
        return f"{file}: cần tệp XML của học bạ số, đây là {KINDS[report.kind]}."
    details = " ".join(dict.fromkeys(check.detail for check in report.problems))
    return f"{file}: {VERDICTS[report.verdict]}. {details}"


def _refuse(sentences: Sequence[str], code: int) -> int:
    for sentence in sentences:
        sys.stderr.write(plain(sentence) + "\n")
    sys.stderr.write("Chưa ghi tập học bạ: mọi tệp phải là học bạ số XML hợp lệ của cùng một học sinh.\n")
    return code
