"""The class record of tiểu học (TT 27/2020), schema 1.0: `schema/so-lop-tieu-hoc-1.0.xsd`."""

from __future__ import annotations

from hocba.documents.primary import (
    PrimaryMarks,
    PrimaryPupilTerm,
    PrimaryPupilYear,
    PrimarySubjectSheet,
    PrimaryTermRecord,
    PrimaryYearRecord,
    TraitLevel,
)
from hocba.documents.xml import class_record_parts as parts
from hocba.documents.xml import simple_types as t
from hocba.documents.xml.class_record_format import ClassRecordFormat, ClassRecordKind
from hocba.documents.xml.elements import Element
from hocba.documents.xml.grammar import Constant, Leaf, Many, One
from hocba.documents.xml.shared import staff


def _sheet_check(sheet: PrimarySubjectSheet) -> list[str]:
    return parts.doubled_pupils(sheet.rows)


def _term_check(record: PrimaryTermRecord) -> list[str]:
    problems = parts.summary_problems(record)
    for row in record.rows:
        codes = [trait.code for trait in row.traits]
        problems += [
            f"học sinh {row.personal_id}: {code} được nêu nhiều lần"
            for code in dict.fromkeys(codes)
            if codes.count(code) > 1
        ]
    return problems


_IDENTITY = parts.identity(t.PRIMARY_REGULATION, t.PRIMARY_GRADE)

_MARKS = Element(
    "HocSinh",
    PrimaryMarks,
    (
        *parts.PUPIL,
        Leaf("MucGiuaKy", "middle_level", t.SUBJECT_LEVEL, optional=True, empty=None),
        Leaf("DiemGiuaKy", "middle_test", t.TEST_MARK, optional=True, empty=None),
        Leaf("MucCuoiKy", "end_level", t.SUBJECT_LEVEL, optional=True, empty=None),
        Leaf("DiemCuoiKy", "end_test", t.TEST_MARK, optional=True, empty=None),
        Leaf("NhanXet", "remark", t.REMARK, optional=True),
    ),
)

_SHEET = Element(
    "DuLieu",
    PrimarySubjectSheet,
    (
        Constant("LoaiSo", "MON_HOC"),
        One(_IDENTITY, "identity"),
        Leaf("MaMon", "subject_code", t.SUBJECT_CODE),
        Leaf("TenMon", "subject_name", t.NAME),
        Leaf("HocKy", "term", t.TERM),
        Many("DanhSachGiaoVien", staff("GiaoVien"), "teachers", least=1, most=20),
        parts.pupils(_MARKS),
    ),
    parts.data_ident,
    _sheet_check,
)

_TRAIT = Element(
    "PhamChatNangLuc",
    TraitLevel,
    (
        Leaf("MaMuc", "code", t.SUBJECT_CODE),
        Leaf("MucGiuaKy", "middle", t.TRAIT_LEVEL, optional=True, empty=None),
        Leaf("MucCuoiKy", "end", t.TRAIT_LEVEL, optional=True, empty=None),
    ),
)

_PUPIL_TERM = Element(
    "HocSinh",
    PrimaryPupilTerm,
    (
        *parts.PUPIL,
        Many("DanhSachPhamChatNangLuc", _TRAIT, "traits", least=1, most=40),
        Leaf("NhanXet", "remark", t.REMARK, optional=True),
    ),
)

_TERM = Element(
    "DuLieu",
    PrimaryTermRecord,
    (
        Constant("LoaiSo", "HOC_KY"),
        One(_IDENTITY, "identity"),
        Leaf("HocKy", "term", t.TERM),
        One(staff("GiaoVienChuNhiem"), "homeroom_teacher"),
        parts.SHEETS,
        parts.pupils(_PUPIL_TERM),
    ),
    parts.data_ident,
    _term_check,
)

_PUPIL_YEAR = Element(
    "HocSinh",
    PrimaryPupilYear,
    (
        *parts.PUPIL,
        Leaf("KetQuaGiaoDuc", "overall", t.OVERALL, optional=True, empty=None),
        Leaf("HoanThanhChuongTrinh", "completed", t.COMPLETED, optional=True, empty=None),
        Leaf("LenLop", "promoted", t.PROMOTED, optional=True, empty=None),
        Leaf("KhenThuong", "award", t.REMARK, optional=True),
        Leaf("SoBuoiNghiCoPhep", "absences_excused", t.COUNT),
        Leaf("SoBuoiNghiKhongPhep", "absences_unexcused", t.COUNT),
        Leaf("NhanXetGiaoVienChuNhiem", "remark", t.REMARK, optional=True),
    ),
)

_YEAR = Element(
    "DuLieu",
    PrimaryYearRecord,
    (
        Constant("LoaiSo", "NAM_HOC"),
        One(_IDENTITY, "identity"),
        One(staff("GiaoVienChuNhiem"), "homeroom_teacher"),
        One(staff("CanBoQuanLy"), "principal"),
        parts.TERMS,
        parts.pupils(_PUPIL_YEAR),
    ),
    parts.data_ident,
    parts.summary_problems,
)

FORMAT = ClassRecordFormat(
    namespace="urn:hocba:so-lop-tieu-hoc:1.0",
    schema="so-lop-tieu-hoc-1.0.xsd",
    kinds={
        ClassRecordKind.SUBJECT: (PrimarySubjectSheet, _SHEET),
        ClassRecordKind.TERM: (PrimaryTermRecord, _TERM),
        ClassRecordKind.YEAR: (PrimaryYearRecord, _YEAR),
    },
)
