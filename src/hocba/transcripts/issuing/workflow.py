"""Who signs where and when: the slots of signatures as a table, and the states of batches and items."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from hocba.documents.pdf import HOMEROOM_FIELD, PRINCIPAL_FIELD, SEAL_FIELD
from hocba.documents.verification import signers
from hocba.transcripts.records.workflow import Status
from hocba.transcripts.roles import Permission


class SlotName(StrEnum):
    """The slots in the order of signing (Quy chế Điều 9.1)."""

    SUBJECT = "subject_teacher"
    HOMEROOM = "homeroom_teacher"
    PRINCIPAL = "principal"
    SEAL = "seal"


class Kind(StrEnum):
    """What is signed."""

    XML = "xml"
    PDF = "pdf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One slot: which right and which kind of approved certificate it needs, and what it leads from and to.

    `field` is the signature field in the PDF; subject teachers sign in the XML only.
    """

    name: SlotName
    title: str
    permission: Permission
    before: Status
    after: Status
    field: str = ""

    @property
    def position(self) -> str:
        """The position a certificate must be approved for, as every verifier asks."""
        return signers.POSITIONS[self.name]

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """What is signed of each document."""
        return (Kind.XML, Kind.PDF) if self.field else (Kind.XML,)


SLOTS = {
    slot.name: slot
    for slot in (
        Slot(
            name=SlotName.SUBJECT,
            title="Ký kết quả môn học trong học bạ",
            permission=Permission.SIGN_SUBJECT,
            before=Status.COMPILED,
            after=Status.SUBJECTS_SIGNED,
        ),
        Slot(
            name=SlotName.HOMEROOM,
            title="Giáo viên chủ nhiệm ký học bạ",
            permission=Permission.SIGN_HOMEROOM,
            before=Status.RENDERED,
            after=Status.HOMEROOM_SIGNED,
            field=HOMEROOM_FIELD,
        ),
        Slot(
            name=SlotName.PRINCIPAL,
            title="Người đứng đầu ký học bạ",
            permission=Permission.SIGN_PRINCIPAL,
            before=Status.HOMEROOM_SIGNED,
            after=Status.PRINCIPAL_SIGNED,
            field=PRINCIPAL_FIELD,
        ),
        Slot(
            name=SlotName.SEAL,
            title="Đóng dấu số của nhà trường lên học bạ",
            permission=Permission.SIGN_SEAL,
            before=Status.PRINCIPAL_SIGNED,
            after=Status.SEALED,
            field=SEAL_FIELD,
        ),
    )
}

ORDER = tuple(Status)
"""States in the order of life: what stands before a slot's state has not come to the slot yet."""


class BatchStatus(StrEnum):
    """An open batch waits for its signatures until its time is over; a newer one of the same task supersedes it."""

    OPEN = "OPEN"
    COMPLETED = "COMPLETED"
    STOPPED = "STOPPED"
    SUPERSEDED = "SUPERSEDED"


class ItemStatus(StrEnum):
    """A document of a batch, before and after its signature."""

    PENDING = "PENDING"
    SIGNED = "SIGNED"


TAG_OPENED = "issuing:batch:opened"
TAG_COMPLETED = "issuing:batch:completed"
TAG_STOPPED = "issuing:batch:stopped"
TAG_SENT_AGAIN = "issuing:transcript:sent_again"
