"""The table of hand-over states is whole."""

from __future__ import annotations

import pytest

from hocba.tracking.handover import workflow
from hocba.tracking.handover.workflow import OrderError, State


class TestTables:
    def test_every_state_has_a_row_a_tag_and_a_name(self) -> None:
        assert set(workflow.TRANSITIONS) == set(workflow.TAGS) == set(workflow.STATE_NAMES) == set(State)

    def test_what_was_accepted_stays_accepted(self) -> None:
        with pytest.raises(OrderError):
            workflow.check(State.ACCEPTED, State.SENDING)
