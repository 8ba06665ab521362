"""The kinds of XML document there are, and what each asks of its signers, said by its own signed values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocba.documents import class_record_xml, transcript_xml
from hocba.documents.any_level import AnySubjectSheet, AnyTermRecord, AnyYearRecord
from hocba.documents.class_record_xml import ClassRecordKind
from hocba.documents.verification.policies import SUBJECT_SHEET, TERM_RECORD, TRANSCRIPT, YEAR_RECORD
from hocba.documents.verification.signers import Duty, Party
from hocba.signing.xmldsig import WHOLE_DOCUMENT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from lxml import etree

    from hocba.documents.any_level import AnyClassRecord, AnyTranscript
    from hocba.documents.people import School, StaffMember
    from hocba.documents.verification.policies import AllOf
    from hocba.documents.xml.files import Slot
    from hocba.documents.xml.schemas import SchemaProblem

    Value = AnyTranscript | AnyClassRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of file: its root element, how to check and read it, who has to sign it, the rules over all."""

    name: str
    root: str
    validate: Callable[[etree._Element], Sequence[SchemaProblem]]
    slots: Callable[[etree._Element], Mapping[str, Slot]]
    read: Callable[[bytes], Value]
    duties: Callable[[Value, str], tuple[Duty, ...]]
    school: Callable[[Value], School]
    policies: AllOf

    def record_uri(self, slots: Mapping[str, Slot]) -> str:
        """The region the values are read from: what the homeroom teacher signs, or the subject teachers."""
        slot = slots.get("homeroom_teacher") or slots["subject_teacher"]
        return slot.uris[0]


def kind_of(root: etree._Element) -> Kind | None:
    """The kind of file this root element opens, or None when it is none of ours."""
    return _KINDS.get(str(root.tag))


def transcript_covers(role: str, subject: str = "") -> tuple[str, ...]:
    """What a signature of a transcript covers, in words."""
    return {
        "subject_teacher": (f"Kết quả môn {subject}",),
        "homeroom_teacher": ("Toàn bộ hồ sơ học tập của năm học",),
        "principal": ("Toàn bộ hồ sơ học tập của năm học", "Giá trị băm của bản PDF"),
        "seal": ("Toàn bộ học bạ số, kể cả các chữ ký khác",),
    }[role]


def party(member: StaffMember) -> Party:
    """The staff member as one who signs."""
    return Party(member.code, member.name)


def _transcript_duties(value: Value, record_uri: str) -> tuple[Duty, ...]:
    transcript: AnyTranscript = value  # type: ignore[assignment]
    names = {
        transcript_xml.subject_region_id(transcript.id, transcript.version, row.code): row.name
        for row in transcript.subjects
    }
    teachers = {teacher.code: teacher.name for row in transcript.subjects for teacher in row.teachers}
    rows = tuple(
        Duty(
            role="subject_teacher",
            place=f"#{region}",
            party=Party(code, teachers[code]),
            covers=transcript_covers("subject_teacher", names[region]),
        )
        for code, region in transcript_xml.expected_subject_signatures(transcript)
    )
    return (
        *rows,
        _staff_duty("homeroom_teacher", record_uri, transcript.homeroom_teacher),
        _staff_duty("principal", record_uri, transcript.principal),
        _seal_duty(transcript.school, transcript_covers("seal")),
    )


def _staff_duty(role: str, place: str, member: StaffMember, covers: tuple[str, ...] | None = None) -> Duty:
    return Duty(
        role=role,
        place=place,
        party=party(member),
        covers=transcript_covers(role) if covers is None else covers,
    )


def _seal_duty(school: School, covers: tuple[str, ...]) -> Duty:
    return Duty(role="seal", place=WHOLE_DOCUMENT, party=Party(school.code, school.name), covers=covers)


def _class_record_duties(value: Value, record_uri: str) -> tuple[Duty, ...]:
    return tuple(_class_record_duties_of(value, record_uri))


def _class_record_duties_of(value: Value, place: str) -> Iterator[Duty]:
    if isinstance(value, AnySubjectSheet):
        covers: tuple[str, ...] = (f"Sổ môn {value.subject_name}, học kỳ {value.term}",)
        yield from (_staff_duty("subject_teacher", place, each, covers) for each in value.teachers)
    elif isinstance(value, AnyTermRecord):
        covers = (f"Sổ học kỳ {value.term} và các sổ môn học",)
        yield _staff_duty("homeroom_teacher", place, value.homeroom_teacher, covers)
    elif isinstance(value, AnyYearRecord):
        covers = ("Sổ cả năm học và sổ hai học kỳ",)
        yield _staff_duty("homeroom_teacher", place, value.homeroom_teacher, covers)
        yield _staff_duty("principal", place, value.principal, covers)
        yield _seal_duty(value.identity.school, ("Toàn bộ sổ, kể cả các chữ ký khác",))


def _school_of_transcript(value: Value) -> School:
    transcript: AnyTranscript = value  # type: ignore[assignment]
    return transcript.school


def _school_of_record(value: Value) -> School:
    record: AnyClassRecord = value  # type: ignore[assignment]
    return record.identity.school


def _class_record(
    namespace: str, root: ClassRecordKind, read: Callable[[bytes], Value], policies: AllOf
) -> Kind:
    return Kind(
        name="class_record_xml",
        root=f"{{{namespace}}}{root}",
        validate=class_record_xml.validate,
        slots=class_record_xml.slots,
        read=read,
        duties=_class_record_duties,
        school=_school_of_record,
        policies=policies,
    )


def _transcript(namespace: str) -> Kind:
    return Kind(
        name="transcript_xml",
        root=f"{{{namespace}}}HocBa",
        validate=transcript_xml.validate,
        slots=transcript_xml.slots,
        read=transcript_xml.read_record,
        duties=_transcript_duties,
        school=_school_of_transcript,
        policies=TRANSCRIPT,
    )


_CLASS_RECORDS: tuple[tuple[ClassRecordKind, Callable[[bytes], Value], AllOf], ...] = (
    (ClassRecordKind.SUBJECT, class_record_xml.read_subject_sheet, SUBJECT_SHEET),
    (ClassRecordKind.TERM, class_record_xml.read_term_record, TERM_RECORD),
    (ClassRecordKind.YEAR, class_record_xml.read_year_record, YEAR_RECORD),
)
_KINDS = {
    kind.root: kind
    for kind in (
        *(_transcript(namespace) for namespace in transcript_xml.NAMESPACES),
        *(
            _class_record(namespace, *rest)
            for namespace in class_record_xml.NAMESPACES
            for rest in _CLASS_RECORDS
        ),
    )
}
