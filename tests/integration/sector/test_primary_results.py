"""Reports of tiểu học in, results out, by machines only."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from hocba.documents import class_record_xml
from hocba.documents.primary import PrimaryMarks, PrimarySubjectSheet
from hocba.exchange import messages
from hocba.sector.assignments import actions as sector
from tests.factories import primary_school as primary
from tests.factories import small_school as school
from tests.fakes.sides import HEADER, Sides

pytestmark = [pytest.mark.django_db, pytest.mark.urls("hocba.sites.sector_urls")]

ROW = PrimaryMarks(
    personal_id="079313000001",
    pupil_code=primary.PUPILS[0],
    name="Tên khác",
    middle_level="H",
    middle_test=None,
    end_level="T",
    end_test="9",
    remark="Tiến bộ.",
)
REPORT = messages.ReportedPrimaryResults(
    school=school.CODE,
    school_year=school.YEAR,
    class_name=primary.CLASS,
    subject_code="TOAN",
    subject_name="Toán",
    term=1,
    version=1,
    updated_at=school.AT,
    rows=(ROW,),
)
PLACE = f"{school.YEAR}/{primary.CLASS}/TOAN/1"


@pytest.fixture(autouse=True)
def _school(sides: Sides) -> None:
    sector.apply_import(primary.data(), by="test", at=school.AT)


def put(report: Any, place: str = PLACE) -> int:
    answer = Client().put(
        f"/exchange/v1/schools/{school.CODE}/results/{place}",
        messages.to_bytes(report),
        content_type="application/json",
        headers={HEADER: "tracking", "idempotency-key": str(uuid.uuid4())},
    )
    return answer.status_code


def sheet(subject_code: str = "TOAN") -> PrimarySubjectSheet:
    answer = Client().get(
        f"/exchange/v1/schools/{school.CODE}/class-results/{school.YEAR}/{primary.CLASS}",
        headers={HEADER: "tracking"},
    )
    returned = messages.from_bytes(messages.ReturnedResults, answer.content)
    xml = next(each.xml for each in returned.sheets if each.subject_code == subject_code)
    found = class_record_xml.read_subject_sheet(xml.encode())
    assert isinstance(found, PrimarySubjectSheet)
    return found


class TestReport:
    def test_is_news_once(self) -> None:
        assert [put(REPORT), put(REPORT)] == [201, 200]

    def test_of_an_older_version_is_refused(self) -> None:
        put(replace(REPORT, version=2))

        assert put(REPORT) == 409

    def test_of_marks_is_refused_for_a_class_of_primary_school(self) -> None:
        marks = messages.ReportedResults(
            **{
                name: getattr(REPORT, name)
                for name in ("school", "school_year", "class_name", "subject_code", "subject_name", "term")
            },
            kind="score",
            version=1,
            updated_at=school.AT,
            rows=(),
        )

        assert put(marks) == 422

    def test_of_levels_is_refused_for_a_class_of_another_level(self) -> None:
        sector.apply_import(school.data(), by="test", at=school.AT)

        assert put(replace(REPORT, class_name="6A1"), f"{school.YEAR}/6A1/TOAN/1") == 422

    @pytest.mark.parametrize("change", [{"end_level": "X"}, {"end_test": "9.5"}])
    def test_of_what_is_no_level_or_test_is_refused(self, change: dict[str, str]) -> None:
        assert put(replace(REPORT, rows=(replace(ROW, **change),))) == 422


class TestResults:
    def test_come_back_under_this_side_s_own_names(self) -> None:
        put(REPORT)

        found = sheet()

        assert (found.identity.regulation, found.identity.version) == ("TT27-2020", 1)
        assert [teacher.code for teacher in found.teachers] == [primary.HOMEROOM]
        assert found.rows[0] == replace(ROW, name="Nguyễn Văn A")
        assert (found.rows[1].pupil_code, found.rows[1].end_level) == (primary.PUPILS[1], None)

    def test_are_those_of_the_newest_report(self) -> None:
        put(REPORT)
        put(replace(REPORT, version=2, rows=(replace(ROW, end_test="10"),)))

        assert sheet().rows[0].end_test == "10"


class TestImpliedAssignments:
    def test_follow_a_new_homeroom_teacher_and_nobody_else_s_subjects(self) -> None:
        data = primary.data()
        moved = replace(data, homerooms=(replace(data.homerooms[0], staff_code="GV0009"),))
        put(REPORT)

        sector.apply_import(moved, by="test", at=school.AT)
        sector.apply_import(replace(moved, assignments=()), by="test", at=school.AT)

        assert [teacher.code for teacher in sheet().teachers] == ["GV0009"]
        put(replace(REPORT, subject_code="GDTC"), PLACE.replace("TOAN", "GDTC"))
        assert [teacher.code for teacher in sheet("GDTC").teachers] == [primary.TEACHERS["GDTC"]]

    def test_change_nothing_the_second_time(self) -> None:
        assert not sector.apply_import(primary.data(), by="test", at=school.AT).is_news
