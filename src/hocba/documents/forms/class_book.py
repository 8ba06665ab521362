"""The book of a class (sổ theo dõi và đánh giá học sinh theo lớp học) as one frozen value, ready to be printed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocba.documents.class_record import SubjectSheet, TermRecord, YearRecord

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from hocba.documents.class_record import PupilMarks, PupilTerm, PupilYear
    from hocba.documents.class_tree import ClassRecordTree
    from hocba.documents.people import Pupil, School, StaffMember


class InconsistentClassBook(ValueError):
    """The parts do not belong to one class; `problems` lists everything, in Vietnamese."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        self.problems = problems
        super().__init__("Sổ lớp không nhất quán: " + "; ".join(problems))


@dataclass(frozen=True, slots=True, kw_only=True)
class BookPupil:
    """A pupil in the order of the book. Contacts are telephone and e-mail as printed.

    `changes` are the events of the year worth noting (chuyển đến, chuyển đi, thôi học …).
    """

    pupil: Pupil
    father_contact: str = ""
    mother_contact: str = ""
    guardian_contact: str = ""
    changes: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsentDay:
    """A day a pupil was absent, with leave (phép) or without; a day counts once (TT 22/2021 Điều 12)."""

    personal_id: str
    day: date
    excused: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """What the principal noted on the use of the book in a month (1 to 12)."""

    month: int
    remark: str
    signer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassBook:
    """Everything the book of one class and school year says; parts that are not made yet are empty or None.

    `absences` None means that days are not kept here: the months are printed to be filled by hand.
    Raises InconsistentClassBook for a part of another class, two sheets of one subject and term, or a row of
    a pupil who is not in `pupils`.
    """

    school: School
    school_year: str
    class_name: str
    grade: int
    homeroom_teacher: StaffMember
    principal: StaffMember
    pupils: tuple[BookPupil, ...]
    sheets: tuple[SubjectSheet, ...] = ()
    terms: tuple[TermRecord, ...] = ()
    year: YearRecord | None = None
    absences: tuple[AbsentDay, ...] | None = None
    inspections: tuple[Inspection, ...] = ()

    def __post_init__(self) -> None:
        problems = tuple(_problems(self))
        if problems:
            raise InconsistentClassBook(problems)

    @property
    def subjects(self) -> tuple[tuple[str, str, str], ...]:
        """Code, name and kind of every subject, in the order of the sheets."""
        found = {sheet.subject_code: (sheet.subject_name, sheet.kind) for sheet in self.sheets}
        return tuple((code, name, kind) for code, (name, kind) in found.items())

    def sheet(self, code: str, term: int) -> SubjectSheet | None:
        """The sheet of a subject in a term, if there is one."""
        return next((each for each in self.sheets if (each.subject_code, each.term) == (code, term)), None)

    def marks(self, term: int) -> dict[str, dict[str, PupilMarks]]:
        """Rows of a term's sheets: by subject code, then by personal ID."""
        return {
            sheet.subject_code: {row.personal_id: row for row in sheet.rows}
            for sheet in self.sheets
            if sheet.term == term
        }

    def term_rows(self, term: int) -> dict[str, PupilTerm]:
        """Rows of a term's record by personal ID."""
        return {row.personal_id: row for each in self.terms if each.term == term for row in each.rows}

    def year_rows(self) -> dict[str, PupilYear]:
        """Rows of the year record by personal ID."""
        return {row.personal_id: row for row in (self.year.rows if self.year else ())}


def class_book(
    tree: ClassRecordTree,
    particulars: Mapping[str, Pupil],
    *,
    absences: Sequence[AbsentDay] | None = None,
    inspections: Sequence[Inspection] = (),
) -> ClassBook:
    """The book of a class from its sealed documents and the particulars by personal ID, in their order.

    Raises InconsistentClassBook as ClassBook does, and for a class of tiểu học, whose book has a form of its own.
    """
    year = tree.year
    sheets = [
        tree.sheets[code, term]
        for term, record in sorted(tree.terms.items())
        for code, _digest in record.sheets
        if (code, term) in tree.sheets
    ]
    terms = [record for _term, record in sorted(tree.terms.items())]
    if not isinstance(year, YearRecord):
        raise InconsistentClassBook(("sổ theo dõi của lớp tiểu học có biểu mẫu riêng",))
    return ClassBook(
        school=year.identity.school,
        school_year=year.identity.school_year,
        class_name=year.identity.class_name,
        grade=year.identity.grade,
        homeroom_teacher=year.homeroom_teacher,
        principal=year.principal,
        pupils=tuple(BookPupil(pupil=pupil) for pupil in particulars.values()),
        sheets=tuple(sheet for sheet in sheets if isinstance(sheet, SubjectSheet)),
        terms=tuple(record for record in terms if isinstance(record, TermRecord)),
        year=year,
        absences=None if absences is None else tuple(absences),
        inspections=tuple(inspections),
    )


def _problems(book: ClassBook) -> Iterator[str]:
    wanted = (book.school.code, book.school_year, book.class_name)
    known = {each.pupil.personal_id for each in book.pupils}
    if len(known) != len(book.pupils):
        yield "có học sinh ghi nhiều lần trong danh sách lớp"
    places = [(sheet.subject_code, sheet.term) for sheet in book.sheets]
    for code, term in sorted({place for place in places if places.count(place) > 1}):
        yield f"môn {code} học kì {term} có nhiều bảng"
    for place, part in _parts(book):
        identity = part.identity
        if (identity.school.code, identity.school_year, identity.class_name) != wanted:
            yield f"{place} là của lớp {identity.class_name}, năm học {identity.school_year}"
        for row in part.rows:
            if row.personal_id not in known:
                yield f"{place}: học sinh {row.name} ({row.personal_id}) không có trong danh sách lớp"


def _parts(book: ClassBook) -> Iterator[tuple[str, SubjectSheet | TermRecord | YearRecord]]:
    for sheet in book.sheets:
        yield f"môn {sheet.subject_name} học kì {sheet.term}", sheet
    for term in book.terms:
        yield f"tổng hợp học kì {term.term}", term
    if book.year is not None:
        yield "tổng hợp cả năm", book.year
