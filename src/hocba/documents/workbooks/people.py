"""Lists of pupils and of staff, row by row."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hocba.documents.people import Relative, Sex
from hocba.documents.workbooks import quality, titles
from hocba.documents.workbooks.rows import NAME_LIMIT, rows_of
from hocba.documents.workbooks.values import PupilRow, StaffRow
from hocba.regulations import code_lists, curriculum, personal_ids
from hocba.regulations.personal_ids import PersonalId

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hocba.documents.workbooks.problems import Problems
    from hocba.documents.workbooks.rows import Row
    from hocba.documents.workbooks.tables import Table

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_PHONE = re.compile(r"(?:0\d{9,10}|\+?84\d{9,10})", re.ASCII)


def read_pupils(table: Table, problems: Problems, *, school_year_start: int | None) -> Iterator[PupilRow]:
    """Read a list of pupils; each row is checked by itself."""
    for row in rows_of(table, problems):
        yield _pupil(row, school_year_start)


def read_staff(table: Table, problems: Problems) -> Iterator[StaffRow]:
    """Read a list of staff; each row is checked by itself."""
    for row in rows_of(table, problems):
        yield _member(row)


def _pupil(row: Row, school_year_start: int | None) -> PupilRow:
    class_name = _class_name(row)
    code = _code(row)
    name = _name(row)
    birth_date = _birth_date(row)
    sex = _sex(row)
    state = _pupil_state(row)
    ethnic_group = _ethnic_group(row)
    nationality = row.text("nationality") or code_lists.VIETNAM
    number = _personal_id(row, name=name, is_vietnamese=code_lists.is_vietnamese(nationality))
    agreed = _check_contradictions(row, number, sex, birth_date)
    if agreed:
        _check_age(row, birth_date, class_name, school_year_start)
    return PupilRow(
        source=row.place,
        code=code,
        personal_id=number.value if number else None,
        name=name,
        birth_date=birth_date,
        sex=sex,
        class_name=class_name,
        status=state.name,
        attending=state.attending,
        ethnic_group=ethnic_group,
        nationality=nationality,
        birthplace=row.text("birthplace"),
        residence=row.text("residence"),
        disability=row.text("disability"),
        father=_relative(row, "father"),
        mother=_relative(row, "mother"),
        phone=_phone(row),
        status_date=row.date("status_date"),
    )


def _member(row: Row) -> StaffRow:
    code = _code(row)
    name = _name(row)
    birth_date = row.date("birth_date")
    sex = _sex(row)
    number = _personal_id(row, name=name, is_vietnamese=True)
    _check_contradictions(row, number, sex, birth_date)
    status = row.text("status")
    state = code_lists.staff_state(status)
    if status and state is None:
        row.note("status_unknown", "status")
    return StaffRow(
        source=row.place,
        code=code,
        name=name,
        email=_email(row),
        birth_date=birth_date,
        sex=sex,
        personal_id=number.value if number else None,
        status=state.name if state else status,
        position=_position(row),
        post=row.text("post"),
        subject_code=_subject_taught(row),
    )


def _code(row: Row) -> str:
    code = row.code("code")
    if not code and row.has("code") and row.empty("code"):
        row.note("code_missing", "code")
    return code


def _name(row: Row) -> str:
    name = row.text("name", limit=NAME_LIMIT)
    if not name:
        if row.has("name") and row.empty("name"):
            row.note("value_missing", "name")
    else:
        _note(row, quality.of_name(name))
    return name


def _class_name(row: Row) -> str:
    name = row.code("class")
    if not name:
        if row.has("class") and row.empty("class"):
            row.note("value_missing", "class")
    elif titles.grade_of(name) is None:
        row.note("class_name_invalid", "class")
        return ""
    return name


def _birth_date(row: Row) -> str | None:
    value = row.date("birth_date")
    if value is None and row.has("birth_date") and row.empty("birth_date"):
        row.note("value_missing", "birth_date")
    return value


def _sex(row: Row) -> Sex | None:
    text = row.text("sex")
    found = code_lists.sex(text)
    if found is None and row.has("sex"):
        if text:
            row.note("sex_unknown", "sex")
        elif row.empty("sex"):
            row.note("value_missing", "sex")
    return None if found is None else Sex(found)


def _pupil_state(row: Row) -> code_lists.PupilState:
    text = row.text("status")
    if not text:
        return code_lists.PUPIL_STATES[0]
    known = code_lists.pupil_state(text)
    if known is None:
        row.note("status_unknown", "status")
        return code_lists.PupilState(name=text, attending=True)
    return known


def _ethnic_group(row: Row) -> str:
    text = row.text("ethnic_group")
    _note(row, quality.of_ethnic_group(text))
    group = code_lists.ethnic_group(text) if text else None
    return group.name if group else text


def _personal_id(row: Row, *, name: str, is_vietnamese: bool) -> PersonalId | None:
    text = row.code("personal_id")
    if text or (row.has("personal_id") and row.empty("personal_id")):
        _note(row, quality.of_number(text, name=name, is_vietnamese=is_vietnamese))
    return PersonalId.parse(text) if text and personal_ids.shape_fault(text) is None else None


def _check_contradictions(
    row: Row, number: PersonalId | None, sex: Sex | None, birth_date: str | None
) -> bool:
    """Compare number, sex and birth date; True when the year of birth is not in doubt."""
    if number is None:
        return True
    shown = row.shown("sex")
    found = list(quality.of_contradictions(number, sex=sex, birth_date=birth_date, shown_sex=shown))
    _note(row, found)
    return not quality.in_doubt(found)


def _check_age(row: Row, birth_date: str | None, class_name: str, school_year_start: int | None) -> None:
    grade = titles.grade_of(class_name)
    if grade is not None and school_year_start is not None:
        _note(row, quality.of_age(birth_date, grade=grade, school_year_start=school_year_start))


def _note(row: Row, found: Iterable[quality.Finding]) -> None:
    for each in found:
        row.note(each.code, each.field, **each.details)


def _relative(row: Row, field: str) -> Relative | None:
    name = row.text(field, limit=NAME_LIMIT)
    occupation = row.text(f"{field}_job")
    return Relative(name=name, occupation=occupation) if name else None


def _phone(row: Row) -> str:
    text = row.code("phone")
    if text and not _PHONE.fullmatch(re.sub(r"[ .\-]", "", text)):
        row.note("phone_malformed", "phone")
    return text


def _email(row: Row) -> str:
    text = row.text("email")
    if text and not _EMAIL.fullmatch(text):
        row.note("email_malformed", "email")
    return text


def _position(row: Row) -> str:
    text = row.text("position")
    known = code_lists.position(text)
    if text and known is None:
        row.note("position_unknown", "position")
    return known or text


def _subject_taught(row: Row) -> str | None:
    text = row.text("subject")
    if not text:
        return None
    subject = curriculum.subject_by_name(text)
    if subject is None:
        row.note("subject_unknown", "subject")
        return None
    return subject.code
