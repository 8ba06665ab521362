"""Codes of the documents in the words of the circulars, as screens, PDF and messages show them.

Words are those of TT 22/2021/TT-BGDĐT, of TT 27/2020/TT-BGDĐT for tiểu học, and of their forms. Every function raises
KeyError for an unknown code and gives "" for None: an empty cell, as in the form.
"""

from __future__ import annotations

from types import MappingProxyType

LEVELS = MappingProxyType({"TOT": "Tốt", "KHA": "Khá", "DAT": "Đạt", "CHUA_DAT": "Chưa đạt"})
PROMOTIONS = MappingProxyType(
    {
        "PROMOTED": "Được lên lớp",
        "RETEST": "Đánh giá lại môn học trong kì nghỉ hè",
        "SUMMER_TRAINING": "Rèn luyện trong kì nghỉ hè",
        "RETAINED": "Không được lên lớp",
    }
)
OVERALL = MappingProxyType(
    {
        "HOAN_THANH_XUAT_SAC": "Hoàn thành xuất sắc",
        "HOAN_THANH_TOT": "Hoàn thành tốt",
        "HOAN_THANH": "Hoàn thành",
        "CHUA_HOAN_THANH": "Chưa hoàn thành",
    }
)
TITLES = MappingProxyType({"XUAT_SAC": "Học sinh Xuất sắc", "GIOI": "Học sinh Giỏi"})
COMMENTS = MappingProxyType({"D": "Đạt", "CD": "Chưa đạt"})
COMMENTS_SHORT = MappingProxyType({"D": "Đ", "CD": "CĐ"})
TERMS = MappingProxyType({1: "Học kì I", 2: "Học kì II"})
KINDS = MappingProxyType({"score": "Nhận xét kết hợp điểm số", "comment": "Nhận xét"})
PRIMARY_KIND = "Mức đạt được và điểm kiểm tra định kì"
SUBJECT_LEVELS = MappingProxyType({"T": "Hoàn thành tốt", "H": "Hoàn thành", "C": "Chưa hoàn thành"})
TRAIT_LEVELS = MappingProxyType({"T": "Tốt", "D": "Đạt", "C": "Cần cố gắng"})
TRAIT_LEVELS_SHORT = MappingProxyType({"T": "T", "D": "Đ", "C": "C"})
TRAIT_GROUPS = MappingProxyType(
    {"QUALITY": "Phẩm chất chủ yếu", "GENERAL": "Năng lực chung", "SPECIFIC": "Năng lực đặc thù"}
)
LAST_GRADE_OF_PRIMARY = 5
REGULATIONS = MappingProxyType(
    {"TT22-2021": "Thông tư 22/2021/TT-BGDĐT", "TT27-2020": "Thông tư 27/2020/TT-BGDĐT"}
)
COMPLETION = MappingProxyType({True: "Hoàn thành", False: "Chưa hoàn thành"})
ADVANCEMENT = MappingProxyType({True: "Được lên lớp", False: "Không được lên lớp"})
SEXES = MappingProxyType({"NAM": "Nam", "NU": "Nữ"})
SCHOOL_LEVELS = MappingProxyType(
    {
        "TH": "Tiểu học",
        "THCS": "Trung học cơ sở",
        "THPT": "Trung học phổ thông",
        "GDTX": "Giáo dục thường xuyên",
        "TH-THCS": "Tiểu học và trung học cơ sở",
        "THCS-THPT": "Trung học cơ sở và trung học phổ thông",
        "TH-THCS-THPT": "Tiểu học, trung học cơ sở và trung học phổ thông",
    }
)


def level(code: str | None) -> str:
    """Return the words for a level of learning or conduct: "Tốt", "Khá", "Đạt", "Chưa đạt"."""
    return "" if code is None else LEVELS[code]


def promotion(code: str | None) -> str:
    """Return the words for the decision on promotion (TT 22/2021 Điều 12–14)."""
    return "" if code is None else PROMOTIONS[code]


def overall(code: str | None) -> str:
    """Return the words for the overall result of a year of tiểu học (TT 27/2020 Điều 9)."""
    return "" if code is None else OVERALL[code]


def title(code: str | None) -> str:
    """Return the words for the title of the year (TT 22/2021 Điều 15)."""
    return "" if code is None else TITLES[code]


def subject_level(code: str | None) -> str:
    """Return the words for a level of a subject of tiểu học (TT 27/2020 Điều 7)."""
    return "" if code is None else SUBJECT_LEVELS[code]


def trait_level(code: str | None) -> str:
    """Return the words for a level of a quality or competence (TT 27/2020 Điều 7)."""
    return "" if code is None else TRAIT_LEVELS[code]


def completion_of(grade: int, *, completed: bool | None) -> str:
    """Return the words for the decision whether the grade, or primary school, is completed (TT 27/2020 Điều 11)."""
    if completed is None:
        return ""
    what = "chương trình tiểu học" if grade == LAST_GRADE_OF_PRIMARY else f"chương trình lớp {grade}"
    return f"{COMPLETION[completed]} {what}"


def advancement(*, promoted: bool | None) -> str:
    """Return the words for the decision whether a pupil moves up (TT 27/2020 Điều 11)."""
    return "" if promoted is None else ADVANCEMENT[promoted]


def mark(value: str | None, *, short: bool = False) -> str:
    """Return a mark with a decimal comma ("8,0"), or "Đạt"/"Chưa đạt", "Đ"/"CĐ" when `short`."""
    if value is None:
        return ""
    words = COMMENTS_SHORT if short else COMMENTS
    return words.get(value) or value.replace(".", ",")


def birth_date(value: str) -> str:
    """Return an ISO 8601 date, whole or partial, as the forms write it: "16/07/2013", "07/2013", "2013"."""
    return "/".join(reversed(value.split("-")))


def school_year(value: str) -> str:
    """Return a school year with the dash of the forms: "2024–2025"."""
    return value.replace("-", "–")
