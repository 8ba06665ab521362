from __future__ import annotations

from dataclasses import replace

import pytest

from hocba.documents.class_tree import ClassRecordTree
from hocba.documents.forms.class_book import BookPupil, ClassBook, InconsistentClassBook, class_book
from tests.factories import documents as values
from tests.factories.class_books import sample_book

CODES = [code for code, _name, _kind in values.SUBJECTS]


def tree() -> ClassRecordTree:
    return ClassRecordTree(
        year=values.year_record(),
        year_file=values.digest("9"),
        terms={term: values.term_record(term) for term in (2, 1)},
        term_files={1: values.digest("1"), 2: values.digest("2")},
        sheets={(code, term): values.subject_sheet(code, term) for code in CODES for term in (1, 2)},
        sheet_files={},
    )


def problems(**changes: object) -> str:
    with pytest.raises(InconsistentClassBook) as raised:
        replace(sample_book(), **changes)  # type: ignore[arg-type]
    return str(raised.value)


class TestClassBook:
    def test_refuses_pupils_who_are_not_on_the_list(self) -> None:
        book = sample_book()
        told = problems(pupils=book.pupils[1:])
        assert book.pupils[0].pupil.name in told
        assert "không có trong danh sách lớp" in told

    def test_refuses_a_pupil_twice(self) -> None:
        assert "ghi nhiều lần" in problems(pupils=sample_book().pupils + sample_book().pupils[:1])

    def test_refuses_parts_of_another_class(self) -> None:
        assert "là của lớp 6A1" in problems(class_name="6A2")

    def test_refuses_two_sheets_of_one_subject_and_term(self) -> None:
        assert "có nhiều bảng" in problems(sheets=sample_book().sheets + sample_book().sheets[:1])

    def test_needs_nothing_but_the_list_of_pupils(self) -> None:
        bare = replace(sample_book(), sheets=(), terms=(), year=None)
        assert (bare.subjects, bare.marks(1), bare.year_rows()) == ((), {}, {})


class TestFromTree:
    def test_holds_the_sealed_documents_in_their_order(self) -> None:
        particulars = {key: values.pupil(key) for key in reversed(values.NAMES)}
        book = class_book(tree(), particulars)
        assert isinstance(book, ClassBook)
        assert [sheet.subject_code for sheet in book.sheets] == CODES * 2
        assert [sheet.term for sheet in book.sheets] == [1] * 4 + [2] * 4
        assert book.pupils == tuple(BookPupil(pupil=values.pupil(key)) for key in reversed(values.NAMES))
        assert book.marks(2)["TOAN"]["079313224404"].year_result == "8.4"
        assert book.absences is None
