"""Evidence records as DER: begin one, renew its time stamp, renew its hash tree, read one (RFC 4998 4.2, 5.2).

The functions take and give octets, so that what is stored is what is hashed: nothing is re-encoded, and a record
of another maker keeps its bytes. They trust their caller; `verifying` trusts nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from asn1crypto import cms, tsp

from hocba.signing import digests, timestamps
from hocba.signing.evidence import structures
from hocba.signing.evidence.errors import EvidenceError
from hocba.signing.evidence.trees import LONGEST_LIST, MOST_LISTS, Lists

LARGEST_RECORD = 4 * 1024 * 1024
"""Bytes of a record that is read: some hundred renewals."""
MOST_STAMPS = 256
"""Time stamps of a record that are looked at."""


@dataclass(frozen=True, slots=True)
class ArchiveTimeStamp:
    """One stamp of a record: its digest algorithm, the lists below its root, and the token over it."""

    algorithm: str
    lists: Lists
    token: bytes


@dataclass(frozen=True, slots=True)
class Record:
    """A record as read: chains in their order, and the octets of each chain for hashing."""

    chains: tuple[tuple[ArchiveTimeStamp, ...], ...]
    encoded_chains: tuple[bytes, ...]

    @property
    def newest(self) -> ArchiveTimeStamp:
        """The only stamp that has to be watched."""
        return self.chains[-1][-1]


def first(stamp: ArchiveTimeStamp) -> bytes:
    """A record with its first stamp (RFC 4998 4.2)."""
    return _record([[stamp]])


def renew_time_stamp(record: bytes, stamp: ArchiveTimeStamp) -> bytes:
    """Add a stamp over the newest token to the newest chain (RFC 4998 5.2, Time-Stamp Renewal).

    Raises EvidenceError when the stamp has another digest algorithm than the chain.
    """
    known = read(record)
    if stamp.algorithm != known.newest.algorithm:
        raise EvidenceError("a chain keeps its digest algorithm; renew the hash tree instead")
    return _record([*known.chains[:-1], [*known.chains[-1], stamp]])


def renew_hash_tree(record: bytes, stamp: ArchiveTimeStamp) -> bytes:
    """Add a new chain with a stamp over the data and all chains before (RFC 4998 5.2, Hash-Tree Renewal)."""
    return _record([*read(record).chains, [stamp]])


def token_digest(algorithm: str, token: bytes) -> bytes:
    """What a renewing stamp is put over: the digest of the stamp's token."""
    return digests.digest(algorithm, token)


def renewed_digest(algorithm: str, data_digest: bytes, record: bytes) -> bytes:
    """What stands for a data object in the tree of a new chain: H(H(data) + H(all chains before)) (5.2, step 4)."""
    return digests.digest(algorithm, data_digest + chains_digest(algorithm, read(record).encoded_chains))


def chains_digest(algorithm: str, encoded_chains: Sequence[bytes]) -> bytes:
    """Digest of the DER of an ArchiveTimeStampSequence of these chains."""
    content = b"".join(encoded_chains)
    return digests.digest(algorithm, _sequence(content))


def read(data: bytes) -> Record:
    """Read a record. Raises EvidenceError when it is malformed, too large, or of a kind that is not used."""
    if len(data) > LARGEST_RECORD:
        raise EvidenceError("the evidence record is too large")
    try:
        parsed = structures.EvidenceRecord.load(data, strict=True)
        if parsed["version"].native != "v1":
            raise EvidenceError("the evidence record is not of version 1")
        return _read_sequence(parsed["archive_time_stamp_sequence"])
    except timestamps.MALFORMED as error:
        raise EvidenceError("the evidence record is malformed") from error


def _read_sequence(sequence: structures.ArchiveTimeStampSequence) -> Record:
    if not 0 < sum(len(chain) for chain in sequence) <= MOST_STAMPS or not all(map(len, sequence)):
        raise EvidenceError("the evidence record has no stamps, or too many")
    return Record(
        tuple(tuple(_read_stamp(stamp) for stamp in chain) for chain in sequence),
        tuple(bytes(chain.dump()) for chain in sequence),
    )


def _read_stamp(stamp: structures.ArchiveTimeStamp) -> ArchiveTimeStamp:
    token = bytes(stamp["time_stamp"].dump())
    stated = stamp["digest_algorithm"].native
    algorithm = str(stated["algorithm"]) if stated else imprint_algorithm(token)
    if algorithm not in digests.SIZES:
        raise EvidenceError(f"{algorithm} is no digest algorithm of the allow-list")
    found = stamp["reduced_hashtree"]
    lists = () if found.native is None else tuple(tuple(value.native for value in each) for each in found)
    if len(lists) > MOST_LISTS or any(len(each) > LONGEST_LIST for each in lists):
        raise EvidenceError("the hash tree is too large")
    return ArchiveTimeStamp(algorithm, lists, token)


def imprint_algorithm(token: bytes) -> str:
    """The digest algorithm that the token itself names (RFC 4998 4.1: when the stamp names none)."""
    content = cms.ContentInfo.load(token)["content"]["encap_content_info"]["content"]
    info = tsp.TSTInfo.load(content.contents)
    return str(info["message_imprint"]["hash_algorithm"]["algorithm"].native)


def _record(chains: Sequence[Sequence[ArchiveTimeStamp]]) -> bytes:
    used = dict.fromkeys(stamp.algorithm for chain in chains for stamp in chain)
    value = structures.EvidenceRecord(
        {
            "version": "v1",
            "digest_algorithms": [{"algorithm": name} for name in used],
            "archive_time_stamp_sequence": structures.ArchiveTimeStampSequence(
                [structures.ArchiveTimeStampChain([_stamp(stamp) for stamp in chain]) for chain in chains]
            ),
        }
    )
    return bytes(value.dump())


def _stamp(stamp: ArchiveTimeStamp) -> structures.ArchiveTimeStamp:
    values: dict[str, object] = {
        "digest_algorithm": {"algorithm": stamp.algorithm},
        "time_stamp": cms.ContentInfo.load(stamp.token, strict=True),
    }
    if stamp.lists:
        values["reduced_hashtree"] = [list(each) for each in stamp.lists]
    return structures.ArchiveTimeStamp(values)


def _sequence(content: bytes) -> bytes:
    """A DER SEQUENCE around octets that are DER already."""
    length = len(content)
    if length < 0x80:
        return b"\x30" + bytes([length]) + content
    size = (length.bit_length() + 7) // 8
    return b"\x30" + bytes([0x80 | size]) + length.to_bytes(size, "big") + content
