"""Books of classes of the sample school: marks as its workbooks say, results as the regulations compute them."""

from __future__ import annotations

import uuid
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

from hocba.cli.demo import SAMPLE
from hocba.documents.class_record import (
    ClassIdentity,
    PupilMarks,
    PupilTerm,
    PupilYear,
    SubjectSheet,
    TermRecord,
    YearRecord,
)
from hocba.documents.forms.class_book import BookPupil, ClassBook
from hocba.documents.forms.primary_summary import PrimaryPupil, PrimarySummary
from hocba.documents.people import Pupil, School, Sex, StaffMember
from hocba.documents.transcript import Digest
from hocba.documents.workbooks.reading import read_school
from hocba.regulations.curriculum import subject, subjects_for
from hocba.regulations.evaluation import evaluate

if TYPE_CHECKING:
    from hocba.documents.workbooks.values import MarkRow, PrimaryRow, PupilRow, SchoolData, SummaryRow

_DIGEST = Digest(algorithm="sha256", value="0" * 64)


@cache
def sample(level: str = "thcs") -> SchoolData:
    """The sample school as read from its workbooks."""
    folder = SAMPLE.parent / level
    data = read_school({path.name: path.read_bytes() for path in folder.glob("*.xlsx")}).data
    assert data is not None
    return data


@cache
def sample_book(class_name: str = "6A1", level: str = "thcs") -> ClassBook:
    """The book of one class of the sample."""
    return _Class(sample(level), class_name, level.upper()).book()


class _Class:
    def __init__(self, data: SchoolData, class_name: str, level: str) -> None:
        self.data, self.name, self.level = data, class_name, level
        self.grade = int("".join(letter for letter in class_name[:2] if letter.isdigit()))
        self.pupils = [row for row in data.pupils if row.class_name == class_name and row.attending]
        self.marks: dict[tuple[str, str, int], MarkRow] = {
            (row.pupil_code, row.subject_code, row.term): row
            for row in data.marks
            if row.class_name == class_name
        }
        self.summaries: dict[str, SummaryRow] = {row.pupil_code: row for row in data.summaries}
        taught = {code for _, code, _ in self.marks}
        self.subjects = [each for each in subjects_for(level, self.grade) if each.code in taught]
        self.answers = {pupil.code: self._answer(pupil) for pupil in self.pupils}

    def book(self) -> ClassBook:
        homeroom = next(row for row in self.data.homerooms if row.class_name == self.name)
        teacher = StaffMember(code=homeroom.staff_code, name=homeroom.staff_name)
        leader = next(row for row in self.data.staff if row.post == "Hiệu trưởng")
        principal = StaffMember(code=leader.code, name=leader.name, title="Hiệu trưởng")
        return ClassBook(
            school=self._school(),
            school_year=self.data.school.school_year,
            class_name=self.name,
            grade=self.grade,
            homeroom_teacher=teacher,
            principal=principal,
            pupils=tuple(BookPupil(pupil=_pupil(row), father_contact=row.phone) for row in self.pupils),
            sheets=tuple(self._sheet(each.code, term) for term in (1, 2) for each in self.subjects),
            terms=tuple(self._term(term, teacher) for term in (1, 2)),
            year=self._year(teacher, principal),
        )

    def _school(self) -> School:
        source = self.data.school
        return School(
            code=source.code,
            name=source.name,
            level=self.level,
            ward="Phường Gò Vấp",
            province="TP. Hồ Chí Minh",
        )

    def _identity(self, what: str) -> ClassIdentity:
        return ClassIdentity(
            id=str(uuid.uuid5(uuid.NAMESPACE_OID, f"{self.name}/{what}")),
            version=1,
            school=self._school(),
            school_year=self.data.school.school_year,
            class_name=self.name,
            grade=self.grade,
            regulation="TT22-2021",
        )

    def _answer(self, pupil: PupilRow) -> dict[str, Any]:
        summary = self.summaries[pupil.code]
        subjects = []
        for each in self.subjects:
            rows = [self.marks.get((pupil.code, each.code, term)) for term in (1, 2)]
            if any(rows):
                terms = [
                    None
                    if row is None
                    else {"regular": row.regular, "midterm": row.midterm, "final": row.final}
                    for row in rows
                ]
                subjects.append({"code": each.code, "kind": each.kind, "terms": terms, "retest": None})
        return evaluate(
            {
                "regulation": "TT22-2021",
                "level": self.level,
                "grade": self.grade,
                "subjects": subjects,
                "conduct": {"terms": [summary.conduct_term1, summary.conduct_term2], "after_summer": None},
                "absences": (summary.absences_excused or 0) + (summary.absences_unexcused or 0),
            }
        )

    def _sheet(self, code: str, term: int) -> SubjectSheet:
        teachers = [
            StaffMember(code=row.staff_code, name=row.staff_name)
            for row in self.data.assignments
            if (row.class_name, row.subject_code, row.term) == (self.name, code, term)
        ]
        found = subject(code, self.level)
        rows = [
            self._marks(pupil, code, term) for pupil in self.pupils if (pupil.code, code, term) in self.marks
        ]
        return SubjectSheet(
            identity=self._identity(f"{code}/{term}"),
            subject_code=code,
            subject_name=found.name,
            kind=found.kind,
            term=term,
            teachers=tuple(teachers),
            rows=tuple(rows),
        )

    def _marks(self, pupil: PupilRow, code: str, term: int) -> PupilMarks:
        row = self.marks[pupil.code, code, term]
        result = next(each for each in self.answers[pupil.code]["subjects"] if each["code"] == code)
        return PupilMarks(
            personal_id=pupil.personal_id or pupil.code,
            pupil_code=pupil.code,
            name=pupil.name,
            regular=row.regular,
            midterm=row.midterm,
            final=row.final,
            term_result=result["terms"][term - 1],
            year_result=result["year"] if term == 2 else None,
            remark=row.remark,
        )

    def _term(self, term: int, teacher: StaffMember) -> TermRecord:
        return TermRecord(
            identity=self._identity(f"HK{term}"),
            term=term,
            homeroom_teacher=teacher,
            sheets=tuple((each.code, _DIGEST) for each in self.subjects),
            rows=tuple(
                PupilTerm(
                    personal_id=pupil.personal_id or pupil.code,
                    pupil_code=pupil.code,
                    name=pupil.name,
                    learning=self.answers[pupil.code]["learning"]["terms"][term - 1],
                    conduct=getattr(self.summaries[pupil.code], f"conduct_term{term}"),
                )
                for pupil in self.pupils
            ),
        )

    def _year(self, teacher: StaffMember, principal: StaffMember) -> YearRecord:
        return YearRecord(
            identity=self._identity("CN"),
            homeroom_teacher=teacher,
            principal=principal,
            terms=((1, _DIGEST), (2, _DIGEST)),
            rows=tuple(
                PupilYear(
                    personal_id=pupil.personal_id or pupil.code,
                    pupil_code=pupil.code,
                    name=pupil.name,
                    learning=self.answers[pupil.code]["learning"]["year"],
                    conduct=self.answers[pupil.code]["conduct"]["year"],
                    absences_excused=self.summaries[pupil.code].absences_excused or 0,
                    absences_unexcused=self.summaries[pupil.code].absences_unexcused or 0,
                    promotion=self.answers[pupil.code]["promotion"],
                    title=self.answers[pupil.code]["title"],
                    homeroom_remark=self.summaries[pupil.code].homeroom_remark,
                )
                for pupil in self.pupils
            ),
        )


