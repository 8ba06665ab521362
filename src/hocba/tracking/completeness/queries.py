"""The report of classes: drafts of the class record, particulars, remarks, certificates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hocba.documents import labels
from hocba.documents.workbooks import quality
from hocba.signing import approvals
from hocba.tracking.completeness.items import Item
from hocba.tracking.gradebook import queries as gradebook
from hocba.tracking.roster import queries as roster
from hocba.tracking.sealing import outlook as sealing
from hocba.tracking.sealing import workflow
from hocba.tracking.sealing.queries import Kind, list_states
from hocba.tracking.sealing.workflow import Slot

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from hocba.documents.people import Pupil, StaffMember
    from hocba.tracking.sealing.outlook import Outlook

OFFICE: Final = "Nhân viên học vụ"
CLERK: Final = "Nhân viên văn thư"
SYSTEM: Final = "Quản trị viên"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassReport:
    """What a class lacks; `is_sealed` when its record is finished, and nothing can be added any more."""

    group: roster.Class
    is_sealed: bool
    items: tuple[Item, ...]

    @property
    def blocking(self) -> int:
        """How many things stop the sealing."""
        return sum(item.blocking for item in self.items)

    @property
    def warnings(self) -> int:
        """How many things only have to be seen."""
        return len(self.items) - self.blocking


def reports_of(
    school_code: str, school_year: str, *, at: datetime, class_name: str | None = None
) -> list[ClassReport]:
    """The reports of all classes of a year, or of one, as things are at that moment."""
    groups = [
        group for group in roster.list_classes(school_code, school_year) if class_name in {None, group.name}
    ]
    sealed = {
        state.class_name
        for state in list_states(school_code, school_year, class_name)
        if state.kind == Kind.YEAR and state.is_done
    }
    particulars = roster.particulars_of(school_code, school_year)
    staff = _Staff.of(school_code)
    return [
        ClassReport(group=group, is_sealed=True, items=())
        if group.name in sealed
        else _Reporter(group, staff, at).report(particulars.get(group.name, ()))
        for group in groups
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Staff:
    """Who can be asked to act, and who holds which approved certificate."""

    names: Mapping[str, StaffMember]
    posts: Mapping[str, Sequence[StaffMember]]
    principal: StaffMember | None
    approved: Sequence[approvals.Approval]

    @classmethod
    def of(cls, school_code: str) -> _Staff:
        _, register = roster.newest_copies(school_code)
        return cls(
            names=roster.staff_by_code(school_code),
            posts={post: roster.members_with_post(school_code, post) for post in (OFFICE, CLERK, SYSTEM)},
            principal=roster.principal_of(school_code),
            approved=approvals.read_register(roster.register_content(register))[1] if register else (),
        )

    def with_post(self, post: str) -> str:
        """Everybody with a post, and the post."""
        return _named(self.posts[post], post)

    def leader(self) -> str:
        """The principal."""
        return _named([self.principal] if self.principal else [], "Hiệu trưởng")

    def signer(self, code: str) -> str:
        """The name of who signs under a code."""
        return self.names[code].name if code in self.names else code


@dataclass(frozen=True, slots=True)
class _Reporter:
    """Collects what one class lacks."""

    group: roster.Class
    staff: _Staff
    at: datetime

    def report(self, pupils: Iterable[Pupil]) -> ClassReport:
        documents = sealing.outlook_of(self.group)
        items = [
            *self._people(pupils),
            *self._documents(documents),
            *self._reports(),
            *self._remarks(),
            *self._certificates(documents),
        ]
        return ClassReport(group=self.group, is_sealed=False, items=tuple(items))

    def _people(self, pupils: Iterable[Pupil]) -> Iterator[Item]:
        start = int(self.group.school_year[:4])
        for pupil in pupils:
            for found in quality.of_pupil(pupil, grade=self.group.grade, school_year_start=start):
                yield Item(
                    cause=found.cause,
                    who=self.staff.with_post(OFFICE),
                    blocking=found.blocking,
                    text=f"{pupil.name} ({pupil.code}): {found.sentence(_value(pupil, found.field))}",
                )

    def _documents(self, documents: Iterable[Outlook]) -> Iterator[Item]:
        for each in documents:
            place, who = self._place(each), self._who(each)
            for cause, texts in (
                (f"Chưa đủ để ký {place}", each.missing),
                (f"Sai lệch với CSDL ngành: {place}", each.differences),
            ):
                for text in texts:
                    yield Item(cause=cause, who=who, blocking=True, text=text, subject_code=each.subject_code)

    def _place(self, document: Outlook) -> str:
        if document.kind == Kind.SUBJECT:
            return f"sổ môn {self._subject(document.subject_code)}, {roster.term_name(document.term)}"
        return "sổ cả năm" if document.kind == Kind.YEAR else f"sổ {roster.term_name(document.term)}"

    def _who(self, document: Outlook) -> str:
        slot = Slot.SUBJECT_TEACHER if document.kind == Kind.SUBJECT else Slot.HOMEROOM_TEACHER
        codes = document.signers.get(slot, ())
        if not codes:  # nobody is assigned: that is for the principal to mend
            return self.staff.leader()
        return _named([self.staff.names[code] for code in codes if code in self.staff.names], _ROLES[slot])

    def _reports(self) -> Iterator[Item]:
        states = gradebook.states_of(self.group.school_code, self.group.school_year, [self.group.name])
        for (_, code, term), state in sorted(states.items()):
            if code == gradebook.SUMMARY or state.version == 0 or state.is_reported:
                continue
            text = f"Môn {self._subject(code)}, {roster.term_name(term)}"
            yield Item(
                cause="CSDL ngành chưa nhận kết quả",
                who=self.staff.with_post(SYSTEM),
                blocking=True,
                text=f"{text}: {state.report_problem}" if state.report_problem else text,
                subject_code=code,
            )

    def _remarks(self) -> Iterator[Item]:
        book = gradebook.book_of(self.group)
        teachers = roster.teachers_by_cell(self.group.school_code, self.group.school_year)
        for code in self.group.subjects:
            cells = [teachers.get(roster.Cell(self.group.name, code, term), ()) for term in (2, 1)]
            who = _named(next((each for each in cells if each), ()), _ROLES[Slot.SUBJECT_TEACHER])
            for pupil in _without_remark(book, code):
                yield Item(
                    cause=f"Chưa có nhận xét môn {self._subject(code)}",
                    who=who,
                    blocking=False,
                    text=f"{pupil.name} ({pupil.code})",
                    subject_code=code,
                )
        for pupil in book.pupils:
            summary = book.summaries.get(pupil.code)
            if summary is None or not summary.homeroom_remark:
                yield Item(
                    cause="Chưa có nhận xét của giáo viên chủ nhiệm",
                    who=self._homeroom(),
                    blocking=False,
                    text=f"{pupil.name} ({pupil.code})",
                )

    def _certificates(self, documents: Iterable[Outlook]) -> Iterator[Item]:
        needed = {
            (slot, code): None for each in documents for slot, codes in each.signers.items() for code in codes
        }
        for slot, code in needed:
            position = workflow.POSITIONS[slot]
            if approvals.may_sign(self.staff.approved, holder=code, position=position, at=self.at):
                continue
            yield Item(
                cause="Chưa có chứng thư số được Sở phê duyệt",
                who=self.staff.with_post(CLERK),
                blocking=True,
                text=f"{self.staff.signer(code)}, để ký vai {workflow.SLOT_NAMES[slot]}",
            )

    def _homeroom(self) -> str:
        code = self.group.homeroom_code
        if code not in self.staff.names:
            return self.staff.leader()
        return _named([self.staff.names[code]], _ROLES[Slot.HOMEROOM_TEACHER])

    def _subject(self, code: str) -> str:
        return roster.subject_name(code, self.group.level, self.group.school_year)


_ROLES: Final = {Slot.SUBJECT_TEACHER: "giáo viên bộ môn", Slot.HOMEROOM_TEACHER: "giáo viên chủ nhiệm"}


def _without_remark(book: gradebook.Book, code: str) -> Iterator[roster.PupilName]:
    """Who has no remark in either term: the transcript takes the second term's, or else the first's."""
    for pupil in book.takers_of(code):
        rows = [book.marks.get((code, term), {}).get(pupil.code) for term in (1, 2)]
        if not any(row and row.remark for row in rows):
            yield pupil


def _named(members: Sequence[StaffMember], role: str) -> str:
    names = ", ".join(member.name for member in members)
    return f"{names} ({role[0].lower()}{role[1:]})" if names else role


def _value(pupil: Pupil, field: str) -> str:
    value = getattr(pupil, field)
    return labels.SEXES[value] if field == "sex" else str(value or "")
