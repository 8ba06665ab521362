"""Asks the sector database for results (kết chuyển, flow 1) and compares them with what was entered."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from hocba.platform.tenancy import scope
from hocba.tracking.gradebook import queries as gradebook
from hocba.tracking.roster import queries as roster
from hocba.tracking.roster import sync
from hocba.tracking.sealing import freezing

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from hocba.tracking.gradebook.sheets import Key

AT_ONCE = 4
"""Requests under way at the same time; a fetch touches no database on this side."""

INCOMPLETE = 409
"""How the sector database says that a sheet cannot be written: one class must not hold up the others."""


def compare_classes(
    school_code: str, school_year: str, *, by: str, at: datetime, class_name: str | None = None
) -> Counter[str]:
    """Fetch and compare every reported sheet; how many are ready, blocked, passed over, not reported yet.

    Nothing is fetched inside a transaction. Raises sync.SyncError and what the client raises; classes compared
    before that stay compared, and running it again is harmless.
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
    total: Counter[str] = Counter()
    for group in groups:
        mine = {
            key: state
            for key, state in wanted.items()
            # Marks of an assignment that was taken back have no document to be compared with.
            if key[0] == group.name and key in documents
        }
        asked = {key: state.path for key, state in mine.items() if state.is_reported}
        fetched, refused = _fetch(asked)
        total["not_reported"] += len(mine) - len(asked)
        with scope.acting_for(school_code):
            total.update(freezing.record_comparison(group, fetched, by=by, at=at))
            total["blocked"] += freezing.record_refusals(group, refused, by=by, at=at)
            freezing.advance(group, by=by, at=at)
    return total


def _fetch(paths: Mapping[Key, str]) -> tuple[dict[Key, bytes], dict[Key, str]]:
    """What came back, and what the sector database refuses to give because something in it is missing."""

    def ask(path: str) -> bytes | sync.SyncError:
        try:
            return sync.fetch("sector", path)
        except sync.SyncError as error:
            if error.status != INCOMPLETE:
                raise
            return error

    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        answers = dict(zip(paths, pool.map(ask, paths.values()), strict=True))
    fetched = {key: answer for key, answer in answers.items() if isinstance(answer, bytes)}
    refused = {key: str(answer) for key, answer in answers.items() if isinstance(answer, sync.SyncError)}
    return fetched, refused
