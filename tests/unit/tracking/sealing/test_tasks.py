"""Keys of tasks."""

from __future__ import annotations

import pytest

from hocba.tracking.sealing.errors import NotYoursError
from hocba.tracking.sealing.tasks import TaskKey
from hocba.tracking.sealing.workflow import Slot


class TestTaskKey:
    def test_reads_what_it_writes(self) -> None:
        key = TaskKey(school_year="2024-2025", slot=Slot.SEAL, term=0)

        assert TaskKey.parse(str(key)) == key

    @pytest.mark.parametrize(
        "text", ["", "2024-2025.seal", "2024-2025.seal.3", "2024-2025.king.0", "a.b.c.d"]
    )
    def test_refuses_anything_else(self, text: str) -> None:
        with pytest.raises(NotYoursError):
            TaskKey.parse(text)

    def test_says_what_it_is_about(self) -> None:
        key = TaskKey(school_year="2024-2025", slot=Slot.SUBJECT_TEACHER, term=2)

        assert key.title == "Ký sổ môn học học kì II, năm học 2024-2025 (giáo viên bộ môn)"
