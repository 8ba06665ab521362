"""A class of upper secondary school: each pupil is on the sheets of own subjects, and nobody is lost."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hocba.documents import class_record_xml
from hocba.documents.workbooks.values import MarkRow
from hocba.platform.files import store
from hocba.platform.tenancy import scope
from hocba.sector.assignments import actions as sector
from hocba.tracking.gradebook import actions as gradebook
from hocba.tracking.gradebook import entries
from hocba.tracking.gradebook import queries as books
from hocba.tracking.gradebook.errors import UnknownPlaceError
from hocba.tracking.roster import queries as roster
from hocba.tracking.roster import sync
from hocba.tracking.sealing import queries
from tests.factories import small_school as school
from tests.factories import upper_school as upper
from tests.fakes.sides import Sides, deliver
from tests.integration.tracking.desk import Desk

pytestmark = [pytest.mark.django_db, pytest.mark.urls("hocba.sites.tracking_urls")]
YEAR, CLASS = school.YEAR, upper.CLASS


@pytest.fixture
def desk(db: None, sides: Sides) -> Desk:
    return Desk.of_school(sides, data=upper.data())


def book(desk: Desk) -> books.ClassBook:
    with scope.acting_for(desk.code):
        group = roster.get_class(desk.code, YEAR, CLASS)
        assert group is not None
        return books.book_of(group)


def enter(desk: Desk, *rows: MarkRow) -> int:
    with scope.acting_for(desk.code):
        return gradebook.enter_marks(
            school_code=desk.code,
            school_year=YEAR,
            entries=entries.marks_from(rows),
            by="test",
            at=school.AT,
        )


def problems(desk: Desk) -> dict[tuple[str, int], list[str]]:
    """What stands in the way of each document, by subject and term."""
    with scope.acting_for(desk.code):
        rows = queries.list_documents(desk.code, YEAR, CLASS)
        return {(row.subject_code, row.term): row.problems for row in rows if row.problems}


def sync_again(desk: Desk) -> None:
    sector.apply_import(desk.data, by="test", at=school.AT)
    sync.sync_roster(desk.code, YEAR, by="test", at=school.AT)


class TestGradebook:
    def test_knows_the_level_and_the_subjects_of_every_pupil(self, desk: Desk) -> None:
        desk.enter()

        found = book(desk)

        assert found.group.level == "THPT"
        assert found.subjects_of_pupils == {
            pupil: tuple(code for code in _in_order() if code in (*upper.EVERYBODY, *upper.CHOSEN[pupil]))
            for pupil in upper.PUPILS
        }

    def test_computes_results_from_the_pupils_own_subjects(self, desk: Desk) -> None:
        desk.enter()

        for pupil, result in book(desk).results.items():
            assert {each["code"] for each in result["subjects"]} == {*upper.EVERYBODY, *upper.CHOSEN[pupil]}
            assert result["learning"]["year"] is not None

    def test_refuses_marks_of_a_subject_the_pupil_has_not_chosen(self, desk: Desk) -> None:
        with pytest.raises(UnknownPlaceError, match=rf"{upper.FIRST}, lớp 10A2\) không học môn Công nghệ"):
            enter(desk, upper.row(upper.FIRST, "CONGNGHE", 1))

    def test_shows_whom_a_sheet_is_about(self, desk: Desk) -> None:
        desk.enter()

        page = desk.client("GV0001").get(f"/lop/{YEAR}/{CLASS}/mon/CONGNGHE/1/").content.decode()

        assert "Nguyễn Văn B" in page
        assert "Nguyễn Văn C" in page
        assert "Nguyễn Văn A" not in page

    def test_tells_subjects_not_chosen_from_missing_marks(self, desk: Desk) -> None:
        desk.enter()

        page = desk.client("GV0001").get(f"/lop/{YEAR}/{CLASS}/ket-qua/").content.decode()

        assert page.count("Không học") == len(upper.PUPILS)

    def test_counts_only_those_who_take_a_subject(self, desk: Desk) -> None:
        desk.enter()

        page = desk.client("GV0001").get(f"/lop/{YEAR}/{CLASS}/").content.decode()

        assert "2/2</span>" in page
        assert "3/3</span>" in page
        assert "2/3</span>" not in page


class TestSealing:
    def test_goes_through_with_each_pupil_on_own_sheets(self, desk: Desk) -> None:
        desk.enter()
        assert dict(desk.compare()) == {"ready": 14, "blocked": 0, "passed_over": 0, "not_reported": 0}

        _sign_all(desk)

        with scope.acting_for(desk.code):
            documents = list(queries.list_documents(desk.code, YEAR, CLASS))
        assert {row.state for row in documents if row.kind == "SoNamHoc"} == {"SEALED"}
        for row in documents:
            if row.kind == "SoMonHoc":
                sheet = class_record_xml.read_subject_sheet(store.get(row.data_digest))
                takers = {
                    pupil
                    for pupil in upper.PUPILS
                    if row.subject_code in (*upper.EVERYBODY, *upper.CHOSEN[pupil])
                }
                assert {each.pupil_code for each in sheet.rows} == takers
                assert sheet.identity.school.level == "THPT"

    def test_stops_at_a_pupil_missing_from_the_second_term_of_a_chosen_subject(
        self, db: None, sides: Sides
    ) -> None:
        data = upper.data()
        rows = [row for row in data.marks if (row.pupil_code, row.subject_code, row.term) != _TINHOC_2]
        desk = Desk.of_school(sides, data=replace(data, marks=tuple(rows)))
        desk.enter()

        assert desk.compare()["blocked"] == 1

        assert problems(desk) == {
            ("TINHOC", 2): ["Nguyễn Văn A (7924000001) chưa có đủ điểm, đánh giá của môn Tin học, học kì II."]
        }

    def test_stops_at_a_pupil_missing_from_a_sheet_of_everybody(self, db: None, sides: Sides) -> None:
        data = upper.data()
        rows = [
            row
            for row in data.marks
            if (row.pupil_code, row.subject_code, row.term) != (upper.FIRST, "TOAN", 1)
        ]
        desk = Desk.of_school(sides, data=replace(data, marks=tuple(rows)))
        desk.enter()

        assert desk.compare()["blocked"] == 1
        assert list(problems(desk)) == [("TOAN", 1)]

    def test_stops_at_a_pupil_with_three_chosen_subjects(self, db: None, sides: Sides) -> None:
        data = upper.data()
        rows = [row for row in data.marks if (row.pupil_code, row.subject_code) != (upper.FIRST, "TINHOC")]
        desk = Desk.of_school(sides, data=replace(data, marks=tuple(rows)))
        desk.enter()
        desk.compare()

        for teacher in sorted({*upper.TEACHERS.values(), "GV0009"}):
            desk.sign(teacher, f"{YEAR}.subject_teacher.1")

        assert problems(desk) == {
            ("", 1): ["Nguyễn Văn A (7924000001): Cần chọn đúng 4 môn học lựa chọn, đang có 3 môn."]
        }

    def test_stops_at_marks_of_a_subject_the_pupil_has_given_up(self, desk: Desk) -> None:
        desk.enter()
        rows = [
            replace(row, subject_code="CONGNGHE")
            if (row.pupil_code, row.subject_code) == (upper.FIRST, "TINHOC")
            else row
            for row in desk.data.marks
        ]
        desk.data = replace(desk.data, marks=tuple(rows))
        sync_again(desk)
        desk.enter()

        assert desk.compare()["blocked"] == 2

        found = problems(desk)
        assert set(found) == {("TINHOC", 1), ("TINHOC", 2)}
        assert "Nguyễn Văn A (7924000001) có điểm nhưng không chọn học môn Tin học." in found["TINHOC", 1]

    def test_reports_again_what_the_sector_database_has_of_other_pupils(self, desk: Desk) -> None:
        desk.enter()
        left = desk.data.pupils[0]
        desk.data = replace(
            desk.data, pupils=(replace(left, attending=False, status="Chuyển đi"), *desk.data.pupils[1:])
        )
        sync_again(desk)

        first = desk.compare()
        deliver()
        second = desk.compare()

        assert first["blocked"] > 0
        assert dict(second) == {"ready": 14, "blocked": 0, "passed_over": 0, "not_reported": 0}


_TINHOC_2 = (upper.FIRST, "TINHOC", 2)


def _in_order() -> tuple[str, ...]:
    return ("TOAN", "GDTC", "DIALI", "VATLI", "CONGNGHE", "TINHOC", "AMNHAC")


def _sign_all(desk: Desk) -> None:
    for term in (1, 2):
        for teacher in sorted({*upper.TEACHERS.values(), "GV0009"}):
            desk.sign(teacher, f"{YEAR}.subject_teacher.{term}")
    for term in (1, 2, 0):
        desk.sign("GV0008", f"{YEAR}.homeroom_teacher.{term}")
    desk.sign("GV0001", f"{YEAR}.principal.0")
    desk.sign("GV0004", f"{YEAR}.seal.0", holder=desk.code)
