from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from hocba.desk.errors import NotYoursError
from hocba.desk.remote_sessions import keeping
from hocba.desk.remote_sessions.models import RemoteSession
from hocba.desk.remote_sessions.sealed import Kept
from hocba.desk.remote_sessions.workflow import State

AT = datetime(2026, 5, 20, 8, tzinfo=UTC)
LATER = AT.replace(hour=9)


class TestMove:
    def test_refuses_a_step_that_is_none(self) -> None:
        row = RemoteSession(state=State.DONE)

        with pytest.raises(ValueError, match="from DONE to SIGNING"):
            keeping.move(row, State.SIGNING, "", at=AT)

    @pytest.mark.parametrize("state", [State.DONE, State.STOPPED])
    def test_forgets_every_secret_at_the_end(self, state: State, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(RemoteSession, "save", lambda self: None)
        told: list[str] = []
        monkeypatch.setattr(keeping.audit, "record", lambda *, tag, **rest: told.append(tag))
        row = RemoteSession(state=State.AUTHORISING, state_digest="0" * 64, permit_ends_at=LATER)
        keeping.keep(row, Kept(sad="du-lieu"))

        keeping.move(row, state, "", at=AT)

        assert (row.kept, row.state_digest, row.permit_ends_at, row.changed_at) == (b"", "", None, AT)
        assert told == ["desk:remote_session:ended"]


class TestOfState:
    @pytest.mark.parametrize("state", ["", ".", "x.y", "0" * 31 + ".y"])
    def test_finds_nothing_by_what_begins_with_no_session(self, state: str) -> None:
        nobody: Any = None

        with pytest.raises(NotYoursError):
            keeping.of_state(nobody, nobody, state)
