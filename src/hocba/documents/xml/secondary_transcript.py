"""The transcript of secondary schools, schema 1.0: `schema/hoc-ba-1.0.xsd`."""

from __future__ import annotations

from hocba.documents.transcript import LevelSeries, SubjectResult, Transcript, YearResult
from hocba.documents.xml import simple_types as t
from hocba.documents.xml import transcript_parts as parts
from hocba.documents.xml.elements import Element
from hocba.documents.xml.grammar import Leaf, Many, One
from hocba.documents.xml.shared import SCHOOL, of_kind, staff
from hocba.documents.xml.transcript_format import TranscriptFormat


def _subject_check(row: SubjectResult) -> list[str]:
    return of_kind(row.kind, (row.term1, row.term2, row.year, row.after_retest))


_SUBJECT = Element(
    "MonHoc",
    SubjectResult,
    (
        parts.ECHO,
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
    parts.subject_ident,
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
        One(parts.PUPIL, "pupil"),
        Many("QuaTrinhHocTap", parts.STUDY_YEAR, "course_of_study", most=30),
        Many("DanhSachMonHoc", _SUBJECT, "subjects", least=1, most=40),
        One(_RESULT, "result"),
        One(staff("GiaoVienChuNhiem"), "homeroom_teacher"),
        One(staff("NguoiDungDau"), "principal"),
        Leaf("SoLop", "class_record", t.DIGEST),
        Leaf("HocBaTruoc", "previous", t.DIGEST, optional=True, empty=None),
        Leaf("ThayTheHocBa", "replaces", t.DIGEST, optional=True, empty=None),
    ),
    parts.record_ident,
    parts.doubled_subjects,
)

FORMAT = TranscriptFormat(
    namespace="urn:hocba:hoc-ba:1.0",
    schema="hoc-ba-1.0.xsd",
    value=Transcript,
    record=_RECORD,
    subject=_SUBJECT,
)
