"""What documents are made of, drafts of them, and the parts that documents of every level have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from hocba.documents.class_record import ClassIdentity
from hocba.documents.transcript import Digest
from hocba.tracking.roster import queries as roster

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from hocba.documents import people
    from hocba.documents.any_level import AnyClassRecord
    from hocba.documents.people import StaffMember
    from hocba.tracking.gradebook import queries as gradebook
    from hocba.tracking.sealing.models import Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """What the documents of one class are made of."""

    school: people.School
    book: gradebook.Book
    teachers: Mapping[roster.Cell, tuple[StaffMember, ...]]
    homeroom: StaffMember | None
    principal: StaffMember | None


class Part(NamedTuple):
    """What is asked of a document of a class to say whether its parent can be made, and to make it: columns of it."""

    pk: int
    class_name: str
    kind: str
    subject_code: str
    term: int
    state: str
    file_digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A document as it would be frozen, who must sign it, and what is missing (then `value` may be None)."""

    value: AnyClassRecord | None
    signers: dict[str, list[str]]
    problems: tuple[str, ...]


def without_homeroom(sources: Sources, problems: list[str]) -> Draft:
    """A draft without a value: nobody could sign it as homeroom teacher, or as principal."""
    if sources.homeroom is None:
        problems = [*problems, f"Lớp {sources.book.group.name} chưa được phân công giáo viên chủ nhiệm."]
    return Draft(value=None, signers={}, problems=tuple(problems))


def problems_of_untaught(sources: Sources, term: int, expected: Iterable[str] = ()) -> list[str]:
    """Subjects of a term that nobody is assigned to: those with marks, and those that are `expected`.

    Left out in silence, what was entered would be lost to the record.
    """
    group = sources.book.group
    entered = {code for code, of_term in sources.book.marks if of_term == term}
    wanted = dict.fromkeys((*expected, *sorted(entered)))
    return [
        f"Chưa phân công giáo viên dạy môn {roster.subject_name(code, group.level, group.school_year)} "
        f"{roster.term_name(term)}" + (", môn này đã có điểm, đánh giá." if code in entered else ".")
        for code in wanted
        if roster.Cell(group.name, code, term) not in sources.teachers
    ]


def identity(document: Document, sources: Sources, regulation: str) -> ClassIdentity:
    """Which class of which school and year a document is about."""
    group = sources.book.group
    return ClassIdentity(
        id=str(document.uuid),
        version=document.version,
        school=sources.school,
        school_year=group.school_year,
        class_name=group.name,
        grade=group.grade,
        regulation=regulation,
    )


def sheets_in_order(sources: Sources, sheets: Iterable[Part]) -> tuple[tuple[str, Digest], ...]:
    """Subject codes and digests of signed sheets, in the order of the official forms."""
    order = {code: place for place, code in enumerate(sources.book.group.subjects)}
    children = sorted(sheets, key=lambda sheet: order.get(sheet.subject_code, len(order)))
    return tuple((child.subject_code, _digest(child)) for child in children)


def terms_in_order(terms: Iterable[Part]) -> tuple[tuple[int, Digest], ...]:
    """Numbers and digests of signed terms."""
    return tuple((child.term, _digest(child)) for child in sorted(terms, key=lambda each: each.term))


def signers_of_year(sources: Sources, homeroom: StaffMember, principal: StaffMember) -> dict[str, list[str]]:
    """Who signs a year, by slot: homeroom teacher, leadership, the school's seal."""
    return {
        "homeroom_teacher": [homeroom.code],
        "principal": [principal.code],
        "seal": [sources.school.code],
    }


def _digest(part: Part) -> Digest:
    return Digest(algorithm="sha256", value=part.file_digest)
