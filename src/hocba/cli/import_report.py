"""The outcome of reading a school's workbooks for people: by cause, blocking ones first, places gathered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from hocba.cli.terminal import plain
from hocba.documents.workbooks.flaws import FLAWS

if TYPE_CHECKING:
    from collections.abc import Callable

    from hocba.documents.workbooks.values import Counts, Problem, SchoolReading

_PLACES_SHOWN: Final = 8
_FILES_SHOWN: Final = 20
_ROWS_SHOWN: Final = 8
_VALUE_SHOWN: Final = 24


def print_report(reading: SchoolReading, *, dry_run: bool) -> None:
    """Print counts, causes with their places, and what happens next."""
    console = Console(highlight=False)
    if reading.counts.pupils:
        _print_counts(console, reading.counts)
    blocking = [problem for problem in reading.problems if problem.blocking]
    others = [problem for problem in reading.problems if not problem.blocking]
    _print_causes(console, f"Phải sửa trước khi nhập: {len(blocking)} chỗ", "bold red", blocking)
    _print_causes(console, f"Đã tự chuẩn hoá hoặc cần xem lại: {len(others)} chỗ", "bold yellow", others)
    console.print(Text(_conclusion(reading, dry_run=dry_run), style="bold"))


def _print_counts(console: Console, counts: Counts) -> None:
    numbers = (
        f"{counts.pupils} học sinh, {counts.classes} lớp, {counts.staff} cán bộ, giáo viên, nhân viên, "
        f"{_thousands(counts.marks)} điểm và mức đánh giá"
    )
    console.print(Text(f"Đã đọc: {numbers}."))


def _print_causes(console: Console, title: str, style: str, problems: list[Problem]) -> None:
    if not problems:
        return
    console.print()
    console.print(Text(title, style=style))
    groups: dict[str, list[Problem]] = {}
    for problem in problems:
        groups.setdefault(problem.code, []).append(problem)
    for code, group in groups.items():
        console.print()
        console.print(Text(f"• {FLAWS[code].cause}: {len(group)} chỗ", style="bold"))
        console.print(Padding(_shown(_advice(group)), (0, 0, 0, 2)))
        console.print(Padding(_places(group), (0, 0, 0, 2)))


def _advice(group: list[Problem]) -> str:
    """The sentence all share, or that of the first as an example."""
    first = group[0].message
    same = all(problem.message == first for problem in group)
    return first if same else f"Ví dụ: {first}"


def _places(group: list[Problem]) -> Table:
    """Where the problems are: cell by cell when they are few, otherwise how many in each file."""
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    cells = _gather(group, by=lambda problem: (problem.file, problem.sheet, problem.column))
    if len(cells) <= _PLACES_SHOWN:
        for problems in cells:
            first = problems[0]
            column = f"cột “{first.column}”" if first.column else ""
            table.add_row(_shown(first.file), _shown(first.sheet), _shown(column), _shown(_rows(problems)))
        return table
    files = _gather(group, by=lambda problem: (problem.file,))
    for problems in files[:_FILES_SHOWN]:
        table.add_row(_shown(problems[0].file), _shown(_how_many(problems)))
    if len(files) > _FILES_SHOWN:
        table.add_row(Text(f"… và {len(files) - _FILES_SHOWN} tệp khác", style="dim"))
    return table


def _shown(text: str) -> Text:
    """What stands in a workbook, or in the name of one: shown, never obeyed by the terminal."""
    return Text(plain(text))


def _gather(group: list[Problem], *, by: Callable[[Problem], tuple[str | None, ...]]) -> list[list[Problem]]:
    gathered: dict[tuple[str | None, ...], list[Problem]] = {}
    for problem in group:
        gathered.setdefault(by(problem), []).append(problem)
    return list(gathered.values())


def _how_many(problems: list[Problem]) -> str:
    first = problems[0]
    sheets = len({problem.sheet for problem in problems})
    place = ", ".join(part for part in (first.sheet, f"dòng {first.row}" if first.row else "") if part)
    many = f"{len(problems)} chỗ" if sheets == 1 else f"{len(problems)} chỗ trong {sheets} trang tính"
    return f"{many}, ví dụ {place}" if place else many


def _rows(problems: list[Problem]) -> str:
    items = [_item(problem) for problem in problems]
    shown = ", ".join(items[:_ROWS_SHOWN])
    return shown if len(items) <= _ROWS_SHOWN else f"{shown} và {len(items) - _ROWS_SHOWN} chỗ khác"


def _item(problem: Problem) -> str:
    value = "" if problem.value is None else " ".join(problem.value.split())
    if problem.row is None:
        return value
    return f"dòng {problem.row} ({value})" if value and len(value) <= _VALUE_SHOWN else f"dòng {problem.row}"


def _conclusion(reading: SchoolReading, *, dry_run: bool) -> str:
    if reading.blocked or reading.data is None:
        return "\nChưa nhập được: hãy sửa các chỗ ở mục “Phải sửa trước khi nhập” rồi chạy lại. Danh sách đủ: --json."
    if dry_run:
        return "\nKhông có lỗi chặn. Đây là chạy thử, chưa ghi gì vào hệ thống."
    return "\nKhông có lỗi chặn."


def _thousands(number: int) -> str:
    return f"{number:,}".replace(",", ".")
