"""A class of tiểu học: entered at four times, decided by people, signed and sealed as every class is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from hocba.documents import class_record_xml
from hocba.documents.primary import PrimarySubjectSheet, PrimaryTermRecord, PrimaryYearRecord
from hocba.documents.workbooks.values import PrimaryRow
from hocba.platform.audit import queries as audit
from hocba.platform.files import store
from hocba.platform.tenancy import scope
from hocba.tracking.gradebook import actions, entries, primary_actions, primary_entries
from hocba.tracking.gradebook import queries as books
from hocba.tracking.gradebook.errors import BadMarkError, ClosedError, UnknownPlaceError
from hocba.tracking.roster import queries as roster
from hocba.tracking.sealing import queries
from tests.factories import primary_school as primary
from tests.factories import small_school as school
from tests.fakes.sides import Sides, deliver, pending_count
from tests.integration.tracking.desk import Desk

pytestmark = [pytest.mark.django_db, pytest.mark.urls("hocba.sites.tracking_urls")]
YEAR, CLASS = school.YEAR, primary.CLASS
FIRST, SECOND = primary.PUPILS


@pytest.fixture
def desk(db: None, sides: Sides) -> Desk:
    return Desk.of_school(sides, data=primary.data())


def enter(desk: Desk, *rows: PrimaryRow) -> int:
    """How many rows of sheets and of the summary changed."""
    place: dict[str, Any] = {"school_code": desk.code, "school_year": YEAR, "by": "GV0008", "at": school.AT}
    with scope.acting_for(desk.code):
        marks = primary_actions.enter_primary_marks(entries=primary_entries.marks_from(rows), **place)
        year_ends = primary_entries.summaries_from(rows)
        return marks + primary_actions.enter_primary_summaries(entries=year_ends, **place)


def book(desk: Desk) -> books.PrimaryBook:
    with scope.acting_for(desk.code):
        group = roster.get_class(desk.code, YEAR, CLASS)
        assert group is not None
        found = books.book_of(group)
    assert isinstance(found, books.PrimaryBook)
    return found


def all_times(pupil: str, **at_year_end: Any) -> list[PrimaryRow]:
    return [primary.row(pupil, time, **(at_year_end if time == 3 else {})) for time in range(4)]


def without(code: str, time: int, **changes: Any) -> list[PrimaryRow]:
    """The rows of the first pupil, one subject of one time changed."""
    rows = all_times(FIRST)
    rows[time] = replace(
        rows[time],
        subjects=tuple(replace(one, **changes) if one.code == code else one for one in rows[time].subjects),
    )
    return rows


def documents(desk: Desk) -> list[Any]:
    with scope.acting_for(desk.code):
        return list(queries.list_documents(desk.code, YEAR, CLASS))


def problems(desk: Desk) -> str:
    return "\n".join(problem for row in documents(desk) for problem in row.problems)


class TestRoster:
    def test_lets_the_homeroom_teacher_teach_what_the_assignments_leave_out(self, desk: Desk) -> None:
        with scope.acting_for(desk.code):
            cells = roster.teachers_by_cell(desk.code, YEAR)

        assert {
            cell.subject_code: [each.code for each in teachers]
            for cell, teachers in cells.items()
            if cell.term == 1
        } == {code: [primary.TEACHERS.get(code, primary.HOMEROOM)] for code in primary.SUBJECTS}


class TestEntering:
    def test_changes_nothing_the_second_time(self, desk: Desk) -> None:
        desk.enter()

        assert enter(desk, *primary.rows()) == 0
        assert pending_count() == 0

    def test_keeps_who_changed_what(self, desk: Desk) -> None:
        desk.enter()

        assert enter(desk, *without("TOAN", 3, level="C", test="3")) == 1

        with scope.acting_for(desk.code):
            first, second = books.history_of(desk.code, YEAR, (CLASS, "TOAN", 2), FIRST)
        assert (first.before, first.by) == (None, "test")
        assert (second.before["end_test"], second.after["end_test"], second.by) == ("8", "3", "GV0008")

    def test_keeps_the_history_of_decisions_in_the_year_s_part(self, desk: Desk) -> None:
        desk.enter()

        enter(desk, *all_times(FIRST, completed=False))

        with scope.acting_for(desk.code):
            *_, last = books.history_of(desk.code, YEAR, (CLASS, books.SUMMARY, 0), FIRST)
        assert (last.before["completed"], last.after["completed"]) == (True, False)

    def test_leaves_no_value_in_the_trail(self, desk: Desk) -> None:
        desk.enter()
        enter(desk, *without("TOAN", 3, remark="Rất đặc biệt"))

        last = audit.list_events_of(f"sheet:{desk.code}:{YEAR}:{CLASS}:TOAN:2").last()

        assert last is not None
        assert last.details == {"version": 2, "pupils": [FIRST]}

    def test_refuses_values_of_the_other_circular_both_ways(self, desk: Desk) -> None:
        place: dict[str, Any] = {"school_code": desk.code, "school_year": YEAR, "by": "x", "at": school.AT}
        mark = entries.Marks(class_name=CLASS, subject_code="TOAN", term=1, pupil_code=FIRST, final="8.0")
        conduct = entries.Summary(class_name=CLASS, pupil_code=FIRST, conduct_term1="TOT")

        with scope.acting_for(desk.code), pytest.raises(BadMarkError):
            actions.enter_marks(entries=[mark], **place)
        with scope.acting_for(desk.code), pytest.raises(BadMarkError):
            actions.enter_summaries(entries=[conduct], **place)

    def test_refuses_a_pupil_of_no_class_and_a_test_that_is_not_held(self, desk: Desk) -> None:
        with pytest.raises(UnknownPlaceError):
            enter(desk, primary.row("7924000009", 0))
        with pytest.raises(BadMarkError, match="không có bài kiểm tra"):
            enter(desk, *without("TOAN", 0, test="8"))


class TestReporting:
    def test_gives_the_sector_side_every_sheet(self, desk: Desk) -> None:
        desk.enter()

        with scope.acting_for(desk.code):
            states = books.states_of(desk.code, YEAR)
        sheets = {key: state for key, state in states.items() if key[1]}
        assert len(sheets) == 2 * len(primary.SUBJECTS)
        assert all(state.is_reported and state.filled == 2 for state in sheets.values())

    def test_reports_a_changed_sheet_once(self, desk: Desk) -> None:
        desk.enter()

        enter(desk, *without("TOAN", 1, level="H"))

        assert pending_count() == 1


class TestProposals:
    def test_stand_beside_decisions_and_are_not_theirs(self, desk: Desk) -> None:
        desk.enter()
        enter(desk, *all_times(FIRST, overall="HOAN_THANH", completed=False))

        found = book(desk)

        # All T, every test 8: Hoàn thành tốt, whatever people decided.
        assert found.proposals[FIRST]["overall"]["year"] == "HOAN_THANH_TOT"
        assert (found.summaries[FIRST].overall, found.summaries[FIRST].completed) == ("HOAN_THANH", False)

    def test_wait_for_what_is_missing(self, desk: Desk) -> None:
        desk.enter()
        enter(desk, *without("TOAN", 3, test=None))

        assert book(desk).proposals[FIRST]["overall"]["year"] is None


class TestSealing:
    def test_seals_the_class_with_documents_of_its_level(self, desk: Desk) -> None:
        desk.enter()
        assert desk.compare()["ready"] == 2 * len(primary.SUBJECTS)

        desk.sign_everything_ready()

        found = documents(desk)
        assert {row.kind: row.state for row in found} == {
            "SoMonHoc": "SIGNED",
            "SoHocKy": "SIGNED",
            "SoNamHoc": "SEALED",
        }
        values = {
            (row.kind, row.subject_code, row.term): store.get(row.data_digest)
            for row in found
            if row.data_digest
        }
        sheet = class_record_xml.read_subject_sheet(values["SoMonHoc", "TOAN", 2])
        term = class_record_xml.read_term_record(values["SoHocKy", "", 2])
        year = class_record_xml.read_year_record(values["SoNamHoc", "", 0])
        assert isinstance(sheet, PrimarySubjectSheet)
        assert isinstance(term, PrimaryTermRecord)
        assert isinstance(year, PrimaryYearRecord)
        assert [(row.end_level, row.end_test) for row in sheet.rows] == [("T", "8")] * 2
        assert [teacher.code for teacher in sheet.teachers] == [primary.HOMEROOM]
        assert [code for code, _ in term.sheets] == list(primary.SUBJECTS)
        assert {(trait.middle, trait.end) for trait in term.rows[0].traits} == {("D", "T")}
        assert [(row.overall, row.completed, row.promoted, row.award) for row in year.rows] == [
            ("HOAN_THANH_TOT", True, True, "Thư khen")
        ] * 2
        assert year.identity.regulation == "TT27-2020"

    def test_hands_the_whole_record_over(self, desk: Desk) -> None:
        desk.enter()
        desk.compare()
        desk.sign_everything_ready()
        before = len(desk.sides.asked)

        deliver()

        sent = {side for side, _, path in desk.sides.asked[before:] if "class-records" in path}
        assert sent == {"transcripts", "city"}

    @pytest.mark.parametrize(
        ("rows", "words"),
        [
            (without("TOAN", 3, test=None), "chưa có điểm kiểm tra cuối năm học của môn Toán"),
            (without("DAODUC", 1, level=None), "chưa có mức đạt được cuối học kì I của môn Đạo đức"),
        ],
    )
    def test_freezes_no_sheet_that_lacks_a_level_or_test(
        self, desk: Desk, rows: list[PrimaryRow], words: str
    ) -> None:
        desk.enter()
        enter(desk, *rows)
        deliver()

        assert desk.compare()["blocked"] == 1
        assert words in problems(desk)

    def test_lets_a_pupil_who_came_later_have_no_level_of_the_middle(self, desk: Desk) -> None:
        desk.enter()
        enter(desk, *without("DAODUC", 0, level=None))
        deliver()

        assert desk.compare()["blocked"] == 0

    def test_freezes_no_sheet_that_nobody_assessed_in_the_middle(self, desk: Desk) -> None:
        rows = [
            replace(
                row,
                subjects=tuple(
                    replace(one, level=None) if (one.code, row.time) == ("DAODUC", 0) else one
                    for one in row.subjects
                ),
            )
            for row in primary.rows()
        ]
        desk.enter()
        enter(desk, *rows)
        deliver()

        assert desk.compare()["blocked"] == 1
        assert "Lớp chưa có mức đạt được giữa học kì I của môn Đạo đức" in problems(desk)

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"overall": None}, "chưa có kết quả đánh giá giáo dục cuối năm"),
            ({"completed": None}, "chưa có quyết định hoàn thành chương trình lớp học"),
            ({"promoted": None}, "chưa có quyết định lên lớp"),
            ({"absences_excused": None}, "chưa có số buổi nghỉ học"),
        ],
    )
    def test_freezes_no_year_without_what_people_decide(
        self, desk: Desk, change: dict[str, Any], words: str
    ) -> None:
        desk.enter()
        enter(desk, *all_times(FIRST, **change))
        deliver()
        desk.compare()

        desk.sign_everything_ready()

        assert words in problems(desk)
        assert [row.state for row in documents(desk) if row.kind == "SoNamHoc"] == ["BLOCKED"]

    def test_freezes_no_term_without_levels_of_a_quality(self, desk: Desk) -> None:
        traits = tuple((code, None if code == "YEUNUOC" else "T") for code in primary.TRAITS)
        desk.enter()
        enter(desk, *all_times(FIRST, traits=traits))
        deliver()
        desk.compare()

        desk.sign_everything_ready()

        assert "chưa có mức đạt được cuối năm học về: Yêu nước" in problems(desk)

    def test_closes_what_is_signed(self, desk: Desk) -> None:
        desk.enter()
        desk.compare()
        desk.sign_everything_ready()

        with pytest.raises(ClosedError):
            enter(desk, *without("TOAN", 3, test="9"))
        with pytest.raises(ClosedError):
            enter(desk, *all_times(FIRST, promoted=False))


class TestPages:
    SHEET = f"/lop/{YEAR}/{CLASS}/mon/TOAN/2/"
    CLASS_PAGE = f"/lop/{YEAR}/{CLASS}/ket-qua/"

    def test_show_a_sheet_in_words(self, desk: Desk) -> None:
        desk.enter()

        page = desk.client("GV0008").get(self.SHEET).content.decode()

        assert "Hoàn thành tốt" in page
        assert "Cuối năm học: điểm KTĐK" in page
        assert "Giữa học kì II: điểm KTĐK" not in page

    def test_show_decisions_with_what_the_circular_proposes(self, desk: Desk) -> None:
        desk.enter()
        enter(desk, *all_times(FIRST, overall="CHUA_HOAN_THANH", completed=False, promoted=False))

        page = desk.client("GV0008").get(self.CLASS_PAGE).content.decode()

        for words in (
            "Chưa hoàn thành chương trình lớp 3",
            "Không được lên lớp",
            "Hoàn thành tốt",
            "Có thể xét danh hiệu Học sinh Tiêu biểu",
            "Tự chủ và tự học",
            "Tiếng Việt",
        ):
            assert words in page

    def test_show_a_class_without_entries(self, desk: Desk) -> None:
        assert desk.client("GV0001").get(self.CLASS_PAGE).status_code == 200
        assert desk.client("GV0001").get(self.SHEET).status_code == 200

    def test_are_closed_to_the_administrator(self, desk: Desk) -> None:
        desk.enter()

        for address in (self.SHEET, self.CLASS_PAGE):
            assert desk.client("GV0005").get(address).status_code == 403

    def test_of_a_sheet_are_open_to_its_teacher_only(self, desk: Desk) -> None:
        assert desk.client("GV0007").get(self.SHEET).status_code == 403
        assert desk.client("GV0007").get(self.SHEET.replace("TOAN", "GDTC")).status_code == 200
        assert desk.client("GV0007").get(self.CLASS_PAGE).status_code == 403
