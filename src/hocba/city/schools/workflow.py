"""The life of a declared certificate: states, transitions, audit tags."""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """Where a declared certificate stands (Quy chế Điều 21.8)."""

    DECLARED = "DECLARED"
    APPROVED = "APPROVED"
    REFUSED = "REFUSED"
    REVOKED = "REVOKED"


TITLES = {
    Status.DECLARED: "Chờ phê duyệt",
    Status.APPROVED: "Đã phê duyệt",
    Status.REFUSED: "Không phê duyệt",
    Status.REVOKED: "Đã rút phê duyệt",
}

TRANSITIONS: dict[Status, frozenset[Status]] = {
    Status.DECLARED: frozenset({Status.APPROVED, Status.REFUSED}),
    Status.APPROVED: frozenset({Status.REVOKED}),
    Status.REFUSED: frozenset(),
    Status.REVOKED: frozenset({Status.REVOKED}),  # from an earlier moment on, never from a later one
}

TAGS = {
    Status.DECLARED: "schools:certificate:declared",
    Status.APPROVED: "schools:certificate:approved",
    Status.REFUSED: "schools:certificate:refused",
    Status.REVOKED: "schools:certificate:revoked",
}


class TransitionError(Exception):
    """The certificate cannot go from where it is to where it was sent."""


def check(current: Status, wanted: Status) -> None:
    """Raise TransitionError unless the step is in the table."""
    if wanted not in TRANSITIONS[current]:
        raise TransitionError(f"{TITLES[current]} → {TITLES[wanted]}")
