"""Signed class records of the school in `transcripts`: subject sheet, term record, year record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from lxml import etree

from hocba.documents import class_record_xml
from hocba.documents.any_level import AnyClassRecord, AnySubjectSheet, AnyYearRecord
from hocba.documents.class_record import (
    ClassIdentity,
    PupilMarks,
    PupilTerm,
    PupilYear,
    SubjectSheet,
    TermRecord,
    YearRecord,
)
from hocba.signing.keys.pkcs12 import SoftwareKey
from tests.factories import transcripts
from tests.factories.transcripts import Act, SchoolKeys

Value = AnyClassRecord


def identity(number: int) -> ClassIdentity:
    return ClassIdentity(
        id=f"7f000000-0000-4000-8000-{number:012x}",
        version=1,
        school=transcripts.SCHOOL,
        school_year="2025-2026",
        class_name="6A1",
        grade=6,
        regulation="TT22-2021",
    )


def sheet(*teachers: str) -> SubjectSheet:
    return SubjectSheet(
        identity=identity(1),
        subject_code="LSDL",
        subject_name="Lịch sử và Địa lí",
        kind="score",
        term=1,
        teachers=tuple(transcripts.staff(code) for code in teachers or ("GV0004", "GV0005")),
        rows=(
            PupilMarks(
                personal_id="079214000123",
                pupil_code="HS0001",
                name="Trần Minh Anh",
                regular=("8.0", "9.5"),
                midterm="7.5",
                final="8.0",
                term_result="8.1",
            ),
        ),
    )


def term(sheet_file: bytes) -> TermRecord:
    return TermRecord(
        identity=identity(2),
        term=1,
        homeroom_teacher=transcripts.staff(transcripts.HOMEROOM),
        sheets=(("LSDL", class_record_xml.file_digest(sheet_file)),),
        rows=(
            PupilTerm(
                personal_id="079214000123", pupil_code="HS0001", name="Trần Minh Anh",
                learning="KHA", conduct="TOT",
            ),
        ),
    )  # fmt: skip


def year(term_file: bytes) -> YearRecord:
    return YearRecord(
        identity=identity(3),
        homeroom_teacher=transcripts.staff(transcripts.HOMEROOM),
        principal=transcripts.staff(transcripts.PRINCIPAL),
        terms=((1, class_record_xml.file_digest(term_file)),),
        rows=(
            PupilYear(
                personal_id="079214000123", pupil_code="HS0001", name="Trần Minh Anh",
                learning="KHA", conduct="TOT", absences_excused=1, absences_unexcused=0, promotion="PROMOTED",
            ),
        ),
    )  # fmt: skip


def acts(value: Value) -> list[Act]:
    region = (f"#{class_record_xml.data_id(value.identity.id, value.identity.version)}",)
    at = transcripts.SIGNED
    if isinstance(value, AnySubjectSheet):
        return [Act("subject_teacher", teacher.code, region, at) for teacher in value.teachers]
    found = [Act("homeroom_teacher", value.homeroom_teacher.code, region, at)]
    if isinstance(value, AnyYearRecord):
        found.append(Act("principal", value.principal.code, region, at + timedelta(minutes=1)))
        found.append(Act("seal", value.identity.school.code, ("",), at + timedelta(minutes=2)))
    return found


def sign(
    keys: SchoolKeys,
    value: Value,
    *,
    plan: Sequence[Act] | None = None,
    override: Mapping[str, SoftwareKey] | None = None,
    at: datetime | None = None,
) -> bytes:
    """The signed file of a class record."""
    holders = {**keys.keys, **(override or {})}
    kind, data = class_record_xml.kind_of(value), class_record_xml.data_xml(value)
    unsigned = etree.fromstring(class_record_xml.assemble(kind, data, class_record_xml.Signatures()))
    made: dict[str, list[bytes]] = {"subject_teacher": [], "homeroom_teacher": [], "principal": []}
    planned = acts(value) if plan is None else plan
    for number, act in enumerate(planned):
        if act.role != "seal":
            made[act.role].append(transcripts.sign_act(holders[act.holder], act, number, unsigned))
    file = class_record_xml.assemble(
        kind,
        data,
        class_record_xml.Signatures(
            subject_teachers=tuple(made["subject_teacher"]),
            homeroom=next(iter(made["homeroom_teacher"]), None),
            principal=next(iter(made["principal"]), None),
        ),
    )
    return transcripts.seal(holders, planned, file)
