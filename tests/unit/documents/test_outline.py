"""A document as somebody reads it before signing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from hocba.documents import class_record_xml
from hocba.documents.outline import outline_of
from tests.factories import documents, primary, transcripts
from tests.unit.documents.test_compile import tree

SHEET = documents.subject_sheet("TOAN", 2)


def everything(value: Any) -> str:
    outline = outline_of(value)
    cells = [cell for table in outline.tables for row in table.rows for cell in row]
    return "\n".join([f"{name}: {text}" for name, text in outline.facts] + cells)


class TestOutlineOf:
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

        assert facts["kết quả, rèn luyện, cả năm"] in {"Tốt", "Khá", "Đạt", "Chưa đạt"}
        assert facts["cấp học"] == value.level

    def test_shows_the_digests_a_year_seals(self) -> None:
        year = tree().year

        assert all(str(digest) in everything(year) for _, digest in year.terms)

    def test_takes_what_was_read_from_octets(self) -> None:
        read = class_record_xml.read_subject_sheet(class_record_xml.data_xml(SHEET))

        assert everything(read) == everything(SHEET)


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
