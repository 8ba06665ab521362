"""Hash trees of RFC 4998 4.2: many groups of digests under one root, and the part that proves one of them.

    tree = build("sha512", [frozenset({xml, pdf}), frozenset({token})])
    tree.root
    tree.reduced(0)              # lists from the group up to the root
    root_of("sha512", lists)     # what a verifier computes

A group is what must be proven together, e.g. the files of one document. A tree of one group with one digest is
that digest itself, and needs no lists.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from hocba.signing import digests
from hocba.signing.evidence.errors import EvidenceError

Lists = tuple[tuple[bytes, ...], ...]
"""A reduced hash tree: each list sorted, from the group's own to the one below the root."""

MOST_LISTS = 64
"""Levels of a tree that are followed; 2**64 groups are more than there ever will be."""
LONGEST_LIST = 1024


@dataclass(frozen=True, slots=True)
class Tree:
    """Levels of node values, the groups' own first; the last level is the root alone."""

    algorithm: str
    groups: tuple[tuple[bytes, ...], ...]
    levels: tuple[tuple[bytes, ...], ...]

    @property
    def root(self) -> bytes:
        """What is to be stamped."""
        return self.levels[-1][0]

    def reduced(self, place: int) -> Lists:
        """The lists that lead from the group at `place` to the root; empty when it is the root."""
        own = self.groups[place]
        lists = [own] if len(own) > 1 else []
        for level in self.levels[:-1]:
            sibling = place ^ 1
            if sibling < len(level):
                node, other = level[place], level[sibling]
                # The father of a group with several members is not stored: the verifier computes it (4.2).
                computed = bool(lists)
                lists.append((other,) if computed else _sorted((node, other)))
            place >>= 1
        return tuple(lists)


def build(algorithm: str, groups: Iterable[Collection[bytes]]) -> Tree:
    """A binary tree over the groups, in their order; each digest is one of `algorithm`.

    Raises ValueError without groups, for an empty group, or for a value that is no such digest.
    """
    members = tuple(_sorted(group) for group in groups)
    if not members or not all(members):
        raise ValueError("a hash tree needs groups, and each at least one digest")
    for group in members:
        for value in group:
            digests.require_digest(algorithm, value)
    level = tuple(group[0] if len(group) == 1 else _joined(algorithm, group) for group in members)
    levels = [level]
    while len(level) > 1:
        # A node without a neighbour moves up as it is: there is nothing to prove it against.
        level = tuple(
            _joined(algorithm, level[start : start + 2]) if start + 1 < len(level) else level[start]
            for start in range(0, len(level), 2)
        )
        levels.append(level)
    return Tree(algorithm, members, tuple(levels))


def root_of(algorithm: str, lists: Sequence[Sequence[bytes]]) -> bytes:
    """The root to which the lists lead (RFC 4998 4.3, step 3).

    Raises EvidenceError for lists that are empty, too many or too long, or whose first has one member: whether
    that one is hashed again is read in two ways, so no such record counts.
    """
    if not 0 < len(lists) <= MOST_LISTS or any(not 0 < len(each) <= LONGEST_LIST for each in lists):
        raise EvidenceError("the hash tree is empty or too large")
    if len(lists[0]) == 1:
        raise EvidenceError("the first list of the hash tree has one member only")
    value: bytes | None = None
    for each in lists:
        members = tuple(each) if value is None else (*each, value)
        if any(len(member) != digests.SIZES[algorithm] for member in members):
            raise EvidenceError("the hash tree holds something else than digests of its algorithm")
        value = _joined(algorithm, members)
    assert value is not None  # noqa: S101 (there is at least one list)
    return value


def _joined(algorithm: str, values: Iterable[bytes]) -> bytes:
    """Digest of the values in binary ascending order."""
    return digests.digest(algorithm, b"".join(sorted(values)))


def _sorted(values: Iterable[bytes]) -> tuple[bytes, ...]:
    return tuple(sorted(values))
