"""What the forms of the transcript are called and what they call people: one entry a form."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

_TT22: Final = (
    "(Mẫu ban hành kèm theo Thông tư số 22/2021/TT-BGDĐT ngày 20 tháng 7 năm 2021 "
    "của Bộ trưởng Bộ Giáo dục và Đào tạo)"
)
_TT27: Final = (
    "(Mẫu ban hành kèm theo Thông tư số 27/2020/TT-BGDĐT ngày 04 tháng 9 năm 2020 "
    "của Bộ trưởng Bộ Giáo dục và Đào tạo)"
)
_TT43: Final = (
    "(Mẫu ban hành kèm theo Thông tư số 43/2021/TT-BGDĐT ngày 30 tháng 12 năm 2021 "
    "của Bộ trưởng Bộ Giáo dục và Đào tạo)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words of one form. `layout` is its file in `layouts`.

    `level` is the name of the level on the cover, in lines; `register` what follows the number in the register
    of universal education ("15/THCS"), None where the cover has no such number; `confirms` stands before the title
    of the head of the school where the form says that the year is confirmed, not approved.
    """

    layout: str
    circular: str
    level: tuple[str, ...]
    register: str | None
    pupil: str = "học sinh"
    school: str = "Trường"
    head: str = "Hiệu trưởng"
    confirms: str = ""

    def name_of(self, school: str) -> str:
        """The name of a school without the leading "Trường" or "Trung tâm" that the form prints itself."""
        name = school.strip()
        start = f"{self.school.lower()} "
        return name[len(start) :] if name.lower().startswith(start) else name


_CENTRE: Final = {"circular": _TT43, "pupil": "học viên", "school": "Trung tâm", "head": "Giám đốc"}

WORDS: Final = MappingProxyType(
    {
        "TT27-TH": Words(
            layout="hoc_ba_tieu_hoc.typ",
            circular=_TT27,
            level=("Tiểu học",),
            register=None,
            confirms="Xác nhận của ",
        ),
        "TT22-THCS": Words(
            layout="hoc_ba_thcs.typ", circular=_TT22, level=("Trung học cơ sở",), register="THCS"
        ),
        "TT22-THPT": Words(
            layout="hoc_ba_thpt.typ", circular=_TT22, level=("Trung học phổ thông",), register="THPT"
        ),
        "TT43-THCS": Words(
            layout="hoc_ba_gdtx_thcs.typ",
            level=("Giáo dục thường xuyên", "cấp trung học cơ sở"),
            register="GDTX",
            **_CENTRE,
        ),
        "TT43-THPT": Words(
            layout="hoc_ba_gdtx_thpt.typ",
            level=("Giáo dục thường xuyên", "cấp trung học phổ thông"),
            register="GDTX",
            **_CENTRE,
        ),
    }
)
"""By form of the transcript, as `Transcript.form` names it."""
