"""A document as somebody reads it before signing."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest

from hocba.documents import class_record_xml
from hocba.documents.outline import outline_of, subject_outline
from hocba.documents.people import School, StaffMember
from tests.factories import documents, primary, transcripts
from tests.unit.documents.test_compile import tree

if TYPE_CHECKING:
    from collections.abc import Iterator

SHEET = documents.subject_sheet("TOAN", 2)


def everything(value: Any) -> str:
    outline = outline_of(value)
    cells = [cell for table in outline.tables for row in table.rows for cell in row]
    return "\n".join([f"{name}: {text}" for name, text in outline.facts] + cells)


def variants(value: Any) -> Iterator[tuple[str, Any]]:
    """The value with each of its leaves changed, one at a time; of rows the first stands for all."""
    if is_dataclass(value) and not isinstance(value, type):
        for item in fields(value):
            for where, changed in variants(getattr(value, item.name)):
                yield f"{item.name}.{where}", replace(value, **{item.name: changed})
    elif isinstance(value, tuple) and value:
        yield from ((f"0.{where}", (changed, *value[1:])) for where, changed in variants(value[0]))
    elif isinstance(value, bool):
        yield "", not value
    elif isinstance(value, int):
        yield "", value + 1
    elif value != ():
        yield "", f"{value or ''}x"


class TestOutlineOf:
    @pytest.mark.parametrize(
        "value",
        [
            transcripts.transcript(),
            SHEET,
            documents.term_record(2),
            tree().year,
            primary.transcript(),
            primary.subject_sheet(),
            primary.term_record(),
            primary.year_record(),
        ],
        ids=lambda value: type(value).__name__,
    )
    def test_leaves_out_nothing_that_is_signed(self, value: Any) -> None:
        shown, changes = everything(value), dict(variants(value))

        assert len(changes) > 15
        assert [where for where, changed in changes.items() if everything(changed) == shown] == []

    def test_shows_every_pupil_and_mark_of_a_sheet(self) -> None:
        shown = everything(SHEET)

        for row in SHEET.rows:
            for value in (row.personal_id, row.name, row.midterm, row.final, row.year_result, row.remark):
                assert (value or "").replace(".", ",") in shown.replace(".", ",")

    @pytest.mark.parametrize("change", [{"final": "0.5"}, {"remark": "khác"}, {"after_retest": "1.5"}])
    def test_shows_a_changed_cell(self, change: dict[str, str]) -> None:
        changed = replace(SHEET, rows=(replace(SHEET.rows[0], **change), *SHEET.rows[1:]))

        assert everything(changed) != everything(SHEET)

    def test_names_levels_in_words(self) -> None:
        value = transcripts.transcript()
        facts = dict(outline_of(value).facts)

        assert facts["rèn luyện cả năm"] in {"Tốt", "Khá", "Đạt", "Chưa đạt"}
        assert facts["cấp học"] == value.level
        assert facts["quy định đánh giá"] == "Thông tư 22/2021/TT-BGDĐT"
        assert facts["ngày sinh"] == "16/07/2014"

    def test_shows_the_digests_a_year_seals(self) -> None:
        year = tree().year

        assert all(str(digest) in everything(year) for _, digest in year.terms)

    def test_takes_what_was_read_from_octets(self) -> None:
        read = class_record_xml.read_subject_sheet(class_record_xml.data_xml(SHEET))

        assert everything(read) == everything(SHEET)

    def test_shows_every_field_of_school_and_staff(self) -> None:
        value = replace(
            transcripts.transcript(),
            school=School(code="S1", name="Trường Mẫu", level="THCS", ward="Phường Mẫu", province="Tỉnh Mẫu"),
            principal=StaffMember(code="CB1", name="Đỗ Văn Minh", title="Phó Hiệu trưởng"),
        )
        facts = dict(outline_of(value).facts)

        expected = {
            "mã trường": "S1",
            "tên trường": "Trường Mẫu",
            "cấp học của trường": "THCS",
            "phường, xã": "Phường Mẫu",
            "tỉnh, thành phố": "Tỉnh Mẫu",
            "mã của người đứng đầu": "CB1",
            "họ và tên của người đứng đầu": "Đỗ Văn Minh",
            "chức danh của người đứng đầu": "Phó Hiệu trưởng",
        }
        assert {name: text for name, text in facts.items() if name in expected} == expected

    @pytest.mark.parametrize(
        "value",
        [transcripts.transcript(), SHEET, documents.term_record(2), tree().year, primary.transcript()],
        ids=lambda value: type(value).__name__,
    )
    def test_gives_no_two_facts_one_name(self, value: Any) -> None:
        names = [name for name, _ in outline_of(value).facts]

        assert sorted(names) == sorted(set(names))

    def test_begins_a_row_with_its_name_and_ends_it_with_its_codes(self) -> None:
        (table,) = (each for each in outline_of(SHEET).tables if each.title == "học sinh")

        assert table.columns[0] == "tên"
        assert table.columns[-2:] == ("số định danh cá nhân", "mã học sinh")
        assert table.cards[0][0] == ("tên", SHEET.rows[0].name)

    def test_names_the_subject_of_a_digest(self) -> None:
        (table,) = (
            each for each in outline_of(documents.term_record(2)).tables if each.title == "sổ môn học"
        )

        assert table.rows[0][0] == "Ngữ văn (NGUVAN)"

    def test_shows_the_title_of_a_teacher_in_a_row(self) -> None:
        row = transcripts.transcript().subjects[0]
        teacher = StaffMember(code="GV1", name="Lê Văn Tâm", title="Giáo viên hạng II")
        value = replace(transcripts.transcript(), subjects=(replace(row, teachers=(teacher,)),))

        assert "Lê Văn Tâm (GV1), Giáo viên hạng II" in everything(value)

    def test_says_what_is_empty(self) -> None:
        value = replace(transcripts.transcript(), previous=None, register_number="", course_of_study=())
        facts = dict(outline_of(value).facts)

        assert facts["học bạ năm trước"] == facts["số đăng bộ"] == facts["quá trình học tập"] == "–"
        assert all(text for text in facts.values())
        assert all(cell for table in outline_of(value).tables for row in table.rows for cell in row)


@pytest.mark.parametrize(
    "value", [transcripts.transcript(), primary.transcript()], ids=["secondary", "primary"]
)
class TestSubjectOutline:
    def test_has_the_facts_that_the_row_repeats_and_no_others(self, value: Any) -> None:
        assert subject_outline(value, "TOAN").facts == (
            ("họ và tên", value.pupil.name),
            ("mã hồ sơ", value.id),
            ("phiên bản", str(value.version)),
            ("số định danh cá nhân", value.pupil.personal_id),
            ("năm học", value.school_year),
            ("lớp", value.class_name),
        )

    def test_has_the_row_of_the_subject_alone(self, value: Any) -> None:
        (table,) = subject_outline(value, "TOAN").tables
        (row,) = table.rows

        assert (row[0], row[-1]) == ("Toán", "TOAN")
        assert len(table.columns) == len(row) == len(fields(value.subjects[0]))

    def test_is_of_no_subject_that_is_not_there(self, value: Any) -> None:
        with pytest.raises(KeyError):
            subject_outline(value, "KHONG")


class TestOutlineOfPrimary:
    @pytest.mark.parametrize(
        ("value", "shown"),
        [
            (primary.subject_sheet(), "Hoàn thành"),
            (primary.term_record(), "mã Yêu nước, giữa kì Đạt, cuối kì Tốt"),
            (primary.year_record(), "Chưa hoàn thành"),
            (primary.transcript(), "Năng lực đặc thù"),
        ],
        ids=["sheet", "term", "year", "transcript"],
    )
    def test_names_levels_and_groups_in_words(self, value: Any, shown: str) -> None:
        assert shown in everything(value)
        assert "HOAN_THANH" not in everything(value)

    @pytest.mark.parametrize("change", [{"middle_level": "C"}, {"end_test": "0"}, {"remark": "khác"}])
    def test_shows_a_changed_cell(self, change: dict[str, str]) -> None:
        sheet = primary.subject_sheet()
        changed = replace(sheet, rows=(replace(sheet.rows[0], **change), *sheet.rows[1:]))

        assert everything(changed) != everything(sheet)

    def test_says_no_where_somebody_is_not_promoted(self) -> None:
        year = primary.year_record()
        changed = replace(year, rows=(replace(year.rows[0], promoted=False), *year.rows[1:]))

        assert everything(changed) != everything(year)
