"""The calendar of certificates for programs and spreadsheets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hocba.documents import csv_tables
from hocba.exchange.certificate_calendar import State
from hocba.signing.approvals import POSITIONS
from hocba.signing.instants import day, iso

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from hocba.exchange.certificate_calendar import Deadline, Line

STATES = {
    State.MISSING: "Chưa có chứng thư số",
    State.ENDS_BEFORE: "Hết hiệu lực trước mốc",
    State.COVERED: "Còn hiệu lực",
}
HEAD = (
    "Trường",
    "Mã người giữ",
    "Họ tên",
    "Vai ký",
    "Tình trạng",
    "Hết hiệu lực",
    "Mốc không tới",
    "Ngày của mốc",
)


def to_json(
    lines: Iterable[Line], deadlines: Sequence[Deadline], *, school_year: str, at: datetime
) -> dict[str, Any]:
    """One document: the deadlines asked for, and a line for everybody who has to sign."""
    return {
        "school_year": school_year,
        "at": iso(at),
        "deadlines": [{"name": item.name, "day": item.day.isoformat()} for item in deadlines],
        "lines": [line.to_json() for line in lines],
    }


def to_csv(lines: Iterable[Line]) -> bytes:
    """For a spreadsheet."""
    return csv_tables.to_csv(HEAD, map(_row, lines))


def _row(line: Line) -> list[str]:
    need, missed = line.need, line.deadline
    return [
        need.school,
        need.holder,
        need.name,
        POSITIONS.get(need.position, need.position),
        STATES[line.state],
        "" if line.ends_at is None else day(line.ends_at),
        "" if missed is None else missed.name,
        "" if missed is None else f"{missed.day:%d/%m/%Y}",
    ]
