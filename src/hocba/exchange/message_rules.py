"""What the annotations of the messages cannot say: shapes of text, and rules that join several fields."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from hocba.documents.class_record import PupilMarks
from hocba.documents.people import Pupil, Relative, School, StaffMember
from hocba.documents.primary import PrimaryMarks
from hocba.documents.xml import simple_types as t
from hocba.documents.xml.shared import of_kind
from hocba.exchange.json_codec import MessageProblem
from hocba.exchange.message_types import (
    ApprovedCertificate,
    ApprovedCertificates,
    Assignment,
    CertificateChanges,
    CertificateDeclaration,
    ClassRecordFile,
    ClassRecordNotice,
    DeclaredCertificate,
    DeclaredCertificates,
    DeclaredStanding,
    DutyEnding,
    Homeroom,
    LogInclusion,
    Receipt,
    RegisterEntry,
    RegisterVersion,
    ReportedPrimaryResults,
    ReportedResults,
    ReturnedResults,
    ReturnedSheet,
    Roster,
    RosterClass,
    RosterPupil,
    RosterStaff,
    TrustBundle,
)

_HEX_DIGEST = t.Pattern(r"[0-9a-f]{64}", "giá trị băm SHA-256 dạng thập lục phân")
_BASE64 = t.Pattern(r"[A-Za-z0-9+/]+={0,2}", "dữ liệu base64 trên một dòng")
_PEM = t.Pattern(
    r"-----BEGIN CERTIFICATE-----\n([A-Za-z0-9+/=]+\n)+-----END CERTIFICATE-----\n?", "một chứng thư dạng PEM"
)

_MARKS = ("midterm", "final", "term_result", "year_result", "after_retest")

_PUPILS_ROW: dict[str, t.SimpleType] = {
    "personal_id": t.PERSONAL_ID,
    "pupil_code": t.IDENTIFIER,
    "name": t.NAME,
    "remark": t.REMARK,
}
_RESULTS: dict[str, t.SimpleType] = {
    "school": t.IDENTIFIER,
    "school_year": t.SCHOOL_YEAR,
    "class_name": t.SHORT,
    "subject_code": t.SUBJECT_CODE,
    "subject_name": t.NAME,
    "term": t.TERM,
}

SHAPES: dict[tuple[type, str], t.SimpleType] = {
    (School, "code"): t.IDENTIFIER,
    (School, "name"): t.NAME,
    (School, "level"): t.SCHOOL_LEVEL,
    (StaffMember, "code"): t.IDENTIFIER,
    (StaffMember, "name"): t.NAME,
    (StaffMember, "title"): t.NAME,
    (Relative, "name"): t.NAME,
    (Relative, "occupation"): t.NAME,
    (Pupil, "personal_id"): t.PERSONAL_ID,
    (Pupil, "code"): t.IDENTIFIER,
    (Pupil, "name"): t.NAME,
    (Pupil, "birth_date"): t.BIRTH_DATE,
    (Pupil, "ethnic_group"): t.SHORT,
    (Pupil, "nationality"): t.SHORT,
    (Pupil, "birthplace"): t.ADDRESS,
    (Pupil, "residence"): t.ADDRESS,
    (Pupil, "policy"): t.ADDRESS,
    (Pupil, "disability"): t.ADDRESS,
    **dict.fromkeys([(PupilMarks, name) for name in _MARKS], t.MARK),
    (PupilMarks, "regular"): t.MARK,
    **dict.fromkeys([(PrimaryMarks, name) for name in ("middle_level", "end_level")], t.SUBJECT_LEVEL),
    **dict.fromkeys([(PrimaryMarks, name) for name in ("middle_test", "end_test")], t.TEST_MARK),
    **{(row, name): shape for row in (PupilMarks, PrimaryMarks) for name, shape in _PUPILS_ROW.items()},
    (RosterStaff, "personal_id"): t.PERSONAL_ID,
    (RosterStaff, "subjects"): t.SUBJECT_CODE,
    (RosterClass, "name"): t.SHORT,
    (RosterClass, "grade"): t.GRADE,
    (RosterPupil, "class_name"): t.SHORT,
    (RosterPupil, "electives"): t.SUBJECT_CODE,
    (Assignment, "subject_code"): t.SUBJECT_CODE,
    (Assignment, "subject_name"): t.NAME,
    (Assignment, "term"): t.TERM,
    (Assignment, "teacher"): t.IDENTIFIER,
    (Homeroom, "teacher"): t.IDENTIFIER,
    (Roster, "school_year"): t.SCHOOL_YEAR,
    **{
        (results, name): shape
        for results in (ReportedResults, ReportedPrimaryResults)
        for name, shape in _RESULTS.items()
    },
    (ReturnedResults, "school"): t.IDENTIFIER,
    (ReturnedResults, "school_year"): t.SCHOOL_YEAR,
    (ReturnedResults, "class_name"): t.SHORT,
    (ReturnedSheet, "subject_code"): t.SUBJECT_CODE,
    (ReturnedSheet, "term"): t.TERM,
    (CertificateDeclaration, "school"): t.IDENTIFIER,
    (DeclaredCertificate, "der"): _BASE64,
    (DeclaredCertificate, "holder"): t.IDENTIFIER,
    (DutyEnding, "school"): t.IDENTIFIER,
    (DutyEnding, "holder"): t.IDENTIFIER,
    (DutyEnding, "record"): t.SHORT,
    (DeclaredCertificates, "school"): t.IDENTIFIER,
    (DeclaredStanding, "holder"): t.IDENTIFIER,
    **{(DeclaredStanding, name): _HEX_DIGEST for name in ("sha256", "follows")},
    (RegisterVersion, "school"): t.IDENTIFIER,
    (RegisterVersion, "version"): t.Whole(1, 2**53),
    **{(CertificateChanges, name): t.Whole(0, 2**53) for name in ("since", "version", "bundle")},
    (ApprovedCertificates, "school"): t.IDENTIFIER,
    (ApprovedCertificate, "sha256"): _HEX_DIGEST,
    (ApprovedCertificate, "holder"): t.IDENTIFIER,
    (TrustBundle, "anchors"): _PEM,
    (TrustBundle, "crls"): _BASE64,
    (TrustBundle, "ocsp"): _BASE64,
    (TrustBundle, "trust_list"): _BASE64,
    (TrustBundle, "trust_list_signature"): _BASE64,
    (ClassRecordFile, "subject_code"): t.SUBJECT_CODE,
    (ClassRecordFile, "term"): t.TERM,
    (ClassRecordFile, "length"): t.LENGTH,
    (ClassRecordNotice, "record_id"): t.UUID_TEXT,
    (ClassRecordNotice, "school"): t.IDENTIFIER,
    (ClassRecordNotice, "school_year"): t.SCHOOL_YEAR,
    (ClassRecordNotice, "class_name"): t.SHORT,
    (ClassRecordNotice, "grade"): t.GRADE,
    (LogInclusion, "index"): t.Whole(0, 2**53),
    (LogInclusion, "size"): t.Whole(1, 2**53),
    (Receipt, "transcript_id"): t.UUID_TEXT,
    (Receipt, "school"): t.IDENTIFIER,
    (RegisterEntry, "transcript_id"): t.UUID_TEXT,
    **{
        # What a database column of whole numbers holds; nobody numbers messages so high.
        (kind, "version"): t.Whole(1, 2**31 - 1)
        for kind in (
            Roster,
            ReportedResults,
            ReportedPrimaryResults,
            CertificateDeclaration,
            ApprovedCertificates,
            TrustBundle,
        )
    },
    **{(kind, "version"): t.VERSION for kind in (ClassRecordNotice, Receipt, RegisterEntry)},
    (RegisterEntry, "replaced_by"): t.VERSION,
}
"""Narrower shapes of fields, by class and name; the same bounds as in the schemas of the documents."""

MAY_BE_EMPTY: frozenset[tuple[type, str]] = frozenset(
    {
        (Pupil, "code"),
        (Pupil, "personal_id"),
        (PupilMarks, "pupil_code"),
        (PupilMarks, "personal_id"),
        (PrimaryMarks, "pupil_code"),
        (PrimaryMarks, "personal_id"),
    }
)
"""Required fields that may be "".

