"""What became of a batch: signed, failed with its cause, skipped with its reason."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from hocba.desk import frozen
from hocba.desk.ports import State
from hocba.documents import csv_tables
from hocba.signing.instants import iso

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hocba.desk.ports import Batch, Result


class Fate(StrEnum):
    """What became of a document; PENDING may still be signed."""

    SIGNED = "signed"
    FAILED = "failed"
    PENDING = "pending"
    SKIPPED = "skipped"


TITLES = {
    Fate.SIGNED: "Đã ký",
    Fate.FAILED: "Không ký được",
    Fate.PENDING: "Chưa ký",
    Fate.SKIPPED: "Bỏ qua",
}
STATES = {
    State.OPEN: "Đang chờ ký",
    State.COMPLETED: "Đã ký xong",
    State.STOPPED: "Đã dừng",
    State.SUPERSEDED: "Đã thay bằng lượt ký mới hơn",
    State.EXPIRED: "Đã hết hạn",
}
_LEFT = {
    State.STOPPED: "Lượt ký đã dừng trước khi ký.",
    State.SUPERSEDED: "Lượt ký đã được thay bằng lượt mới hơn trước khi ký.",
    State.EXPIRED: "Lượt ký đã hết hạn trước khi ký.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One document. `id` is empty for what was never in the list; `group` is its task in a joint list."""

    id: str
    title: str
    kind: str
    fate: Fate
    reason: str = ""
    group: str = ""

    @property
    def fate_title(self) -> str:
        """The fate in words."""
        return TITLES[self.fate]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Some documents and how they fared."""

    rows: Sequence[Row]

    @property
    def counts(self) -> dict[str, int]:
        """How many documents ended how."""
        found = Counter(row.fate for row in self.rows)
        return {fate.value: found[fate] for fate in Fate}

    @property
    def listed(self) -> int:
        """How many documents the list has."""
        return sum(bool(row.id) for row in self.rows)

    @property
    def to_do(self) -> int:
        """How many may still be signed."""
        return sum(row.fate in {Fate.PENDING, Fate.FAILED} for row in self.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group(Rows):
    """Those of one task in a joint list."""

    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report(Rows):
    """Every document of the list, in its order, task by task; then what was left out."""

    batch: Batch

    @property
    def groups(self) -> Sequence[Group]:
        """The report task by task; nothing where the list is of one."""
        found: dict[str, list[Row]] = {}
        for row in self.rows if any(row.group for row in self.rows) else ():
            found.setdefault(row.group, []).append(row)
        return [Group(title=title, rows=rows) for title, rows in found.items()]

    @property
    def state_title(self) -> str:
        """The state of the batch in words."""
        return STATES[self.batch.state]


def report_of(batch: Batch, results: Mapping[str, Result]) -> Report:
    """Put the stored list and what became of its items together."""
    lines, skipped = frozen.read(batch.listing)
    rows = [_row(line, results[line.id], batch.state) for line in lines if line.id in results]
    rows += [
        Row(id="", title=each.title, kind="", fate=Fate.SKIPPED, reason=each.reason, group=each.group)
        for each in skipped
    ]
    places = {group: place for place, group in enumerate(dict.fromkeys(row.group for row in rows))}
    return Report(batch=batch, rows=sorted(rows, key=lambda row: places[row.group]))


def _row(line: frozen.Line, result: Result, state: State) -> Row:
    fate, reason = Fate.PENDING, ""
    ended = result.ended or state
    if result.is_signed:
        fate = Fate.SIGNED
    elif result.reason and (result.ended is None or state is not State.OPEN):
        fate, reason = Fate.FAILED, result.reason
    elif ended is not State.OPEN:
        fate, reason = Fate.SKIPPED, result.reason or _LEFT.get(ended, "")
    return Row(id=line.id, title=line.title, kind=line.kind, fate=fate, reason=reason, group=line.group)


def to_members(report: Report) -> dict[str, Any]:
    """For programs."""
    batch = report.batch
    return {
        "batch": str(batch.id),
        "title": batch.title,
        "state": batch.state.value,
        "channel": batch.channel.value,
        "digest": batch.digest,
        "list": f"sha256:{batch.listing}" if batch.listing else "",
        "holder": batch.holder,
        "by": batch.by,
        "opened_at": iso(batch.opened_at),
        "expires_at": iso(batch.expires_at),
        **report.counts,
        "items": [
            {
                "id": row.id,
                "title": row.title,
                "kind": row.kind,
                "result": row.fate.value,
                "reason": row.reason,
            }
            for row in report.rows
        ],
        **_groups(report),
    }


def _groups(report: Report) -> dict[str, Any]:
    """Only a joint list has tasks to tell apart."""
    if not report.groups:
        return {}
    return {"groups": [{"title": group.title, **group.counts} for group in report.groups]}


def to_csv(report: Report) -> bytes:
    """For a spreadsheet."""
    rows = [
        (number, row.title, row.kind.upper(), row.fate_title, row.reason, row.group or report.batch.title)
        for number, row in enumerate(report.rows, start=1)
    ]
    return csv_tables.to_csv(["STT", "Văn bản", "Loại", "Kết quả", "Lý do", "Việc"], rows)
