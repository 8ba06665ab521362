from __future__ import annotations

import pytest

from hocba.regulations.circular22.promotion import Ground, Promotion, Year, decide, title
from hocba.regulations.circular22.thresholds import CIRCULAR_22
from hocba.regulations.levels import CHUA_DAT, DAT, KHA, TOT


def year(
    learning: int | None = DAT,
    conduct: int | None = DAT,
    *,
    after_retest: int | None = None,
    after_summer: int | None = None,
    absences: int | None = 0,
) -> Year:
    return Year(learning, conduct, after_retest, after_summer, absences)


class TestDecide:
    @pytest.mark.parametrize(
        ("facts", "promotion", "ground"),
        [
            (year(), Promotion.PROMOTED, Ground.ALL_MET),
            (year(absences=45), Promotion.PROMOTED, Ground.ALL_MET),
            (year(TOT, TOT, absences=46), Promotion.RETAINED, Ground.TOO_MANY_ABSENCES),
            (year(CHUA_DAT, CHUA_DAT), Promotion.RETAINED, Ground.BOTH_NOT_REACHED),
            (year(CHUA_DAT, DAT), Promotion.RETEST, Ground.LEARNING_NOT_REACHED),
            (year(CHUA_DAT, DAT, after_retest=DAT), Promotion.PROMOTED, Ground.MET_AFTER_RETEST),
            (year(CHUA_DAT, DAT, after_retest=CHUA_DAT), Promotion.RETAINED, Ground.NOT_REACHED_AFTER_RETEST),
            (year(KHA, CHUA_DAT), Promotion.SUMMER_TRAINING, Ground.CONDUCT_NOT_REACHED),
            (year(KHA, CHUA_DAT, after_summer=DAT), Promotion.PROMOTED, Ground.MET_AFTER_SUMMER),
            (
                year(KHA, CHUA_DAT, after_summer=CHUA_DAT),
                Promotion.RETAINED,
                Ground.NOT_REACHED_AFTER_SUMMER,
            ),
        ],
    )
    def test_follows_articles_12_to_14(self, facts: Year, promotion: Promotion, ground: Ground) -> None:
        assert decide(facts, CIRCULAR_22) == (promotion, ground)

    @pytest.mark.parametrize(
        "facts",
        [year(None, DAT), year(DAT, None), year(absences=None), year(CHUA_DAT, None), year(None, CHUA_DAT)],
    )
    def test_does_not_decide_on_half_the_facts(self, facts: Year) -> None:
        assert decide(facts, CIRCULAR_22) == (None, Ground.UNKNOWN)

    def test_needs_no_more_facts_once_the_absences_are_too_many(self) -> None:
        assert decide(year(None, None, absences=46), CIRCULAR_22).promotion is Promotion.RETAINED


class TestTitle:
    @pytest.mark.parametrize(
        ("learning", "conduct", "scores", "expected"),
        [
            (TOT, TOT, [90] * 6 + [65, 65], "XUAT_SAC"),
            (TOT, TOT, [90] * 5 + [89, 89, 89], "GIOI"),
            (TOT, KHA, [100] * 8, None),
            (KHA, TOT, [100] * 8, None),
            (None, TOT, [100] * 8, None),
        ],
    )
    def test_follows_article_15(
        self, learning: int | None, conduct: int, scores: list[int], expected: str | None
    ) -> None:
        assert title(learning, conduct, scores, CIRCULAR_22) == expected
