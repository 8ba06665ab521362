"""The completeness report: what stops the sealing, who must act, and who sees what of it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from hocba.platform.audit.models import AuditEvent
from hocba.platform.tenancy import scope
from hocba.tracking.completeness import queries
from hocba.tracking.completeness.items import Item
from hocba.tracking.completeness.queries import ClassReport
from hocba.tracking.gradebook import actions as gradebook
from hocba.tracking.gradebook import entries
from tests.factories import primary_school as primary
from tests.factories import small_school as school
from tests.factories import upper_school as upper
from tests.fakes.sides import Sides
from tests.integration.tracking.desk import Desk

pytestmark = [pytest.mark.django_db, pytest.mark.urls("hocba.sites.tracking_urls")]
YEAR = school.YEAR
TEACHER_OF_TOAN = "Trần Thị F (giáo viên bộ môn)"
HOMEROOM = "Trần Thị H (giáo viên chủ nhiệm)"
OFFICE = "Trần Thị C (nhân viên học vụ)"
Found = dict[tuple[str, str, bool], int]


def report(desk: Desk, name: str = "6A1") -> ClassReport:
    with scope.acting_for(desk.code):
        (found,) = queries.reports_of(desk.code, YEAR, at=school.AT, class_name=name)
    return found


def causes(desk: Desk) -> Found:
    found: Found = {}
    for item in report(desk).items:
        key = (item.cause, item.who, item.blocking)
        found[key] = found.get(key, 0) + 1
    return found


def of_the_book(desk: Desk, name: str) -> list[Item]:
    """Without what is said of particulars: the numbers of the factories' pupils are those of another year."""
    return [item for item in report(desk, name).items if item.who != OFFICE]


def texts(desk: Desk, cause: str) -> list[str]:
    return [item.text for item in report(desk).items if item.cause == cause]


def with_marks(sides: Sides, **changes: object) -> Desk:
    """The school with some marks of TOAN, term I, of class 6A1 changed."""
    data = replace(school.data(), marks=school.marks(), summaries=school.summaries())
    rows = [
        replace(row, **changes) if (row.class_name, row.subject_code, row.term) == ("6A1", "TOAN", 1) else row
        for row in data.marks
    ]
    return Desk.of_school(sides, data=replace(data, marks=tuple(rows)))


