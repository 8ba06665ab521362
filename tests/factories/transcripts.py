"""A school with its staff, keys and trust folder, and transcripts it really signed.

    school = transcripts.school()                 # made once per process: authorities cost a second
    transcript = transcripts.transcript()
    xml = transcripts.sign_xml(school, transcript)

Every part of the signing can be bent (other keys, other times, other regions), so that tests can make files
that a dishonest person with a real key would make, beside those that anybody can make with an editor.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta, timezone
from functools import cache
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from lxml import etree

from hocba.documents import pdf, transcript_xml
from hocba.documents.any_level import AnyTranscript
from hocba.documents.people import Pupil, Relative, School, Sex, StaffMember
from hocba.documents.transcript import Digest, LevelSeries, StudyYear, SubjectResult, Transcript, YearResult
from hocba.signing import pades, xmldsig
from hocba.signing.certificates import common_name
from hocba.signing.demo_ca import DemoAuthority
from hocba.signing.keys.pkcs12 import SoftwareKey

VIETNAM = timezone(timedelta(hours=7))
FOUNDED = datetime(2026, 1, 5, 8, tzinfo=VIETNAM)
SIGNED = datetime(2026, 5, 28, 9, tzinfo=VIETNAM)
NOW = datetime(2026, 11, 21, 9, tzinfo=VIETNAM)

SCHOOL = School(code="79764501", name="Trường THCS Mẫu", level="THCS", ward="Phường Mẫu", province="TP. Mẫu")
SUBJECTS = (
    ("NGUVAN", "Ngữ văn", "score", ("GV0001",)),
    ("TOAN", "Toán", "score", ("GV0002",)),
    ("NN1", "Ngoại ngữ 1", "score", ("GV0003",)),
    ("GDCD", "Giáo dục công dân", "score", ("GV0004",)),
    ("LSDL", "Lịch sử và Địa lí", "score", ("GV0004", "GV0005")),
    ("KHTN", "Khoa học tự nhiên", "score", ("GV0006",)),
    ("CONGNGHE", "Công nghệ", "score", ("GV0006",)),
    ("TINHOC", "Tin học", "score", ("GV0002",)),
    ("GDTC", "Giáo dục thể chất", "comment", ("GV0007",)),
    ("NGHETHUAT", "Nghệ thuật", "comment", ("GV0008",)),
    ("HDTNHN", "Hoạt động trải nghiệm, hướng nghiệp", "comment", ("GV0001",)),
)
STAFF = {
    "GV0001": "Nguyễn Thị Ánh",
    "GV0002": "Trần Văn Bình",
    "GV0003": "Lê Thị Cúc",
    "GV0004": "Phạm Văn Dũng",
    "GV0005": "Hoàng Thị Én",
    "GV0006": "Vũ Văn Giang",
    "GV0007": "Đặng Văn Hùng",
    "GV0008": "Bùi Thị Lan",
    "CB0001": "Đỗ Văn Minh",
}
HOMEROOM = "GV0001"
PRINCIPAL = "CB0001"


@dataclass
class SchoolKeys:
    """A school's certification authority, the keys of its staff and of its seal, and who is approved."""

    authority: DemoAuthority
    keys: dict[str, SoftwareKey]
    approvals: list[dict[str, Any]] = field(default_factory=list)
    school: School = SCHOOL

    def trust_files(self, *, without: str = "nothing at all") -> dict[str, bytes]:
        """What `DIR/trust` holds; files whose name contains `without` are left out."""
        register = {
            "type": "approved-certificates",
            "version": 1,
            "school": self.school.code,
            "school_name": self.school.name,
            "updated_at": "2026-02-01T00:00:00+07:00",
            "certificates": self.approvals,
        }
        files = {
            **self.authority.certificate_pems(),
            **self.authority.crls(NOW - timedelta(days=1), NOW + timedelta(days=30)),
            f"{self.school.code}.json": json.dumps(register).encode(),
        }
        return {name: data for name, data in files.items() if without not in name}

    def approve(self, code: str, *positions: str, key: SoftwareKey | None = None, **changes: Any) -> None:
        certificate = (key or self.keys[code]).certificate
        self.approvals.append(
            {
                "sha256": certificate.fingerprint(hashes.SHA256()).hex(),
                "holder": code,
                "name": STAFF.get(code, self.school.name),
                "kind": "organisation" if "seal" in positions else "person",
                "positions": list(positions),
                "valid_from": "2026-01-06T00:00:00+07:00",
                "valid_until": "2028-08-01T00:00:00+07:00",
                "revoked_at": None,
                **changes,
            }
        )


