from __future__ import annotations

import pytest

from hocba.regulations.circular22.ratings import Rating, rate
from hocba.regulations.circular22.thresholds import CIRCULAR_22
from hocba.regulations.levels import CHUA_DAT, DAT, KHA, TOT


def rating(*scores: int, failed: int = 0) -> Rating:
    """The rating of scored results A, B, C … and so many failed comment subjects X, Y."""
    return rate(list(zip(scores, "ABCDEFGHIK", strict=False)), list("XYZ"[:failed]), CIRCULAR_22)


class TestRate:
    @pytest.mark.parametrize(
        ("scores", "failed", "level"),
        [
            ([80] * 6 + [65] * 2, 0, TOT),
            ([80] * 5 + [79, 65, 65], 0, KHA),
            ([80] * 6 + [65, 64], 0, KHA),
            ([65] * 6 + [50] * 2, 0, KHA),
            ([65] * 5 + [64, 50, 50], 0, DAT),
            ([50] * 6 + [35] * 2, 0, DAT),
            ([50] * 6 + [35] * 2, 1, DAT),
            ([50] * 6 + [35] * 2, 2, CHUA_DAT),
            ([50] * 5 + [49, 35, 35], 0, CHUA_DAT),
            ([50] * 6 + [35, 34], 0, CHUA_DAT),
            ([80] * 8, 2, CHUA_DAT),
        ],
    )
    def test_reads_the_table_of_article_9_2(self, scores: list[int], failed: int, level: int) -> None:
        assert rating(*scores, failed=failed) == Rating(level, level)

    @pytest.mark.parametrize(
        ("scores", "failed", "raw", "level", "culprit"),
        [
            ([80] * 7 + [50], 0, KHA, KHA, None),  # one level below Tốt
            ([80] * 7 + [49], 0, DAT, KHA, "H"),
            ([80] * 7 + [35], 0, DAT, KHA, "H"),
            ([80] * 7 + [34], 0, CHUA_DAT, DAT, "H"),
            ([80] * 8, 1, DAT, KHA, "X"),
            ([65] * 7 + [49], 0, DAT, DAT, None),  # one level below Khá
            ([65] * 8, 1, DAT, DAT, None),
            ([65] * 7 + [34], 0, CHUA_DAT, DAT, "H"),
            ([80] * 7 + [49], 1, DAT, DAT, None),  # two subjects are the cause
            ([80] * 6 + [49, 49], 0, DAT, DAT, None),
            ([80] * 6 + [34, 34], 0, CHUA_DAT, CHUA_DAT, None),
        ],
    )
    def test_adjusts_for_exactly_one_subject(
        self, scores: list[int], failed: int, raw: int, level: int, culprit: str | None
    ) -> None:
        assert rating(*scores, failed=failed) == Rating(raw, level, culprit)

    def test_does_not_count_the_one_subject_among_the_six(self) -> None:
        # Seven scored subjects, as after choosing Âm nhạc and Mĩ thuật: five at 8.0 are not six.
        assert rating(80, 80, 80, 80, 80, 70, 34) == Rating(CHUA_DAT, DAT, "G")
        assert rating(80, 80, 80, 80, 80, 34) == Rating(CHUA_DAT, CHUA_DAT)

    def test_asks_for_six_subjects_of_those_who_have_fewer(self) -> None:
        assert rating(100, 100, 100, 100, 100).level == CHUA_DAT
        assert rating().level == CHUA_DAT
