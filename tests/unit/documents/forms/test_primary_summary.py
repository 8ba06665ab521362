from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import openpyxl
import pytest

from hocba.documents.forms import primary_summary
from hocba.documents.forms.primary_summary import PrimarySummary, primary_summary_pdf, primary_summary_xlsx
from hocba.documents.forms.tables import Table
from hocba.regulations.circular27 import rules
from tests.factories.class_books import LONG_NAME, sample_summary
from tests.unit.documents.forms import printed
from tests.unit.documents.forms.material import AT, DAY

VARIANTS = [(class_name, time) for class_name in ("1A", "3A", "5A") for time in range(4)]
TESTED = {
    "1A": ([], ["Tiếng Việt", "Toán"]),
    "3A": ([], ["Tiếng Việt", "Toán", "Ngoại ngữ 1", "Tin học và Công nghệ"]),
    "5A": (
        ["Tiếng Việt", "Toán"],
        ["Tiếng Việt", "Toán", "Ngoại ngữ 1", "Lịch sử và Địa lí", "Khoa học", "Tin học và Công nghệ"],
    ),
}


def table_of(summary: PrimarySummary) -> Table:
    return primary_summary.table(summary, DAY, "")


def long_names(summary: PrimarySummary) -> PrimarySummary:
    pupils = [
        replace(each, name=LONG_NAME, award="Học sinh Tiêu biểu hoàn thành tốt") for each in summary.pupils
    ]
    pupils += [replace(summary.pupils[0], name="W" * 60, levels={}, tests={}, traits={}, overall=None)] * 20
    return replace(summary, pupils=tuple(pupils), school=replace(summary.school, name="Trường Tiểu học " * 8))


class TestTable:
    @pytest.mark.parametrize(("class_name", "time"), VARIANTS)
    def test_has_tests_where_the_grade_has_them(self, class_name: str, time: int) -> None:
        heads = [column.head for column in table_of(sample_summary(class_name, time)).columns]
        tested = [head[1] for head in heads if head[-1] == "Điểm KTĐK"]
        assert tested == TESTED[class_name][time in (1, 3)]

    @pytest.mark.parametrize(("class_name", "specific"), [("1A", 5), ("3A", 7), ("5A", 7)])
    def test_has_the_competences_and_qualities_of_the_grade(self, class_name: str, specific: int) -> None:
        groups = [column.head[:-1] for column in table_of(sample_summary(class_name, 1)).columns]
        assert groups.count(("Năng lực cốt lõi", "Năng lực chung")) == 3
        assert groups.count(("Năng lực cốt lõi", "Năng lực đặc thù")) == specific
        assert groups.count(("Phẩm chất chủ yếu",)) == 5

    @pytest.mark.parametrize("time", range(4))
    def test_decides_only_at_the_year_end(self, time: int) -> None:
        heads = {column.head[0] for column in table_of(sample_summary("3A", time)).columns}
        at_end = {
            "Đánh giá kết quả giáo dục",
            "Hoàn thành chương trình lớp học",
            "Được lên lớp",
            "Khen thưởng",
        }
        assert (heads & at_end) == (at_end if time == rules.YEAR_END else set())

    def test_speaks_of_the_school_level_in_the_last_grade(self) -> None:
        heads = {column.head[0] for column in table_of(sample_summary("5A", 3)).columns}
        assert "Hoàn thành chương trình tiểu học" in heads

    def test_shows_what_the_pupils_reached(self) -> None:
        summary = sample_summary("5A", 3)
        pupil = replace(
            summary.pupils[0],
            levels={"TIENGVIET": "T", "TOAN": "C"}, tests={"TIENGVIET": "10"}, traits={"TUCHU": "D"},
            overall="HOAN_THANH_XUAT_SAC", completed=True, promoted=False, award="Học sinh Xuất sắc",
            absences_excused=2, absences_unexcused=None,
        )  # fmt: skip
        table = table_of(replace(summary, pupils=(pupil,)))
        cells = {column.head[-2:]: cell for column, cell in zip(table.columns, table.rows[0], strict=True)}
        assert cells["Tiếng Việt", "Mức đạt được"] == "T"
        assert cells["Tiếng Việt", "Điểm KTĐK"] == 10
        assert cells["Toán", "Mức đạt được"] == "C"
        assert cells["Toán", "Điểm KTĐK"] == ""
        assert cells["Năng lực chung", "Tự chủ và tự học"] == "Đ"
        assert table.rows[0][-6:] == (2, "", "HTXS", "x", "", "Học sinh Xuất sắc")

    def test_has_a_subject_by_choice_only_when_somebody_takes_it(self) -> None:
        summary = sample_summary("1A", 1)
        names = [each.code for each in primary_summary.subjects_of(summary)]
        pupil = replace(summary.pupils[0], levels={**summary.pupils[0].levels, "NN1": "T"})
        chosen = primary_summary.subjects_of(replace(summary, pupils=(pupil, *summary.pupils[1:])))
        assert "NN1" not in names
        assert [each.code for each in chosen] == [*names[:2], "NN1", *names[2:]]


class TestWorkbook:
    @pytest.mark.parametrize(("class_name", "time"), VARIANTS)
    def test_holds_every_pupil(self, class_name: str, time: int) -> None:
        summary = sample_summary(class_name, time)
        sheet = openpyxl.load_workbook(BytesIO(primary_summary_xlsx(summary, at=AT))).worksheets[0]
        values = [cell.value for cell in sheet["B"]]
        assert [each.name for each in summary.pupils] == [
            value for value in values if value in {each.name for each in summary.pupils}
        ]
        assert sheet.page_setup.orientation == "landscape"


@pytest.mark.external
@printed.needs_poppler
class TestPdf:
    @pytest.mark.parametrize(("class_name", "time"), VARIANTS)
    def test_nothing_overflows_and_everybody_is_there(self, class_name: str, time: int) -> None:
        summary = sample_summary(class_name, time)
        pdf = primary_summary_pdf(summary, at=AT, dated=DAY, authority="UBND Phường Gò Vấp")
        assert printed.flaws(pdf) == []
        told = printed.letters(pdf)
        assert f"KẾTQUẢĐÁNHGIÁGIÁODỤC–{printed.squeezed(rules.TIMES[time].upper())}" in told
        for each in summary.pupils:
            assert printed.squeezed(each.name) in told

    @pytest.mark.parametrize(("class_name", "time"), VARIANTS)
    def test_nothing_overflows_with_long_names_and_nothing_assessed(self, class_name: str, time: int) -> None:
        pdf = primary_summary_pdf(long_names(sample_summary(class_name, time)), at=AT)
        assert printed.flaws(pdf) == []
        assert printed.letters(pdf).count("W") == 60 * 20
