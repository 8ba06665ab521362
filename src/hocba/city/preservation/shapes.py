"""Reduced hash trees as octets, for columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocba.signing.evidence import structures

if TYPE_CHECKING:
    from hocba.signing.evidence.trees import Lists


def write_lists(lists: Lists) -> bytes:
    """The lists in DER, as they will stand in a record; empty lists give no octets."""
    return bytes(structures.ReducedHashtree([list(each) for each in lists]).dump()) if lists else b""


def read_lists(data: bytes | memoryview) -> Lists:
    """What `write_lists` wrote."""
    if not data:
        return ()
    found = structures.ReducedHashtree.load(bytes(data), strict=True)
    return tuple(tuple(value.native for value in each) for each in found)
