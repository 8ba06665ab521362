"""A school with real keys, a sealed class record of any size, and both sides told whom to trust."""

from __future__ import annotations

import base64
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from django.utils import timezone
from lxml import etree

from hocba.documents import class_record_xml
from hocba.documents.class_record import (
    ClassIdentity,
    PupilMarks,
    PupilTerm,
    PupilYear,
    SubjectSheet,
    TermRecord,
    YearRecord,
)
from hocba.documents.class_record_xml import ClassRecordKind, Signatures
from hocba.documents.people import Pupil, School, Sex, StaffMember
from hocba.documents.transcript import Digest
from hocba.exchange import messages
from hocba.platform.accounts.actor import Actor
from hocba.platform.files import store
from hocba.platform.tenancy import scope
from hocba.signing import xmldsig
from hocba.signing.demo_ca import DemoAuthority
from hocba.signing.keys.pkcs12 import SoftwareKey
from hocba.transcripts.roles import ROLES
from hocba.transcripts.roster import actions as roster

SCHOOL = School(
    code="79764501",
    name="Trường THCS Hoa Phượng",
    level="THCS",
    ward="Phường Gò Vấp",
    province="TP. Hồ Chí Minh",
)
OTHER_SCHOOL = "79764599"
YEAR = "2025-2026"
STAFF = {
    "CB0001": "Đỗ Văn Minh",
    "VT0001": "Trịnh Thị Thư",
    "GV0001": "Nguyễn Thị Ánh",
    "GV0002": "Trần Văn Bình",
    "GV0003": "Lê Thị Cúc",
    "GV0004": "Phạm Văn Dũng",
    "GV0005": "Hoàng Thị Én",
}
POSTS = {"CB0001": "Hiệu trưởng", "VT0001": "Nhân viên văn thư"}
HOMEROOM = "GV0001"
PRINCIPAL = "CB0001"
CLERK = "VT0001"
SUBJECTS = (
    ("NGUVAN", "Ngữ văn", "score", ("GV0001",)),
    ("TOAN", "Toán", "score", ("GV0002",)),
    ("NN1", "Ngoại ngữ 1", "score", ("GV0003",)),
    ("LSDL", "Lịch sử và Địa lí", "score", ("GV0004", "GV0005")),
    ("TINHOC", "Tin học", "score", ("GV0002",)),
    ("GDTC", "Giáo dục thể chất", "comment", ("GV0005",)),
)
# Enough subjects for the fifteen signatures of a real transcript.
FULL_SUBJECTS = (
    *SUBJECTS,
    ("GDCD", "Giáo dục công dân", "score", ("GV0004",)),
    ("KHTN", "Khoa học tự nhiên", "score", ("GV0003",)),
    ("CONGNGHE", "Công nghệ", "score", ("GV0002",)),
    ("NGHETHUAT", "Nghệ thuật", "comment", ("GV0001",)),
    ("HDTNHN", "Hoạt động trải nghiệm, hướng nghiệp", "comment", ("GV0001",)),
    ("GDDP", "Giáo dục địa phương", "comment", ("GV0003",)),
)
ROLE_OF = {
    "GV0001": ("subject_teacher", "homeroom_teacher"),
    "GV0002": ("subject_teacher",),
    "GV0003": ("subject_teacher",),
    "GV0004": ("subject_teacher",),
    "GV0005": ("subject_teacher",),
    "CB0001": ("principal",),
    "VT0001": ("clerk",),
}


@dataclass(slots=True)
class Keys:
    """The authority and everybody's key; the seal under the school's code."""

    authority: DemoAuthority
    keys: dict[str, SoftwareKey]
    founded: datetime

    def der(self, holder: str) -> bytes:
        return self.keys[holder].certificate.public_bytes(Encoding.DER)


