"""The life of a session and of a chunk, and what the trail calls their steps."""

from __future__ import annotations

from enum import StrEnum

from hocba.desk.remote import Step


class State(StrEnum):
    """Where a session stands. PAUSED: the provider does not answer; FAILED: it said no, or broke the protocol."""

    LISTING = "LISTING"
    AUTHORISING = "AUTHORISING"
    CHECKING = "CHECKING"
    SIGNING = "SIGNING"
    PAUSED = "PAUSED"
    FAILED = "FAILED"
    DONE = "DONE"
    STOPPED = "STOPPED"


TRANSITIONS: dict[State, frozenset[State]] = {
    State.LISTING: frozenset({State.AUTHORISING, State.FAILED, State.DONE, State.STOPPED}),
    State.AUTHORISING: frozenset(
        {State.LISTING, State.CHECKING, State.SIGNING, State.DONE, State.FAILED, State.STOPPED}
    ),
    State.CHECKING: frozenset({State.SIGNING, State.AUTHORISING, State.FAILED, State.STOPPED, State.DONE}),
    State.SIGNING: frozenset({State.AUTHORISING, State.PAUSED, State.FAILED, State.DONE, State.STOPPED}),
    State.PAUSED: frozenset({State.SIGNING, State.AUTHORISING, State.LISTING, State.STOPPED, State.DONE}),
    State.FAILED: frozenset({State.AUTHORISING, State.LISTING, State.STOPPED, State.DONE}),
    State.DONE: frozenset(),
    State.STOPPED: frozenset(),
}

ASKING = frozenset({State.LISTING, State.AUTHORISING})
OVER = frozenset({State.DONE, State.STOPPED})
AT_WORK = frozenset({State.CHECKING, State.SIGNING})
CAN_GO_ON = frozenset({State.PAUSED, State.FAILED})

STEPS: dict[State, Step] = {
    State.LISTING: Step.ASK_AGAIN,
    State.AUTHORISING: Step.ASK_AGAIN,
    State.CHECKING: Step.WAIT,
    State.SIGNING: Step.WAIT,
    State.PAUSED: Step.ASK_AGAIN,
    State.FAILED: Step.ASK_AGAIN,
    State.DONE: Step.DONE,
    State.STOPPED: Step.ASK_AGAIN,
}
"""What the person does: ASK_AGAIN leads to a fresh page of the provider.

AUTHORISING asks for a code where the profile's flow is explicit.
"""


class ChunkState(StrEnum):
    """PLANNED → ASKED (the intent) → ANSWERED (values are kept) → STORED; LEFT to a later authorisation."""

    PLANNED = "PLANNED"
    ASKED = "ASKED"
    ANSWERED = "ANSWERED"
    STORED = "STORED"
    LEFT = "LEFT"


class Tag(StrEnum):
    """Names in the audit trail."""

    BEGUN = "desk:remote_session:begun"
    AUTHORISED = "desk:remote_session:authorised"
    ENDED = "desk:remote_session:ended"
