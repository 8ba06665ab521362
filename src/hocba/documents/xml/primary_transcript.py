"""The transcript of tiểu học (TT 27/2020), schema 1.0: `schema/hoc-ba-tieu-hoc-1.0.xsd`."""

from __future__ import annotations

from hocba.documents.primary import PrimarySubjectResult, PrimaryTranscript, PrimaryYearResult, TraitResult
from hocba.documents.xml import simple_types as t
from hocba.documents.xml import transcript_parts as parts
from hocba.documents.xml.elements import Element
from hocba.documents.xml.grammar import Leaf, Many, One
from hocba.documents.xml.shared import SCHOOL, staff
from hocba.documents.xml.transcript_format import TranscriptFormat


def _record_check(transcript: PrimaryTranscript) -> list[str]:
    traits = [(row.group, row.code) for row in transcript.traits]
    doubled = [
        f"phẩm chất, năng lực {key[1]} có nhiều dòng"
        for key in dict.fromkeys(traits)
        if traits.count(key) > 1
    ]
    return [*parts.doubled_subjects(transcript), *doubled]


_SUBJECT = Element(
    "MonHoc",
    PrimarySubjectResult,
    (
        parts.ECHO,
        Leaf("MaMon", "code", t.SUBJECT_CODE),
        Leaf("TenMon", "name", t.NAME),
        Leaf("MucDatDuoc", "level", t.SUBJECT_LEVEL, optional=True, empty=None),
        Leaf("DiemKiemTra", "test", t.TEST_MARK, optional=True, empty=None),
        Leaf("NhanXet", "remark", t.REMARK, optional=True),
        Many("DanhSachGiaoVien", staff("GiaoVien"), "teachers", least=1, most=20),
    ),
    parts.subject_ident,
)

_TRAIT = Element(
    "PhamChatNangLuc",
    TraitResult,
    (
        Leaf("MaMuc", "code", t.SUBJECT_CODE),
        Leaf("TenMuc", "name", t.NAME),
        Leaf("Nhom", "group", t.TRAIT_GROUP),
        Leaf("MucDatDuoc", "level", t.TRAIT_LEVEL, optional=True, empty=None),
        Leaf("NhanXet", "remark", t.REMARK, optional=True),
    ),
)

_RESULT = Element(
    "KetQuaCaNam",
    PrimaryYearResult,
    (
        Leaf("KetQuaGiaoDuc", "overall", t.OVERALL, optional=True, empty=None),
        Leaf("HoanThanhChuongTrinh", "completed", t.COMPLETED, optional=True, empty=None),
        Leaf("LenLop", "promoted", t.PROMOTED, optional=True, empty=None),
        Leaf("KhenThuong", "award", t.REMARK, optional=True),
        Leaf("SoBuoiNghiCoPhep", "absences_excused", t.COUNT),
        Leaf("SoBuoiNghiKhongPhep", "absences_unexcused", t.COUNT),
        Leaf("NhanXetGiaoVienChuNhiem", "homeroom_remark", t.REMARK, optional=True),
    ),
)

_RECORD = Element(
    "HoSo",
    PrimaryTranscript,
    (
        Leaf("MaHocBa", "id", t.UUID_TEXT),
        Leaf("PhienBan", "version", t.VERSION),
        Leaf("QuyDinhDanhGia", "regulation", t.PRIMARY_REGULATION),
        Leaf("MauHocBa", "form", t.PRIMARY_FORM),
        Leaf("CapHoc", "level", t.PRIMARY_LEVEL),
        Leaf("NamHoc", "school_year", t.SCHOOL_YEAR),
        Leaf("Khoi", "grade", t.PRIMARY_GRADE),
        Leaf("Lop", "class_name", t.SHORT),
        Leaf("SoDangBo", "register_number", t.SHORT, optional=True),
        One(SCHOOL, "school"),
        One(parts.PUPIL, "pupil"),
        Many("QuaTrinhHocTap", parts.STUDY_YEAR, "course_of_study", most=30),
        Many("DanhSachMonHoc", _SUBJECT, "subjects", least=1, most=40),
        Many("DanhSachPhamChatNangLuc", _TRAIT, "traits", least=1, most=40),
        One(_RESULT, "result"),
        One(staff("GiaoVienChuNhiem"), "homeroom_teacher"),
        One(staff("NguoiDungDau"), "principal"),
        Leaf("SoLop", "class_record", t.DIGEST),
        Leaf("HocBaTruoc", "previous", t.DIGEST, optional=True, empty=None),
        Leaf("ThayTheHocBa", "replaces", t.DIGEST, optional=True, empty=None),
    ),
    parts.record_ident,
    _record_check,
)

FORMAT = TranscriptFormat(
    namespace="urn:hocba:hoc-ba-tieu-hoc:1.0",
    schema="hoc-ba-tieu-hoc-1.0.xsd",
    value=PrimaryTranscript,
    record=_RECORD,
    subject=_SUBJECT,
)
