"""The class record of secondary schools, schema 1.0: `schema/so-lop-1.0.xsd`."""

from __future__ import annotations

from hocba.documents.class_record import (
    PupilMarks,
    PupilTerm,
    PupilYear,
    SubjectSheet,
    TermRecord,
    YearRecord,
)
from hocba.documents.xml import class_record_parts as parts
from hocba.documents.xml import simple_types as t
from hocba.documents.xml.class_record_format import ClassRecordFormat, ClassRecordKind
from hocba.documents.xml.elements import Element
from hocba.documents.xml.grammar import Constant, Items, Leaf, Many, One
from hocba.documents.xml.shared import of_kind, staff


def _sheet_check(sheet: SubjectSheet) -> list[str]:
    problems = parts.doubled_pupils(sheet.rows)
    for row in sheet.rows:
        marks = (*row.regular, row.midterm, row.final, row.term_result, row.year_result, row.after_retest)
        problems += [f"học sinh {row.personal_id}: {problem}" for problem in of_kind(sheet.kind, marks)]
    return problems


_IDENTITY = parts.identity(t.REGULATION, t.GRADE)

_MARKS = Element(
    "HocSinh",
    PupilMarks,
    (
        *parts.PUPIL,
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
        parts.pupils(_MARKS),
    ),
    parts.data_ident,
    _sheet_check,
)

_PUPIL_TERM = Element(
    "HocSinh",
    PupilTerm,
    (
        *parts.PUPIL,
        Leaf("HocTap", "learning", t.LEVEL, optional=True, empty=None),
        Leaf("RenLuyen", "conduct", t.LEVEL, optional=True, empty=None),
    ),
)

_TERM = Element(
    "DuLieu",
    TermRecord,
    (
        Constant("LoaiSo", "HOC_KY"),
        One(_IDENTITY, "identity"),
        Leaf("HocKy", "term", t.TERM),
        One(staff("GiaoVienChuNhiem"), "homeroom_teacher"),
        parts.SHEETS,
        parts.pupils(_PUPIL_TERM),
    ),
    parts.data_ident,
    parts.summary_problems,
)

_PUPIL_YEAR = Element(
    "HocSinh",
    PupilYear,
    (
        *parts.PUPIL,
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
        parts.TERMS,
        parts.pupils(_PUPIL_YEAR),
    ),
    parts.data_ident,
    parts.summary_problems,
)

FORMAT = ClassRecordFormat(
    namespace="urn:hocba:so-lop:1.0",
    schema="so-lop-1.0.xsd",
    kinds={
        ClassRecordKind.SUBJECT: (SubjectSheet, _SHEET),
        ClassRecordKind.TERM: (TermRecord, _TERM),
        ClassRecordKind.YEAR: (YearRecord, _YEAR),
    },
)
