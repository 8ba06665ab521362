"""Growing the log inside the transaction of the event it records."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from hocba.city.archive.models import LogLeaf, LogNode
from hocba.exchange import transparency

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

# Any fixed number that nothing else in this database locks.
_LOCK = 6962
_HASH_BYTES = 32


# One statement for the leaf, the subtrees it completes and the new head.
_GROW = """
with leaf as (
    insert into city_archive_logleaf (index, content, hash) values (%s, %s, %s)
), nodes as (
    insert into city_archive_lognode (level, index, hash)
    select * from unnest(%s::smallint[], %s::bigint[], %s::bytea[])
)
insert into city_archive_checkpoint (size, root, frontier, note, at) values (%s, %s, %s, %s, %s)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """Where an event stands in the log, with all that proves it."""

    index: int
    size: int
    root: bytes
    proof: tuple[bytes, ...]
    checkpoint: str


def append(leaf: bytes, *, at: datetime) -> Entry:
    """Add one event and sign the new tree head; raises ImproperlyConfigured without the log's key.

    Appending is one after the other: the lock is held until the transaction ends, so call this last.
    """
    hashed = transparency.leaf_hash(leaf)
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(%s)", [_LOCK])
    growth = _frontier().append(hashed)
    size = growth.frontier.size
    root = growth.frontier.root()
    text = transparency.Checkpoint(origin(), size, root).text()
    note = transparency.sign_note(text, origin(), _key())
    inner = [node for node in growth.complete if node.level]
    with connection.cursor() as cursor:
        cursor.execute(
            _GROW,
            [
                *(size - 1, leaf, hashed),
                *([node.level for node in inner], [node.index for node in inner]),
                [node.hash for node in inner],
                *(size, root, b"".join(growth.frontier.hashes), note, at),
            ],
        )
    return Entry(index=size - 1, size=size, root=root, proof=growth.proof, checkpoint=note)


def prove(index: int, size: int) -> tuple[bytes, ...]:
    """Inclusion proof of a leaf in the tree of an earlier or the present size."""
    return transparency.inclusion_proof(index, size, _stored)


# For each level the nodes beside the path of a range of leaves, by the table's own index.
_BESIDE = """
select node.level, node.index, node.hash from generate_series(1, 62) as above(level)
join city_archive_lognode node
  on node.level = above.level
 and node.index between (%(first)s::bigint >> above.level) - 1 and (%(last)s::bigint >> above.level) + 1
union all
select 0, leaf.index, leaf.hash from city_archive_logleaf leaf
where leaf.index between %(first)s - 1 and %(last)s + 1
"""


def prover(first: int, last: int) -> Callable[[int, int], tuple[bytes, ...]]:
    """`prove` for many leaves that stand near each other: one statement for all of them from `first` to `last`."""
    with connection.cursor() as cursor:
        cursor.execute(_BESIDE, {"first": first, "last": last})
        known = {(level, index): bytes(found) for level, index, found in cursor.fetchall()}

    def read(level: int, index: int) -> bytes:
        if (level, index) not in known:
            known[(level, index)] = _stored(level, index)
        return known[(level, index)]

    return lambda index, size: transparency.inclusion_proof(index, size, read)


def origin() -> str:
    """Name of the log, which is also the name of its key."""
    return str(settings.HOCBA_LOG_ORIGIN)


def public_key() -> transparency.NoteKey:
    """The key that verifies checkpoints, to be published."""
    return transparency.NoteKey.of(origin(), _key())


def _frontier() -> transparency.Frontier:
    with connection.cursor() as cursor:
        cursor.execute("select size, frontier from city_archive_checkpoint order by size desc limit 1")
        newest = cursor.fetchone()
    if newest is None:
        return transparency.EMPTY
    size, hashes = newest[0], bytes(newest[1])
    return transparency.Frontier.at(
        size, [hashes[start : start + _HASH_BYTES] for start in range(0, len(hashes), _HASH_BYTES)]
    )


def _stored(level: int, index: int) -> bytes:
    if level == 0:
        return bytes(LogLeaf.objects.values_list("hash", flat=True).get(index=index))
    return bytes(LogNode.objects.values_list("hash", flat=True).get(level=level, index=index))


def _key() -> Ed25519PrivateKey:
    path = settings.HOCBA_LOG_KEY
    if not path:
        raise ImproperlyConfigured("HOCBA_LOG_KEY must name the PEM file of the log's Ed25519 key")
    return _load(str(path))


@lru_cache(maxsize=4)
def _load(path: str) -> Ed25519PrivateKey:
    key = load_pem_private_key(Path(path).read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ImproperlyConfigured("HOCBA_LOG_KEY must be an Ed25519 key")
    return key
