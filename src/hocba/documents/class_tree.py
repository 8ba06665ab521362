"""Whether the documents of one class and year fit together as a tree of digests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocba.documents.class_record import SubjectSheet
from hocba.documents.primary import PrimarySubjectSheet, PrimaryTermRecord, PrimaryYearRecord
from hocba.regulations import curriculum

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hocba.documents.any_level import AnySubjectSheet, AnyTermRecord, AnyYearRecord
    from hocba.documents.class_record import ClassIdentity
    from hocba.documents.people import Pupil
    from hocba.documents.transcript import Digest

TERMS = (1, 2)
CONTINUING = "GDTX"
"""Continuing education has a programme of its own, unknown here: there every pupil takes every subject."""

_LEVELS_OF_CONTINUING = frozenset({"THCS", "THPT"})
_GRADES = {
    grade: code
    for level, code in (("TIEUHOC", "TH"), ("THCS", "THCS"), ("THPT", "THPT"))
    for grade in curriculum.grades(level)
}
"""The level of a school, as documents write it, by grade."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassRecordTree:
    """The documents of one class and year, with the digests of the signed files they were read from."""

    year: AnyYearRecord
    year_file: Digest
    terms: Mapping[int, AnyTermRecord]
    term_files: Mapping[int, Digest]
    sheets: Mapping[tuple[str, int], AnySubjectSheet]
    sheet_files: Mapping[tuple[str, int], Digest]


def subjects_of(tree: ClassRecordTree) -> tuple[str, ...]:
    """Return the subject codes in the order of the term records, the second term's first."""
    codes = [code for term in reversed(TERMS) for code, _digest in tree.terms[term].sheets]
    return tuple(dict.fromkeys(codes))


def problems_of(tree: ClassRecordTree) -> list[str]:
    """Return everything that does not fit, in Vietnamese; empty when the tree is whole."""
    return [
        *_levels(tree),
        *_identities(tree),
        *_year_digests(tree),
        *_sheet_digests(tree),
        *_subjects(tree),
        *_pupils(tree),
        *_choices(tree),
    ]


def particulars_problems(tree: ClassRecordTree, particulars: Mapping[str, Pupil]) -> list[str]:
    """Return, in Vietnamese, of which pupil of the year record the particulars are missing or another person's."""
    return list(_particulars(tree, particulars))


def is_primary(tree: ClassRecordTree) -> bool:
    """Whether the class is one of tiểu học, with documents of its own form."""
    return isinstance(tree.year, PrimaryYearRecord)


def has_grade(level: str, grade: int) -> bool:
    """Whether a school of a level has the grade: one of several levels ("THCS-THPT") has those of each.

    Continuing education has the grades of THCS and THPT (Luật Giáo dục 2019 Điều 43).
    """
    levels = _LEVELS_OF_CONTINUING if level == CONTINUING else frozenset(level.split("-"))
    return _GRADES.get(grade) in levels


def _levels(tree: ClassRecordTree) -> Iterator[str]:
    """Documents of two levels of schooling never make one book, whatever their digests say."""
    identity = tree.year.identity
    if not has_grade(identity.school.level, identity.grade):
        yield f"trường cấp {identity.school.level} không có lớp khối {identity.grade}"
    wanted = is_primary(tree)
    for term, record in sorted(tree.terms.items()):
        if isinstance(record, PrimaryTermRecord) is not wanted:
            yield f"sổ học kì {term} không cùng cấp học với sổ cả năm"
    for (code, term), sheet in sorted(tree.sheets.items()):
        if isinstance(sheet, PrimarySubjectSheet) is not wanted:
            yield f"sổ môn {code} học kì {term} không cùng cấp học với sổ cả năm"


def _identities(tree: ClassRecordTree) -> Iterator[str]:
    wanted = _about(tree.year.identity)
    for term, record in sorted(tree.terms.items()):
        if record.term != term:
            yield f"sổ học kì {term} lại ghi là học kì {record.term}"
        yield from _same_class(wanted, record.identity, f"sổ học kì {term}")
    for (code, term), sheet in sorted(tree.sheets.items()):
        if (sheet.subject_code, sheet.term) != (code, term):
            yield f"sổ môn {code} học kì {term} lại ghi là môn {sheet.subject_code} học kì {sheet.term}"
        yield from _same_class(wanted, sheet.identity, f"sổ môn {code} học kì {term}")


def _same_class(wanted: dict[str, object], identity: ClassIdentity, place: str) -> Iterator[str]:
    for what, value in _about(identity).items():
        if value != wanted[what]:
            yield f"{place}: {what} là {value}, sổ cả năm ghi {wanted[what]}"


def _about(identity: ClassIdentity) -> dict[str, object]:
    return {
        "trường": identity.school.code,
        "năm học": identity.school_year,
        "lớp": identity.class_name,
        "khối": identity.grade,
        "quy định đánh giá": identity.regulation,
    }


def _year_digests(tree: ClassRecordTree) -> Iterator[str]:
    named = dict(tree.year.terms)
    for term in TERMS:
        if term not in named:
            yield f"sổ cả năm không nêu sổ học kì {term}"
        elif term not in tree.terms or term not in tree.term_files:
            yield f"thiếu sổ học kì {term}"
        elif tree.term_files[term] != named[term]:
            yield f"sổ học kì {term} không phải là tệp mà sổ cả năm đã niêm phong"
    for term in sorted((set(tree.terms) | set(named)) - set(TERMS)):
        yield f"có sổ học kì {term} ngoài hai học kì của năm học"


