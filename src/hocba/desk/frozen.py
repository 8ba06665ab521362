"""The frozen list of a batch, as it is kept beside the audit trail: what exactly one authorisation covered.

A JSON document in the file store, named by its SHA-256; the trail holds that digest, so the list is part of the
record. Its item digests are of the very bytes to be signed.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hocba.platform.files import store
from hocba.signing.instants import iso

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from uuid import UUID

    from hocba.desk.ports import Item

VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One document of the list; `group` is its task in a joint one. `digest` is the SHA-256 of its bytes, hex."""

    id: str
    title: str
    kind: str
    digest: str
    group: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A document of the task that is not in the list, and why."""

    title: str
    reason: str
    group: str = ""


@dataclass(slots=True)
class Listing:
    """Grows while a batch is opened; holds digests only, never the bytes themselves."""

    lines: list[Line] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)

    def add(self, items: Iterable[Item]) -> None:
        """Take in further items, in the order of the list."""
        self.lines += [
            Line(id=item.id, title=item.title, kind=item.kind, digest=item.digest) for item in items
        ]

    @property
    def digest(self) -> str:
        """What the signer authorises: see `digest_of`."""
        return digest_of(line.digest for line in self.lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What a list belongs to. `certificate` is the SHA-256 of the DER, hex."""

    batch: UUID
    task: str
    title: str
    slot: str
    school: str
    holder: str
    by: str
    certificate: str
    channel: str
    opened_at: datetime
    expires_at: datetime


def digest_of(digests: Iterable[str]) -> str:
    """ "sha256:" and the SHA-256 over the raw digests of all bytes to be signed, in order."""
    whole = hashlib.sha256()
    for each in digests:
        whole.update(bytes.fromhex(each))
    return f"sha256:{whole.hexdigest()}"


def keep(head: Head, listing: Listing) -> str:
    """Store the list durably; its SHA-256, 64 hex digits."""
    return store.put(to_bytes(head, listing))


def to_bytes(head: Head, listing: Listing) -> bytes:
    """The list as it is stored: keys in order, no blanks, UTF-8."""
    document: dict[str, Any] = {
        "version": VERSION,
        "batch": str(head.batch),
        "task": head.task,
        "title": head.title,
        "slot": head.slot,
        "school": head.school,
        "holder": head.holder,
        "by": head.by,
        "certificate": f"sha256:{head.certificate}",
        "channel": head.channel,
        "opened_at": iso(head.opened_at),
        "expires_at": iso(head.expires_at),
        "digest": listing.digest,
        "items": [
            {"id": line.id, "title": line.title, "kind": line.kind, "digest": line.digest} | _of(line.group)
            for line in listing.lines
        ],
        "skipped": [
            {"title": each.title, "reason": each.reason} | _of(each.group) for each in listing.skipped
        ],
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def _of(group: str) -> dict[str, str]:
    """Only a joint list has groups."""
    return {"group": group} if group else {}


def read(name: str) -> tuple[Sequence[Line], Sequence[Skipped]]:
    """Lines and skipped documents of a stored list; nothing of a batch that was opened before lists were kept."""
    if not name:
        return (), ()
    document = json.loads(store.get(name))
    lines = [Line(**each) for each in document["items"]]
    return lines, [Skipped(**each) for each in document["skipped"]]