class TestReport:
    def test_is_empty_when_everything_is_there(self, desk: Desk) -> None:
        desk.enter()
        desk.compare()
        assert causes(desk) == {}

    def test_says_that_a_sealed_record_is_finished(self, desk: Desk) -> None:
        desk.enter()
        desk.compare()
        desk.sign_all()
        assert report(desk).is_sealed
        assert report(desk).items == ()

    def test_names_missing_marks_with_their_teacher(self, db: None, sides: Sides) -> None:
        desk = with_marks(sides, final=None)
        desk.enter()
        found = causes(desk)
        assert found["Chưa đủ để ký sổ môn Toán, học kì I", TEACHER_OF_TOAN, True] == 2
        assert "Chưa đủ để ký sổ môn Toán, học kì II" not in {cause for cause, _, _ in found}
        assert found["Chưa đủ để ký sổ học kì I", HOMEROOM, True] == 2

    def test_says_what_the_signing_desk_says(self, db: None, sides: Sides) -> None:
        desk = with_marks(sides, final=None)
        desk.enter()
        desk.compare()
        with scope.acting_for(desk.code):
            from hocba.tracking.sealing import queries as sealing

            (document,) = sealing.list_documents(desk.code, YEAR, "6A1").filter(subject_code="TOAN", term=1)
        assert texts(desk, "Chưa đủ để ký sổ môn Toán, học kì I") == document.problems
        assert not texts(desk, "Sai lệch với CSDL ngành: sổ môn Toán, học kì I")

    def test_names_missing_remarks_without_stopping(self, db: None, sides: Sides) -> None:
        data = replace(
            school.data(), marks=school.marks(remark=""), summaries=school.summaries(homeroom_remark="")
        )
        desk = Desk.of_school(sides, data=data)
        desk.enter()
        assert causes(desk) == {
            ("Chưa có nhận xét môn Ngữ văn", "Trần Thị G, Trần Thị H (giáo viên bộ môn)", False): 2,
            ("Chưa có nhận xét môn Toán", TEACHER_OF_TOAN, False): 2,
            ("Chưa có nhận xét môn Giáo dục thể chất", TEACHER_OF_TOAN, False): 2,
            ("Chưa có nhận xét của giáo viên chủ nhiệm", HOMEROOM, False): 2,
        }

    def test_asks_of_particulars_what_the_import_asks(self, db: None, sides: Sides) -> None:
        data = school.data()
        first, *others = data.pupils
        odd = replace(first, personal_id="079213000001", birth_date="2005-07", birthplace="", father=None)
        whole = replace(data, pupils=(odd, *others), marks=school.marks(), summaries=school.summaries())
        desk = Desk.of_school(sides, data=whole)
        desk.enter()
        found = causes(desk)
        assert found == {
            ("Số định danh mâu thuẫn giới tính", OFFICE, False): 1,
            ("Số định danh mâu thuẫn năm sinh", OFFICE, False): 1,
        }
        (text,) = texts(desk, "Số định danh mâu thuẫn giới tính")
        assert text.startswith(
            "Nguyễn Văn A (7924000001): Chữ số thứ tư của số định danh cho biết giới tính Nam"
        )

    def test_names_particulars_the_form_asks_for(self, db: None, sides: Sides) -> None:
        data = school.data()
        first, *others = data.pupils
        bare = replace(first, birthplace="", father=None)
        whole = replace(data, pupils=(bare, *others), marks=school.marks(), summaries=school.summaries())
        desk = Desk.of_school(sides, data=whole)
        desk.enter()
        assert causes(desk) == {
            ("Lý lịch chưa đủ", OFFICE, False): 1,
            ("Thiếu cha, mẹ hoặc người giám hộ", OFFICE, False): 1,
        }

    def test_names_signers_without_an_approved_certificate(self, desk: Desk) -> None:
        desk.enter()
        later = school.AT.replace(year=2099)
        with scope.acting_for(desk.code):
            (found,) = queries.reports_of(desk.code, YEAR, at=later, class_name="6A1")
        assert {(item.cause, item.who, item.blocking) for item in found.items} == {
            ("Chưa có chứng thư số được Sở phê duyệt", "Trần Thị D (nhân viên văn thư)", True)
        }
        assert "Trần Thị A, để ký vai lãnh đạo nhà trường" in {item.text for item in found.items}

    def test_names_what_the_sector_database_has_not_got(self, desk: Desk) -> None:
        with scope.acting_for(desk.code):
            gradebook.enter_marks(
                school_code=desk.code,
                school_year=YEAR,
                entries=entries.marks_from(school.marks()),
                by="test",
                at=school.AT,
            )
        found = causes(desk)
        assert found["CSDL ngành chưa nhận kết quả", "Trần Thị E (quản trị viên)", True] == 6

    def test_names_differences_until_something_is_entered(self, desk: Desk) -> None:
        from hocba.sector.results.models import ReportedResult

        desk.enter()
        with scope.whole_site():
            ReportedResult.objects.filter(sheet__subject_code="TOAN", sheet__term=1).update(midterm="9.0")
        desk.compare()
        cause = "Sai lệch với CSDL ngành: sổ môn Toán, học kì I"
        assert len(texts(desk, cause)) == 2

        rows = [row for row in school.marks(final="9.5") if row.subject_code == "TOAN" and row.term == 1]
        with scope.acting_for(desk.code):
            gradebook.enter_marks(
                school_code=desk.code,
                school_year=YEAR,
                entries=entries.marks_from(rows),
                by="test",
                at=school.AT,
            )
        assert texts(desk, cause) == []


class TestReportOfOtherLevels:
    def test_is_empty_for_a_whole_class_of_primary_school(self, db: None, sides: Sides) -> None:
        desk = Desk.of_school(sides, data=primary.data())
        desk.enter()
        desk.compare()
        assert of_the_book(desk, primary.CLASS) == []

    def test_names_what_a_class_of_primary_school_lacks(self, db: None, sides: Sides) -> None:
        rows = tuple(replace(row, remark="", overall=None) for row in primary.rows())
        desk = Desk.of_school(sides, data=replace(primary.data(), primary=rows))
        desk.enter()
        found = {(item.cause, item.who, item.blocking) for item in of_the_book(desk, primary.CLASS)}
        assert found == {
            ("Chưa đủ để ký sổ cả năm", HOMEROOM, True),
            ("Chưa có nhận xét của giáo viên chủ nhiệm", HOMEROOM, False),
        }

    def test_is_empty_for_a_whole_class_with_electives(self, db: None, sides: Sides) -> None:
        desk = Desk.of_school(sides, data=upper.data())
        desk.enter()
        desk.compare()
        assert of_the_book(desk, upper.CLASS) == []

    def test_names_a_pupil_with_too_few_electives(self, db: None, sides: Sides) -> None:
        data = upper.data()
        rows = tuple(
            row for row in data.marks if (row.pupil_code, row.subject_code) != (upper.FIRST, "TINHOC")
        )
        desk = Desk.of_school(sides, data=replace(data, marks=rows))
        desk.enter()
        (only, *_) = of_the_book(desk, upper.CLASS)
        assert "Cần chọn đúng 4 môn học lựa chọn, đang có 3 môn." in only.text