def _sheet_digests(tree: ClassRecordTree) -> Iterator[str]:
    named = {(code, term): digest for term, record in tree.terms.items() for code, digest in record.sheets}
    for (code, term), digest in sorted(named.items(), key=lambda item: item[0]):
        if (code, term) not in tree.sheets or (code, term) not in tree.sheet_files:
            yield f"thiếu sổ môn {code} học kì {term}"
        elif tree.sheet_files[code, term] != digest:
            yield f"sổ môn {code} học kì {term} không phải là tệp mà sổ học kì đã nêu"
    for code, term in sorted(tree.sheets.keys() - named.keys()):
        yield f"sổ môn {code} học kì {term} không được sổ học kì nào nêu"


def _subjects(tree: ClassRecordTree) -> Iterator[str]:
    for code in sorted({code for code, _ in tree.sheets} if is_primary(tree) else ()):
        # TT 27/2020, Điều 7: every subject is assessed in both terms; TT 22 subjects may be taught in one.
        missing = [term for term in TERMS if (code, term) not in tree.sheets]
        if missing:
            yield f"môn {code}: không có sổ học kì {missing[0]}"
    for (code, term), sheet in sorted(tree.sheets.items()):
        first = tree.sheets.get((code, 1))
        if term == 2 and first is not None and _subject(first) != _subject(sheet):
            yield f"môn {code}: tên hoặc hình thức đánh giá của hai học kì khác nhau"


def _subject(sheet: AnySubjectSheet) -> tuple[str, str]:
    return sheet.subject_name, sheet.kind if isinstance(sheet, SubjectSheet) else ""


def _pupils(tree: ClassRecordTree) -> Iterator[str]:
    names = {row.personal_id: row.name for row in tree.year.rows}
    if len(names) != len(tree.year.rows):
        yield "sổ cả năm có học sinh ghi nhiều dòng"
    places = [
        (f"sổ học kì {term}", term, _named(record), False) for term, record in sorted(tree.terms.items())
    ]
    places += [
        (f"sổ môn {code} học kì {term}", term, _named(sheet), _is_chosen(tree, code))
        for (code, term), sheet in sorted(tree.sheets.items())
    ]
    for place, term, found, chosen in places:
        # Who takes a chosen subject is asked in `_choices`; here only that the names are the same.
        wanted = {key: name for key, name in names.items() if key in found} if chosen else names
        yield from _missing(wanted, found, place)
        # Who left after the first term stays in its documents; in the second nobody may be lost silently.
        if term != TERMS[0]:
            yield from _unexpected(found, names, place)


def _named(document: AnyTermRecord | AnySubjectSheet) -> dict[str, str]:
    return {row.personal_id: row.name for row in document.rows}


def _choices(tree: ClassRecordTree) -> Iterator[str]:
    """Whether the sheets of chosen subjects name the same pupils in both terms, and each pupil lawfully many."""
    chosen = [code for code in sorted({code for code, _term in tree.sheets}) if _is_chosen(tree, code)]
    takers = {
        (code, term): {row.personal_id for row in tree.sheets[code, term].rows}
        for code in chosen
        for term in TERMS
        if (code, term) in tree.sheets
    }
    for row in tree.year.rows:
        taken = []
        for code in chosen:
            terms = [term for term in TERMS if row.personal_id in takers.get((code, term), ())]
            if terms:
                taken.append(code)
            if len(terms) == 1:
                other = next(term for term in TERMS if term not in terms)
                yield (
                    f"học sinh {row.name} ({row.personal_id}) có trong sổ môn {code} học kì {terms[0]} "
                    f"mà không có trong sổ học kì {other}"
                )
        for problem in _problems_of_choice(tree, taken):
            yield f"học sinh {row.name} ({row.personal_id}): {problem}"


def _is_chosen(tree: ClassRecordTree, code: str) -> bool:
    identity = tree.year.identity
    if identity.school.level == CONTINUING:
        return False
    level = curriculum.level_of(identity.grade)
    return curriculum.is_chosen(code, level, identity.grade, identity.school_year)


def _problems_of_choice(tree: ClassRecordTree, taken: list[str]) -> tuple[str, ...]:
    identity = tree.year.identity
    if identity.school.level == CONTINUING:
        return ()
    level = curriculum.level_of(identity.grade)
    return curriculum.choice_problems(level, identity.grade, taken, identity.school_year)


def _missing(wanted: dict[str, str], found: dict[str, str], place: str) -> Iterator[str]:
    for personal_id, name in wanted.items():
        if personal_id not in found:
            yield f"{place} thiếu học sinh {name} ({personal_id})"
        elif found[personal_id] != name:
            yield f"{place}: học sinh {personal_id} tên là {found[personal_id]}, sổ cả năm ghi {name}"


def _unexpected(found: dict[str, str], wanted: dict[str, str], place: str) -> Iterator[str]:
    for personal_id, name in found.items():
        if personal_id not in wanted:
            yield f"{place} có học sinh {name} ({personal_id}) mà sổ cả năm không có"


def _particulars(tree: ClassRecordTree, particulars: Mapping[str, Pupil]) -> Iterator[str]:
    for row in tree.year.rows:
        pupil = particulars.get(row.personal_id)
        if pupil is None:
            yield f"thiếu lý lịch của học sinh {row.name} ({row.personal_id})"
        elif (pupil.personal_id, pupil.name) != (row.personal_id, row.name):
            yield f"lý lịch của {row.personal_id} là của {pupil.name}, sổ cả năm ghi {row.name}"
