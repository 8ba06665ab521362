"""The register's log: Merkle tree (RFC 6962 section 2.1), checkpoints and signed notes (C2SP).

    tree = Frontier.at(size, hashes)                 # what the log keeps of a tree to go on from
    grown = tree.append(leaf_hash(leaf))             # also says which nodes are complete now
    note = sign_note(Checkpoint(origin, grown.frontier.size, grown.frontier.root()).text(), key)
    proof = inclusion_proof(index, size, node)       # node(level, index) reads a stored hash
    verify_inclusion(leaf_hash(leaf), index, size, proof, root)

A node (level, index) is the root of the perfect subtree over the 2**level leaves from index * 2**level on;
only complete ones are ever stored, so none is ever changed. Leaves carry no personal data: who mirrors the
log learns that some transcript was issued, not whose.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

LARGEST_LEAF = 65_535
"""Bytes; the limit of C2SP tlog-tiles for an entry."""

EMPTY_ROOT = hashlib.sha256(b"").digest()

_ED25519 = b"\x01"
_SIGNATURE_LINE = re.compile("— ([^ +\n]+) ([A-Za-z0-9+/=]+)\n")


class ProofError(ValueError):
    """A proof does not show what it should."""


class NoteError(ValueError):
    """A signed note is malformed or not signed by the key asked for."""


def leaf_hash(leaf: bytes) -> bytes:
    """Hash of a leaf: SHA-256 of 0x00 and the leaf. Raises ValueError for a leaf above LARGEST_LEAF bytes."""
    if len(leaf) > LARGEST_LEAF:
        raise ValueError("a leaf has at most 65,535 bytes")
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node: SHA-256 of 0x01 and both children."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def encode_leaf(values: Mapping[str, str | int]) -> bytes:
    """One leaf as JSON with sorted keys, without blanks, in UTF-8: the same values give the same octets."""
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def issued_leaf(
    *, transcript_id: str, version: int, school: str, xml: str, pdf: str, accepted_at: str
) -> bytes:
    """The leaf that says a version was registered, made of nothing but what its receipt says.

    `xml` and `pdf` are digests of the signed files ("sha256:…"): both carry signatures, so nobody can find
    out by guessing a name and marks whether they are in the log.
    """
    return encode_leaf(
        {
            "v": 1,
            "event": "issued",
            "transcript": transcript_id,
            "version": version,
            "school": school,
            "xml": xml,
            "pdf": pdf,
            "at": accepted_at,
        }
    )


@dataclass(frozen=True, slots=True)
class Node:
    """A complete subtree: its place and its hash."""

    level: int
    index: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class Frontier:
    """The roots of the largest perfect subtrees that make up a tree of `size` leaves, from left to right."""

    size: int
    hashes: tuple[bytes, ...]

    @classmethod
    def at(cls, size: int, hashes: Sequence[bytes]) -> Frontier:
        """A frontier from stored hashes at `frontier_places(size)`; raises ValueError on another number."""
        if len(hashes) != size.bit_count():
            raise ValueError(
                f"a tree of {size} leaves has {size.bit_count()} perfect subtrees, not {len(hashes)}"
            )
        return cls(size, tuple(hashes))

    def append(self, leaf: bytes) -> Growth:
        """Add one leaf hash; gives the new frontier, the nodes that became complete and the leaf's proof."""
        hashes, level, index, node = list(self.hashes), 0, self.size, leaf
        complete = [Node(0, index, leaf)]
        while index & 1:
            node = node_hash(hashes.pop(), node)
            level, index = level + 1, index >> 1
            complete.append(Node(level, index, node))
        hashes.append(node)
        return Growth(
            frontier=Frontier(self.size + 1, tuple(hashes)),
            complete=tuple(complete),
            proof=tuple(reversed(self.hashes)),
        )

    def root(self) -> bytes:
        """Root hash of the tree (RFC 6962 section 2.1: MTH)."""
        if not self.hashes:
            return EMPTY_ROOT
        root = self.hashes[-1]
        for left in reversed(self.hashes[:-1]):
            root = node_hash(left, root)
        return root


@dataclass(frozen=True, slots=True)
class Growth:
    """What appending one leaf did: `proof` is the inclusion proof of that leaf in the new tree."""

    frontier: Frontier
    complete: tuple[Node, ...]
    proof: tuple[bytes, ...]


EMPTY = Frontier(0, ())


def frontier_places(size: int) -> tuple[tuple[int, int], ...]:
    """(level, index) of the perfect subtrees of a tree of `size` leaves, from left to right."""
    return tuple(
        (level, (size >> level) - 1) for level in range(size.bit_length() - 1, -1, -1) if size >> level & 1
    )


