"""The messages between the sides as frozen dataclasses, with the parts they are made of.

Each record that can be sent again carries a growing `version`, so that delivery twice is harmless and a late
one is known to be late. Personal data travel only in `Roster` and in reported results.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from hocba.documents.class_record import PupilMarks
from hocba.documents.people import Pupil, School, StaffMember
from hocba.documents.primary import PrimaryMarks
from hocba.documents.transcript import Digest

HolderKind = Literal["person", "organisation"]
Position = Literal["teacher", "leader", "seal"]
DeclaredStatus = Literal["DECLARED", "APPROVED", "REFUSED", "REVOKED"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterStaff:
    """A member of staff. `personal_id` is for matching a signer's certificate; no document prints it."""

    member: StaffMember
    personal_id: str = ""
    email: str = ""
    subjects: tuple[str, ...] = ()
    active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterClass:
    """A class group of the year."""

    name: str
    grade: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterPupil:
    """A pupil's particulars and place; `status` in the words of the sector database.

    `electives` are the codes of the subjects the pupil has chosen; those everybody takes are not among them.
    """

    pupil: Pupil
    class_name: str
    status: str = "Đang học"
    electives: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """Who teaches a subject to a class in a term; several rows when several teach it."""

    class_name: str
    subject_code: str
    subject_name: str
    kind: Literal["score", "comment"]
    term: int
    teacher: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Homeroom:
    """The homeroom teacher of a class."""

    class_name: str
    teacher: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """A school and its year: flow from the sector database to tracking and transcripts."""

    school: School
    school_year: str
    version: int
    issued_at: datetime
    staff: tuple[RosterStaff, ...]
    classes: tuple[RosterClass, ...]
    pupils: tuple[RosterPupil, ...]
    assignments: tuple[Assignment, ...]
    homerooms: tuple[Homeroom, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedResults:
    """Marks of one class, subject and term as they stand: from tracking to the sector database (R183)."""

    school: str
    school_year: str
    class_name: str
    subject_code: str
    subject_name: str
    kind: Literal["score", "comment"]
    term: int
    version: int
    updated_at: datetime
    rows: tuple[PupilMarks, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedPrimaryResults:
    """Levels and tests of one class of tiểu học, subject and term as they stand: to the sector database (R183)."""

    school: str
    school_year: str
    class_name: str
    subject_code: str
    subject_name: str
    term: int
    version: int
    updated_at: datetime
    rows: tuple[PrimaryMarks, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedSheet:
    """What the sector database has of one subject and term: the sheet as XML, or what keeps it from being written."""

    subject_code: str
    term: int
    xml: str = ""
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnedResults:
    """The results of a class on their way back (kết chuyển): one sheet for each subject and term reported."""

    school: str
    school_year: str
    class_name: str
    sheets: tuple[ReturnedSheet, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredCertificate:
    """A certificate to be approved: DER in base64, its holder (staff or school code), what it is for."""

    der: str
    holder: str
    name: str
    kind: HolderKind
    positions: tuple[Position, ...]
    valid_from: datetime
    valid_until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateDeclaration:
    """All certificates a school declares to the Sở (R115); a later version replaces the earlier one."""

    school: str
    school_name: str
    version: int
    declared_at: datetime
    certificates: tuple[DeclaredCertificate, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredStep:
    """One step in the life of a declared certificate; `reason` is what the Sở wrote to it."""

    status: DeclaredStatus
    at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredStanding:
    """What became of one declared certificate. `sha256` is the hex digest of its DER, `serial` is hexadecimal too.

    `follows` is the digest of the certificate that it renews. `revoked_at` is the end of the Sở's approval,
    `authority_revoked_at` that of the certificate itself, by its authority.
    """

    sha256: str
    holder: str
    name: str
    kind: HolderKind
    positions: tuple[Position, ...]
    serial: str
    valid_from: datetime
    valid_until: datetime
    status: DeclaredStatus
    history: tuple[DeclaredStep, ...]
    issuer: str = ""
    follows: str | None = None
    revoked_at: datetime | None = None
    authority_revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredCertificates:
    """Everything a school ever declared, and what the Sở answered (Quy chế Điều 21.8)."""

    school: str
    certificates: tuple[DeclaredStanding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyEnding:
    """Somebody leaves: from `ends_at` on their certificates sign nothing for this school (Quy chế Điều 16.2).

    `handed_over` says that the device was handed over, `record` is the number of the minutes; nobody else may sign
    with it (Điều 7.3).
    """

    school: str
    holder: str
    ends_at: datetime
    reported_at: datetime
    handed_over: bool
    record: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovedCertificate:
    """A certificate approved by the Sở: `sha256` is the hex digest of its DER."""

    sha256: str
    holder: str
    name: str
    kind: HolderKind
    positions: tuple[Position, ...]
    valid_from: datetime
    valid_until: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovedCertificates:
    """The register of approved certificates of one school, as in `DIR/trust/*.json`."""

    version: int
    school: str
    school_name: str
    updated_at: datetime
    certificates: tuple[ApprovedCertificate, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterVersion:
    """That the register of a school, or what became of its declarations, changed; `version` grows with each change."""

    school: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateChanges:
    """What changed at the Sở after the version `since`: registers of schools, and (`bundle`) the trust bundle.

    One numbering for all of it; `version` is the newest. Who has followed until `version` asks from there next time.
    """

    since: int
    version: int
    bundle: int | None
    registers: tuple[RegisterVersion, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustBundle:
    """What every side works with: authorities (PEM), revocation lists and OCSP answers (DER in base64).

    `trust_list` is the list of authorities with its octets, and the signature of the signer whom the Sở pinned, both
    in base64; with it, the authorities are those it names.
    """

    version: int
    issued_at: datetime
    anchors: tuple[str, ...]
    crls: tuple[str, ...]
    ocsp: tuple[str, ...] = ()
    trust_list: str | None = None
    trust_list_signature: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassRecordFile:
    """One signed file of a class record: root element, subject and term it is about, digest and length."""

    kind: Literal["SoMonHoc", "SoHocKy", "SoNamHoc"]
    subject_code: str | None
    term: int | None
    digest: Digest
    length: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassRecordNotice:
    """A class record is sealed: `digest` is that of the sealed year file, `files` are all of the tree."""

    record_id: str
    version: int
    school: str
    school_year: str
    class_name: str
    grade: int
    digest: Digest
    files: tuple[ClassRecordFile, ...]
    sealed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LogInclusion:
    """Where a leaf stands in the log: its index, the tree's size and root, the proof, the signed note."""

    index: int
    size: int
    root: Digest
    proof: tuple[Digest, ...]
    checkpoint: str


class RegisterStatus(StrEnum):
    """What the register says of a transcript version."""

    CURRENT = "CURRENT"
    REVOKED = "REVOKED"
    REPLACED = "REPLACED"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The city's answer to an accepted transcript; the same file gets the same receipt again."""

    transcript_id: str
    version: int
    school: str
    xml: Digest
    pdf: Digest
    record: Digest
    class_record: Digest
    accepted_at: datetime
    status: RegisterStatus
    log: LogInclusion


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterEntry:
    """Status of a transcript version. Everything but the status is null when it is not registered."""

    transcript_id: str
    version: int
    status: RegisterStatus
    since: datetime | None = None
    xml: Digest | None = None
    pdf: Digest | None = None
    record: Digest | None = None
    replaced_by: int | None = None
