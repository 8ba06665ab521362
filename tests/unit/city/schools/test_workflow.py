"""The tables of a certificate's life are whole."""

from __future__ import annotations

import pytest

from hocba.city.schools import workflow
from hocba.city.schools.workflow import Status


class TestTables:
    @pytest.mark.parametrize("table", [workflow.TITLES, workflow.TRANSITIONS, workflow.TAGS])
    def test_have_a_row_for_every_state(self, table: dict[Status, object]) -> None:
        assert set(table) == set(Status)

    def test_approve_only_what_was_declared(self) -> None:
        assert [s for s in Status if Status.APPROVED in workflow.TRANSITIONS[s]] == [Status.DECLARED]

    def test_do_not_take_a_revocation_back(self) -> None:
        with pytest.raises(workflow.TransitionError):
            workflow.check(Status.REVOKED, Status.APPROVED)
