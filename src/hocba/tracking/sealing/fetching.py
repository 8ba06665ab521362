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
        wanted = gradebook.states_of(school_code, school_year, [group.name for group in groups])
    total: Counter[str] = Counter()
    for group in groups:
        mine = {
            key: state
            for key, state in wanted.items()
            if key[0] == group.name and key[1] != gradebook.SUMMARY
        }
        fetched = _fetch({key: state.path for key, state in mine.items() if state.is_reported})
        total["not_reported"] += len(mine) - len(fetched)
        with scope.acting_for(school_code):
            total.update(freezing.record_comparison(group, fetched, by=by, at=at))
            freezing.advance(group, by=by, at=at)
    return total


def _fetch(paths: Mapping[Key, str]) -> dict[Key, bytes]:
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        bodies = pool.map(lambda path: sync.fetch("sector", path), paths.values())
        return dict(zip(paths, bodies, strict=True))