A new pupil has no code of the sector database for some time, a foreign pupil perhaps no personal ID: neither may keep
a whole school waiting. What is signed names every pupil by the number, so the documents refuse an empty one.
"""


def _roster_rules(roster: Roster) -> Iterable[MessageProblem]:
    staff = [each.member.code for each in roster.staff]
    classes = [each.name for each in roster.classes]
    yield from _doubled("/staff", staff)
    yield from _doubled("/classes", classes)
    yield from _doubled("/pupils", [each.pupil.personal_id for each in roster.pupils])
    named: tuple[tuple[str, Sequence[RosterPupil | Assignment | Homeroom]], ...] = (
        ("/pupils", roster.pupils),
        ("/assignments", roster.assignments),
        ("/homerooms", roster.homerooms),
    )
    for pointer, rows in named:
        yield from _unknown(pointer, "class_name", [row.class_name for row in rows], classes)
    yield from _unknown("/assignments", "teacher", [row.teacher for row in roster.assignments], staff)
    yield from _unknown("/homerooms", "teacher", [row.teacher for row in roster.homerooms], staff)


def _results_rules(results: ReportedResults) -> Iterable[MessageProblem]:
    yield from _doubled("/rows", [row.personal_id for row in results.rows])
    for index, row in enumerate(results.rows):
        marks = (*row.regular, row.midterm, row.final, row.term_result, row.year_result, row.after_retest)
        for message in of_kind(results.kind, marks):
            yield MessageProblem(f"/rows/{index}", message)


def _primary_results_rules(results: ReportedPrimaryResults) -> Iterable[MessageProblem]:
    yield from _doubled("/rows", [row.personal_id for row in results.rows])


def _returned_results_rules(results: ReturnedResults) -> Iterable[MessageProblem]:
    yield from _doubled("/sheets", [f"{sheet.subject_code}/{sheet.term}" for sheet in results.sheets])
    for index, sheet in enumerate(results.sheets):
        if bool(sheet.xml) is bool(sheet.problems):
            yield MessageProblem(f"/sheets/{index}", "phải có nội dung XML hoặc lý do thiếu, một trong hai")


def _unknown(pointer: str, field: str, keys: Sequence[str], known: Sequence[str]) -> Iterable[MessageProblem]:
    names = set(known)
    for index, key in enumerate(keys):
        if key not in names:
            yield MessageProblem(f"{pointer}/{index}/{field}", f"{key} không có trong danh sách đi kèm")


def _doubled(pointer: str, keys: Sequence[str]) -> Iterable[MessageProblem]:
    seen: set[str] = set()
    for index, key in enumerate(keys):
        if key and key in seen:
            yield MessageProblem(f"{pointer}/{index}", f"{key} xuất hiện nhiều lần")
        seen.add(key)


RULES: dict[type[Any], Callable[[Any], Iterable[MessageProblem]]] = {
    Roster: _roster_rules,
    ReportedResults: _results_rules,
    ReportedPrimaryResults: _primary_results_rules,
    ReturnedResults: _returned_results_rules,
}
