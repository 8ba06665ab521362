"""`hocba verify`: the verdict over XML and PDF files, offline and without a database.

Exit: 0 all valid, 1 any invalid, 2 any indeterminate, 3 any unreadable or not of ours; the highest counts. Files are
judged in processes of their own (`verify_workers`), as many at a time as there are cores, and written in their order.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from datetime import datetime
from typing import TYPE_CHECKING

from hocba.cli import verify_evidence, verify_inputs
from hocba.cli.verify_groups import groups_of
from hocba.cli.verify_output import InOrder, Progress
from hocba.cli.verify_reports import FORMATS, ReportError, ReportFiles
from hocba.cli.verify_workers import Setup, Workers
from hocba.documents.verification import Verdict
from hocba.documents.verification.wording import VERDICTS

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence

    from hocba.cli.verify_workers import Outcome

HELP = "kiểm tra học bạ số, sổ điện tử (XML, PDF), không cần mạng"

EXIT = {Verdict.VALID: 0, Verdict.INVALID: 1, Verdict.INDETERMINATE: 2, Verdict.UNREADABLE: 3}
WRONG_ARGUMENTS = 2
"""As argparse has it: nothing was judged."""
_PAIR = 2
FILES_A_JOB = 8
"""Below this a second process costs more than it brings."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("files", nargs="*", metavar="FILE", help="tệp XML hoặc PDF cần kiểm tra")
    parser.add_argument(
        "--files-from",
        metavar="FILE",
        help="đọc thêm tên các tệp cần kiểm tra từ FILE, mỗi dòng một tên; “-” là đầu vào chuẩn",
    )
    verify_inputs.add_trust_arguments(parser)
    parser.add_argument(
        "--evidence",
        action="append",
        default=[],
        metavar="PATH",
        help="gói bằng chứng (*.bang-chung.zip) của học bạ, hoặc thư mục có các gói; dùng được nhiều lần",
    )
    parser.add_argument("--json", action="store_true", help="in kết quả dạng JSON cho chương trình khác đọc")
    parser.add_argument(
        "--jobs",
        type=int,
        metavar="N",
        help="số tiến trình kiểm tra cùng lúc; mặc định theo số nhân của máy và số tệp",
    )
    parser.add_argument(
        "--report",
        metavar="PATH",
        help="ghi thêm phiếu kết quả để lưu hồ sơ: một tệp *.pdf, *.html, *.json, hoặc một thư mục",
    )
    parser.add_argument(
        "--report-format", choices=FORMATS, help="dạng của phiếu kết quả; mặc định theo tên tệp, hoặc pdf"
    )


def run(args: argparse.Namespace) -> int:
    """Verify the files and print the outcome; returns the exit code."""
    try:
        files = [*args.files, *verify_inputs.read_names(args.files_from)]
    except OSError as error:
        return _refused(f"Không đọc được {error.filename}: {error.strerror}.", WRONG_ARGUMENTS)
    if not files:
        return _refused("Hãy cho biết tệp cần kiểm tra (FILE hoặc --files-from).", WRONG_ARGUMENTS)
    try:
        return _run(args, files, _reports(args, files))
    except ReportError as error:
        return _refused(str(error), EXIT[Verdict.UNREADABLE])


def _refused(sentence: str, code: int) -> int:
    sys.stderr.write(f"{sentence}\n")
    return code


def _reports(args: argparse.Namespace, files: Sequence[str]) -> ReportFiles | None:
    if args.report is None:
        return None
    return ReportFiles(args.report, kind=args.report_format, files=files)


def _run(args: argparse.Namespace, files: Sequence[str], reports: ReportFiles | None) -> int:
    trust_files, problem = verify_inputs.read_trust(args.trust, args.trust_list_signer)
    setup = Setup(
        trust_files=trust_files,
        trust_problem=problem,
        at=args.at or datetime.now(verify_inputs.VIETNAM),
        as_json=args.json,
        brief=len(files) > 1,
        with_document=reports is not None,
        evidence=verify_evidence.load(args.evidence),
    )
    printed = _Json() if args.json else _Text(len(files))
    jobs = max(1, args.jobs or _jobs(len(files)))
    verdicts: Counter[Verdict] = Counter()
    for outcome in _judged(files, setup, jobs=jobs, printed=printed):
        verdicts[outcome.verdict] += 1
        printed.leave(outcome)
        if reports is not None and outcome.document is not None:
            reports.write(outcome.number, outcome.file, outcome.document)
    printed.end(verdicts)
    return max(EXIT[verdict] for verdict in verdicts)


def _jobs(files: int) -> int:
    cores = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    return max(1, min(cores, -(-files // FILES_A_JOB)))


def _judged(files: Sequence[str], setup: Setup, *, jobs: int, printed: _Text | _Json) -> Iterator[Outcome]:
    """The outcomes as they come; printed in the order of the files."""
    order = InOrder(printed.write)
    try:
        with Progress(len(files)) as progress, Workers(setup, jobs=jobs) as workers:
            for outcomes in workers.judge(groups_of(files)):
                for outcome in outcomes:
                    order.put(outcome.number, outcome.text)
                yield from outcomes
                progress.advance(len(outcomes))
    finally:
        order.close()


class _Text:
    """For people: the texts as they are, then how many of each."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._unchecked: Counter[str] = Counter()
        self._about: list[str] = []

    def leave(self, outcome: Outcome) -> None:
        """Remember what the line about the file leaves out."""
        self._unchecked.update(outcome.unsaid.unchecked)
        if self._total == _PAIR:
            self._about += outcome.unsaid.about

    def write(self, text: str) -> None:
        sys.stdout.write(text)

    def end(self, verdicts: Counter[Verdict]) -> None:
        if self._total > 1:
            parts = [f"{verdicts[item]} {VERDICTS[item].lower()}" for item in Verdict if verdicts[item]]
            sys.stdout.write(f"Tổng cộng {self._total} tệp: {', '.join(parts)}.\n")
            self._end_of_valid(verdicts[Verdict.VALID])

    def _end_of_valid(self, valid: int) -> None:
        """Once for all valid files: whose they are, if they are a pair, and what nobody looked at."""
        if valid == _PAIR:
            sys.stdout.writelines(f"{line}\n" for line in dict.fromkeys(self._about))
        if self._unchecked:
            sys.stdout.write("  Chưa kiểm tra (các tệp hợp lệ):\n")
        for line, count in self._unchecked.items():
            sys.stdout.write(line + ("\n" if count == valid else f" ({count} tệp)\n"))


class _Json:
    """For programs: one document, written piece by piece."""

    def __init__(self) -> None:
        self._before = '{"files": ['

    def write(self, text: str) -> None:
        sys.stdout.write(self._before + text)
        self._before = ", "

    def leave(self, outcome: Outcome) -> None:
        """Nothing: every file has its `not_checked`."""

    def end(self, _verdicts: Counter[Verdict]) -> None:
        sys.stdout.write("]}\n")
