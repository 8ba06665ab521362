"""Reports in, results out, by machines only."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from hocba.documents import class_record_xml
from hocba.documents.class_record import PupilMarks, SubjectSheet
from hocba.exchange import messages
from hocba.platform.tenancy import scope
from hocba.sector.assignments import actions as sector
from hocba.sector.results.models import ReportedSheet
from tests.factories import small_school as school
from tests.fakes.sides import HEADER, Sides

pytestmark = [pytest.mark.django_db, pytest.mark.urls("hocba.sites.sector_urls")]

REPORT = messages.ReportedResults(
    school=school.CODE,
    school_year=school.YEAR,
    class_name="6A1",
    subject_code="TOAN",
    subject_name="Toán",
    kind="score",
    term=1,
    version=2,
    updated_at=school.AT,
    rows=(
        PupilMarks(
            personal_id="079313000001",
            pupil_code="7924000001",
            name="Nguyễn Văn A",
            regular=("8.0", "9.0"),
            midterm="7.0",
            final="8.0",
            term_result="7.9",
        ),
    ),
)
PLACE = f"{school.YEAR}/6A1/TOAN/1"


@pytest.fixture(autouse=True)
def _school(sides: Sides) -> None:
    sector.apply_import(school.data(), by="test", at=school.AT)


def put(report: messages.ReportedResults, place: str = PLACE, sender: str = "tracking") -> int:
    answer = Client().put(
        f"/exchange/v1/schools/{school.CODE}/results/{place}",
        messages.to_bytes(report),
        content_type="application/json",
        headers={HEADER: sender, "idempotency-key": str(uuid.uuid4())},
    )
    return answer.status_code


def get(sender: str = "tracking", class_name: str = "6A1") -> Any:
    return Client().get(
        f"/exchange/v1/schools/{school.CODE}/class-results/{school.YEAR}/{class_name}",
        headers={HEADER: sender},
    )


def returned() -> messages.ReturnedResults:
    return messages.from_bytes(messages.ReturnedResults, get().content)


def sheet() -> SubjectSheet:
    """The one sheet that came back."""
    (only,) = returned().sheets
    found = class_record_xml.read_subject_sheet(only.xml.encode())
    assert isinstance(found, SubjectSheet)
    return found


class TestReport:
    def test_is_taken_once_and_known_again(self) -> None:
        assert [put(REPORT), put(REPORT)] == [201, 200]

    def test_is_replaced_by_a_newer_one(self) -> None:
        put(REPORT)

        newer = replace(REPORT, version=3, rows=(replace(REPORT.rows[0], final="9.0"),))

        assert put(newer) == 201
        assert (sheet().identity.version, sheet().rows[0].final) == (3, "9.0")

    @pytest.mark.parametrize("version", [1, 2])
    def test_is_refused_when_older_or_different_under_the_same_version(self, version: int) -> None:
        put(REPORT)

        assert put(replace(REPORT, version=version, updated_at=school.AT.replace(hour=10))) == 409

    def test_is_refused_at_another_address(self) -> None:
        assert put(REPORT, f"{school.YEAR}/6A1/TOAN/2") == 422

    def test_is_refused_for_a_class_that_is_not_there(self) -> None:
        assert put(replace(REPORT, class_name="9Z9"), f"{school.YEAR}/9Z9/TOAN/1") == 422

    def test_is_refused_for_a_subject_that_the_class_cannot_have(self) -> None:
        assert put(replace(REPORT, subject_code="HOAHOC"), PLACE.replace("TOAN", "HOAHOC")) == 422
        assert returned().sheets == ()

    def test_is_refused_with_every_flaw_named(self) -> None:
        answer = Client().put(
            f"/exchange/v1/schools/{school.CODE}/results/{PLACE}",
            b'{"type": "reported-results"}',
            content_type="application/json",
            headers={HEADER: "tracking", "idempotency-key": str(uuid.uuid4())},
        )

        assert answer.status_code == 422
        assert len(answer.json()["errors"]) > 5


class TestClassResults:
    def test_name_this_sides_own_people(self) -> None:
        put(replace(REPORT, rows=(replace(REPORT.rows[0], name="Tên khác"),)))

        found = sheet()

        assert [(row.name, row.midterm) for row in found.rows] == [
            ("Nguyễn Văn A", "7.0"),
            ("Nguyễn Văn B", None),
        ]
        assert [teacher.code for teacher in found.teachers] == ["GV0006"]

    def test_keep_a_pupil_who_is_not_in_the_class(self) -> None:
        stranger = replace(
            REPORT.rows[0], personal_id="079313000009", pupil_code="7924000009", name="Người lạ"
        )
        put(replace(REPORT, rows=(*REPORT.rows, stranger)))

        assert sheet().rows[-1].name == "Người lạ"

    def test_are_nothing_before_a_report(self) -> None:
        assert returned().sheets == ()

    def test_are_not_found_for_a_class_that_is_not_there(self) -> None:
        assert get(class_name="9Z9").status_code == 404

    def test_are_of_each_subject_and_term_apart(self) -> None:
        put(REPORT)
        put(replace(REPORT, term=2, rows=()), PLACE.replace("TOAN/1", "TOAN/2"))
        sport = replace(REPORT, subject_code="GDTC", kind="comment", rows=())
        put(sport, PLACE.replace("TOAN", "GDTC"))

        sheets = {
            (each.subject_code, each.term): class_record_xml.read_subject_sheet(each.xml.encode())
            for each in returned().sheets
        }

        assert [(*key, sheets[key].rows[0].midterm) for key in sorted(sheets)] == [  # type: ignore[union-attr]
            ("GDTC", 1, None),
            ("TOAN", 1, "7.0"),
            ("TOAN", 2, None),
        ]

    def test_say_which_subject_the_class_cannot_have_any_more(self) -> None:
        put(REPORT)
        put(replace(REPORT, subject_code="GDTC", kind="comment", rows=()), PLACE.replace("TOAN", "GDTC"))
        with scope.whole_site():
            ReportedSheet.objects.filter(subject_code="GDTC").update(subject_code="HOAHOC")

        gone, there = returned().sheets

        assert gone.problems == ("Chương trình của lớp không có môn học mang mã HOAHOC.",)
        assert (there.subject_code, bool(there.xml)) == ("TOAN", True)

    def test_say_what_keeps_a_sheet_from_being_written(self) -> None:
        put(replace(REPORT, rows=(replace(REPORT.rows[0], pupil_code="X", personal_id="", name="Người lạ"),)))

        (only,) = returned().sheets

        assert only.xml == ""
        assert any("SoDinhDanhCaNhan" in problem for problem in only.problems)


class TestMachines:
    def test_need_a_signature(self) -> None:
        assert (
            Client().get(f"/exchange/v1/schools/{school.CODE}/class-results/{school.YEAR}/6A1").status_code
            == 401
        )

    @pytest.mark.parametrize("sender", ["transcripts", "city", "portal"])
    def test_of_other_sides_get_no_results(self, sender: str) -> None:
        assert get(sender=sender).status_code == 403
        assert put(REPORT, sender=sender) == 403

    def test_of_both_school_sides_get_the_roster(self) -> None:
        for sender, status in (("tracking", 200), ("transcripts", 200), ("city", 403), ("portal", 403)):
            answer = Client().get(
                f"/exchange/v1/schools/{school.CODE}/roster?school_year={school.YEAR}",
                headers={HEADER: sender},
            )
            assert answer.status_code == status
