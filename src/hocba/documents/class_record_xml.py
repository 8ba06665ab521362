"""The class record as XML: subject sheet, term record and year record, octets and files; and back.

Each file is a root (<SoMonHoc>, <SoHocKy> or <SoNamHoc>) around one signed region <DuLieu Id="dl-…"> and the
slots of its signatures. A term names the digest of every signed sheet file, a year that of both signed term
files, so the seal on the year fixes the whole book. Schema: `schema/so-lop-1.0.xsd`.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING, Any, cast

from hocba.documents.class_record import (
    ClassIdentity,
    PupilMarks,
    PupilTerm,
    PupilYear,
    SubjectSheet,
    TermRecord,
    YearRecord,
)
from hocba.documents.xml import canonical, files, schemas
from hocba.documents.xml import simple_types as t
from hocba.documents.xml.elements import Element, Pair
from hocba.documents.xml.errors import UnreadableDocument, UnwritableValue
from hocba.documents.xml.files import Signatures, Slot
from hocba.documents.xml.grammar import Constant, Items, Leaf, Many, One
from hocba.documents.xml.shared import SCHOOL, of_kind, staff
from hocba.signing.xmldsig_signing import WHOLE_DOCUMENT

if TYPE_CHECKING:
    from lxml import etree

    from hocba.documents.transcript import Digest

__all__ = [
    "NAMESPACE",
    "ClassRecordKind",
    "Signatures",
    "Slot",
    "UnreadableDocument",
    "UnwritableValue",
    "assemble",
    "data_id",
    "data_xml",
    "file_digest",
    "kind_of",
    "read_subject_sheet",
    "read_term_record",
    "read_year_record",
    "slots",
    "validate",
]

NAMESPACE = "urn:hocba:so-lop:1.0"
SCHEMA = "so-lop-1.0.xsd"
SCHEMA_VERSION = "1.0"


class ClassRecordKind(StrEnum):
    """The three kinds of file; the value is the name of the root element."""

    SUBJECT = "SoMonHoc"
    TERM = "SoHocKy"
    YEAR = "SoNamHoc"


_SLOTS = {
    ClassRecordKind.SUBJECT: (files.SUBJECT_TEACHERS,),
    ClassRecordKind.TERM: (files.HOMEROOM,),
    ClassRecordKind.YEAR: (files.HOMEROOM, files.LEADERSHIP, files.SEAL),
}


def data_id(record_id: str, version: int) -> str:
    """Return the Id of <DuLieu>."""
    return f"dl-{record_id}-v{version}"


def kind_of(value: SubjectSheet | TermRecord | YearRecord) -> ClassRecordKind:
    """Return the kind of file a value becomes."""
    return _KINDS[type(value)]


def data_xml(value: SubjectSheet | TermRecord | YearRecord) -> bytes:
    """Return the exclusive-canonical octets of <DuLieu>; every signer but the seal signs exactly these.

    Raises UnwritableValue with every problem of the value at once.
    """
    return canonical.write_root(_DATA[kind_of(value)], NAMESPACE, value, None)


def read_subject_sheet(octets: bytes) -> SubjectSheet:
    """Return the subject sheet that the (verified) octets of <DuLieu> say; raises UnreadableDocument."""
    return cast("SubjectSheet", _read(ClassRecordKind.SUBJECT, octets))


def read_term_record(octets: bytes) -> TermRecord:
    """Return the term record that the (verified) octets of <DuLieu> say; raises UnreadableDocument."""
    return cast("TermRecord", _read(ClassRecordKind.TERM, octets))


def read_year_record(octets: bytes) -> YearRecord:
    """Return the year record that the (verified) octets of <DuLieu> say; raises UnreadableDocument."""
    return cast("YearRecord", _read(ClassRecordKind.YEAR, octets))


def assemble(kind: ClassRecordKind, data: bytes, signatures: Signatures) -> bytes:
    """Return the file: data and signatures as given, unchanged, each in its place.

    Without a seal a year file is the document that the seal's reference URI="" is computed over. Raises
    ValueError when the data are of another kind or a signature has no slot in this kind of file.
    """
    if not _START[kind].match(data):
        raise ValueError(f"not the canonical octets of <DuLieu> of {kind}")
    parts = [
        files.DECLARATION,
        f'<{kind} xmlns="{NAMESPACE}" phienBanLuocDo="{SCHEMA_VERSION}">'.encode(),
        files.embedded(data, "DuLieu", NAMESPACE),
        files.slots_of_file(_SLOTS[kind], signatures),
        f"</{kind}>".encode(),
    ]
    return b"".join(parts)


def file_digest(file: bytes) -> Digest:
    """Return the digest of a signed file, as its parent carries it."""
    return files.digest_of(file)


def validate(root: etree._Element) -> list[schemas.SchemaProblem]:
    """Return what the schema finds wrong in a file; an empty list means it is well formed by the schema."""
    return schemas.validate(SCHEMA, root)


def slots(root: etree._Element) -> dict[str, Slot]:
    """Return the signature slots by role, with what each signature there must reference.

    The root must have passed `validate`.
    """
    data = root.find(f"{{{NAMESPACE}}}DuLieu")
    region = "" if data is None else data.get("Id") or ""
    kind = ClassRecordKind(_local_name(root))
    return {
        plan.role: Slot(
            element=plan.element,
            role=plan.role,
            signatures=found,
            uris=(WHOLE_DOCUMENT,) if plan is files.SEAL else (f"#{region}",),
        )
        for plan, found in files.found_slots(root, NAMESPACE, _SLOTS[kind])
    }


def _local_name(root: etree._Element) -> str:
    """Return the local name of an element of this namespace; raises ValueError for any other."""
    prefix = f"{{{NAMESPACE}}}"
    tag = str(root.tag)
    if not tag.startswith(prefix):
        raise ValueError(f"not an element of {NAMESPACE}: {tag}")
    return tag[len(prefix) :]


def _read(kind: ClassRecordKind, octets: bytes) -> Any:
    return canonical.read_root(octets, _DATA[kind], NAMESPACE, data_xml)


def _ident(_context: None, value: SubjectSheet | TermRecord | YearRecord) -> str:
    return data_id(value.identity.id, value.identity.version)


def _unique(rows: tuple[Any, ...]) -> list[str]:
    seen: set[str] = set()
    problems = []
    for row in rows:
        if row.personal_id in seen:
            problems.append(f"học sinh {row.personal_id} có nhiều dòng")
        seen.add(row.personal_id)
    return problems


def _sheet_check(sheet: SubjectSheet) -> list[str]:
    problems = _unique(sheet.rows)
    for row in sheet.rows:
        marks = (*row.regular, row.midterm, row.final, row.term_result, row.year_result, row.after_retest)
        problems += [f"học sinh {row.personal_id}: {problem}" for problem in of_kind(sheet.kind, marks)]
    return problems


def _summary_check(record: TermRecord | YearRecord) -> list[str]:
    parts: tuple[tuple[Any, Any], ...] = record.sheets if isinstance(record, TermRecord) else record.terms
    keys = [key for key, _digest in parts]
    doubled = [f"{key} được nêu nhiều lần" for key in dict.fromkeys(keys) if keys.count(key) > 1]
    return [*_unique(record.rows), *doubled]


_IDENTITY = Element(
    "ThongTinLop",
    ClassIdentity,
    (
        Leaf("MaSo", "id", t.UUID_TEXT),
        Leaf("PhienBan", "version", t.VERSION),
        One(SCHOOL, "school"),
        Leaf("NamHoc", "school_year", t.SCHOOL_YEAR),
        Leaf("Lop", "class_name", t.SHORT),
        Leaf("Khoi", "grade", t.GRADE),
        Leaf("QuyDinhDanhGia", "regulation", t.REGULATION),
    ),
)

_PUPIL = (
    Leaf("SoDinhDanhCaNhan", "personal_id", t.PERSONAL_ID),
    Leaf("MaHocSinh", "pupil_code", t.IDENTIFIER, optional=True),
    Leaf("HoVaTen", "name", t.NAME),
)

_MARKS = Element(
    "HocSinh",
    PupilMarks,
    (
        *_PUPIL,
        Items("DanhGiaThuongXuyen", "Diem", t.MARK, "regular", most=10),
        Leaf("DanhGiaGiuaKy", "midterm", t.MARK, optional=True, empty=None),
        Leaf("DanhGiaCuoiKy", "final", t.MARK, optional=True, empty=None),
        Leaf("KetQuaHocKy", "term_result", t.MARK, optional=True, empty=None),
        Leaf("KetQuaCaNam", "year_result", t.MARK, optional=True, empty=None),
        Leaf("SauDanhGiaLai", "after_retest", t.MARK, optional=True, empty=None),
        Leaf("NhanXet", "remark", t.REMARK, optional=True),
    ),
)

_SHEET = Element(
    "DuLieu",
    SubjectSheet,
    (
        Constant("LoaiSo", "MON_HOC"),
        One(_IDENTITY, "identity"),
        Leaf("MaMon", "subject_code", t.SUBJECT_CODE),
        Leaf("TenMon", "subject_name", t.NAME),
        Leaf("HinhThucDanhGia", "kind", t.KIND),
        Leaf("HocKy", "term", t.TERM),
        Many("DanhSachGiaoVien", staff("GiaoVien"), "teachers", least=1, most=20),
        Many("DanhSachHocSinh", _MARKS, "rows", least=1, most=200),
    ),
    _ident,
    _sheet_check,
)

_TERM = Element(
    "DuLieu",
    TermRecord,
    (
        Constant("LoaiSo", "HOC_KY"),
        One(_IDENTITY, "identity"),
        Leaf("HocKy", "term", t.TERM),
        One(staff("GiaoVienChuNhiem"), "homeroom_teacher"),
        Many(
            "DanhSachSoMonHoc",
            Pair("SoMonHoc", ("MaMon", t.SUBJECT_CODE), ("GiaTriBam", t.DIGEST)),
            "sheets",
            least=1,
            most=40,
        ),
        Many(
            "DanhSachHocSinh",
            Element(
                "HocSinh",
                PupilTerm,
                (
                    *_PUPIL,
                    Leaf("HocTap", "learning", t.LEVEL, optional=True, empty=None),
                    Leaf("RenLuyen", "conduct", t.LEVEL, optional=True, empty=None),
                ),
            ),
            "rows",
            least=1,
            most=200,
        ),
    ),
    _ident,
    _summary_check,
)

_PUPIL_YEAR = Element(
    "HocSinh",
    PupilYear,
    (
        *_PUPIL,
        Leaf("HocTap", "learning", t.LEVEL, optional=True, empty=None),
        Leaf("RenLuyen", "conduct", t.LEVEL, optional=True, empty=None),
        Leaf("SoBuoiNghiCoPhep", "absences_excused", t.COUNT),
        Leaf("SoBuoiNghiKhongPhep", "absences_unexcused", t.COUNT),
        Leaf("LenLop", "promotion", t.PROMOTION, optional=True, empty=None),
        Leaf("DanhHieu", "title", t.TITLE, optional=True, empty=None),
        Leaf("HocTapSauDanhGiaLai", "learning_after_retest", t.LEVEL, optional=True, empty=None),
        Leaf("RenLuyenSauKyNghiHe", "conduct_after_summer", t.LEVEL, optional=True, empty=None),
        Leaf("NhanXetGiaoVienChuNhiem", "homeroom_remark", t.REMARK, optional=True),
    ),
)

_YEAR = Element(
    "DuLieu",
    YearRecord,
    (
        Constant("LoaiSo", "NAM_HOC"),
        One(_IDENTITY, "identity"),
        One(staff("GiaoVienChuNhiem"), "homeroom_teacher"),
        One(staff("CanBoQuanLy"), "principal"),
        Many(
            "DanhSachSoHocKy",
            Pair("SoHocKy", ("HocKy", t.TERM), ("GiaTriBam", t.DIGEST)),
            "terms",
            least=1,
            most=2,
        ),
        Many("DanhSachHocSinh", _PUPIL_YEAR, "rows", least=1, most=200),
    ),
    _ident,
    _summary_check,
)

_DATA = {ClassRecordKind.SUBJECT: _SHEET, ClassRecordKind.TERM: _TERM, ClassRecordKind.YEAR: _YEAR}
_KINDS: dict[type, ClassRecordKind] = {
    SubjectSheet: ClassRecordKind.SUBJECT,
    TermRecord: ClassRecordKind.TERM,
    YearRecord: ClassRecordKind.YEAR,
}
_START = {
    kind: re.compile(f'<DuLieu xmlns="{NAMESPACE}" Id="dl-{t.UUID}-v[0-9]+"><LoaiSo>{code}</LoaiSo>'.encode())
    for kind, code in {
        ClassRecordKind.SUBJECT: "MON_HOC",
        ClassRecordKind.TERM: "HOC_KY",
        ClassRecordKind.YEAR: "NAM_HOC",
    }.items()
}
