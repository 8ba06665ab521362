"""The slots follow each other without a gap."""

from __future__ import annotations

from itertools import pairwise

from hocba.transcripts.issuing.workflow import SLOTS, SlotName
from hocba.transcripts.records.workflow import TRANSITIONS, Status


class TestSlots:
    def test_are_all_there_in_the_order_of_signing(self) -> None:
        assert list(SLOTS) == list(SlotName)

    def test_lead_along_the_transitions_of_a_version(self) -> None:
        for slot in SLOTS.values():
            assert slot.after in TRANSITIONS[slot.before]

    def test_follow_each_other_but_for_the_rendering(self) -> None:
        for earlier, later in pairwise(SLOTS.values()):
            if earlier.name is SlotName.SUBJECT:
                assert TRANSITIONS[earlier.after] == {later.before} == {Status.RENDERED}
            else:
                assert earlier.after is later.before

    def test_put_everybody_but_subject_teachers_into_the_pdf(self) -> None:
        assert {slot.name for slot in SLOTS.values() if not slot.field} == {SlotName.SUBJECT}
