"""What became of a batch: signed, failed with its cause, skipped with its reason."""

from __future__ import annotations

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
    """One document. `id` is empty for what was never in the list; `is_kept` as in `ports.Result`."""

    id: str
    title: str
    kind: str
    fate: Fate
    reason: str = ""
    is_kept: bool = False

    @property
    def fate_title(self) -> str:
        """The fate in words."""
        return TITLES[self.fate]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Every document of the task, in the order of the list."""

    batch: Batch
    rows: Sequence[Row]

    def count(self, fate: Fate) -> int:
        """How many ended so."""
        return sum(row.fate is fate for row in self.rows)

    @property
    def counts(self) -> dict[str, int]:
        """How many of each."""
        return {fate.value: self.count(fate) for fate in Fate}

    @property
    def state_title(self) -> str:
        """The state of the batch in words."""
        return STATES[self.batch.state]


def report_of(batch: Batch, results: Mapping[str, Result]) -> Report:
    """Put the stored list and what became of its items together."""
    lines, skipped = frozen.read(batch.listing)
    rows = [_row(line, results[line.id], batch.state) for line in lines if line.id in results]
    rows += [Row(id="", title=each.title, kind="", fate=Fate.SKIPPED, reason=each.reason) for each in skipped]
    return Report(batch=batch, rows=rows)


def _row(line: frozen.Line, result: Result, state: State) -> Row:
    fate, reason = Fate.PENDING, ""
    if result.is_signed:
        fate = Fate.SIGNED
    elif result.reason:
        fate, reason = Fate.FAILED, result.reason
    elif state is not State.OPEN:
        fate, reason = Fate.SKIPPED, _LEFT.get(state, "")
    return Row(id=line.id, title=line.title, kind=line.kind, fate=fate, reason=reason, is_kept=result.is_kept)


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
    }


def to_csv(report: Report) -> bytes:
    """For a spreadsheet."""
    rows = [
        (number, row.title, row.kind.upper(), row.fate_title, row.reason)
        for number, row in enumerate(report.rows, start=1)
    ]
    return csv_tables.to_csv(["STT", "Văn bản", "Loại", "Kết quả", "Lý do"], rows)
