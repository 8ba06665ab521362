"""The transcript as XML: octets of the learning record, of its regions, and of the whole file; and back.

    <HocBa Id="hb-…" phienBanLuocDo="1.0">
      <HoSo Id="hs-…">        the learning record; its subject rows <MonHoc Id="mh-…"> can be signed alone
      <BanTheHien Id="bth-…"> digest and length of the unsigned PDF
      <ChuKy>                 four slots: subject teachers, homeroom teacher, head of school, school seal

Schema: `schema/hoc-ba-1.0.xsd`. Signing is `hocba.signing.xmldsig`. Whether signatures hold, and whose they
are, is decided elsewhere: a verifier gives `read_record` only octets that a signature covered.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocba.documents.people import Pupil, Relative
from hocba.documents.transcript import Digest, LevelSeries, StudyYear, SubjectResult, Transcript, YearResult
from hocba.documents.xml import canonical, files, schemas
from hocba.documents.xml import simple_types as t
from hocba.documents.xml.elements import Element
from hocba.documents.xml.errors import UnreadableDocument, UnwritableValue
from hocba.documents.xml.files import Signatures, Slot
from hocba.documents.xml.grammar import Constant, Echo, Leaf, Many, One, Optional
from hocba.documents.xml.shared import SCHOOL, of_kind, staff
from hocba.documents.xml.streams import Output
from hocba.signing.xmldsig_signing import WHOLE_DOCUMENT

if TYPE_CHECKING:
    from lxml import etree

__all__ = [
    "NAMESPACE",
    "Presentation",
    "Signatures",
    "Slot",
    "UnreadableDocument",
    "UnwritableValue",
    "assemble",
    "document_id",
    "expected_subject_signatures",
    "presentation_id",
    "presentation_xml",
    "read_presentation",
    "read_record",
    "record_digest",
    "record_id",
    "record_xml",
    "slots",
    "subject_region",
    "subject_region_id",
    "validate",
]

NAMESPACE = "urn:hocba:hoc-ba:1.0"
SCHEMA = "hoc-ba-1.0.xsd"
SCHEMA_VERSION = "1.0"
_SLOTS = (files.SUBJECT_TEACHERS, files.HOMEROOM, files.PRINCIPAL, files.SEAL)
_FILE_START = f'<HocBa xmlns="{NAMESPACE}" Id="hb-%s" phienBanLuocDo="{SCHEMA_VERSION}">'.encode()
_RECORD_START = re.compile(f'<HoSo xmlns="{NAMESPACE}" Id="hs-({t.UUID}-v[0-9]+)">'.encode())
_PRESENTATION_START = f'<BanTheHien xmlns="{NAMESPACE}" Id="bth-%s">'.encode()


def document_id(transcript_id: str, version: int) -> str:
    """Return the Id of the root element."""
    return f"hb-{transcript_id}-v{version}"


def record_id(transcript_id: str, version: int) -> str:
    """Return the Id of the learning record <HoSo>."""
    return f"hs-{transcript_id}-v{version}"


def subject_region_id(transcript_id: str, version: int, code: str) -> str:
    """Return the Id of the row <MonHoc> of the subject `code`."""
    return f"mh-{transcript_id}-v{version}-{code}"


def presentation_id(transcript_id: str, version: int) -> str:
    """Return the Id of <BanTheHien>."""
    return f"bth-{transcript_id}-v{version}"


def record_xml(transcript: Transcript) -> bytes:
    """Return the exclusive-canonical octets of <HoSo>; homeroom teacher and principal sign exactly these.

    Raises UnwritableValue with every problem of the value at once.
    """
    return canonical.write_root(_RECORD, NAMESPACE, transcript, _Context.of(transcript))


def record_digest(octets: bytes) -> Digest:
    """Return the digest of a record as printed in the PDF."""
    return files.digest_of(octets)


def subject_region(transcript: Transcript, code: str) -> bytes:
    """Return the exclusive-canonical octets of the row of subject `code`; its teachers sign exactly these.

    Raises KeyError when the transcript has no such subject, UnwritableValue when the row cannot be written.
    """
    for row in transcript.subjects:
        if row.code == code:
            return canonical.write_root(_SUBJECT, NAMESPACE, row, _Context.of(transcript))
    raise KeyError(code)


def expected_subject_signatures(transcript: Transcript) -> tuple[tuple[str, str], ...]:
    """Return (staff code, region id) of every signature the subject rows need, in file order.

    One signature per teacher and row (Quy chế Điều 9.1): a teacher of two subjects signs twice, a row taught
    by two teachers is signed by both.
    """
    return tuple(
        (teacher.code, subject_region_id(transcript.id, transcript.version, row.code))
        for row in transcript.subjects
        for teacher in row.teachers
    )


@dataclass(frozen=True, slots=True)
class Presentation:
    """What <BanTheHien> says: the unsigned PDF of this version, by digest and length in bytes."""

    transcript_id: str
    version: int
    pdf_digest: Digest
    pdf_length: int


def presentation_xml(transcript_id: str, version: int, pdf_digest: Digest, pdf_length: int) -> bytes:
    """Return the exclusive-canonical octets of <BanTheHien>. Raises UnwritableValue."""
    return _presentation_xml(Presentation(transcript_id, version, pdf_digest, pdf_length))


def read_presentation(octets: bytes) -> tuple[str, int, Digest, int]:
    """Return (transcript id, version, PDF digest, PDF length) that verified octets say.

    Raises UnreadableDocument.
    """
    found: Presentation = canonical.read_root(octets, _PRESENTATION, NAMESPACE, _presentation_xml)
    return found.transcript_id, found.version, found.pdf_digest, found.pdf_length


def read_record(octets: bytes) -> Transcript:
    """Return the transcript that the canonical octets of <HoSo> say.

    Give it only octets whose digest a verified signature covers, never a part of an unverified tree.
    Raises UnreadableDocument; whatever is read writes the same octets again.
    """
    found: Transcript = canonical.read_root(octets, _RECORD, NAMESPACE, record_xml)
    return found


def assemble(record: bytes, presentation: bytes | None, signatures: Signatures) -> bytes:
    """Return the file: record, presentation and signatures as given, unchanged, each in its place.

    Without a seal this is the document that the seal's reference URI="" is computed over: the slot is there
    and empty, so that enveloped-signature gives the same octets once the seal stands in it. Raises ValueError
    when the octets are not a record, or the presentation is of another transcript or version.
    """
    start = _RECORD_START.match(record)
    if start is None:
        raise ValueError("not the canonical octets of <HoSo>")
    if presentation is not None and not presentation.startswith(_PRESENTATION_START % start.group(1)):
        raise ValueError("the presentation is not of the same transcript and version")
    parts = [
        files.DECLARATION,
        _FILE_START % start.group(1),
        files.embedded(record, "HoSo", NAMESPACE),
        files.embedded(presentation, "BanTheHien", NAMESPACE) if presentation is not None else b"",
        files.slots_of_file(_SLOTS, signatures),
        b"</HocBa>",
    ]
    return b"".join(parts)


def validate(root: etree._Element) -> list[schemas.SchemaProblem]:
    """Return what the schema finds wrong in a file; an empty list means it is well formed by the schema."""
    return schemas.validate(SCHEMA, root)


def slots(root: etree._Element) -> dict[str, Slot]:
    """Return the signature slots by role, with what each signature there must reference.

    The root must have passed `validate`. Region ids are made from the root's own Id, so a caller that found
    the regions under them knows that all belong to one transcript and version.
    """
    suffix = (root.get("Id") or "").removeprefix("hb-")
    row_tag = f"{{{NAMESPACE}}}MonHoc"
    rows = tuple(f"#mh-{suffix}-{row.findtext(f'{{{NAMESPACE}}}MaMon')}" for row in root.iter(row_tag))
    regions = {
        "subject_teacher": rows,
        "homeroom_teacher": (f"#hs-{suffix}",),
        "principal": (f"#hs-{suffix}", f"#bth-{suffix}"),
        "seal": (WHOLE_DOCUMENT,),
    }
    return {
        plan.role: Slot(
            element=plan.element,
            role=plan.role,
            signatures=found,
            uris=regions[plan.role],
            one_of=plan is files.SUBJECT_TEACHERS,
        )
        for plan, found in files.found_slots(root, NAMESPACE, _SLOTS)
    }


@dataclass(frozen=True, slots=True)
class _Context:
    """What inner regions repeat of the transcript they are part of."""

    transcript: Transcript
    echo: str

    @classmethod
    def of(cls, transcript: Transcript) -> _Context:
        out = Output()
        for leaf in _ECHOED:
            leaf.write(out, transcript if leaf is not _PERSONAL_ID else transcript.pupil)
        return cls(transcript, "".join(out.parts))


def _subject_ident(context: _Context, row: SubjectResult) -> str:
    return subject_region_id(context.transcript.id, context.transcript.version, row.code)


def _subject_check(row: SubjectResult) -> list[str]:
    return of_kind(row.kind, (row.term1, row.term2, row.year, row.after_retest))


def _record_ident(_context: _Context, transcript: Transcript) -> str:
    return record_id(transcript.id, transcript.version)


def _record_check(transcript: Transcript) -> list[str]:
    codes = [row.code for row in transcript.subjects]
    return [f"môn {code} có nhiều dòng" for code in dict.fromkeys(codes) if codes.count(code) > 1]


def _presentation_ident(_context: None, presentation: Presentation) -> str:
    return presentation_id(presentation.transcript_id, presentation.version)


def _presentation_xml(presentation: Presentation) -> bytes:
    return canonical.write_root(_PRESENTATION, NAMESPACE, presentation, None)


_PERSONAL_ID = Leaf("SoDinhDanhCaNhan", "personal_id", t.PERSONAL_ID)
_ECHOED = (
    Leaf("MaHocBa", "id", t.UUID_TEXT),
    Leaf("PhienBan", "version", t.VERSION),
    _PERSONAL_ID,
    Leaf("NamHoc", "school_year", t.SCHOOL_YEAR),
    Leaf("Lop", "class_name", t.SHORT),
)


def _relative(tag: str) -> Element:
    return Element(
        tag,
        Relative,
        (Leaf("HoVaTen", "name", t.NAME), Leaf("NgheNghiep", "occupation", t.NAME, optional=True)),
    )


_PUPIL = Element(
    "HocSinh",
    Pupil,
    (
        _PERSONAL_ID,
        Leaf("MaHocSinh", "code", t.IDENTIFIER, optional=True),
        Leaf("HoVaTen", "name", t.NAME),
        Leaf("NgaySinh", "birth_date", t.BIRTH_DATE),
        Leaf("GioiTinh", "sex", t.SEX),
        Leaf("DanToc", "ethnic_group", t.SHORT, optional=True),
        Leaf("QuocTich", "nationality", t.SHORT, optional=True),
        Leaf("NoiSinh", "birthplace", t.ADDRESS, optional=True),
        Leaf("NoiOHienTai", "residence", t.ADDRESS, optional=True),
        Leaf("DoiTuongChinhSach", "policy", t.ADDRESS, optional=True),
        Leaf("KhuyetTat", "disability", t.ADDRESS, optional=True),
        Optional(_relative("Cha"), "father"),
        Optional(_relative("Me"), "mother"),
        Optional(_relative("NguoiGiamHo"), "guardian"),
    ),
)

_STUDY_YEAR = Element(
    "GiaiDoan",
    StudyYear,
    (
        Leaf("NamHoc", "school_year", t.SCHOOL_YEAR),
        Leaf("Lop", "class_name", t.SHORT),
        Leaf("TenTruong", "school_name", t.NAME),
        Leaf("NoiDatTruong", "place", t.ADDRESS, optional=True),
    ),
)

_SUBJECT = Element(
    "MonHoc",
    SubjectResult,
    (
        Echo("MaHocBa", "PhienBan", "SoDinhDanhCaNhan", "NamHoc", "Lop"),
        Leaf("MaMon", "code", t.SUBJECT_CODE),
        Leaf("TenMon", "name", t.NAME),
        Leaf("HinhThucDanhGia", "kind", t.KIND),
        Leaf("HocKy1", "term1", t.MARK, optional=True, empty=None),
        Leaf("HocKy2", "term2", t.MARK, optional=True, empty=None),
        Leaf("CaNam", "year", t.MARK, optional=True, empty=None),
        Leaf("SauDanhGiaLai", "after_retest", t.MARK, optional=True, empty=None),
        Leaf("NhanXet", "remark", t.REMARK, optional=True),
        Many("DanhSachGiaoVien", staff("GiaoVien"), "teachers", least=1, most=20),
    ),
    _subject_ident,
    _subject_check,
)


def _levels(tag: str) -> Element:
    return Element(
        tag,
        LevelSeries,
        (
            Leaf("HocKy1", "term1", t.LEVEL, optional=True, empty=None),
            Leaf("HocKy2", "term2", t.LEVEL, optional=True, empty=None),
            Leaf("CaNam", "year", t.LEVEL, optional=True, empty=None),
        ),
    )


_RESULT = Element(
    "KetQuaCaNam",
    YearResult,
    (
        One(_levels("RenLuyen"), "conduct"),
        One(_levels("HocTap"), "learning"),
        Leaf("RenLuyenSauKyNghiHe", "conduct_after_summer", t.LEVEL, optional=True, empty=None),
        Leaf("HocTapSauDanhGiaLai", "learning_after_retest", t.LEVEL, optional=True, empty=None),
        Leaf("SoBuoiNghiCoPhep", "absences_excused", t.COUNT),
        Leaf("SoBuoiNghiKhongPhep", "absences_unexcused", t.COUNT),
        Leaf("LenLop", "promotion", t.PROMOTION, optional=True, empty=None),
        Leaf("DanhHieu", "title", t.TITLE, optional=True, empty=None),
        Leaf("ChungChi", "certificates", t.REMARK, optional=True),
        Leaf("CuocThi", "competitions", t.REMARK, optional=True),
        Leaf("KhenThuong", "awards", t.REMARK, optional=True),
        Leaf("NhanXetGiaoVienChuNhiem", "homeroom_remark", t.REMARK, optional=True),
        Leaf("PheDuyetNguoiDungDau", "principal_remark", t.REMARK, optional=True),
    ),
)

_RECORD = Element(
    "HoSo",
    Transcript,
    (
        Leaf("MaHocBa", "id", t.UUID_TEXT),
        Leaf("PhienBan", "version", t.VERSION),
        Leaf("QuyDinhDanhGia", "regulation", t.REGULATION),
        Leaf("MauHocBa", "form", t.FORM),
        Leaf("CapHoc", "level", t.LEVEL_OF_SCHOOLING),
        Leaf("NamHoc", "school_year", t.SCHOOL_YEAR),
        Leaf("Khoi", "grade", t.GRADE),
        Leaf("Lop", "class_name", t.SHORT),
        Leaf("SoDangBo", "register_number", t.SHORT, optional=True),
        One(SCHOOL, "school"),
        One(_PUPIL, "pupil"),
        Many("QuaTrinhHocTap", _STUDY_YEAR, "course_of_study", most=30),
        Many("DanhSachMonHoc", _SUBJECT, "subjects", least=1, most=40),
        One(_RESULT, "result"),
        One(staff("GiaoVienChuNhiem"), "homeroom_teacher"),
        One(staff("NguoiDungDau"), "principal"),
        Leaf("SoLop", "class_record", t.DIGEST),
        Leaf("HocBaTruoc", "previous", t.DIGEST, optional=True, empty=None),
        Leaf("ThayTheHocBa", "replaces", t.DIGEST, optional=True, empty=None),
    ),
    _record_ident,
    _record_check,
)

_PRESENTATION = Element(
    "BanTheHien",
    Presentation,
    (
        Leaf("MaHocBa", "transcript_id", t.UUID_TEXT),
        Leaf("PhienBan", "version", t.VERSION),
        Constant("DinhDang", "PDF"),
        Leaf("GiaTriBam", "pdf_digest", t.DIGEST),
        Leaf("DoDai", "pdf_length", t.LENGTH),
    ),
    _presentation_ident,
)
