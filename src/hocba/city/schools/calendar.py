"""The calendar of certificates of every school, from the registers as the city holds them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings

from hocba.city.schools import queries, trust
from hocba.exchange import certificate_calendar as calendar
from hocba.exchange.certificate_calendar import Need, State

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from hocba.city.schools.queries import Leaving
    from hocba.exchange.certificate_calendar import Deadline, Line
    from hocba.signing.approvals import Approval


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolFigures:
    """How many of a school's holders, its seal and a leader among them, are in which state: each once, by the worst."""

    code: str
    name: str
    missing: int
    ending: int
    covered: int


def deadlines(*, at: datetime) -> tuple[str, tuple[Deadline, ...]]:
    """The running school year and its deadlines."""
    year = calendar.school_year_at(at)
    return year, calendar.deadlines_of(year, settings.HOCBA_DEADLINES)


def lines_of(school_code: str, *, at: datetime) -> list[Line]:
    """One line for the seal, for a leader, and for everybody who has or had an approval and has not left."""
    _, asked = deadlines(at=at)
    leavings = queries.list_leavings(school_code=school_code)
    approvals = trust.current().registers.get(school_code, ())
    name = next((row.name for row in queries.list_schools().filter(school_code=school_code)), school_code)
    needs = _needs(school_code, name, approvals, leavings, at)
    return calendar.lines_of(needs, approvals, asked, now=at)


def list_figures(*, at: datetime) -> list[SchoolFigures]:
    """Figures of every school, the ones with most to do first."""
    registers, (_, asked) = trust.current().registers, deadlines(at=at)
    leavings = queries.list_leavings()
    found = []
    for row in queries.list_schools():
        approvals = registers.get(row.school_code, ())
        needs = _needs(row.school_code, row.name, approvals, leavings, at)
        counts = _count(calendar.lines_of(needs, approvals, asked, now=at))
        found.append(
            SchoolFigures(
                code=row.school_code,
                name=row.name,
                missing=counts[State.MISSING],
                ending=counts[State.ENDS_BEFORE],
                covered=counts[State.COVERED],
            )
        )
    return sorted(found, key=lambda item: (-item.missing, -item.ending, item.code))


def list_all(*, at: datetime) -> Iterator[Line]:
    """The lines of every school, by code."""
    for row in queries.list_schools():
        yield from lines_of(row.school_code, at=at)


def _count(lines: Iterable[Line]) -> Counter[State]:
    """Holders by their worst state: who signs in two positions is one person."""
    worst: dict[str, State] = {}
    for line in lines:
        known = worst.setdefault(line.need.holder, line.state)
        worst[line.need.holder] = min(known, line.state, key=_WORST_FIRST.index)
    return Counter(worst.values())


def _needs(
    school: str,
    name: str,
    approvals: Sequence[Approval],
    leavings: frozenset[Leaving],
    at: datetime,
) -> Iterator[Need]:
    """The city does not know who works at a school: it knows the seal, a leader, and whom it approved once.

    Who lost the last approval and did not leave still works there and cannot sign: that needs doing. The school's own
    page knows everybody.
    """
    yield Need(school=school, holder=school, name=name, position="seal")
    still = [item for item in approvals if item.revoked_at is None or item.revoked_at > at]
    counted = [*still, *_without_any(approvals, {item.holder for item in still}, leavings)]
    people = {(item.holder, position): item for item in counted for position in item.positions}
    if not any(position == "leader" for _, position in people):
        yield Need(school=school, holder="–", name="Lãnh đạo nhà trường", position="leader")
    for holder, position in sorted(people):
        if position != "seal":
            yield Need(school=school, holder=holder, name=people[holder, position].name, position=position)


def _without_any(
    approvals: Sequence[Approval], still: set[str], leavings: frozenset[Leaving]
) -> list[Approval]:
    """The last approval of everybody who has none any more, unless it ended because its holder left."""
    ended = [item for item in approvals if item.holder not in still and item.revoked_at is not None]
    last = {item.holder: item for item in sorted(ended, key=lambda item: item.revoked_at or item.valid_from)}
    return [
        item
        for item in last.values()
        if (item.school, item.holder, item.sha256, item.revoked_at) not in leavings
    ]


_WORST_FIRST = (State.MISSING, State.ENDS_BEFORE, State.COVERED)
