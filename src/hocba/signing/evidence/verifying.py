"""Whether data existed at the time of a record's first stamp (RFC 4998 4.3, 5.3), from the newest stamp backwards.

Each stamp is judged at the time of the one after it, the newest at the moment of verification; so the oldest
gives a proven time even when its own unit, certificate and digest are long gone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from hocba.signing import digests
from hocba.signing.checks import Code
from hocba.signing.evidence import records, trees
from hocba.signing.evidence.errors import EvidenceError
from hocba.signing.evidence.records import ArchiveTimeStamp, Record
from hocba.signing.timestamps import Timestamp


class Judge(Protocol):
    """Says what a token proves, seen from a control time; raises EvidenceError when that is nothing."""

    def judge(self, token: bytes, digest: bytes, algorithm: str, *, control: datetime) -> Timestamp:
        """See `UnitJudge.judge`."""


@dataclass(frozen=True, slots=True)
class Proof:
    """The data existed at `existed_at`; `stamps` are all stamps of the record, the first one first."""

    existed_at: datetime
    stamps: tuple[Timestamp, ...]


def verify(record: bytes, *, objects: Sequence[bytes], judge: Judge, at: datetime) -> Proof:
    """Check a record over data objects, all of one group, at the moment `at` (aware).

    Raises:
        EvidenceError: the record is malformed, is not about these objects, or proves nothing at that moment.
    """
    if not objects:
        raise ValueError("a record without data objects proves nothing")
    known = records.read(record)
    control, found = at, list[Timestamp]()
    for number in range(len(known.chains) - 1, -1, -1):
        for place in range(len(known.chains[number]) - 1, -1, -1):
            stamp = known.chains[number][place]
            wanted = _wanted(known, number, place, objects)
            proven = judge.judge(stamp.token, _root(stamp, wanted), stamp.algorithm, control=control)
            found.append(proven)
            control = proven.at
    return Proof(control, tuple(reversed(found)))


def _wanted(known: Record, number: int, place: int, objects: Sequence[bytes]) -> list[bytes]:
    """Digests that must stand in the first list of a stamp: of the token before it, or of the data."""
    chain = known.chains[number]
    algorithm = chain[place].algorithm
    if algorithm != chain[0].algorithm:
        raise EvidenceError("a chain of the evidence record changes its digest algorithm")
    if place:
        return [records.token_digest(algorithm, chain[place - 1].token)]
    values = [digests.digest(algorithm, each) for each in objects]
    if not number:
        return values
    before = records.chains_digest(algorithm, known.encoded_chains[:number])
    return [digests.digest(algorithm, value + before) for value in values]


def _root(stamp: ArchiveTimeStamp, wanted: Sequence[bytes]) -> bytes:
    """The digest that the token must be for, once everything wanted is below it (RFC 4998 4.3, steps 2 and 3)."""
    if not stamp.lists:
        if len(set(wanted)) != 1:
            raise _not_about_it()
        return wanted[0]
    if not set(wanted) <= set(stamp.lists[0]):
        raise _not_about_it()
    return trees.root_of(stamp.algorithm, stamp.lists)


def _not_about_it() -> EvidenceError:
    return EvidenceError(
        "the evidence record is about other data",
        code=Code.HASH_FAILURE,
        sentence="Hồ sơ bằng chứng không phải của tệp này, hoặc tệp đã bị thay đổi.",
    )