def found_school(
    school: School = SCHOOL,
    *,
    authority: DemoAuthority | None = None,
    make_key: Callable[[], Any] | None = None,
) -> SchoolKeys:
    """A new school with keys of its own; P-256 unless told, which are quick to make."""
    authority = authority or DemoAuthority.create(FOUNDED, "CA thử nghiệm")
    make_key = make_key or (lambda: ec.generate_private_key(ec.SECP256R1()))
    keys = {
        code: authority.issue_person(
            name=name,
            personal_id=f"0790850{index:05d}",
            organisation=school.name,
            private_key=make_key(),
        )
        for index, (code, name) in enumerate(STAFF.items())
    }
    keys[school.code] = authority.issue_organisation(
        name=school.name, code=school.code, private_key=make_key()
    )
    made = SchoolKeys(authority, keys, school=school)
    for code in STAFF:
        made.approve(code, *(("leader", "teacher") if code == PRINCIPAL else ("teacher",)))
    made.approve(school.code, "seal")
    return made


@cache
def school() -> SchoolKeys:
    """The school most tests share; do not change it, `found_school` makes another."""
    return found_school()


def staff(code: str, title: str = "") -> StaffMember:
    return StaffMember(code=code, name=STAFF[code], title=title)


def transcript(**changes: Any) -> Transcript:
    """A pupil's year; `changes` overwrite fields of the Transcript."""
    subjects = tuple(
        SubjectResult(
            code=code,
            name=name,
            kind=kind,
            term1="8.0" if kind == "score" else "D",
            term2="7.9" if kind == "score" else "D",
            year="7.9" if kind == "score" else "D",
            remark="Chăm, tiến bộ & đều.",
            teachers=tuple(staff(teacher) for teacher in teachers),
        )
        for code, name, kind, teachers in SUBJECTS
    )
    whole: dict[str, Any] = {
        "id": str(uuid.UUID(int=0x7F0000000000400080000000000000A1)),
        "version": 1,
        "regulation": "TT22-2021",
        "form": "TT22-THCS",
        "level": "THCS",
        "grade": 6,
        "class_name": "6A1",
        "school_year": "2025-2026",
        "school": SCHOOL,
        "pupil": Pupil(
            personal_id="079214000123",
            code="HS0001",
            name="Trần Minh Anh",
            birth_date="2014-07-16",
            sex=Sex.MALE,
            ethnic_group="Kinh",
            birthplace="TP. Mẫu",
            father=Relative(name="Trần Văn Ba"),
        ),
        "course_of_study": (
            StudyYear(school_year="2025-2026", class_name="6A1", school_name=SCHOOL.name, place="TP. Mẫu"),
        ),
        "subjects": subjects,
        "result": YearResult(
            conduct=LevelSeries(term1="TOT", term2="TOT", year="TOT"),
            learning=LevelSeries(term1="KHA", term2="KHA", year="KHA"),
            absences_excused=3,
            promotion="PROMOTED",
            homeroom_remark="Ngoan.",
        ),
        "homeroom_teacher": staff(HOMEROOM),
        "principal": staff(PRINCIPAL, "Hiệu trưởng"),
        "class_record": Digest(algorithm="sha256", value="ab" * 32),
    }
    return Transcript(**{**whole, **changes})


def another_pupil(original: Transcript | None = None) -> Transcript:
    """The same class, another pupil and another transcript."""
    base = original or transcript()
    pupil = replace(base.pupil, personal_id="079214000456", code="HS0002", name="Lê Thu Hà", sex=Sex.FEMALE)
    return replace(base, id=str(uuid.UUID(int=0x7F0000000000400080000000000000B2)), pupil=pupil)


@dataclass(frozen=True)
class Act:
    """One act of signing: which slot, whose key, which regions, when."""

    role: str
    holder: str
    uris: tuple[str, ...]
    signed_at: datetime


def acts(value: AnyTranscript) -> list[Act]:
    """The signatures a transcript needs, a minute apart, in order."""
    suffix = f"{value.id}-v{value.version}"
    found = [
        Act("subject_teacher", code, (f"#{region}",), SIGNED)
        for code, region in transcript_xml.expected_subject_signatures(value)
    ]
    found.append(Act("homeroom_teacher", value.homeroom_teacher.code, (f"#hs-{suffix}",), SIGNED))
    found.append(Act("principal", value.principal.code, (f"#hs-{suffix}", f"#bth-{suffix}"), SIGNED))
    found.append(Act("seal", value.school.code, ("",), SIGNED))
    return [replace(act, signed_at=SIGNED + timedelta(minutes=minute)) for minute, act in enumerate(found)]


