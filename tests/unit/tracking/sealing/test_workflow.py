"""The tables of states and turns are whole, and the order is that of Quy chế Điều 12."""

from __future__ import annotations

import itertools

import pytest

from hocba.tracking.sealing import workflow
from hocba.tracking.sealing.errors import OrderError
from hocba.tracking.sealing.workflow import Kind, Slot, State


class TestTables:
    def test_every_kind_has_a_row_for_every_state_it_can_reach(self) -> None:
        for kind, rows in workflow.BY_KIND.items():
            reachable = {State.OPEN}.union(*rows.values())
            assert reachable == set(rows), kind

    def test_every_kind_ends_where_nothing_follows(self) -> None:
        for kind, rows in workflow.BY_KIND.items():
            assert {state for state, targets in rows.items() if not targets} == {workflow.DONE[kind]}

    def test_every_state_is_used_and_named(self) -> None:
        assert set().union(*workflow.BY_KIND.values()) == set(State)
        assert set(workflow.STATE_NAMES) == set(State)

    def test_every_slot_has_name_permission_position_and_a_document(self) -> None:
        assert set(workflow.SLOT_NAMES) == set(workflow.PERMISSIONS) == set(workflow.POSITIONS) == set(Slot)
        assert set(itertools.chain(*workflow.SLOTS.values())) == set(Slot)

    def test_every_turn_leads_to_a_state_of_the_table(self) -> None:
        for (kind, state), slot in workflow.WAITS_FOR.items():
            assert workflow.AFTER_SIGNATURE[kind, slot] in workflow.BY_KIND[kind][state]
            assert slot in workflow.SLOTS[kind]

    def test_a_signed_document_never_goes_back(self) -> None:
        early = {State.OPEN, State.BLOCKED, State.READY}
        for rows in workflow.BY_KIND.values():
            for state in set(rows) - early:
                assert not rows[state] & early


class TestOrder:
    def test_of_the_year_is_homeroom_leadership_seal(self) -> None:
        state, turns = State.READY, []
        while (Kind.YEAR, state) in workflow.WAITS_FOR:
            turns.append(workflow.WAITS_FOR[Kind.YEAR, state])
            state = workflow.AFTER_SIGNATURE[Kind.YEAR, turns[-1]]

        assert turns == [Slot.HOMEROOM_TEACHER, Slot.PRINCIPAL, Slot.SEAL]
        assert state == State.SEALED

    @pytest.mark.parametrize(
        ("kind", "state", "slot"),
        [
            (kind, state, slot)
            for kind in Kind
            for state in State
            for slot in Slot
            if workflow.WAITS_FOR.get((kind, state)) is not slot
        ],
    )
    def test_refuses_every_other_turn(self, kind: Kind, state: State, slot: Slot) -> None:
        with pytest.raises(OrderError, match="Chưa đến lượt"):
            workflow.check_turn(kind, state, slot)

    def test_names_who_is_waited_for(self) -> None:
        with pytest.raises(OrderError, match="đang chờ lãnh đạo nhà trường ký trước"):
            workflow.check_turn(Kind.YEAR, State.SIGNED, Slot.SEAL)
