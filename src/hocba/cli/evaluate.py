"""`hocba evaluate`: the results of one pupil-year, or of thousands as JSON lines."""

from __future__ import annotations

import argparse
import io
import itertools
import json
import os
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final, TextIO

from hocba.cli.evaluate_help import DESCRIPTION, EPILOG
from hocba.regulations.errors import InputError
from hocba.regulations.evaluation import evaluate

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

HELP = "tính kết quả năm học của một hay nhiều học sinh từ JSON"

OK: Final = 0
BAD_INPUT: Final = 2
PROBLEMS_TOLD: Final = 3
LARGEST_DOCUMENT: Final = 16 * 1024 * 1024  # one object over several lines; JSON lines have no limit together


class UnreadableError(Exception):
    """What came in is not JSON of one object; the message is Vietnamese."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments, and the documentation of the JSON as help."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.description = DESCRIPTION
    parser.epilog = EPILOG
    parser.add_argument(
        "file",
        nargs="?",
        default="-",
        metavar="FILE",
        help="tệp JSON hoặc JSON lines; bỏ trống hoặc «-» để đọc từ đầu vào chuẩn",
    )
    parser.add_argument(
        "--explain", action="store_true", help="kèm từng bước tính: số liệu, điều khoản, phiên bản quy định"
    )


def run(args: argparse.Namespace) -> int:
    """Evaluate what the file or standard input holds; 0, or 2 when anything in it is bad."""
    with ExitStack() as stack:
        if args.file == "-":
            source: BinaryIO = getattr(sys.stdin, "buffer", None) or io.BytesIO(sys.stdin.read().encode())
        else:
            try:
                source = stack.enter_context(Path(args.file).open("rb"))
            except OSError as error:
                _complain(f"Không mở được tệp {args.file}: {error.strerror}.", None)
                return BAD_INPUT
        try:
            return evaluate_stream(source, sys.stdout, explain=args.explain)
        except BrokenPipeError:
            # The reader has gone (… | head): leave quietly, and let nothing be flushed into the closed pipe.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return OK
        except OSError as error:
            _complain(f"Không đọc được tệp {args.file}: {error.strerror}.", None)
            return BAD_INPUT


def evaluate_stream(source: BinaryIO, out: TextIO, *, explain: bool) -> int:
    """Evaluate one JSON object, or JSON lines one by one as they come; problems go to standard error."""
    lines = enumerate(source, start=1)
    first = next(((number, line) for number, line in lines if line.strip()), None)
    if first is None:
        _complain("Không có dữ liệu: cần một đối tượng JSON hoặc mỗi dòng một đối tượng JSON.", None)
        return BAD_INPUT
    line = first[1]
    try:
        parse(line)
    except UnreadableError as error:
        rest = list(_at_most(lines, LARGEST_DOCUMENT))
        if rest and (whole := _whole([line, *(each for _, each in rest)])) is not None:
            return _evaluate_lines([(None, whole)], out, explain=explain)
        if _is_one_document(rest):
            _complain(str(error), None)
            return BAD_INPUT
        lines_again = itertools.chain([first], rest, lines)
        return _evaluate_lines(lines_again, out, explain=explain)
    return _evaluate_lines(itertools.chain([first], lines), out, explain=explain)


def _evaluate_lines(lines: Iterable[tuple[int | None, bytes]], out: TextIO, *, explain: bool) -> int:
    status = OK
    for number, line in lines:
        if not line.strip():
            continue
        try:
            answer = evaluate(parse(line), explain=explain)
        except InputError as error:
            _complain(_summary(error), number, [problem._asdict() for problem in error.problems])
            status = BAD_INPUT
        except UnreadableError as error:
            _complain(str(error), number)
            status = BAD_INPUT
        else:
            out.write(json.dumps(answer, ensure_ascii=False) + "\n")
    out.flush()
    return status


def parse(line: bytes) -> Any:
    """Read JSON in UTF-8; raises UnreadableError with a Vietnamese sentence. A key twice is refused."""
    try:
        return json.loads(line.decode("utf-8-sig"), object_pairs_hook=_unique)
    except UnicodeDecodeError:
        raise UnreadableError("Dữ liệu không phải là văn bản UTF-8.") from None
    except json.JSONDecodeError as error:
        place = f"dòng {error.lineno}, cột {error.colno}"
        raise UnreadableError(f"Không phải JSON hợp lệ ({place} của đối tượng).") from None
    except RecursionError:
        raise UnreadableError("JSON lồng nhau quá sâu.") from None
    except ValueError:  # a whole number of thousands of digits
        raise UnreadableError("JSON có số quá dài.") from None


def _summary(error: InputError) -> str:
    """The first problems as one sentence; the complaint carries all of them beside it."""
    told = " ".join(str(problem) for problem in error.problems[:PROBLEMS_TOLD])
    more = len(error.problems) - PROBLEMS_TOLD
    return f"{told} Và {more} lỗi khác." if more > 0 else told


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise UnreadableError(f"Mục «{twice}» xuất hiện hai lần trong cùng một đối tượng.")
    return read


def _whole(parts: list[bytes]) -> bytes | None:
    """All lines together when they are one JSON document."""
    document = b"".join(parts)
    try:
        parse(document)
    except UnreadableError:
        return None
    return document


def _is_one_document(rest: list[tuple[int, bytes]]) -> bool:
    """Whether broken input was meant as one object: no other line looks like a record of its own."""
    return not any(each.lstrip().startswith(b"{") and b'"regulation"' in each for _, each in rest)


def _at_most(lines: Iterator[tuple[int, bytes]], size: int) -> Iterator[tuple[int, bytes]]:
    taken = 0
    while taken < size and (each := next(lines, None)) is not None:
        taken += len(each[1])
        yield each


def _complain(message: str, number: int | None, problems: list[dict[str, str]] | None = None) -> None:
    """One JSON line on standard error; the line number only where there are lines."""
    complaint: dict[str, Any] = {"error": message}
    if number is not None:
        complaint["line"] = number
    if problems:
        complaint["problems"] = problems
    print(json.dumps(complaint, ensure_ascii=False), file=sys.stderr)  # noqa: T201
