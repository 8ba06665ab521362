from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from hocba.documents.forms.class_book import ClassBook
from hocba.documents.forms.report_slips import report_slips_pdf
from tests.factories.class_books import extreme_book, sample_book
from tests.unit.documents.forms import printed
from tests.unit.documents.forms.material import AT, DAY

pytestmark = [pytest.mark.external, printed.needs_poppler]


@cache
def slips(term: int | None) -> bytes:
    return report_slips_pdf(few(), term=term, at=AT, dated=DAY)


@cache
def few() -> ClassBook:
    """Ten pupils of the class."""
    book = sample_book()
    pupils = book.pupils[:10]
    known = {each.pupil.personal_id for each in pupils}
    assert book.year is not None

    def kept(rows: Any) -> Any:
        return tuple(row for row in rows if row.personal_id in known)

    return replace(
        book,
        pupils=pupils,
        sheets=tuple(replace(sheet, rows=kept(sheet.rows)) for sheet in book.sheets),
        terms=tuple(replace(term, rows=kept(term.rows)) for term in book.terms),
        year=replace(book.year, rows=kept(book.year.rows)),
    )


def one(book: ClassBook, term: int | None, **more: object) -> str:
    ids = [book.pupils[0].pupil.personal_id]
    return printed.letters(report_slips_pdf(book, term=term, at=AT, personal_ids=ids, **more))  # type: ignore[arg-type]


class TestReportSlips:
    @pytest.mark.parametrize("term", [1, 2, None])
    def test_give_every_pupil_a_page_and_nothing_of_others(self, term: int | None) -> None:
        names = [each.pupil.name for each in few().pupils]
        pages = printed.pages(slips(term))
        assert len(pages) == len(names)
        codes = [each.pupil.code for each in few().pupils]
        for page, name, code in zip(pages, names, codes, strict=True):
            text = " ".join(word.text for word in page.words)
            assert f"Họ và tên: {name}" in text
            assert [other for other in codes if other in text] == [code]

    @pytest.mark.parametrize("term", [1, 2, None])
    def test_overflow_nowhere(self, term: int | None) -> None:
        assert printed.flaws(slips(term)) == []

    def test_hold_every_mark_and_remark_of_the_term(self) -> None:
        book = sample_book()
        told = one(book, 2)
        key = book.pupils[0].pupil.personal_id
        for number, (code, name, kind) in enumerate(book.subjects, start=1):
            row = book.marks(2)[code][key]
            given = (*row.regular, row.midterm, row.final, row.term_result)
            marks = "".join(mark.replace(".", ",") for mark in given if mark)
            if kind == "score":
                assert printed.squeezed(f"{number}{name}{marks}{row.remark}") in told
            assert printed.squeezed(row.remark) in told
        assert "PHIẾUĐIỂMHỌCKÌII" in told

    def test_hold_results_and_decisions_of_the_year(self) -> None:
        told = one(sample_book(), None)
        year = sample_book().year_rows()[sample_book().pupils[0].pupil.personal_id]
        assert "Kếtquảhọctập:Chưađạt–Kếtquảrènluyện:Tốt." in told
        total = year.absences_excused + year.absences_unexcused
        assert f"Tổngsốbuổinghỉhọc:{total}(cóphép:" in told
        assert "Đánhgiálạimônhọctrongkìnghỉhè." in told
        assert printed.squeezed(year.homeroom_remark) in told

    def test_hold_results_after_the_summer_and_titles(self) -> None:
        book = sample_book()
        assert book.year is not None
        first, *rest = book.year.rows
        first = replace(first, learning_after_retest="DAT", promotion="PROMOTED", title="GIOI")
        told = one(replace(book, year=replace(book.year, rows=(first, *rest))), None)
        assert "Kếtquảhọctậpsauđánhgiálại:Đạt." in told
        assert "Đượclênlớp.Khenthưởng:HọcsinhGiỏi." in told

    def test_carry_the_words_of_the_homeroom_teacher(self) -> None:
        key = sample_book().pupils[0].pupil.personal_id
        assert "Ngoan,chămchỉ." in one(sample_book(), 1, remarks={key: "Ngoan, chăm chỉ."})

    def test_say_what_is_not_there_yet(self) -> None:
        bare = replace(sample_book(), sheets=(), terms=(), year=None)
        assert "Chưacókếtquảmônhọc.Kếtquảhọctập,kếtquảrènluyện:chưacó." in one(bare, 1).replace("-", "")
        assert "Kếtquảcảnăm:chưacó." in one(bare, None)

    def test_go_on_overleaf_when_there_is_too_much(self) -> None:
        book = extreme_book(pupils=8)
        pdf = report_slips_pdf(book, term=None, at=AT)
        assert printed.flaws(pdf) == []
        assert len(printed.pages(pdf)) > 8
        remarks = "".join(row.remark for sheet in book.sheets for row in sheet.rows)
        assert printed.letters(pdf).count("Ẵ") == remarks.count("Ẵ") > 1000

    def test_come_out_the_same_every_time(self) -> None:
        assert report_slips_pdf(few(), term=1, at=AT, dated=DAY) == slips(1)

    def test_refuse_pupils_of_another_class(self) -> None:
        with pytest.raises(KeyError):
            report_slips_pdf(sample_book(), term=1, at=AT, personal_ids=["000000000000"])

    def test_refuse_to_print_nothing(self) -> None:
        with pytest.raises(ValueError, match="no pupils"):
            report_slips_pdf(sample_book(), term=1, at=AT, personal_ids=[])