def _pupil(row: PupilRow) -> Pupil:
    return Pupil(
        personal_id=row.personal_id or row.code,
        code=row.code,
        name=row.name,
        birth_date=row.birth_date or "",
        sex=row.sex or Sex.MALE,
        ethnic_group=row.ethnic_group,
        nationality=row.nationality,
        birthplace=row.birthplace,
        residence=row.residence,
        disability=row.disability,
        father=row.father,
        mother=row.mother,
    )


LONG_NAME = "Tôn Nữ Công Tằng Hoàng Nguyễn Thị Ngọc Phương Thảo Nguyên Quỳnh Anh"
LONG_SUBJECT = "Môn học có tên rất dài để xem bảng có giữ được không, số"


def extreme_book(*, pupils: int = 55, subjects: int = 17) -> ClassBook:
    """Too much of everything: long names, remarks of 1,000 characters, words without a blank, missing values."""
    usual = sample_book()
    school = replace(
        usual.school, name="Trường Tiểu học, Trung học cơ sở và Trung học phổ thông Quốc tế " * 2
    )
    first = usual.pupils[0].pupil
    people = tuple(_long_pupil(first, number) for number in range(pupils))
    teacher = StaffMember(code="GV0099", name=LONG_NAME)
    remarks = ["Em có nhiều tiến bộ trong học tập. " * 28, "W" * 1000, "Ẵ" * 1000, "", "Chăm."]
    sheets = tuple(
        _long_sheet(usual.sheets[0], school, people, teacher, number, term, remarks)
        for term in (1, 2)
        for number in range(subjects)
    )
    assert usual.year is not None
    row = replace(usual.year.rows[0], promotion="RETEST", homeroom_remark="Trung thực. " * 80)
    year = replace(
        usual.year,
        identity=replace(usual.year.identity, school=school),
        rows=tuple(
            replace(row, personal_id=each.pupil.personal_id, name=each.pupil.name) for each in people[:-1]
        ),
    )
    return replace(
        usual,
        school=school,
        pupils=people,
        homeroom_teacher=teacher,
        principal=replace(teacher, title="Hiệu trưởng"),
        sheets=sheets,
        terms=(),
        year=year,
    )


