"""The tables a school hands in, and the names their columns go by."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from hocba.documents.workbooks.titles import flat
from hocba.regulations import curriculum
from hocba.regulations.circular27 import rules
from hocba.regulations.code_lists import plain
from hocba.regulations.names import normalise

if TYPE_CHECKING:
    from collections.abc import Mapping


class Kind(StrEnum):
    """What a sheet holds."""

    PUPILS = "pupils"
    STAFF = "staff"
    ASSIGNMENTS = "assignments"
    HOMEROOMS = "homerooms"
    MARKS = "marks"
    SUMMARY = "summary"
    PRIMARY = "primary"


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A kind of table.

    `fields` maps each field to the names its column goes by (compared without accents, capitals, blanks
    and punctuation); `required` must be there; a sheet is of this kind when at least `enough` of its
    `telling` fields are found. `file_stem` begins the names of such files.
    """

    kind: Kind
    title: str
    file_stem: str
    fields: Mapping[str, tuple[str, ...]]
    required: tuple[str, ...]
    telling: frozenset[str]
    enough: int


_CLASS = ("Mã lớp", "Lớp", "Tên lớp", "Lớp học")
_PUPIL_CODE = ("Mã học sinh", "Mã HS", "Mã định danh học sinh", "Mã định danh HS", "Mã định danh Bộ GD&ĐT")
_NAME = ("Họ tên", "Họ và tên", "Họ tên học sinh", "Họ và tên học sinh", "Họ tên HS")
_BIRTH = ("Ngày sinh", "Ngày tháng năm sinh", "Ngày, tháng, năm sinh", "Năm sinh")
_PERSONAL_ID = (
    "Số định danh cá nhân", "Số ĐDCN", "Mã định danh cá nhân", "Số CCCD", "CCCD", "Số CMND/CCCD",
    "Số CCCD/ĐDCN", "Định danh cá nhân", "Số định danh cá nhân/CCCD", "Số CMND/TCC/Định danh cá nhân",
)  # fmt: skip
_SEX = ("Giới tính", "Nam/nữ", "Phái")
_STAFF_CODE = (
    "Mã định danh",
    "Mã định danh GV",
    "Mã GV",
    "Mã giáo viên",
    "Mã định danh giáo viên",
    "Mã cán bộ",
    "Mã định danh CB",
)