def sign_xml(
    keys: SchoolKeys,
    value: AnyTranscript,
    *,
    plan: Sequence[Act] | None = None,
    override: Mapping[str, SoftwareKey] | None = None,
    pdf_digest: Digest | None = None,
    pdf_length: int = 1,
    before_seal: Callable[[bytes], bytes] = lambda data: data,
) -> bytes:
    """The signed file. `override` gives other keys by holder; `before_seal` edits the file the seal signs."""
    holders = {**keys.keys, **(override or {})}
    record = transcript_xml.record_xml(value)
    presentation = transcript_xml.presentation_xml(
        value.id,
        value.version,
        pdf_digest or Digest(algorithm="sha256", value="cd" * 32),
        pdf_length,
        namespace=transcript_xml.namespace_of(record),
    )
    unsigned = etree.fromstring(transcript_xml.assemble(record, presentation, transcript_xml.Signatures()))
    made: dict[str, list[bytes]] = {
        "subject_teacher": [],
        "homeroom_teacher": [],
        "principal": [],
        "seal": [],
    }
    planned = acts(value) if plan is None else plan
    for number, act in enumerate(planned):
        if act.role != "seal":
            made[act.role].append(sign_act(holders[act.holder], act, number, unsigned))
    signatures = transcript_xml.Signatures(
        subject_teachers=tuple(made["subject_teacher"]),
        homeroom=next(iter(made["homeroom_teacher"]), None),
        principal=next(iter(made["principal"]), None),
    )
    file = before_seal(transcript_xml.assemble(record, presentation, signatures))
    return seal(holders, planned, file)


def seal(holders: Mapping[str, SoftwareKey], plan: Sequence[Act], file: bytes) -> bytes:
    """The file with its seal, when the plan has one."""
    act = next((act for act in plan if act.role == "seal"), None)
    if act is None:
        return file
    sealed = sign_act(holders[act.holder], act, 99, etree.fromstring(file))
    return file.replace(b"<CoQuan></CoQuan>", b"<CoQuan>" + sealed + b"</CoQuan>")


def sign_act(key: SoftwareKey, act: Act, number: int, root: etree._Element) -> bytes:
    """The ds:Signature of one act over the document that `root` opens."""
    regions = []
    for uri in act.uris:
        element = root if uri == "" else next(iter(root.xpath("//*[@Id=$id]", id=uri[1:])), root)
        regions.append(xmldsig.Region(uri, xmldsig.canonical(element)))
    prepared = xmldsig.prepare(
        signature_id=f"ck-{act.role.replace('_', '-')}-{number}",
        regions=regions,
        signed_at=act.signed_at,
        certificate=key.certificate,
    )
    return xmldsig.complete(prepared, key.sign(prepared.to_be_signed))


@dataclass(frozen=True)
class Pair:
    """XML and PDF of one transcript, bound to each other, with the PDF as it was before any signature."""

    xml: bytes
    pdf: bytes
    unsigned_pdf: bytes


def sign_pair(keys: SchoolKeys, value: AnyTranscript) -> Pair:
    """Both files of a transcript, as the school makes them."""
    record = transcript_xml.record_xml(value)
    by_subject: dict[str, list[tuple[str, datetime]]] = {}
    for act in acts(value):
        if act.role == "subject_teacher":
            by_subject.setdefault(act.uris[0].rsplit("-", 1)[1], []).append(
                (STAFF[act.holder], act.signed_at)
            )
    unsigned = pdf.render(
        value,
        record=record,
        record_digest=str(transcript_xml.record_digest(record)),
        subject_signatures=by_subject,
        verify_url=f"https://hocba.example/{value.id}",
    ).data
    digest = Digest(algorithm="sha256", value=hashlib.sha256(unsigned).hexdigest())
    xml = sign_xml(keys, value, pdf_digest=digest, pdf_length=len(unsigned))
    return Pair(xml, sign_pdf(keys, value, unsigned), unsigned)


def sign_pdf(
    keys: SchoolKeys,
    value: AnyTranscript,
    unsigned: bytes,
    *,
    holders: Mapping[str, SoftwareKey] | None = None,
    times: Mapping[str, datetime] | None = None,
    fields: Sequence[str] = pdf.FIELD_ORDER,
) -> bytes:
    """The PDF with its signatures; `holders` and `times` give other keys and times by field."""
    by_field = {
        pdf.HOMEROOM_FIELD: value.homeroom_teacher.code,
        pdf.PRINCIPAL_FIELD: value.principal.code,
        pdf.SEAL_FIELD: value.school.code,
    }
    data = unsigned
    for number, name in enumerate(fields):
        key = (holders or {}).get(name) or keys.keys[by_field[name]]
        signed_at = (times or {}).get(name) or SIGNED + timedelta(hours=1, minutes=number)
        signer = common_name(key.certificate)
        if name == pdf.SEAL_FIELD:
            appearance = pdf.seal_appearance(organisation=signer, signed_at=signed_at)
        else:
            appearance = pdf.person_appearance(name=signer, signed_at=signed_at, field=name)
        prepared = pades.prepare(
            data, field=name, certificate=key.certificate, chain=key.chain, signed_at=signed_at,
            appearance=appearance, certify=number == 0,
        )  # fmt: skip
        data = pades.complete(prepared, key.sign(prepared.to_be_signed))
    return data


@cache
def pair() -> Pair:
    """The pair most tests share."""
    return sign_pair(school(), transcript())
