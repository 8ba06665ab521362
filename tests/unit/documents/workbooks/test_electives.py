"""What pupils have chosen, by the mark sheets."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from hocba.documents.workbooks.electives import choices_of
from hocba.documents.workbooks.reading import read_school

if TYPE_CHECKING:
    from hocba.documents.workbooks.values import SchoolData

SAMPLES = Path(__file__).parents[4] / "sample"


@cache
def _school(name: str) -> SchoolData:
    data = read_school({path.name: path.read_bytes() for path in (SAMPLES / name).iterdir()}).data
    assert data is not None
    return data


class TestChoicesOf:
    def test_are_the_four_electives_of_every_pupil(self) -> None:
        data = _school("thpt")
        choices = choices_of(data)
        classes = {pupil.code: pupil.class_name for pupil in data.pupils}
        assert Counter((classes[code], codes) for code, codes in choices.items()) == {
            ("10A1", ("HOAHOC", "SINHHOC", "TINHOC", "VATLI")): 36,
            ("10A2", ("CONGNGHE", "DIALI", "GDKTPL", "TINHOC")): 26,
            ("10A2", ("AMNHAC", "DIALI", "GDKTPL", "MITHUAT")): 12,
        }

    def test_count_a_subject_that_only_one_term_names(self) -> None:
        data = _school("thpt")
        code = data.pupils[0].code
        rows = tuple(
            row for row in data.marks if (row.pupil_code, row.subject_code, row.term) != (code, "VATLI", 2)
        )
        assert choices_of(replace(data, marks=rows))[code] == ("HOAHOC", "SINHHOC", "TINHOC", "VATLI")

    def test_say_nothing_of_pupils_whom_no_sheet_names(self) -> None:
        data = _school("thpt")
        code = data.pupils[0].code
        rows = tuple(row for row in data.marks if row.pupil_code != code)
        assert code not in choices_of(replace(data, marks=rows))

    def test_are_empty_where_everybody_takes_everything(self) -> None:
        assert set(choices_of(_school("thcs")).values()) == {()}

    def test_are_the_language_taught_by_choice_in_primary_school(self) -> None:
        data = _school("tieuhoc")
        classes = {pupil.code: pupil.class_name for pupil in data.pupils}
        found = Counter((classes[code], codes) for code, codes in choices_of(data).items())
        assert {codes for name, codes in found if name[0] in "35"} == {()}
        assert all(set(codes) <= {"NN1", "TDTTS"} for _, codes in found)