LAYOUTS: Final = {
    layout.kind: layout
    for layout in (
        Layout(
            kind=Kind.PUPILS,
            title="danh sách học sinh",
            file_stem="HocSinh",
            fields={
                "class": _CLASS,
                "code": _PUPIL_CODE,
                "name": _NAME,
                "birth_date": _BIRTH,
                "sex": _SEX,
                "personal_id": _PERSONAL_ID,
                "status": ("Trạng thái HS", "Trạng thái", "Trạng thái học sinh"),
                "status_date": ("Ngày nhập trạng thái", "Ngày trạng thái", "Ngày chuyển trạng thái"),
                "ethnic_group": ("Dân tộc",),
                "disability": ("Loại khuyết tật", "Khuyết tật", "Dạng khuyết tật"),
                "nationality": ("Quốc tịch",),
                "birthplace": ("Nơi sinh",),
                "residence": (
                    "Địa chỉ (Theo nơi ở hiện tại)",
                    "Địa chỉ",
                    "Chỗ ở hiện tại",
                    "Nơi ở hiện nay",
                    "Chỗ ở hiện nay",
                    "Địa chỉ gia đình",
                ),
                "father": ("Họ tên cha", "Họ và tên cha", "Họ tên bố"),
                "father_job": ("Nghề nghiệp cha", "Nghề nghiệp của cha", "Nghề nghiệp bố"),
                "mother": ("Họ tên mẹ", "Họ và tên mẹ"),
                "mother_job": ("Nghề nghiệp mẹ", "Nghề nghiệp của mẹ"),
                "phone": ("Số điện thoại", "Điện thoại", "SĐT", "Số điện thoại liên hệ"),
            },
            required=("class", "code", "name", "birth_date", "sex", "personal_id"),
            telling=frozenset(
                {"class", "code", "personal_id", "status", "ethnic_group", "father", "mother", "residence"}
            ),
            enough=4,
        ),
        Layout(
            kind=Kind.STAFF,
            title="danh sách cán bộ, giáo viên, nhân viên",
            file_stem="GiaoVien",
            fields={
                "code": _STAFF_CODE,
                "name": (*_NAME, "Họ tên GV", "Họ tên cán bộ"),
                "email": ("Email", "Thư điện tử", "E-mail"),
                "birth_date": _BIRTH,
                "sex": _SEX,
                "personal_id": _PERSONAL_ID,
                "status": ("Trạng thái CB", "Trạng thái", "Trạng thái cán bộ", "Trạng thái làm việc"),
                "position": ("Vị trí việc làm",),
                "post": ("Nhóm chức vụ", "Chức vụ"),
                "subject": ("Môn dạy", "Môn giảng dạy", "Bộ môn"),
            },
            required=("code", "name", "personal_id", "position", "post"),
            telling=frozenset({"code", "email", "status", "position", "post", "subject"}),
            enough=3,
        ),
        Layout(
            kind=Kind.ASSIGNMENTS,
            title="phân công chuyên môn",
            file_stem="PhanCong",
            fields={
                "class": _CLASS,
                "subject": ("Môn học", "Môn", "Tên môn học"),
                "term": ("Học kì", "Học kỳ", "HK"),
                "staff_code": _STAFF_CODE,
                "staff_name": (
                    "Họ tên GV",
                    "Họ và tên GV",
                    "Họ tên giáo viên",
                    "Họ và tên giáo viên",
                    "Giáo viên",
                ),
            },
            required=("class", "subject", "term", "staff_code"),
            telling=frozenset({"class", "subject", "term", "staff_code", "staff_name"}),
            enough=3,
        ),
        Layout(
            kind=Kind.HOMEROOMS,
            title="phân công chủ nhiệm",
            file_stem="ChuNhiem",
            fields={
                "class": _CLASS,
                "staff_code": (*_STAFF_CODE, "Mã GVCN", "Mã định danh GVCN"),
                "staff_name": (
                    "Họ tên GVCN",
                    "Họ và tên GVCN",
                    "Họ tên giáo viên chủ nhiệm",
                    "Giáo viên chủ nhiệm",
                    "GVCN",
                ),
            },
            required=("class", "staff_code"),
            telling=frozenset({"class", "staff_code", "staff_name"}),
            enough=2,
        ),
        Layout(
            kind=Kind.MARKS,
            title="sổ điểm",
            file_stem="SoDiem",
            fields={
                "code": _PUPIL_CODE,
                "name": _NAME,
                "birth_date": _BIRTH,
                "topic": ("ĐĐGcđ", "CĐ", "Chuyên đề", "Cụm chuyên đề", "Chuyên đề học tập"),
                "remark": (
                    "Nhận xét",
                    "Nhận xét của giáo viên",
                    "Nhận xét của GVBM",
                    "Nhận xét của giáo viên môn học",
                ),
            },
            required=("code", "name", "regular1", "midterm", "final"),
            telling=frozenset({"code", "name", "regular1", "regular2", "midterm", "final"}),
            enough=3,
        ),
        Layout(
            kind=Kind.SUMMARY,
            title="tổng hợp lớp",
            file_stem="TongHop",
            fields={
                "code": _PUPIL_CODE,
                "name": _NAME,
                "conduct1": (
                    "Rèn luyện HK I",
                    "Rèn luyện HK1",
                    "Kết quả rèn luyện HK I",
                    "Kết quả rèn luyện học kì I",
                    "Rèn luyện học kì I",
                    "Rèn luyện học kì 1",
                ),
                "conduct2": (
                    "Rèn luyện HK II",
                    "Rèn luyện HK2",
                    "Kết quả rèn luyện HK II",
                    "Kết quả rèn luyện học kì II",
                    "Rèn luyện học kì II",
                    "Rèn luyện học kì 2",
                ),
                "excused": ("Nghỉ có phép", "Có phép", "Số buổi nghỉ có phép"),
                "unexcused": ("Nghỉ không phép", "Không phép", "Số buổi nghỉ không phép"),
                "remark": ("Nhận xét của GVCN", "Nhận xét của giáo viên chủ nhiệm", "Nhận xét"),
            },
            required=("code", "name", "conduct1", "conduct2", "excused", "unexcused"),
            telling=frozenset({"conduct1", "conduct2", "excused", "unexcused"}),
            enough=2,
        ),
        Layout(
            kind=Kind.PRIMARY,
            title="tổng hợp kết quả đánh giá giáo dục",
            file_stem="KetQua",
            fields={
                "code": _PUPIL_CODE,
                "name": _NAME,
                "birth_date": _BIRTH,
                "overall": ("Xếp loại", "Đánh giá KQGD", "Đánh giá kết quả giáo dục"),
                "completed": ("Hoàn thành chương trình lớp học", "HTCTLH", "Hoàn thành CTLH"),
                "promoted": ("Lên lớp", "Được lên lớp"),
                "award": ("Khen thưởng",),
                "excused": ("Nghỉ có phép", "Có phép"),
                "unexcused": ("Nghỉ không phép", "Không phép"),
                "remark": ("Nhận xét của GVCN", "Nhận xét của giáo viên chủ nhiệm"),
            },
            required=("code", "name"),
            telling=frozenset({"level:TIENGVIET", "level:TOAN", "level:DAODUC", "trait:CHAMCHI", "overall"}),
            enough=2,
        ),
    )
}

