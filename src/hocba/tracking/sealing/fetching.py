"""Asks the sector database for results (kết chuyển, flow 1) and compares them with what was entered."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

from hocba.platform.tenancy import scope
from hocba.tracking.gradebook import queries as gradebook
from hocba.tracking.roster import queries as roster
from hocba.tracking.roster import sync
from hocba.tracking.sealing import freezing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
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

    Nothing is fetched inside a transaction; the next class is fetched while one is compared. Raises sync.SyncError and
    what the client raises; classes compared before that stay compared, and running it again is harmless.
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
    mine = {
        group.name: {
            key: state
            for key, state in wanted.items()
            # Marks of an assignment that was taken back have no document to be compared with.
            if key[0] == group.name and key in documents
        }
        for group in groups
    }
    paths = [
        {key: state.path for key, state in mine[group.name].items() if state.is_reported} for group in groups
    ]
    total: Counter[str] = Counter()
    for group, asked, (fetched, refused) in zip(groups, paths, _fetch_ahead(paths), strict=True):
        total["not_reported"] += len(mine[group.name]) - len(asked)
        with scope.acting_for(school_code):
            total.update(freezing.record_comparison(group, fetched, by=by, at=at))
            total["blocked"] += freezing.record_refusals(group, refused, by=by, at=at)
            freezing.advance(group, by=by, at=at)
    return total


def _fetch_ahead(
    asked: Sequence[Mapping[Key, str]],
) -> Iterator[tuple[dict[Key, bytes], dict[Key, str]]]:
    """For each class what came back, and what the sector database refuses to give because it lacks something.

    While one class is compared, the sheets of the next are under way; no more than that is held in memory.
    """
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        coming = [_begin(pool, paths) for paths in asked[:1]]
        for number in range(len(asked)):
            coming += [_begin(pool, paths) for paths in asked[number + 1 : number + 2]]
            answers = {key: future.result() for key, future in coming.pop(0).items()}
            fetched = {key: answer for key, answer in answers.items() if isinstance(answer, bytes)}
            refused = {
                key: str(answer) for key, answer in answers.items() if isinstance(answer, sync.SyncError)
            }
            yield fetched, refused


def _begin(pool: ThreadPoolExecutor, paths: Mapping[Key, str]) -> dict[Key, Future[bytes | sync.SyncError]]:
    return {key: pool.submit(_ask, path) for key, path in paths.items()}


def _ask(path: str) -> bytes | sync.SyncError:
    try:
        return sync.fetch("sector", path)
    except sync.SyncError as error:
        if error.status != INCOMPLETE:
            raise
        return error
