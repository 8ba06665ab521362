from __future__ import annotations

from datetime import UTC, datetime

import pytest

from hocba.desk.remote_sessions import answering
from hocba.desk.remote_sessions.models import RemoteSession
from hocba.desk.remote_sessions.workflow import State

AT = datetime(2026, 5, 20, 8, tzinfo=UTC)
LATER = AT.replace(hour=9)


class TestHolds:
    @pytest.mark.parametrize(
        ("state", "ends", "holds"),
        [
            (State.PAUSED, LATER, True),
            (State.PAUSED, AT, False),
            (State.PAUSED, None, False),
            (State.FAILED, LATER, False),
        ],
    )
    def test_is_true_of_a_pause_within_the_permit(
        self, state: State, ends: datetime | None, holds: bool
    ) -> None:
        assert answering.holds(RemoteSession(state=state, permit_ends_at=ends), at=AT) is holds