@cache
def keys(*, rsa: bool = False) -> Keys:
    """One school's keys per process: P-256, which is quick to make, or RSA as in life."""
    founded = timezone.now().replace(microsecond=0) - timedelta(days=2)
    authority = DemoAuthority.create(founded, "CA thử nghiệm")
    made = {
        code: authority.issue_person(
            name=name,
            personal_id=f"0790850{number:05d}",
            organisation=SCHOOL.name,
            private_key=None if rsa else ec.generate_private_key(ec.SECP256R1()),
        )
        for number, (code, name) in enumerate(STAFF.items())
    }
    made[SCHOOL.code] = authority.issue_organisation(
        name=SCHOOL.name,
        code=SCHOOL.code,
        private_key=None if rsa else ec.generate_private_key(ec.SECP256R1()),
    )
    return Keys(authority, made, founded)


@dataclass(slots=True)
class SealedBook:
    """The files of a class record: the year, and all below it by digest."""

    record_id: uuid.UUID
    year: bytes
    files: dict[str, bytes]
    pupils: tuple[Pupil, ...]
    value: YearRecord = field(repr=False)

    def store_children(self) -> None:
        for content in self.files.values():
            store.put(content)


def pupils(count: int, first: int = 1) -> tuple[Pupil, ...]:
    return tuple(
        Pupil(
            personal_id=f"0792140{number:05d}",
            code=f"HS{number:05d}",
            name=f"Trần Thị Học {_word(number)}",
            birth_date="2014-07-16",
            sex=Sex.FEMALE,
            ethnic_group="Kinh",
            birthplace="TP. Hồ Chí Minh",
        )
        for number in range(first, first + count)
    )


def staff(code: str) -> StaffMember:
    return StaffMember(code=code, name=STAFF[code], title=POSTS.get(code, ""))


def sealed_book(
    of: Keys,
    *,
    class_name: str = "6A1",
    count: int = 2,
    subjects: tuple[tuple[str, str, str, tuple[str, ...]], ...] = SUBJECTS,
    changed: Mapping[str, Any] | None = None,
    signed_at: datetime | None = None,
    first: int = 1,
) -> SealedBook:
    """Sign and seal a whole class record; `changed` overwrites fields of the year, `first` numbers the pupils."""
    at = signed_at or of.founded + timedelta(hours=1)
    children = pupils(count, first)
    files: dict[str, bytes] = {}
    terms: list[tuple[int, Digest]] = []
    for term in (1, 2):
        sheets = []
        for code, name, kind, teachers in subjects:
            sheet = _sheet(class_name, code, name, kind, teachers, term, children)
            data = class_record_xml.data_xml(sheet)
            signed = Signatures(
                subject_teachers=[_sign(of, teacher, data, f"ck-{teacher}", at) for teacher in teachers]
            )
            sheets.append((code, _keep(files, ClassRecordKind.SUBJECT, data, signed)))
        record = TermRecord(
            identity=identity(class_name),
            term=term,
            homeroom_teacher=staff(HOMEROOM),
            sheets=tuple(sheets),
            rows=tuple(
                PupilTerm(
                    personal_id=p.personal_id, pupil_code=p.code, name=p.name, learning="KHA", conduct="TOT"
                )
                for p in children
            ),
        )
        data = class_record_xml.data_xml(record)
        signed = Signatures(homeroom=_sign(of, HOMEROOM, data, "ck-cn", at + timedelta(minutes=1)))
        terms.append((term, _keep(files, ClassRecordKind.TERM, data, signed)))
    year = replace(_year(class_name, tuple(terms), children), **(changed or {}))
    return SealedBook(
        record_id=uuid.UUID(year.identity.id),
        year=_sealed_year(of, year, at + timedelta(minutes=2)),
        files=files,
        pupils=children,
        value=year,
    )


def identity(class_name: str) -> ClassIdentity:
    return ClassIdentity(
        id=str(uuid.uuid4()),
        version=1,
        school=SCHOOL,
        school_year=YEAR,
        class_name=class_name,
        grade=int(class_name[0]),
        regulation="TT22-2021",
    )


def install_trust(of: Keys, *, city: bool = False) -> None:
    """Give the transcripts side (and the city) the authorities, lists and approved certificates."""
    at = of.founded
    files = {
        **of.authority.certificate_pems(),
        **of.authority.crls(of.founded, of.founded + timedelta(days=3650)),
    }
    install_bundle(files, version=1, at=at)
    with scope.whole_site():
        roster.take_over_certificates(SCHOOL.code, messages.to_bytes(register(of)), by="test", at=at)
        if city:
            _install_city(of, files)


