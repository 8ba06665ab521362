"""`hocba import`: read a school's workbooks, say every problem, and commit when nothing blocks.

Exit: 0 clean (nothing blocks), 1 blocked. A dry run needs neither Django nor a database.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from hocba.cli.import_report import print_report
from hocba.documents.workbooks.folder import read_folder
from hocba.documents.workbooks.problems import Problems
from hocba.documents.workbooks.reading import read_school
from hocba.documents.workbooks.values import Counts, Place, SchoolReading

if TYPE_CHECKING:
    from hocba.documents.workbooks.values import SchoolData

HELP = "đọc và kiểm tra bảng tính của trường, rồi ghi vào hệ thống khi không có lỗi chặn"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("directory", metavar="DIR", help="thư mục chứa các tệp Excel (.xlsx) của trường")
    parser.add_argument("--dry-run", action="store_true", help="chỉ kiểm tra, không ghi gì vào hệ thống")
    parser.add_argument("--json", action="store_true", help="in kết quả dạng JSON cho chương trình khác đọc")


def run(args: argparse.Namespace) -> int:
    """Read the folder, print every problem, commit unless it is a dry run; returns the exit code."""
    directory = Path(args.directory)
    reading = _read(directory)
    if args.json:
        json.dump(as_json(reading), sys.stdout, ensure_ascii=False)
        sys.stdout.write("\n")
    elif reading.problems and reading.problems[0].code.startswith("directory_"):
        sys.stderr.write(f"{reading.problems[0].message}\n")
    else:
        print_report(reading, dry_run=args.dry_run)
    if reading.blocked or reading.data is None:
        return 1
    return 0 if args.dry_run else _commit(directory, reading.data)


def as_json(reading: SchoolReading) -> dict[str, object]:
    """The reading in the shape programs rely on: counts and problems, keys as the design fixes them."""
    return {"counts": asdict(reading.counts), "problems": [asdict(problem) for problem in reading.problems]}


def _read(directory: Path) -> SchoolReading:
    try:
        files = read_folder(directory)
    except OSError as error:
        reason = error.strerror or str(error)
        return _refused(directory, "directory_unreadable", f"Không đọc được thư mục {directory}: {reason}.")
    except ValueError as error:
        return _refused(directory, "directory_unreadable", str(error))
    if not files:
        return _refused(directory, "directory_empty", "")
    return read_school(files)


def _refused(directory: Path, code: str, reason: str) -> SchoolReading:
    problems = Problems()
    problems.add(code, Place(file=str(directory), sheet=""), reason=reason)
    return SchoolReading(
        data=None, problems=problems.in_order(), counts=Counts(pupils=0, staff=0, classes=0, marks=0)
    )


# Committing -----------------------------------------------------------------------------------------------


def _commit(directory: Path, data: SchoolData) -> int:
    """Hand the data over; the committer needs Django and databases, so it is imported only here."""
    committer = import_module("hocba.cli.importing")
    code: int = committer.commit(directory, data)
    return code
