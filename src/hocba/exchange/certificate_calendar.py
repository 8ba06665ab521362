"""Who cannot sign until which day: approved certificates held against the deadlines of a school year.

A signature needs a certificate that is approved and valid on the day itself (Quy chế Điều 7.1, 21.8), and a renewal
takes weeks; so the calendar looks ahead, at the end of each term and at the days on which transcripts are closed.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from hocba.signing.approvals import POSITIONS
from hocba.signing.instants import VIETNAM, day, iso

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from hocba.signing.approvals import Approval

# Ends of terms as the yearly plan (khung kế hoạch thời gian năm học) usually has them; closing days by Quy chế
# Điều 14.1, 14.2. Month and day, in the second of the two calendar years.
CLOSE = "Khóa học bạ số"
CLOSE_AFTER_SUMMER = "Khóa học bạ số sau hè"
SIGN_BY = "Hạn ký"
SIGN_BY_KEY = "sign-by"
"""The name (or its key in ASCII) under which an operator sets a day that binds:
who cannot sign with validity until then, does not sign."""
_USUAL = (
    ("Kết thúc học kỳ I", 1, 18),
    ("Kết thúc học kỳ II", 5, 31),
    (CLOSE, 6, 30),
    (CLOSE_AFTER_SUMMER, 8, 15),
)


class DeadlineError(ValueError):
    """The setting of deadlines cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """The last day of something that has to be signed."""

    name: str
    day: date

    @property
    def end(self) -> datetime:
        """The first moment after the day."""
        return datetime.combine(self.day + timedelta(days=1), time(), VIETNAM)


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """Somebody who has to sign in a position; `holder` is a staff code, or the school's for its seal."""

    school: str
    holder: str
    name: str
    position: str


class State(StrEnum):
    """How a need is met."""

    MISSING = "MISSING"
    ENDS_BEFORE = "ENDS_BEFORE"
    COVERED = "COVERED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One need: `ends_at` is the end of the best certificate, `deadline` the first one it does not reach."""

    need: Need
    state: State
    ends_at: datetime | None
    deadline: Deadline | None

    def to_json(self) -> dict[str, object]:
        """For programs."""
        return {
            "school": self.need.school,
            "holder": self.need.holder,
            "name": self.need.name,
            "position": self.need.position,
            "state": self.state.value,
            "ends_at": None if self.ends_at is None else iso(self.ends_at),
            "deadline": None if self.deadline is None else self.deadline.day.isoformat(),
            "deadline_name": None if self.deadline is None else self.deadline.name,
        }

    @property
    def sentence(self) -> str:
        """For people."""
        if self.state is State.COVERED:
            return f"Còn hiệu lực qua mọi mốc (đến {day(self.ends_at)})." if self.ends_at else ""
        if self.state is State.MISSING:
            before = (
                f" (chứng thư trước hết hiệu lực hoặc hết phê duyệt {day(self.ends_at)})"
                if self.ends_at
                else ""
            )
            return f"Chưa có chứng thư số được phê duyệt để ký vai {POSITIONS[self.need.position]}{before}."
        name = self.deadline.name if self.deadline else ""
        return f"Hết hiệu lực {day(self.ends_at)}, trước mốc {name}." if self.ends_at else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Needs with the same trouble, or none."""

    title: str
    state: State
    lines: tuple[Line, ...]


def school_year_at(moment: datetime) -> str:
    """The school year a moment lies in; one begins after the summer's closing day."""
    local = moment.astimezone(VIETNAM).date()
    first = local.year if local > date(local.year, 8, 15) else local.year - 1
    return f"{first}-{first + 1}"


def deadlines_of(school_year: str, configured: Mapping[tuple[str, str], date]) -> tuple[Deadline, ...]:
    """The deadlines of a school year in their order: the usual ones, with days and names the operator set."""
    last = int(school_year.rpartition("-")[2])
    days = {name: date(last, month, number) for name, month, number in _USUAL}
    days |= {name: found for (year, name), found in configured.items() if year == school_year}
    return tuple(
        Deadline(name=name, day=found) for name, found in sorted(days.items(), key=lambda item: item[1])
    )