def install_bundle(files: Mapping[str, bytes], *, version: int, at: datetime) -> None:
    """Give the transcripts side these authorities (`*.pem`) and revocation lists (`*.crl`)."""
    bundle = messages.TrustBundle(
        version=version,
        issued_at=at,
        anchors=tuple(data.decode() for name, data in files.items() if name.endswith(".pem")),
        crls=tuple(base64.b64encode(data).decode() for name, data in files.items() if name.endswith(".crl")),
    )
    with scope.whole_site():
        roster.take_over_trust(messages.to_bytes(bundle), by="test", at=at)


def give_to_city(book: SealedBook) -> None:
    """What the tracking side does when a class record is sealed."""
    from hocba.city.registration import actions

    with scope.whole_site():
        for content in book.files.values():
            store.put(content)
        actions.register_class_record(
            record_id=book.record_id, content=book.year, by="side:tracking", at=timezone.now()
        )


def register(of: Keys) -> messages.ApprovedCertificates:
    """The register of approved certificates as the city would publish it."""
    return messages.ApprovedCertificates(
        version=1,
        school=SCHOOL.code,
        school_name=SCHOOL.name,
        updated_at=of.founded,
        certificates=tuple(
            messages.ApprovedCertificate(
                sha256=store.digest_of(of.der(holder)),
                holder=holder,
                name=STAFF.get(holder, SCHOOL.name),
                kind="organisation" if holder == SCHOOL.code else "person",
                positions=_positions(holder),
                valid_from=of.founded,
                valid_until=of.keys[holder].certificate.not_valid_after_utc,
                revoked_at=None,
            )
            for holder in of.keys
        ),
    )


def declaration(of: Keys, *, version: int = 1) -> messages.CertificateDeclaration:
    """What the school declares to the city."""
    return messages.CertificateDeclaration(
        school=SCHOOL.code,
        school_name=SCHOOL.name,
        version=version,
        declared_at=of.founded,
        certificates=tuple(
            messages.DeclaredCertificate(
                der=base64.b64encode(of.der(holder)).decode(),
                holder=holder,
                name=STAFF.get(holder, SCHOOL.name),
                kind="organisation" if holder == SCHOOL.code else "person",
                positions=_positions(holder),
                valid_from=of.keys[holder].certificate.not_valid_before_utc,
                valid_until=of.keys[holder].certificate.not_valid_after_utc,
            )
            for holder in of.keys
        ),
    )


def install_roster(children: tuple[Pupil, ...], *, class_name: str = "6A1", version: int = 1) -> None:
    with scope.whole_site():
        roster.take_over_roster(
            messages.to_bytes(roster_of(children, class_name, version)), by="test", at=timezone.now()
        )


def roster_of(children: tuple[Pupil, ...], class_name: str = "6A1", version: int = 1) -> messages.Roster:
    return messages.Roster(
        school=SCHOOL,
        school_year=YEAR,
        version=version,
        issued_at=timezone.now().replace(microsecond=0),
        staff=tuple(messages.RosterStaff(member=staff(code)) for code in STAFF),
        classes=(messages.RosterClass(name=class_name, grade=int(class_name[0])),),
        pupils=tuple(messages.RosterPupil(pupil=pupil, class_name=class_name) for pupil in children),
        assignments=tuple(
            messages.Assignment(
                class_name=class_name,
                subject_code=code,
                subject_name=name,
                kind=kind,
                term=1,
                teacher=teacher,
            )
            for code, name, kind, teachers in SUBJECTS
            for teacher in teachers
        ),
        homerooms=(messages.Homeroom(class_name=class_name, teacher=HOMEROOM),),
    )


def actor(code: str, *roles: str, school: str = SCHOOL.code) -> Actor:
    """A signed-in person of the school."""
    names = roles or ROLE_OF[code]
    granted = frozenset().union(*(ROLES[name].permissions for name in names))
    return Actor(
        user_id=1,
        name=code.lower(),
        school_code=school,
        holder_code=code,
        role_names=tuple(names),
        permissions=granted,
    )


