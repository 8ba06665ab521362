"""The rules about people, asked of the roster."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from hocba.documents.workbooks import quality
from tests.factories import documents

FIRST = next(iter(documents.NAMES))


def found(**changes: Any) -> list[str]:
    pupil = replace(documents.pupil(FIRST), **changes)
    return [each.code for each in quality.of_pupil(pupil, grade=6, school_year_start=2024)]


class TestOfPupil:
    def test_finds_nothing_wrong_with_whole_particulars(self) -> None:
        assert found() == []

    @pytest.mark.parametrize("birth_date", ["2013-07", "2013"])
    def test_takes_a_partial_birth_date(self, birth_date: str) -> None:
        assert found(birth_date=birth_date) == []

    @pytest.mark.parametrize(
        ("changes", "codes"),
        [
            ({"name": ""}, ["value_missing"]),
            ({"name": "Trần Ngọc Dung 2"}, ["name_odd_characters"]),
            ({"birth_date": "2012-07-16"}, ["personal_id_birth_year"]),
            ({"birth_date": "1913-07-16"}, ["personal_id_century"]),
            ({"sex": documents.Sex.MALE}, ["personal_id_sex"]),
            ({"personal_id": "999313224404"}, ["personal_id_province"]),
            ({"personal_id": "079305224404", "birth_date": "2005-01-01"}, ["age_unusual"]),
            ({"personal_id": ""}, ["personal_id_missing"]),
            ({"personal_id": "79313224404"}, ["personal_id_lost_zero"]),
            ({"personal_id": "07931322440x"}, ["personal_id_malformed"]),
            ({"ethnic_group": "Sao Hoả"}, ["ethnic_group_unknown"]),
            ({"residence": ""}, ["particular_missing"]),
            ({"father": None, "mother": None}, ["relative_missing"]),
            ({"father": None}, []),
        ],
    )
    def test_finds_one_flaw_once(self, changes: dict[str, Any], codes: list[str]) -> None:
        assert found(**changes) == codes

    def test_lets_a_foreign_pupil_wait_for_a_number_but_not_sign_without(self) -> None:
        pupil = replace(documents.pupil(FIRST), personal_id="", nationality="Hàn Quốc")
        (only,) = quality.of_pupil(pupil, grade=6, school_year_start=2024)
        assert (only.code, only.blocking) == ("personal_id_foreign", True)
        assert list(quality.of_number("", name="", is_vietnamese=False)) == []


class TestFinding:
    def test_says_what_to_do_in_the_words_of_the_import(self) -> None:
        pupil = documents.pupil(FIRST, residence="")
        (only,) = quality.of_pupil(pupil, grade=6, school_year_start=2024)
        assert only.cause == "Lý lịch chưa đủ"
        assert only.sentence("") == (
            "Chưa có “Chỗ ở hiện tại” của Trần Ngọc Dung. Hãy bổ sung vì trang lý lịch của học bạ có mục này."
        )
