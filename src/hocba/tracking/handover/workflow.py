"""States of a hand-over (kết chuyển) and audit tags: tables only."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from hocba.tracking.handover.models import Handover

State = Handover.State


class Tag(StrEnum):
    """What the audit trail calls the acts of this app."""

    SENT = "handover:record:sent"
    ACCEPTED = "handover:record:accepted"
    REFUSED = "handover:record:refused"


TRANSITIONS: Final[dict[State, frozenset[State]]] = {
    State.SENDING: frozenset({State.ACCEPTED, State.REFUSED}),
    State.ACCEPTED: frozenset(),
    # A refused record can be sent again once the reason is mended.
    State.REFUSED: frozenset({State.SENDING}),
}

TAGS: Final[dict[State, Tag]] = {
    State.SENDING: Tag.SENT,
    State.ACCEPTED: Tag.ACCEPTED,
    State.REFUSED: Tag.REFUSED,
}

STATE_NAMES: Final[dict[State, str]] = {
    State.SENDING: "Đang gửi",
    State.ACCEPTED: "Đã nhận",
    State.REFUSED: "Bị từ chối",
}

RECIPIENT_NAMES: Final[dict[str, str]] = {
    "transcripts": "Học bạ số",
    "city": "Sở Giáo dục và Đào tạo",
}
"""Who gets sealed class records, in the order of sending."""


class OrderError(Exception):
    """The hand-over cannot change its state so."""


class NothingToSendError(Exception):
    """That record was never handed over to that recipient."""


def check(source: State, target: State) -> None:
    """Raise OrderError unless the table has the transition."""
    if target not in TRANSITIONS[source]:
        raise OrderError(f"Không chuyển được từ “{STATE_NAMES[source]}” sang “{STATE_NAMES[target]}”.")
