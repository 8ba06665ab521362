"""Whole files: the signed regions and the slots of the signatures around them.

Assembling never touches the octets it is given: a signature made over a region stands in the file exactly as
it was made, so that signing can be done before, after or away from assembling. Nothing here verifies.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lxml import etree

from hocba.documents.transcript import Digest
from hocba.signing.xmldsig_names import DS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

DECLARATION = b'<?xml version="1.0" encoding="UTF-8"?>'


@dataclass(frozen=True, slots=True, kw_only=True)
class Signatures:
    """The finished ds:Signature elements of a file, as octets, by slot. Missing: the slot is empty."""

    subject_teachers: Sequence[bytes] = ()
    homeroom: bytes | None = None
    principal: bytes | None = None
    seal: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A place for signatures in a file, as found there; nothing in it is verified.

    `element` is the slot's own element name, `role` the signing role. Every signature in the slot must
    reference all of `uris` and its own time; when `one_of` is set (subject teachers of a transcript), it must
    reference exactly one of them instead. The URI "" is the whole document without that signature.
    """

    element: str
    role: str
    signatures: tuple[etree._Element, ...]
    uris: tuple[str, ...]
    one_of: bool = False


@dataclass(frozen=True, slots=True)
class SlotPlan:
    """A slot of a kind of file: its element and the signing role."""

    element: str
    role: str


SUBJECT_TEACHERS = SlotPlan("GiaoVienMonHoc", "subject_teacher")
HOMEROOM = SlotPlan("GiaoVienChuNhiem", "homeroom_teacher")
PRINCIPAL = SlotPlan("NguoiDungDau", "principal")
LEADERSHIP = SlotPlan("CanBoQuanLy", "principal")
SEAL = SlotPlan("CoQuan", "seal")


def digest_of(octets: bytes) -> Digest:
    """Return the SHA-256 digest of `octets`."""
    return Digest(algorithm="sha256", value=hashlib.sha256(octets).hexdigest())


def embedded(region: bytes, tag: str, namespace: str) -> bytes:
    """Return the octets of a standalone region without its namespace declaration, to stand inside the root.

    Raises ValueError if the octets do not start as this software writes the region.
    """
    start = f'<{tag} xmlns="{namespace}"'.encode()
    if not region.startswith(start):
        raise ValueError(f"not the canonical octets of <{tag}>")
    return b"<%s%s" % (tag.encode(), region[len(start) :])


def slots_of_file(plans: Sequence[SlotPlan], signatures: Signatures) -> bytes:
    """Return the <ChuKy> element; raises ValueError for a signature that has no slot in this kind of file."""
    given = {
        "subject_teacher": tuple(signatures.subject_teachers),
        "homeroom_teacher": _optional(signatures.homeroom),
        "principal": _optional(signatures.principal),
        "seal": _optional(signatures.seal),
    }
    parts = [b"<ChuKy>"]
    for plan in plans:
        name = plan.element.encode()
        parts += [b"<%s>" % name, *map(_checked, given.pop(plan.role)), b"</%s>" % name]
    superfluous = [role for role, octets in given.items() if octets]
    if superfluous:
        raise ValueError(f"this kind of file has no slot for {', '.join(superfluous)}")
    return b"".join([*parts, b"</ChuKy>"])


def found_slots(
    root: etree._Element, namespace: str, plans: Sequence[SlotPlan]
) -> Iterator[tuple[SlotPlan, tuple[etree._Element, ...]]]:
    """Yield every slot of the schema with the ds:Signature elements that stand in it, in document order."""
    place = root.find(f"{{{namespace}}}ChuKy")
    for plan in plans:
        slot = None if place is None else place.find(f"{{{namespace}}}{plan.element}")
        yield plan, () if slot is None else tuple(slot.iterchildren(f"{{{DS}}}Signature"))


def _optional(octets: bytes | None) -> tuple[bytes, ...]:
    return () if octets is None else (octets,)


def _checked(octets: bytes) -> bytes:
    if octets.startswith(b"<?") or not octets.startswith(b"<") or not octets.endswith(b">"):
        raise ValueError("a signature is the octets of one element, without declaration or blanks around it")
    return octets