def parse(text: str) -> dict[tuple[str, str], date]:
    """Read "2026-2027/Kết thúc học kỳ I=2027-01-15, …" as days by school year and name. Raises DeadlineError.

    A usual name counts however its accents, y and i, or capitals are written ("Hạn kí", "hạn ký", decomposed
    letters): a day that binds must not be lost by a spelling. `sign-by` is the key of that one.
    """
    found: dict[tuple[str, str], date] = {}
    for part in filter(None, (each.strip() for each in unicodedata.normalize("NFC", text).split(","))):
        matched = _SETTING.fullmatch(part)
        if matched is None or int(matched["last"]) != int(matched["first"]) + 1:
            raise DeadlineError(f"{part!r} is not like 2026-2027/Kết thúc học kỳ I=2027-01-15")
        name = _KNOWN.get(_folded(matched["name"]), matched["name"].strip())
        place = f"{matched['first']}-{matched['last']}", name
        if place in found:
            raise DeadlineError(f"{part!r}: the day is given twice")
        try:
            found[place] = date.fromisoformat(matched["day"])
        except ValueError as error:
            raise DeadlineError(f"{part!r}: there is no such day") from error
    return found


_SETTING = re.compile(
    r"(?P<first>[0-9]{4})-(?P<last>[0-9]{4})\s*/(?P<name>[^=/]*\w[^=/]*)=\s*(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})"
)


def _folded(name: str) -> str:
    """A name without accents, capitals and doubled blanks, and with i for y."""
    plain = "".join(c for c in unicodedata.normalize("NFD", name.casefold()) if not unicodedata.combining(c))
    return " ".join(plain.replace("đ", "d").replace("y", "i").split())


_KNOWN = {_folded(name): name for name in (SIGN_BY, *(name for name, _, _ in _USUAL))} | {
    _folded(SIGN_BY_KEY): SIGN_BY
}


def lines_of(
    needs: Iterable[Need], approvals: Sequence[Approval], deadlines: Sequence[Deadline], *, now: datetime
) -> list[Line]:
    """One line for every need, in their order; deadlines that have passed are no longer asked for."""
    ahead = [deadline for deadline in deadlines if now < deadline.end]
    by_holder: dict[str, list[Approval]] = {}
    for approval in approvals:
        by_holder.setdefault(approval.holder, []).append(approval)
    return [_line(need, by_holder.get(need.holder, ()), ahead, now) for need in needs]


def grouped(lines: Iterable[Line]) -> list[Group]:
    """What is missing first, then what ends before each deadline, then what is in order."""
    groups: dict[tuple[int, date, str], list[Line]] = {}
    for line in lines:
        groups.setdefault(_key(line), []).append(line)
    return [
        Group(title=key[2], state=found[0].state, lines=tuple(found)) for key, found in sorted(groups.items())
    ]


def _key(line: Line) -> tuple[int, date, str]:
    if line.state is State.MISSING:
        return 0, date.min, "Chưa có chứng thư số được phê duyệt"
    if line.deadline is not None:
        return (
            1,
            line.deadline.day,
            f"Hết hiệu lực trước mốc {line.deadline.name} ({line.deadline.day:%d/%m/%Y})",
        )
    return 2, date.max, "Còn hiệu lực qua mọi mốc của năm học"


def _line(need: Need, approvals: Iterable[Approval], ahead: Sequence[Deadline], now: datetime) -> Line:
    ends = list(_ends(need, approvals, now))
    best = max(ends, default=None)
    if best is None or best <= now:
        return Line(need=need, state=State.MISSING, ends_at=best, deadline=None)
    missed = next((deadline for deadline in ahead if best < deadline.end), None)
    state = State.COVERED if missed is None else State.ENDS_BEFORE
    return Line(need=need, state=state, ends_at=best, deadline=missed)


def _ends(need: Need, approvals: Iterable[Approval], now: datetime) -> Iterator[datetime]:
    """When each certificate for the position ends; one that is to be withdrawn ends with that."""
    for approval in approvals:
        if need.position not in approval.positions or approval.valid_from > now:
            continue
        yield min(
            moment for moment in (approval.valid_until, approval.revoked_at, _NEVER) if moment is not None
        )


_NEVER = datetime(9999, 1, 1, tzinfo=VIETNAM)
