"""The ASN.1 of RFC 4998 (module ERS, IMPLICIT TAGS).

asn1crypto has these names too, but its sequence lacks the level of chains and its list of digests is a SET.
"""

from __future__ import annotations

from asn1crypto import algos, cms, core


class PartialHashtree(core.SequenceOf):  # type: ignore[misc]
    """Digests with one father node (RFC 4998 4.1)."""

    _child_spec = core.OctetString


class ReducedHashtree(core.SequenceOf):  # type: ignore[misc]
    """The lists from the data objects up to the root."""

    _child_spec = PartialHashtree


class Attributes(core.SetOf):  # type: ignore[misc]
    """Kept unread: nothing here is protected, so nothing may follow from it."""

    _child_spec = core.Any


class ArchiveTimeStamp(core.Sequence):  # type: ignore[misc]
    """A hash tree, cut down to one group, and the time stamp over its root (RFC 4998 4.1)."""

    _fields = [
        ("digest_algorithm", algos.DigestAlgorithm, {"implicit": 0, "optional": True}),
        ("attributes", Attributes, {"implicit": 1, "optional": True}),
        ("reduced_hashtree", ReducedHashtree, {"implicit": 2, "optional": True}),
        ("time_stamp", cms.ContentInfo),
    ]


class ArchiveTimeStampChain(core.SequenceOf):  # type: ignore[misc]
    """Time stamps with one digest algorithm, each over the one before (RFC 4998 5.1)."""

    _child_spec = ArchiveTimeStamp


class ArchiveTimeStampSequence(core.SequenceOf):  # type: ignore[misc]
    """Chains, each over the data again and over all chains before (RFC 4998 5.1)."""

    _child_spec = ArchiveTimeStampChain


class DigestAlgorithms(core.SequenceOf):  # type: ignore[misc]
    """Every digest algorithm used, once."""

    _child_spec = algos.DigestAlgorithm


class Version(core.Integer):  # type: ignore[misc]
    """Version 1 is the only one."""

    _map = {1: "v1"}


class EncryptionInfo(core.Sequence):  # type: ignore[misc]
    """Kept unread: nothing here is encrypted (RFC 4998 6)."""

    _fields = [("type", core.ObjectIdentifier), ("value", core.Any)]


class EvidenceRecord(core.Sequence):  # type: ignore[misc]
    """RFC 4998 3.1. `crypto_infos` and `encryption_info` are not protected and are not used."""

    _fields = [
        ("version", Version),
        ("digest_algorithms", DigestAlgorithms),
        ("crypto_infos", Attributes, {"implicit": 0, "optional": True}),
        ("encryption_info", EncryptionInfo, {"implicit": 1, "optional": True}),
        ("archive_time_stamp_sequence", ArchiveTimeStampSequence),
    ]
