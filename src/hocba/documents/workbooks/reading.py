"""Reading a school: every file, every sheet, every row, then what they must agree on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hocba.documents.workbooks import coverage, titles
from hocba.documents.workbooks.electives import check_electives
from hocba.documents.workbooks.identify import class_of_table, identify_mark_sheet
from hocba.documents.workbooks.layouts import LAYOUTS, Kind, kind_of_file_name, usual_label
from hocba.documents.workbooks.marks import read_marks
from hocba.documents.workbooks.opening import CannotOpen, open_workbook
from hocba.documents.workbooks.people import read_pupils, read_staff
from hocba.documents.workbooks.people_checks import check_pupils, check_staff
from hocba.documents.workbooks.primary import read_primary, time_of_table
from hocba.documents.workbooks.problems import Problems
from hocba.documents.workbooks.roster import Roster
from hocba.documents.workbooks.summaries import read_summary
from hocba.documents.workbooks.tables import find_table
from hocba.documents.workbooks.teaching import Known, read_assignments, read_homerooms
from hocba.documents.workbooks.values import Counts, Place, School, SchoolData, SchoolReading
from hocba.regulations.code_lists import plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hocba.documents.workbooks.opening import Sheet
    from hocba.documents.workbooks.tables import Table
    from hocba.documents.workbooks.values import (
        AssignmentRow,
        HomeroomRow,
        MarkRow,
        PrimaryRow,
        PupilRow,
        StaffRow,
        SummaryRow,
    )

_NOT_TABLES: Final = ("danhmuc", "huongdan")
SPREADSHEETS: Final = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")


def read_school(files: Mapping[str, bytes]) -> SchoolReading:
    """Read a school's workbooks; keys are file names, values their bytes.

    Never raises for what a file contains: whatever is wrong becomes a problem, and everything else is
    still read and checked. Files that are no spreadsheets are ignored.
    """
    reader = _Reader()
    for file in sorted(files):
        if file.lower().endswith(SPREADSHEETS):
            reader.open(file, files[file])
    return reader.read()


class _Reader:
    """The state of one reading."""

    def __init__(self) -> None:
        self.problems = Problems()
        self.tables: dict[Kind, list[Table]] = {kind: [] for kind in Kind}
        self.found = coverage.Found()
        self.pupils: list[PupilRow] = []
        self.staff: list[StaffRow] = []
        self.assignments: list[AssignmentRow] = []
        self.homerooms: list[HomeroomRow] = []
        self.marks: list[MarkRow] = []
        self.summaries: list[SummaryRow] = []
        self.primary: list[PrimaryRow] = []

    def open(self, file: str, content: bytes) -> None:
        """Find the tables of a file."""
        try:
            sheets = open_workbook(content)
        except CannotOpen as error:
            self.problems.add(error.code, Place(file=file, sheet=""), reason=error.reason)
            self.found.broken_files.append(file)
            return
        found = [self._open_sheet(file, sheet) for sheet in sheets]
        if not any(found) and file not in self.found.broken_files:
            self._unrecognised(file)

    def _open_sheet(self, file: str, sheet: Sheet) -> bool:
        if plain(sheet.name).startswith(_NOT_TABLES):
            return False
        table = find_table(file, sheet)
        if table is not None:
            self.tables[table.kind].append(table)
            self._check_columns(table)
            return True
        if kind_of_file_name(file) is Kind.MARKS and titles.sheet_parts(sheet.name):
            self.problems.add("file_unrecognised", Place(file=file, sheet=sheet.name), what="sổ điểm")
            self.found.broken_sheets.append((file, sheet.name))
            return True
        return False

    def _unrecognised(self, file: str) -> None:
        kind = kind_of_file_name(file)
        place = Place(file=file, sheet="")
        if kind is None:
            self.problems.add("file_ignored", place)
        else:
            self.problems.add("file_unrecognised", place, what=LAYOUTS[kind].title)
            self.found.broken_files.append(file)

    def _check_columns(self, table: Table) -> None:
        place = Place(file=table.file, sheet=table.sheet)
        layout = LAYOUTS[table.kind]
        for field in layout.required:
            if field not in table.columns:
                label = usual_label(table.kind, field)
                self.problems.add("column_missing", place, column=label, what=layout.title)
        for column in table.repeated:
            self.problems.add("column_repeated", place, column=column.header)

    def read(self) -> SchoolReading:
        """Read the tables found, in the order in which they depend on each other."""
        school = self._school()
        self._read_people(school)
        roster = Roster(self.pupils)
        self._read_teaching(roster)
        self._read_classes(roster if self.pupils else None)
        coverage.check_files(self.tables, self.found, self.problems)
        coverage.check_classes(roster, self.tables, self.found, self.problems)
        check_electives(self.pupils, self.marks, self.found.incomplete_classes, self.problems)
        return SchoolReading(
            data=self._data(school), problems=self.problems.in_order(), counts=self._counts(roster)
        )

    def _school(self) -> School:
        """The school as the list of pupils names it; the other tables must not contradict."""
        lists = self.tables[Kind.PUPILS]
        above = tuple(title for table in lists for title in table.titles)
        name, code, year = titles.school_name(above), titles.school_code(above), titles.school_year(above)
        if lists:
            place = Place(file=lists[0].file, sheet=lists[0].sheet)
            for missing, value in (("code", code), ("name", name), ("year", year)):
                if value is None:
                    self.problems.add(f"school_{missing}_missing", place)
        for table in (table for tables in self.tables.values() for table in tables):
            self._compare_title(table, name, titles.school_name(table.titles), "trường")
            self._compare_title(table, year, titles.school_year(table.titles), "năm học")
        return School(code=code or "", name=name or "", school_year=year or "")

    def _compare_title(self, table: Table, expected: str | None, found: str | None, what: str) -> None:
        if expected and found and plain(expected) != plain(found):
            place = Place(file=table.file, sheet=table.sheet)
            where = f"{what} trong danh sách học sinh"
            self.problems.add("title_mismatch", place, value=found, where=where, expected=expected)

    def _read_people(self, school: School) -> None:
        start = int(school.school_year[:4]) if school.school_year else None
        for table in self.tables[Kind.PUPILS]:
            self.pupils += read_pupils(table, self.problems, school_year_start=start)
        for table in self.tables[Kind.STAFF]:
            self.staff += read_staff(table, self.problems)
        headers = {
            kind: {field: column.header for field, column in table.columns.items()}
            for kind in (Kind.PUPILS, Kind.STAFF)
            for table in self.tables[kind][:1]
        }
        check_staff(self.staff, headers.get(Kind.STAFF, {}), self.problems)
        check_pupils(self.pupils, self.staff, headers.get(Kind.PUPILS, {}), self.problems)

    def _read_teaching(self, roster: Roster) -> None:
        staff = {member.code: member for member in reversed(self.staff) if member.code}
        known = Known(staff or None, roster.class_names or None)
        for table in self.tables[Kind.ASSIGNMENTS]:
            assignments, mentions = read_assignments(table, known, self.problems)
            self.assignments += assignments
            self.found.assignment_mentions += mentions
        for table in self.tables[Kind.HOMEROOMS]:
            homerooms, mentions = read_homerooms(table, known, self.problems)
            self.homerooms += homerooms
            self.found.homeroom_mentions += mentions
        self.found.assigned = {(row.class_name, row.subject_code, row.term) for row in self.assignments}
        self.found.homerooms = {row.class_name for row in self.homerooms}

    def _read_classes(self, roster: Roster | None) -> None:
        known = roster or Roster(())
        for table in self.tables[Kind.MARKS]:
            class_name = class_of_table(table, roster, self.problems)
            identity = identify_mark_sheet(table, class_name, self.problems)
            if self.found.new_mark_sheet(table, identity, self.problems) and roster is not None:
                self.marks += read_marks(table, identity, known, self.problems)
        for table in self.tables[Kind.SUMMARY]:
            class_name = class_of_table(table, roster, self.problems)
            if self.found.new_summary(table, class_name, self.problems) and roster is not None:
                self.summaries += read_summary(table, class_name, known, self.problems)

        for table in self.tables[Kind.PRIMARY]:
            class_name = class_of_table(table, roster, self.problems)
            time = time_of_table(table, self.problems)
            new = self.found.new_primary(table, class_name, time, self.problems)
            if new and time is not None and roster is not None:
                self.primary += read_primary(table, class_name, time, known, self.problems)

    def _data(self, school: School) -> SchoolData | None:
        if not self.pupils or not self.staff:
            return None
        return SchoolData(
            school=school,
            pupils=tuple(self.pupils),
            staff=tuple(self.staff),
            assignments=tuple(self.assignments),
            homerooms=tuple(self.homerooms),
            marks=tuple(self.marks),
            summaries=tuple(self.summaries),
            primary=tuple(self.primary),
        )

    def _counts(self, roster: Roster) -> Counts:
        marks = sum(mark is not None for row in self.marks for mark in (*row.regular, row.midterm, row.final))
        for result in self.primary:
            values = [value for subject in result.subjects for value in (subject.level, subject.test)]
            values += [level for _, level in result.traits]
            marks += sum(value is not None for value in values)
        return Counts(
            pupils=len(self.pupils), staff=len(self.staff), classes=len(roster.class_names), marks=marks
        )
