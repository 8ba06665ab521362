"""Whether everything is there: files, sheets of every class and subject, teachers, homeroom teachers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from hocba.documents.workbooks import titles
from hocba.documents.workbooks.layouts import LAYOUTS, Kind, kind_of_file_name
from hocba.documents.workbooks.teaching import Mention
from hocba.documents.workbooks.values import Place
from hocba.regulations import curriculum
from hocba.regulations.circular27 import rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hocba.documents.workbooks.marks import SheetIdentity
    from hocba.documents.workbooks.problems import Problems
    from hocba.documents.workbooks.roster import Roster
    from hocba.documents.workbooks.tables import Table

PRIMARY_SHEETS: Final = ("GiuaHK1", "CuoiHK1", "GiuaHK2", "CuoiNam")

_TERMS: Final = (1, 2)
_ROMAN: Final = {1: "I", 2: "II"}

SheetKey = tuple[str, str, int]


@dataclass(slots=True)
class Found:
    """What was found so far; unreadable things are kept so that they do not count as missing as well."""

    broken_files: list[str] = field(default_factory=list)
    broken_sheets: list[tuple[str, str]] = field(default_factory=list)
    mark_sheets: dict[SheetKey, Table] = field(default_factory=dict)
    unclear_mark_sheets: list[Mention] = field(default_factory=list)
    summaries: dict[str, Table] = field(default_factory=dict)
    primary: dict[tuple[str, int], Table] = field(default_factory=dict)
    unclear_primary: bool = False
    assigned: set[SheetKey] = field(default_factory=set)
    homerooms: set[str] = field(default_factory=set)
    assignment_mentions: list[Mention] = field(default_factory=list)
    homeroom_mentions: list[Mention] = field(default_factory=list)
    incomplete_classes: set[str] = field(default_factory=set)

    def new_mark_sheet(self, table: Table, identity: SheetIdentity, problems: Problems) -> bool:
        """Remember a mark sheet; False (reported) when there is one of the same class, subject and term."""
        if identity.class_name is None or identity.subject is None or identity.term is None:
            code = None if identity.subject is None else identity.subject.code
            self.unclear_mark_sheets.append(Mention(identity.class_name, code, identity.term))
            return True
        key = (identity.class_name, identity.subject.code, identity.term)
        return self._first_of(self.mark_sheets.setdefault(key, table), table, problems)

    def new_summary(self, table: Table, class_name: str | None, problems: Problems) -> bool:
        """Remember a summary; False (reported) when there is one of the same class."""
        if class_name is None:
            return True
        return self._first_of(self.summaries.setdefault(class_name, table), table, problems)

    def new_primary(self, table: Table, class_name: str | None, time: int | None, problems: Problems) -> bool:
        """Remember a summary of tiểu học; False when its time is unknown or there is one already (reported)."""
        if class_name is None or time is None:
            self.unclear_primary = True
            return time is not None
        return self._first_of(self.primary.setdefault((class_name, time), table), table, problems)

    def _first_of(self, first: Table, table: Table, problems: Problems) -> bool:
        if first is not table:
            where = f"{first.sheet} của tệp {first.file}"
            problems.add("sheet_repeated", Place(file=table.file, sheet=table.sheet), where=where)
        return first is table


def check_files(tables: Mapping[Kind, list[Table]], found: Found, problems: Problems) -> None:
    """Report the lists every school must hand in and that are nowhere."""
    broken = {kind_of_file_name(file) for file in found.broken_files}
    for kind in (Kind.PUPILS, Kind.STAFF, Kind.ASSIGNMENTS):
        if not tables[kind] and kind not in broken:
            layout = LAYOUTS[kind]
            problems.add(
                "file_missing", Place(file=f"{layout.file_stem}.xlsx", sheet=""), what=f"tệp {layout.title}"
            )
    if not tables[Kind.HOMEROOMS] and tables[Kind.ASSIGNMENTS] and Kind.HOMEROOMS not in broken:
        place = Place(file=tables[Kind.ASSIGNMENTS][0].file, sheet="ChuNhiem")
        problems.add("sheet_missing", place, what="trang phân công chủ nhiệm")


def check_classes(
    roster: Roster, tables: Mapping[Kind, list[Table]], found: Found, problems: Problems
) -> None:
    """For every class: a summary, a mark sheet for every subject and term, teachers, a homeroom teacher."""
    for class_name in roster.class_names.values():
        if _is_primary(class_name):
            _check_primary(class_name, found, problems)
        else:
            _check_summary(class_name, found, problems)
            _check_mark_sheets(class_name, tables, found, problems)
        if tables[Kind.HOMEROOMS]:
            _check_homeroom(class_name, tables[Kind.HOMEROOMS][0], found, problems)
        if tables[Kind.ASSIGNMENTS]:
            _check_teachers(class_name, tables[Kind.ASSIGNMENTS][0], found, problems)


def _check_homeroom(class_name: str, table: Table, found: Found, problems: Problems) -> None:
    if class_name not in found.homerooms and not _consume(found.homeroom_mentions, class_name):
        problems.add("homeroom_missing", _place(table), value=class_name)


def _is_primary(class_name: str) -> bool:
    grade = titles.grade_of(class_name)
    return grade is not None and curriculum.level_of(grade) == "TIEUHOC"


def _check_primary(class_name: str, found: Found, problems: Problems) -> None:
    """A class of tiểu học has one summary for each of the four times of the year."""
    if found.unclear_primary or _broken(Kind.PRIMARY, class_name, found):
        return
    present = {time: table for (name, time), table in found.primary.items() if name == class_name}
    if not present:
        what = f"tệp tổng hợp kết quả đánh giá giáo dục của lớp {class_name}"
        problems.add("file_missing", Place(file=f"KetQua_{class_name}.xlsx", sheet=""), what=what)
        return
    for time, shown in enumerate(rules.TIMES):
        if time not in present:
            place = Place(file=next(iter(present.values())).file, sheet=PRIMARY_SHEETS[time])
            problems.add("sheet_missing", place, what=f"bảng tổng hợp {shown} của lớp {class_name}")


def _check_summary(class_name: str, found: Found, problems: Problems) -> None:
    if class_name in found.summaries or _broken(Kind.SUMMARY, class_name, found):
        return
    what = f"tệp tổng hợp của lớp {class_name}"
    problems.add("file_missing", Place(file=f"TongHop_{class_name}.xlsx", sheet=""), what=what)


def _check_mark_sheets(
    class_name: str, tables: Mapping[Kind, list[Table]], found: Found, problems: Problems
) -> None:
    if _broken(Kind.MARKS, class_name, found):
        found.incomplete_classes.add(class_name)
        return
    present = [table for (name, _, _), table in found.mark_sheets.items() if name == class_name]
    file = present[0].file if present else _file_of_class(class_name, tables[Kind.MARKS])
    if file is None:
        what = f"sổ điểm của lớp {class_name}"
        problems.add("file_missing", Place(file=f"SoDiem_{class_name}.xlsx", sheet=""), what=what)
        found.incomplete_classes.add(class_name)
        return
    for code, term in _expected(class_name, found.assigned):
        if (class_name, code, term) in found.mark_sheets:
            continue
        found.incomplete_classes.add(class_name)
        if _consume(found.unclear_mark_sheets, class_name, code, term):
            continue
        sheet = f"{code}_HK{term}"
        if (file, sheet) in found.broken_sheets:
            continue
        what = f"bảng điểm {_shown(class_name, code, term)}"
        problems.add(
            "sheet_missing", Place(file=file, sheet=sheet), value=_shown(class_name, code, term), what=what
        )


def _file_of_class(class_name: str, tables: Iterable[Table]) -> str | None:
    key = titles.class_key(class_name)
    for table in tables:
        name = titles.class_in_file_name(table.file)
        if name is not None and titles.class_key(name) == key:
            return table.file
    return None


def _check_teachers(class_name: str, table: Table, found: Found, problems: Problems) -> None:
    taught = {(code, term) for name, code, term in found.mark_sheets if name == class_name}
    # In tiểu học the homeroom teacher teaches what nobody else is named for: see `homeroom_teaching`.
    led = _is_primary(class_name) and class_name in found.homerooms
    flaw = "taught_by_homeroom_teacher" if led else "subject_without_teacher"
    for code, term in _in_order(class_name, taught | set(_compulsory(class_name))):
        if (class_name, code, term) in found.assigned:
            continue
        if not _consume(found.assignment_mentions, class_name, code, term):
            problems.add(flaw, _place(table), value=_shown(class_name, code, term))


def _expected(class_name: str, assigned: Iterable[SheetKey]) -> list[tuple[str, int]]:
    """Subjects and terms a class must have mark sheets for: the compulsory ones and all that are taught."""
    taught = {(code, term) for name, code, term in assigned if name == class_name}
    return _in_order(class_name, taught | set(_compulsory(class_name)))


def _compulsory(class_name: str) -> list[tuple[str, int]]:
    grade = titles.grade_of(class_name)
    if grade is None:
        return []
    subjects = curriculum.subjects_for(curriculum.level_of(grade), grade)
    return [
        (subject.code, term)
        for subject in subjects
        if subject.group_in(grade) == "compulsory"
        for term in _TERMS
    ]


def _in_order(class_name: str, keys: set[tuple[str, int]]) -> list[tuple[str, int]]:
    grade = titles.grade_of(class_name)
    subjects = () if grade is None else curriculum.subjects_for(curriculum.level_of(grade), grade)
    rank = {subject.code: place for place, subject in enumerate(subjects)}
    return sorted(keys, key=lambda key: (rank.get(key[0], len(rank)), key))


def _consume(
    mentions: list[Mention], class_name: str, code: str | None = None, term: int | None = None
) -> bool:
    """Use up one unclear row or sheet that may be what is missed: it has been reported already."""
    for mention in mentions:
        if mention.may_mean(class_name, code, term):
            mentions.remove(mention)
            return True
    return False


def _broken(kind: Kind, class_name: str, found: Found) -> bool:
    return any(
        kind_of_file_name(file) is kind
        and titles.class_key(titles.class_in_file_name(file) or class_name) == titles.class_key(class_name)
        for file in found.broken_files
    )


def _shown(class_name: str, code: str, term: int) -> str:
    grade = titles.grade_of(class_name)
    level = None if grade is None else curriculum.level_of(grade)
    return f"{class_name} · {curriculum.subject(code, level).name} · học kì {_ROMAN[term]}"


def _place(table: Table) -> Place:
    return Place(file=table.file, sheet=table.sheet)
