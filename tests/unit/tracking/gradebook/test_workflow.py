"""The parts of the class summary."""

from __future__ import annotations

from hocba.tracking.gradebook.entries import Summary
from hocba.tracking.gradebook.workflow import SUMMARY_PART


class TestSummaryPart:
    def test_has_every_column_that_can_be_entered(self) -> None:
        assert set(SUMMARY_PART) == set(Summary(class_name="", pupil_code="").stated())