def _long_pupil(pupil: Pupil, number: int) -> BookPupil:
    changed = replace(
        pupil,
        personal_id=f"{79313000000 + number:012}",
        name=("W" * 40 if number % 7 == 3 else f"{LONG_NAME} {number:03}"),
        birth_date="2013" if number % 5 == 0 else pupil.birth_date,
        birthplace="Bệnh viện Đa khoa khu vực huyện Quan Hoá, tỉnh Thanh Hoá",
        ethnic_group="Pu Péo (nhóm địa phương)",
        residence="242 đường số 25, Phường Gò Vấp, " * 8,
        policy="Con của người hưởng chính sách như thương binh " * 3,
    )
    return BookPupil(
        pupil=changed,
        father_contact="0900000000, nguoicodiachithudientuthatdai.khongdaucachnao@truonghoc.example.vn",
        changes="Chuyển đến từ trường khác theo quyết định số 12 ngày 01 tháng 10. " * 3,
    )


def _long_sheet(
    usual: SubjectSheet,
    school: School,
    people: tuple[BookPupil, ...],
    teacher: StaffMember,
    number: int,
    term: int,
    remarks: list[str],
) -> SubjectSheet:
    comment = number < 4
    result = "CD" if comment else "10.0"
    rows = []
    for index, each in enumerate(people):
        if (index + number) % 11 == 0:
            continue
        missing = (index + number) % 9 == 0
        rows.append(
            PupilMarks(
                personal_id=each.pupil.personal_id,
                pupil_code=f"79240{index:05}",
                name=each.pupil.name,
                regular=() if missing else ("D", "CD") if comment else ("10.0",) * 5,
                midterm=None if missing else result,
                final=None if missing else result,
                term_result=None if missing else result,
                year_result=None if missing or term == 1 else result,
                after_retest=result if term == 2 else None,
                remark=remarks[index % 5] if number == 5 else "",
            )
        )
    return replace(
        usual,
        identity=replace(usual.identity, school=school),
        subject_code=f"MON{number}",
        subject_name=f"{LONG_SUBJECT} {number}",
        kind="comment" if comment else "score",
        term=term,
        teachers=(teacher,) * 4,
        rows=tuple(rows),
    )


def sample_summary(class_name: str, time: int) -> PrimarySummary:
    """A class of the primary sample at one time of the year (0 to 3), filled from its workbooks."""
    data = sample("tieuhoc")
    people = {row.code: row for row in data.pupils if row.class_name == class_name}
    rows = [row for row in data.primary if (row.class_name, row.time) == (class_name, time)]
    homeroom = next(row for row in data.homerooms if row.class_name == class_name)
    leader = next(row for row in data.staff if row.post == "Hiệu trưởng")
    return PrimarySummary(
        school=School(code=data.school.code, name=data.school.name, level="TH", province="TP. Hồ Chí Minh"),
        school_year=data.school.school_year,
        class_name=class_name,
        grade=int(class_name[0]),
        time=time,
        homeroom_teacher=StaffMember(code=homeroom.staff_code, name=homeroom.staff_name),
        principal=StaffMember(code=leader.code, name=leader.name, title="Hiệu trưởng"),
        pupils=tuple(_primary_pupil(people[row.pupil_code], row) for row in rows),
    )


def _primary_pupil(person: PupilRow, row: PrimaryRow) -> PrimaryPupil:
    return PrimaryPupil(
        pupil_code=row.pupil_code,
        name=person.name,
        birth_date=person.birth_date or "",
        sex=person.sex or Sex.MALE,
        levels={each.code: each.level for each in row.subjects},
        tests={each.code: each.test for each in row.subjects},
        traits=dict(row.traits),
        absences_excused=row.absences_excused,
        absences_unexcused=row.absences_unexcused,
        overall=row.overall,
        completed=row.completed,
        promoted=row.promoted,
        award=row.award,
    )
