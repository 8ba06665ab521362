"""The tables of a version's life are whole."""

from __future__ import annotations

import pytest

from hocba.transcripts.records import workflow
from hocba.transcripts.records.workflow import Status


class TestTables:
    @pytest.mark.parametrize("table", [workflow.TITLES, workflow.TRANSITIONS, workflow.TAGS])
    def test_have_a_row_for_every_state(self, table: dict[Status, object]) -> None:
        assert set(table) == set(Status)

    def test_lead_to_every_state_from_the_first(self) -> None:
        reached, ahead = set(), [Status.COMPILED]
        while ahead:
            status = ahead.pop()
            reached.add(status)
            ahead += workflow.TRANSITIONS[status] - reached

        assert reached == set(Status)

    def test_never_lead_out_of_the_archive(self) -> None:
        assert workflow.TRANSITIONS[Status.ARCHIVED] == frozenset()


class TestCheck:
    def test_lets_a_step_of_the_table_through(self) -> None:
        workflow.check(Status.COMPILED, Status.SUBJECTS_SIGNED)

    def test_refuses_to_skip_a_signature(self) -> None:
        with pytest.raises(workflow.TransitionError, match="Chờ giáo viên chủ nhiệm ký → "):
            workflow.check(Status.RENDERED, Status.PRINCIPAL_SIGNED)