def _positions(holder: str) -> tuple[Any, ...]:
    if holder == SCHOOL.code:
        return ("seal",)
    return ("teacher", "leader") if holder == PRINCIPAL else ("teacher",)


def _install_city(of: Keys, files: dict[str, bytes]) -> None:
    from hocba.city.schools import actions, queries

    actions.load_trust(files, by="test", at=of.founded)
    actions.declare(declaration(of), by="test", at=of.founded)
    waiting = queries.list_certificates(school_code=SCHOOL.code)
    actions.approve(certificate_ids=[row.pk for row in waiting], by="test", at=of.founded)


def _word(number: int) -> str:
    """A name of letters: names have no digits."""
    return "".join("ABCDEGHIKL"[int(digit)] for digit in str(number)).capitalize()


def _sheet(
    class_name: str,
    code: str,
    name: str,
    kind: Any,
    teachers: tuple[str, ...],
    term: int,
    children: tuple[Pupil, ...],
) -> SubjectSheet:
    score = kind == "score"
    return SubjectSheet(
        identity=identity(class_name),
        subject_code=code,
        subject_name=name,
        kind=kind,
        term=term,
        teachers=tuple(staff(teacher) for teacher in teachers),
        rows=tuple(
            PupilMarks(
                personal_id=pupil.personal_id,
                pupil_code=pupil.code,
                name=pupil.name,
                regular=("8.0", "9.5") if score else ("D", "D"),
                midterm="7.5" if score else "D",
                final="8.0" if score else "D",
                term_result="8.0" if score else "D",
                year_result=None if term == 1 else ("8.0" if score else "D"),
                remark="Chăm chỉ, tiến bộ đều, tích cực phát biểu xây dựng bài.",
            )
            for pupil in children
        ),
    )


def _year(class_name: str, terms: tuple[tuple[int, Digest], ...], children: tuple[Pupil, ...]) -> YearRecord:
    return YearRecord(
        identity=identity(class_name),
        homeroom_teacher=staff(HOMEROOM),
        principal=staff(PRINCIPAL),
        terms=terms,
        rows=tuple(
            PupilYear(
                personal_id=pupil.personal_id,
                pupil_code=pupil.code,
                name=pupil.name,
                learning="KHA",
                conduct="TOT",
                absences_excused=2,
                absences_unexcused=0,
                promotion="PROMOTED",
                homeroom_remark="Ngoan, lễ phép, hoà đồng với bạn bè.",
            )
            for pupil in children
        ),
    )


def _sealed_year(of: Keys, year: YearRecord, at: datetime) -> bytes:
    data = class_record_xml.data_xml(year)
    homeroom = _sign(of, HOMEROOM, data, "ck-cn", at)
    principal = _sign(of, PRINCIPAL, data, "ck-ld", at + timedelta(minutes=1))
    before = class_record_xml.assemble(
        ClassRecordKind.YEAR, data, Signatures(homeroom=homeroom, principal=principal)
    )
    whole = xmldsig.Region(xmldsig.WHOLE_DOCUMENT, xmldsig.canonical(etree.fromstring(before)))
    seal = _complete(of, SCHOOL.code, [whole], "ck-cq", at + timedelta(minutes=2))
    return class_record_xml.assemble(
        ClassRecordKind.YEAR, data, Signatures(homeroom=homeroom, principal=principal, seal=seal)
    )


def _sign(of: Keys, holder: str, data: bytes, name: str, at: datetime) -> bytes:
    identifier = etree.fromstring(data).get("Id")
    return _complete(of, holder, [xmldsig.Region(f"#{identifier}", data)], name, at)


def _complete(of: Keys, holder: str, regions: list[xmldsig.Region], name: str, at: datetime) -> bytes:
    key = of.keys[holder]
    prepared = xmldsig.prepare(signature_id=name, regions=regions, signed_at=at, certificate=key.certificate)
    return xmldsig.complete(prepared, key.sign(prepared.to_be_signed))


def _keep(files: dict[str, bytes], kind: ClassRecordKind, data: bytes, signed: Signatures) -> Digest:
    content = class_record_xml.assemble(kind, data, signed)
    digest = class_record_xml.file_digest(content)
    files[digest.value] = content
    return digest