class TestPages:
    @pytest.fixture
    def lacking(self, db: None, sides: Sides) -> Desk:
        desk = with_marks(sides, final=None, remark="")
        desk.enter()
        return desk

    @pytest.mark.parametrize(
        ("who", "sees"),
        [
            ("GV0001", True),
            ("GV0002", True),
            ("GV0003", True),
            ("GV0004", False),
            ("GV0005", False),
            ("GV0006", True),
            ("GV0007", False),
            ("GV0008", True),
            ("GV0009", False),
        ],
    )
    def test_show_pupils_only_to_who_may_read_them(self, lacking: Desk, who: str, *, sees: bool) -> None:
        page = lacking.client(who).get(f"/lop/{YEAR}/6A1/do-day-du/").content.decode()
        answer = lacking.client(who).get(f"/api/completeness/{YEAR}/6A1")
        told: dict[str, Any] = answer.json()
        assert ("Nguyễn Văn A" in page) is sees
        assert ("Nguyễn Văn A" in answer.content.decode()) is sees
        assert "Chưa đủ để ký sổ môn Toán, học kì I" in page
        assert TEACHER_OF_TOAN in page
        assert (told["blocking"], told["warnings"]) == (report(lacking).blocking, report(lacking).warnings)

    def test_show_a_subject_teacher_nothing_of_other_subjects(self, lacking: Desk) -> None:
        told = lacking.client("GV0006").get(f"/api/completeness/{YEAR}/6A1").json()
        detailed = {group["cause"] for group in told["groups"] if group["details"]}
        assert detailed == {"Chưa đủ để ký sổ môn Toán, học kì I"}

    def test_show_the_administrator_numbers_and_no_value(self, lacking: Desk) -> None:
        for address in (f"/do-day-du/{YEAR}/", f"/lop/{YEAR}/6A1/do-day-du/"):
            page = lacking.client("GV0005").get(address).content.decode()
            shown = re.sub(r"<[^>]+>", " ", page)
            assert "chặn việc ký" in shown
            assert not re.search(r"\b\d,\d\b|Nguyễn Văn|0793130|7924000", shown)

    def test_write_down_who_read_details(self, lacking: Desk) -> None:
        for who in ("GV0005", "GV0001"):
            lacking.client(who).get(f"/lop/{YEAR}/6A1/do-day-du/")
        last = AuditEvent.objects.filter(tag="completeness:report:read")
        assert [event.by for event in last] == [f"{lacking.code}.gv0001"]

    def test_count_every_class_of_the_school(self, lacking: Desk) -> None:
        told = lacking.client("GV0001").get(f"/api/completeness/{YEAR}").json()
        assert [(row["class"], row["blocking"] > 0) for row in told["classes"]] == [
            ("6A1", True),
            ("6A2", False),
        ]

    def test_are_linked_from_the_lists(self, lacking: Desk) -> None:
        client = lacking.client("GV0007")
        assert f'href="/do-day-du/{YEAR}/"' in client.get("/").content.decode()
        assert f'href="/lop/{YEAR}/6A1/do-day-du/"' in client.get(f"/lop/{YEAR}/6A1/").content.decode()
        assert f'href="/lop/{YEAR}/6A1/do-day-du/"' in client.get(f"/do-day-du/{YEAR}/").content.decode()

    def test_know_no_other_year_or_class(self, lacking: Desk) -> None:
        for address in (
            "/do-day-du/1999-2000/",
            f"/lop/{YEAR}/9Z/do-day-du/",
            f"/api/completeness/{YEAR}/9Z",
        ):
            assert lacking.client("GV0001").get(address).status_code == 404
