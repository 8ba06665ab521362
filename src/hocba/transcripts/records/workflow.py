"""The life of a transcript version: states, transitions, audit tags; tables only."""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """Where a version stands, in the order of its life."""

    COMPILED = "COMPILED"
    SUBJECTS_SIGNED = "SUBJECTS_SIGNED"
    RENDERED = "RENDERED"
    HOMEROOM_SIGNED = "HOMEROOM_SIGNED"
    PRINCIPAL_SIGNED = "PRINCIPAL_SIGNED"
    SEALED = "SEALED"
    ARCHIVED = "ARCHIVED"
    REFUSED_BY_CITY = "REFUSED_BY_CITY"


TITLES = {
    Status.COMPILED: "Chờ giáo viên bộ môn ký",
    Status.SUBJECTS_SIGNED: "Đang dựng bản PDF",
    Status.RENDERED: "Chờ giáo viên chủ nhiệm ký",
    Status.HOMEROOM_SIGNED: "Chờ hiệu trưởng ký",
    Status.PRINCIPAL_SIGNED: "Chờ đóng dấu số",
    Status.SEALED: "Đã đóng dấu, chờ gửi Sở",
    Status.ARCHIVED: "Đã lưu trữ",
    Status.REFUSED_BY_CITY: "Sở không nhận",
}

BADGES = {
    Status.ARCHIVED: "ok",
    Status.REFUSED_BY_CITY: "stop",
}
"""How a state looks; all others are waiting."""

TRANSITIONS: dict[Status, frozenset[Status]] = {
    Status.COMPILED: frozenset({Status.SUBJECTS_SIGNED}),
    Status.SUBJECTS_SIGNED: frozenset({Status.RENDERED}),
    Status.RENDERED: frozenset({Status.HOMEROOM_SIGNED}),
    Status.HOMEROOM_SIGNED: frozenset({Status.PRINCIPAL_SIGNED}),
    Status.PRINCIPAL_SIGNED: frozenset({Status.SEALED}),
    Status.SEALED: frozenset({Status.ARCHIVED, Status.REFUSED_BY_CITY}),
    Status.ARCHIVED: frozenset(),
    Status.REFUSED_BY_CITY: frozenset({Status.SEALED}),
}

TAGS = {
    Status.COMPILED: "records:transcript:compiled",
    Status.SUBJECTS_SIGNED: "records:transcript:subjects_signed",
    Status.RENDERED: "records:transcript:rendered",
    Status.HOMEROOM_SIGNED: "records:transcript:homeroom_signed",
    Status.PRINCIPAL_SIGNED: "records:transcript:principal_signed",
    Status.SEALED: "records:transcript:sealed",
    Status.ARCHIVED: "records:transcript:archived",
    Status.REFUSED_BY_CITY: "records:transcript:refused_by_city",
}

TAG_READ = "records:transcript:read"
"""Reading a file of a transcript leaves a trace too (R65)."""


class TransitionError(Exception):
    """A version cannot go from where it is to where it was sent."""


def check(current: Status, wanted: Status) -> None:
    """Raise TransitionError unless the step is in the table."""
    if wanted not in TRANSITIONS[current]:
        raise TransitionError(f"{TITLES[current]} → {TITLES[wanted]}")
