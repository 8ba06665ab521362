from __future__ import annotations

import pytest

from hocba.desk.remote import Step
from hocba.desk.remote_sessions import workflow
from hocba.desk.remote_sessions.workflow import STEPS, TRANSITIONS, State


class TestTransitions:
    def test_name_every_state(self) -> None:
        assert set(TRANSITIONS) == set(State)

    def test_reach_every_state_from_the_first(self) -> None:
        reached, front = {State.LISTING}, {State.LISTING}
        while front:
            front = set().union(*(TRANSITIONS[state] for state in front)) - reached
            reached |= front

        assert reached == set(State)

    def test_leave_no_state_that_is_over(self) -> None:
        assert {state for state in State if not TRANSITIONS[state]} == workflow.OVER

    @pytest.mark.parametrize("state", sorted(set(State) - workflow.OVER))
    def test_can_end_every_other_state(self, state: State) -> None:
        """A batch that was completed or stopped elsewhere ends its session, whatever it was doing."""
        assert TRANSITIONS[state] >= workflow.OVER

    def test_sign_nothing_that_was_not_authorised(self) -> None:
        before = {state for state in State if State.SIGNING in TRANSITIONS[state]}

        assert before == {State.AUTHORISING, State.CHECKING, State.PAUSED}

    def test_can_be_gone_on_with_after_a_pause_or_a_failure(self) -> None:
        for state in workflow.CAN_GO_ON:
            assert TRANSITIONS[state] >= workflow.ASKING


class TestSteps:
    def test_say_for_every_state_what_the_person_does(self) -> None:
        assert set(STEPS) == set(State)

    def test_have_the_page_wait_exactly_while_the_job_works(self) -> None:
        assert {state for state in State if STEPS[state] is Step.WAIT} == workflow.AT_WORK

    def test_say_done_of_nothing_that_was_stopped(self) -> None:
        assert {state for state in State if STEPS[state] is Step.DONE} == {State.DONE}
