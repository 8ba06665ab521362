"""A verdict in the words of the page."""

from __future__ import annotations

from hocba.documents.any_level import AnyTranscript
from hocba.portal.verification import judging
from tests.factories import primary, transcripts


def shown(value: AnyTranscript) -> dict[str, object]:
    """What the page shows of a signed transcript."""
    files = tuple(transcripts.school().trust_files().items())
    (found,) = judging.judge((transcripts.sign_xml(transcripts.school(), value),), files, transcripts.NOW)
    transcript: dict[str, object] = found["transcript"]
    return transcript


class TestDescribe:
    def test_shows_levels_and_marks_of_secondary_schools(self) -> None:
        found = shown(transcripts.transcript())

        assert found["results"] == ["Học tập: Khá", "Rèn luyện: Tốt", "Được lên lớp"]
        assert found["columns"] == ["HK I", "HK II", "Cả năm"]
        assert {"name": "Toán", "cells": ["8,0", "7,9", "7,9"]} in found["subjects"]  # type: ignore[operator]
        assert {"name": "Nghệ thuật", "cells": ["Đ", "Đ", "Đ"]} in found["subjects"]  # type: ignore[operator]

    def test_shows_levels_tests_and_decisions_of_primary_schools(self) -> None:
        found = shown(primary.transcript())

        assert found["results"] == [
            "Hoàn thành",
            "Hoàn thành chương trình lớp 3",
            "Được lên lớp",
            "Thư khen",
        ]
        assert found["columns"] == ["Mức đạt được", "Điểm kiểm tra"]
        assert found["subjects"] == [
            {"name": "Tiếng Việt", "cells": ["Hoàn thành tốt", "9"]},
            {"name": "Toán", "cells": ["Hoàn thành tốt", "9"]},
            {"name": "Ngoại ngữ 1", "cells": ["Hoàn thành tốt", "9"]},
            {"name": "Giáo dục thể chất", "cells": ["Hoàn thành tốt", ""]},
        ]
