"""What each sheet is about: class, subject and term, from title, sheet name and file name, compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from hocba.documents.workbooks import titles
from hocba.documents.workbooks.marks import SheetIdentity
from hocba.documents.workbooks.opening import CellError
from hocba.documents.workbooks.values import Place
from hocba.regulations import curriculum
from hocba.regulations.names import normalise

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hocba.documents.workbooks.problems import Problems
    from hocba.documents.workbooks.roster import Roster
    from hocba.documents.workbooks.tables import Table
    from hocba.regulations.curriculum import Subject

Value = TypeVar("Value")


def class_of_table(table: Table, roster: Roster | None, problems: Problems) -> str | None:
    """The class of a mark sheet or summary, spelled as in the list of pupils; None when unknown (reported).

    Where title and file name disagree (reported), the class most of the pupils belong to decides, so that a
    wrong title does not turn a whole class into strangers.
    """
    place = Place(file=table.file, sheet=table.sheet)
    in_title = _first(titles.class_in(title) for title in table.titles)
    in_file = titles.class_in_file_name(table.file)
    if in_title and in_file and titles.class_key(in_title) != titles.class_key(in_file):
        problems.add(
            "title_mismatch", place, value=f"Lớp {in_title}", where="tên tệp", expected=f"lớp {in_file}"
        )
        name: str | None = _majority(table, roster) or in_title
    else:
        name = in_title or in_file or _majority(table, roster)
    if roster is None:
        return name
    known = None if name is None else roster.class_names.get(titles.class_key(name))
    if known is None:
        problems.add("class_unknown", place, value=name or table.sheet)
    return known


def identify_mark_sheet(table: Table, class_name: str | None, problems: Problems) -> SheetIdentity:
    """Subject and term of a mark sheet; the sheet name decides, the title is compared with it."""
    place = Place(file=table.file, sheet=table.sheet)
    grade = titles.grade_of(class_name or "")
    level = None if grade is None else curriculum.level_of(grade)
    parts = titles.sheet_parts(table.sheet)
    title_text = _first(titles.subject_in(title) for title in table.titles)
    in_title = None if title_text is None else curriculum.subject_by_name(title_text, level)
    in_sheet = None if parts is None else curriculum.subject_by_name(parts[0], level)
    subject = _agreed_subject(in_sheet, in_title, title_text, place, problems)
    if subject is None:
        problems.add("subject_unknown", place, value=parts[0] if parts else title_text or table.sheet)
    term_in_title = _first(titles.term_in(title) for title in table.titles)
    term = parts[1] if parts else term_in_title
    if term is None:
        problems.add("term_unknown", place, value=table.sheet)
    elif term_in_title not in (None, term):
        expected = f"học kì {'I' * term}"
        problems.add(
            "title_mismatch",
            place,
            value=f"Học kì {'I' * term_in_title}",
            where="tên trang tính",
            expected=expected,
        )
    return SheetIdentity(class_name=class_name, subject=subject, term=term)


def _agreed_subject(
    in_sheet: Subject | None,
    in_title: Subject | None,
    title_text: str | None,
    place: Place,
    problems: Problems,
) -> Subject | None:
    if (
        in_sheet is not None
        and title_text is not None
        and (in_title is None or in_title.code != in_sheet.code)
    ):
        problems.add(
            "title_mismatch",
            place,
            value=f"Môn {title_text}",
            where="tên trang tính",
            expected=f"môn {in_sheet.name}",
        )
    return in_sheet or in_title


def _majority(table: Table, roster: Roster | None) -> str | None:
    code = table.columns.get("code")
    if roster is None or code is None:
        return None
    votes: dict[str, int] = {}
    for _, row in table.body:
        cell = row[code.index] if code.index < len(row) else ""
        text = "" if isinstance(cell, CellError) else normalise(str(cell))
        name = roster.class_of(text)
        if name:
            votes[name] = votes.get(name, 0) + 1
    return max(votes, key=lambda name: votes[name]) if votes else None


def _first(found: Iterable[Value | None]) -> Value | None:
    return next((value for value in found if value is not None), None)
