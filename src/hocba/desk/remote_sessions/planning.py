"""Which hashes the next authorisation covers: those of the frozen list that are not signed yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocba.desk import frozen
from hocba.desk.errors import BatchOverError
from hocba.desk.remote_sessions import words
from hocba.desk.remote_sessions.models import RemoteChunk
from hocba.desk.remote_sessions.workflow import ChunkState

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hocba.channels.csc.profiles import Profile
    from hocba.desk.frozen import Line
    from hocba.desk.ports import Batch, Desk, Result
    from hocba.desk.remote_sessions.models import RemoteSession
    from hocba.platform.accounts.actor import Actor


_UNFINISHED = (ChunkState.PLANNED, ChunkState.ASKED, ChunkState.ANSWERED)


def remaining(desk: Desk, actor: Actor, batch: Batch, row: RemoteSession) -> list[Line]:
    """Lines of the list that were not signed, nor refused in this session.

    Raises BatchOverError when the stored list is not the one whose digest the batch has.
    """
    lines, _ = frozen.read(batch.listing)
    if frozen.digest_of(line.digest for line in lines) != batch.digest:
        raise BatchOverError(words.CHANGED_LIST)
    results = desk.results(actor, batch.id)
    tried = {name for chunk in row.chunks.filter(state=ChunkState.STORED) for name, _ in chunk.items}
    return [line for line in lines if line.id not in tried and not _is_over(results, line)]


def _is_over(results: Mapping[str, Result], line: Line) -> bool:
    """Signed, or in the part of a joint list that was replaced or stopped."""
    found = results.get(line.id)
    return found is not None and (found.is_signed or found.ended is not None)


def plan(row: RemoteSession, profile: Profile, lines: list[Line]) -> int:
    """Write down the chunks of the next authorisation; how many hashes it covers. The row is not saved yet."""
    row.chunks.filter(state__in=_UNFINISHED).update(state=ChunkState.LEFT)
    row.authorisation += 1
    covered = lines[: portion_of(row, profile)]
    RemoteChunk.objects.bulk_create(
        RemoteChunk(
            session=row,
            school_code=row.school_code,
            authorisation=row.authorisation,
            number=number,
            items=[[line.id, line.digest] for line in covered[start : start + profile.chunk]],
        )
        for number, start in enumerate(range(0, len(covered), profile.chunk))
    )
    return len(covered)


def portion_of(row: RemoteSession, profile: Profile) -> int:
    """How many hashes one authorisation may cover: the credential's limit, and what an address can carry."""
    return max(1, min(row.multisign, profile.most_hashes))


def hashes_of(row: RemoteSession) -> list[bytes]:
    """The hashes of the current authorisation, in order."""
    chunks = row.chunks.filter(authorisation=row.authorisation).order_by("number")
    return [bytes.fromhex(digest) for chunk in chunks for _, digest in chunk.items]
