"""Asks the sector database for results (kết chuyển, flow 1) and compares them with what was entered."""

from __future__ import annotations

from collections import Counter, deque
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

from hocba.desk import other_sides
from hocba.exchange import messages
from hocba.platform.tenancy import scope
from hocba.tracking.gradebook import queries as gradebook
from hocba.tracking.roster import queries as roster
from hocba.tracking.sealing import freezing

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from hocba.tracking.gradebook.sheets import Key

NOT_THERE = "Cơ sở dữ liệu ngành chưa nhận được kết quả này."
INCOMPLETE = "Kết quả trong cơ sở dữ liệu ngành chưa đủ để kết chuyển."


def compare_classes(
    school_code: str, school_year: str, *, by: str, at: datetime, class_name: str | None = None
) -> Counter[str]:
    """Fetch and compare every reported sheet; how many are ready, blocked, passed over, not reported yet.

    Nothing is fetched inside a transaction; the next class is fetched while one is compared. Raises
    other_sides.TROUBLES; classes compared before that stay compared, and running it again is harmless.
    """
    with scope.acting_for(school_code):
        groups = [
            group
            for group in roster.list_classes(school_code, school_year)
            if class_name in {None, group.name}
        ]
        for group in groups:
            freezing.ensure_documents(group)
        documents = freezing.keys_of_sheets(school_code, school_year)
        wanted = gradebook.states_of(school_code, school_year, [group.name for group in groups])
    mine = [
        {
            key: state
            for key, state in wanted.items()
            # Marks of an assignment that was taken back have no document to be compared with.
            if key[0] == group.name and key in documents
        }
        for group in groups
    ]
    asked = [{key for key, state in sheets.items() if state.is_reported} for sheets in mine]
    total: Counter[str] = Counter()
    for group, sheets, keys, returned in zip(groups, mine, asked, _fetch_ahead(groups, asked), strict=True):
        fetched, refused = _parted(keys, returned)
        total["not_reported"] += len(sheets) - len(keys)
        with scope.acting_for(school_code):
            total.update(freezing.record_comparison(group, fetched, by=by, at=at))
            total["blocked"] += freezing.record_refusals(group, refused, by=by, at=at)
            freezing.advance(group, by=by, at=at)
    return total


def _fetch_ahead(
    groups: Sequence[roster.Class], asked: Sequence[Collection[Key]]
) -> Iterator[dict[Key, messages.ReturnedSheet]]:
    """What came back for each class; nothing is asked about a class without reports.

    While one class is compared, the next is under way; no more than that is held in memory. A fetch touches no
    database on this side.
    """
    with ThreadPoolExecutor(max_workers=2) as pool:
        under_way: deque[Future[dict[Key, messages.ReturnedSheet]]] = deque()
        for group, keys in zip(groups, asked, strict=True):
            under_way.append(pool.submit(_ask, group, keys))
            if len(under_way) > 1:
                yield under_way.popleft().result()
        if under_way:
            yield under_way.popleft().result()


def _ask(group: roster.Class, keys: Collection[Key]) -> dict[Key, messages.ReturnedSheet]:
    if not keys:
        return {}
    address = other_sides.of_school(group.school_code, "class-results", group.school_year, group.name)
    content = other_sides.fetch("sector", address)
    returned = messages.from_bytes(messages.ReturnedResults, content)
    if (returned.school, returned.school_year, returned.class_name) != (
        group.school_code,
        group.school_year,
        group.name,
    ):
        raise ValueError(f"Cơ sở dữ liệu ngành trả lời về lớp khác, không phải lớp {group.name}.")
    return {(group.name, sheet.subject_code, sheet.term): sheet for sheet in returned.sheets}


def _parted(
    asked: Iterable[Key], returned: Mapping[Key, messages.ReturnedSheet]
) -> tuple[dict[Key, bytes], dict[Key, str]]:
    """The sheets that came back, and why the others did not."""
    fetched: dict[Key, bytes] = {}
    refused: dict[Key, str] = {}
    for key in asked:
        sheet = returned.get(key)
        if sheet is None:
            refused[key] = NOT_THERE
        elif sheet.problems:
            refused[key] = "\n".join([INCOMPLETE, *sheet.problems])
        else:
            fetched[key] = sheet.xml.encode()
    return fetched, refused