def inclusion_proof(index: int, size: int, node: Callable[[int, int], bytes]) -> tuple[bytes, ...]:
    """Audit path of a leaf in the tree of `size` leaves (RFC 6962 section 2.1.1), nearest sibling first.

    `node(level, index)` gives the hash of a complete subtree. Raises ValueError unless 0 <= index < size.
    """
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} leaves has no leaf {index}")
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(_hash_of(middle, end, node))
            end = middle
        else:
            path.append(_hash_of(start, middle, node))
            start = middle
    return tuple(reversed(path))


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Check that the leaf hash is at `index` of the tree with that size and root; raises ProofError.

    The algorithm of RFC 9162 section 2.1.3.2.
    """
    if not 0 <= index < size:
        raise ProofError(f"a tree of {size} leaves has no leaf {index}")
    found, place, last = leaf, index, size - 1
    for sibling in proof:
        if last == 0:
            raise ProofError("the proof is too long")
        if place & 1 or place == last:
            found = node_hash(sibling, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        place, last = place >> 1, last >> 1
    if last != 0:
        raise ProofError("the proof is too short")
    if found != root:
        raise ProofError("the proof leads to another root")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A tree head: which log, how many leaves, which root."""

    origin: str
    size: int
    root: bytes

    def text(self) -> str:
        """The three lines of C2SP tlog-checkpoint, each with its line end."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    @classmethod
    def read(cls, text: str) -> Checkpoint:
        """Read the text of a verified note; raises NoteError. Extension lines are ignored."""
        lines = text.split("\n")
        if len(lines) < 4 or lines[-1] or not re.fullmatch(r"0|[1-9][0-9]{0,18}", lines[1]):
            raise NoteError("not a checkpoint")
        try:
            root = base64.b64decode(lines[2], validate=True)
        except binascii.Error as error:
            raise NoteError("not a checkpoint") from error
        if not lines[0] or len(root) != 32:
            raise NoteError("not a checkpoint")
        return cls(lines[0], int(lines[1]), root)


@dataclass(frozen=True, slots=True)
class NoteKey:
    """A public key under its name, as C2SP signed-note writes it: name+hash+key."""

    name: str
    public: bytes

    @property
    def identifier(self) -> bytes:
        """The four octets that stand before every signature of this key."""
        return hashlib.sha256(self.name.encode() + b"\n" + _ED25519 + self.public).digest()[:4]

    def __str__(self) -> str:
        encoded = base64.b64encode(_ED25519 + self.public).decode()
        return f"{self.name}+{self.identifier.hex()}+{encoded}"

    @classmethod
    def parse(cls, text: str) -> NoteKey:
        """Read name+hash+key; raises NoteError when it is none or its hash is wrong."""
        parts = text.split("+", 2)
        try:
            raw = base64.b64decode(parts[2], validate=True)
        except (IndexError, binascii.Error) as error:
            raise NoteError("not a verifier key") from error
        key = cls(parts[0], raw[1:])
        if raw[:1] != _ED25519 or len(raw) != 33 or key.identifier.hex() != parts[1]:
            raise NoteError("not an Ed25519 verifier key, or its hash is wrong")
        return key

    @classmethod
    def of(cls, name: str, key: Ed25519PrivateKey) -> NoteKey:
        """The public half of a signing key; raises NoteError for a name with blanks or a plus."""
        if not name or re.search(r"[\s+]", name):
            raise NoteError("a key name has neither blanks nor a plus")
        return cls(name, key.public_key().public_bytes_raw())


def sign_note(text: str, name: str, key: Ed25519PrivateKey) -> str:
    """The text, a blank line and one signature line (C2SP signed-note).

    `text` ends with a line end and has no empty line at its end; raises NoteError otherwise.
    """
    if not text.endswith("\n") or any(ord(letter) < 32 and letter != "\n" for letter in text):
        raise NoteError("the text of a note is made of whole lines")
    identifier = NoteKey.of(name, key).identifier
    return f"{text}\n— {name} {base64.b64encode(identifier + key.sign(text.encode())).decode()}\n"


def open_note(note: str, key: NoteKey) -> str:
    """The text of the note, once a signature of `key` over it holds; raises NoteError."""
    text, separator, lines = note.rpartition("\n\n")
    text += "\n"
    if not separator or not lines or "".join(m[0] for m in _SIGNATURE_LINE.finditer(lines)) != lines:
        raise NoteError("not a signed note")
    for name, encoded in _SIGNATURE_LINE.findall(lines):
        try:
            raw = base64.b64decode(encoded, validate=True)
        except binascii.Error as error:
            raise NoteError("not a signed note") from error
        if name == key.name and raw[:4] == key.identifier:
            try:
                Ed25519PublicKey.from_public_bytes(key.public).verify(raw[4:], text.encode())
            except InvalidSignature as error:
                raise NoteError("the signature of the note does not hold") from error
            return text
    raise NoteError("the note is not signed by this key")


def _split(count: int) -> int:
    """The largest power of two smaller than `count` (RFC 6962 section 2.1: k)."""
    return 1 << ((count - 1).bit_length() - 1)


def _hash_of(start: int, end: int, node: Callable[[int, int], bytes]) -> bytes:
    count = end - start
    if count & (count - 1) == 0:
        level = count.bit_length() - 1
        return node(level, start >> level)
    middle = start + _split(count)
    return node_hash(_hash_of(start, middle, node), _hash_of(middle, end, node))
