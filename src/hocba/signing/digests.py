"""Digest algorithms by name: what may stand in evidence, computed here and nowhere else.

Documents and the log are fixed to SHA-256; time stamps and evidence records name their algorithm, so that an
archive can leave one (RFC 4998 5.2, hash-tree renewal).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from types import MappingProxyType

SIZES: Mapping[str, int] = MappingProxyType(
    {"sha256": 32, "sha384": 48, "sha512": 64, "sha3_256": 32, "sha3_384": 48, "sha3_512": 64}
)
"""Bytes of a digest by the name that hashlib and asn1crypto share."""


def require_known(algorithm: str) -> None:
    """Raises ValueError for an algorithm that is not on the list."""
    if algorithm not in SIZES:
        raise ValueError(f"{algorithm!r} is no digest algorithm of the allow-list")


def digest(algorithm: str, data: bytes) -> bytes:
    """The digest of the data; raises ValueError for an algorithm off the list."""
    require_known(algorithm)
    return hashlib.new(algorithm, data, usedforsecurity=True).digest()


def require_digest(algorithm: str, value: bytes) -> None:
    """Raises ValueError unless the value can be a digest of that algorithm."""
    require_known(algorithm)
    if len(value) != SIZES[algorithm]:
        raise ValueError(f"a digest of {algorithm} has {SIZES[algorithm]} bytes")