_BY_LABEL: Final = {
    kind: {plain(label): field for field, labels in layout.fields.items() for label in labels}
    for kind, layout in LAYOUTS.items()
}

_PARTS: Final = {
    "muc dat duoc": "level",
    "muc": "level",
    "diem ktdk": "test",
    "diem kiem tra dinh ki": "test",
    "diem kiem tra dinh ky": "test",
    "nhan xet": "remark",
}
_OF_SUBJECT = re.compile(rf"(.+?)[\s:–—-]*({'|'.join(_PARTS)})")
_TRAITS: Final = {plain(name): code for code, name in (rules.qualities() | rules.competences(5)).items()}

_MARK_PREFIX = r"(?:ddg|diem|danhgia|muc|kq|kt)*"
_REGULAR = re.compile(_MARK_PREFIX + r"(?:tx|thuongxuyen)(?:lan)?([1-9][0-9]?)")
_MIDTERM = re.compile(_MARK_PREFIX + r"(?:gk|giuaki|giuaky|giuahocki|giuahocky)")
_FINAL = re.compile(_MARK_PREFIX + r"(?:ck|cuoiki|cuoiky|cuoihocki|cuoihocky)")


@lru_cache(maxsize=8192)
def field_of(kind: Kind, label: str) -> str | None:
    """The field a column of this name holds in a table of this kind; None when it is none of ours."""
    known = plain(label)
    field = _BY_LABEL[kind].get(known)
    if field is not None:
        return field
    if kind is Kind.MARKS:
        return _mark_field(known)
    return _primary_field(label) if kind is Kind.PRIMARY else None


def _mark_field(known: str) -> str | None:
    regular = _REGULAR.fullmatch(known)
    if regular:
        return f"regular{regular.group(1)}"
    if _MIDTERM.fullmatch(known):
        return "midterm"
    return "final" if _FINAL.fullmatch(known) else None


def _primary_field(label: str) -> str | None:
    """A subject's level, test mark or remark ("Toán – Mức đạt được"), or a quality or competence by name."""
    trait = _TRAITS.get(plain(label))
    if trait is not None:
        return f"trait:{trait}"
    match = _OF_SUBJECT.fullmatch(flat(normalise(label)))
    subject = None if match is None else curriculum.subject_by_name(match.group(1), "TIEUHOC")
    if match is None or subject is None:
        return None
    return f"{_PARTS[match.group(2)]}:{subject.code}"


def usual_label(kind: Kind, field: str) -> str:
    """How a column is usually called, for saying that it is missing."""
    marks = {"regular1": "ĐĐGtx1", "midterm": "ĐĐGgk", "final": "ĐĐGck"}
    labels = LAYOUTS[kind].fields.get(field)
    return labels[0] if labels else marks[field]


def kind_of_file_name(file: str) -> Kind | None:
    """The kind of table a file of this name should hold; None when the name does not say."""
    stem = plain(file.rpartition("/")[2].partition(".")[0])
    for kind, layout in LAYOUTS.items():
        if stem.startswith(plain(layout.file_stem)):
            return kind
    return None
