"""States of the documents of a class record, the order of signing (Quy chế Điều 12), audit tags: tables only."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from hocba.documents.verification import signers
from hocba.tracking.roles import Permission
from hocba.tracking.sealing.errors import OrderError
from hocba.tracking.sealing.models import Document

Kind = Document.Kind
State = Document.State


class Slot(StrEnum):
    """A place for signatures; the value is the signing role of the documents."""

    SUBJECT_TEACHER = "subject_teacher"
    HOMEROOM_TEACHER = "homeroom_teacher"
    PRINCIPAL = "principal"
    SEAL = "seal"


class Tag(StrEnum):
    """What the audit trail calls the acts of this app."""

    BLOCKED = "sealing:document:blocked"
    FROZEN = "sealing:document:frozen"
    BATCH_OPENED = "sealing:batch:opened"
    BATCH_COMPLETED = "sealing:batch:completed"
    BATCH_EXPIRED = "sealing:batch:expired"
    BATCH_STOPPED = "sealing:batch:stopped"
    SIGNED = "sealing:document:signed"
    SEALED = "sealing:document:sealed"
    READ_TO_SIGN = "sealing:document:read_to_sign"
    DOWNLOADED = "sealing:document:downloaded"


_BEFORE_SIGNING: Final = {
    State.OPEN: frozenset({State.BLOCKED, State.READY}),
    State.BLOCKED: frozenset({State.BLOCKED, State.READY}),
}

SUBJECT_TRANSITIONS: Final[dict[State, frozenset[State]]] = {
    **_BEFORE_SIGNING,
    # Until somebody signs, marks may still change: the sheet is compared and frozen again.
    State.READY: frozenset({State.READY, State.BLOCKED, State.PARTLY_SIGNED, State.SIGNED}),
    State.PARTLY_SIGNED: frozenset({State.PARTLY_SIGNED, State.SIGNED}),
    State.SIGNED: frozenset(),
}

TERM_TRANSITIONS: Final[dict[State, frozenset[State]]] = {
    **_BEFORE_SIGNING,
    State.READY: frozenset({State.SIGNED}),
    State.SIGNED: frozenset(),
}

YEAR_TRANSITIONS: Final[dict[State, frozenset[State]]] = {
    **_BEFORE_SIGNING,
    State.READY: frozenset({State.SIGNED}),
    State.SIGNED: frozenset({State.APPROVED}),
    State.APPROVED: frozenset({State.SEALED}),
    State.SEALED: frozenset(),
}

BY_KIND: Final[dict[Kind, dict[State, frozenset[State]]]] = {
    Kind.SUBJECT: SUBJECT_TRANSITIONS,
    Kind.TERM: TERM_TRANSITIONS,
    Kind.YEAR: YEAR_TRANSITIONS,
}
"""Which state may follow which, by kind of document. A signed document never goes back."""

WAITS_FOR: Final[dict[tuple[Kind, State], Slot]] = {
    (Kind.SUBJECT, State.READY): Slot.SUBJECT_TEACHER,
    (Kind.SUBJECT, State.PARTLY_SIGNED): Slot.SUBJECT_TEACHER,
    (Kind.TERM, State.READY): Slot.HOMEROOM_TEACHER,
    (Kind.YEAR, State.READY): Slot.HOMEROOM_TEACHER,
    (Kind.YEAR, State.SIGNED): Slot.PRINCIPAL,
    (Kind.YEAR, State.APPROVED): Slot.SEAL,
}
"""Whose signature a document waits for; where nothing stands, none can be given."""

AFTER_SIGNATURE: Final[dict[tuple[Kind, Slot], State]] = {
    (Kind.SUBJECT, Slot.SUBJECT_TEACHER): State.SIGNED,
    (Kind.TERM, Slot.HOMEROOM_TEACHER): State.SIGNED,
    (Kind.YEAR, Slot.HOMEROOM_TEACHER): State.SIGNED,
    (Kind.YEAR, Slot.PRINCIPAL): State.APPROVED,
    (Kind.YEAR, Slot.SEAL): State.SEALED,
}
"""The state once everybody of the slot has signed (PARTLY_SIGNED while a teacher of the subject is missing)."""

PERMISSIONS: Final[dict[Slot, Permission]] = {
    Slot.SUBJECT_TEACHER: Permission.SIGN_SUBJECT,
    Slot.HOMEROOM_TEACHER: Permission.SIGN_HOMEROOM,
    Slot.PRINCIPAL: Permission.SIGN_LEADERSHIP,
    Slot.SEAL: Permission.SIGN_SEAL,
}

POSITIONS: Final[dict[Slot, str]] = {slot: signers.POSITIONS[slot] for slot in Slot}
"""The position a certificate must be approved for, as every verifier asks."""

SLOTS: Final[dict[Kind, tuple[Slot, ...]]] = {
    Kind.SUBJECT: (Slot.SUBJECT_TEACHER,),
    Kind.TERM: (Slot.HOMEROOM_TEACHER,),
    Kind.YEAR: (Slot.HOMEROOM_TEACHER, Slot.PRINCIPAL, Slot.SEAL),
}

SLOT_NAMES: Final[dict[Slot, str]] = {
    Slot.SUBJECT_TEACHER: "giáo viên bộ môn",
    Slot.HOMEROOM_TEACHER: "giáo viên chủ nhiệm",
    Slot.PRINCIPAL: "lãnh đạo nhà trường",
    Slot.SEAL: "chữ ký số của nhà trường (văn thư)",
}

STATE_NAMES: Final[dict[State, str]] = {
    State.OPEN: "Chưa đối chiếu",
    State.BLOCKED: "Có sai lệch hoặc còn thiếu",
    State.READY: "Chờ ký",
    State.PARTLY_SIGNED: "Đã ký một phần",
    State.SIGNED: "Đã ký",
    State.APPROVED: "Lãnh đạo đã ký",
    State.SEALED: "Đã đóng dấu số",
}

DONE: Final[dict[Kind, State]] = {
    Kind.SUBJECT: State.SIGNED,
    Kind.TERM: State.SIGNED,
    Kind.YEAR: State.SEALED,
}


def check(kind: Kind, source: State, target: State) -> None:
    """Raise OrderError unless the table has the transition."""
    if target not in BY_KIND[kind][source]:
        raise OrderError(
            f"Sổ đang ở trạng thái “{STATE_NAMES[source]}” nên không chuyển được sang “{STATE_NAMES[target]}”."
        )


def check_turn(kind: Kind, state: State, slot: Slot) -> None:
    """Raise OrderError unless it is this slot's turn to sign; the message says whose it is."""
    turn = WAITS_FOR.get((kind, state))
    if turn is slot:
        return
    why = f"đang chờ {SLOT_NAMES[turn]} ký trước" if turn else f"sổ đang ở trạng thái “{STATE_NAMES[state]}”"
    raise OrderError(f"Chưa đến lượt {SLOT_NAMES[slot]} ký: {why}.")
