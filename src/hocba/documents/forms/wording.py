"""Words that several forms share: titles, places to sign, first columns of a list of pupils."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hocba.documents import labels
from hocba.documents.forms.tables import Column, Signature

if TYPE_CHECKING:
    from datetime import date

    from hocba.documents.people import School, StaffMember

SIGN: Final = "(Kí, ghi rõ họ tên)"
SIGN_AND_SEAL: Final = "(Kí, ghi rõ họ tên và đóng dấu)"
ROMAN: Final = {1: "I", 2: "II"}
NUMBER: Final = Column(head=("TT",), width=8)


def pupil_name(width: float = 0) -> Column:
    """The column of names: that many millimetres, or a share of what is left."""
    return Column(head=("Họ và tên",), width=width, share=0 if width else 1, left=True)


def class_and_year(class_name: str, school_year: str) -> str:
    """ "Lớp 6A1 – Năm học 2024–2025"."""
    return f"Lớp {class_name} – Năm học {labels.school_year(school_year)}"


def school_lines(school: School) -> list[tuple[str, str]]:
    """School, commune and province as label and text; what is not known is left out."""
    name = school.name.strip()
    short = name[len("trường ") :] if name.lower().startswith("trường ") else name
    lines = [("Trường", short), ("Xã/Phường/Đặc khu", school.ward), ("Tỉnh/Thành phố", school.province)]
    return [(label, text) for label, text in lines if text]


def homeroom(teacher: StaffMember) -> Signature:
    """Where the homeroom teacher signs."""
    return Signature(title="GIÁO VIÊN CHỦ NHIỆM", hint=SIGN, name=teacher.name)


def principal(leader: StaffMember) -> Signature:
    """Where the principal signs and the seal is set."""
    title = (leader.title or "Hiệu trưởng").upper()
    return Signature(title=title, hint=SIGN_AND_SEAL, name=leader.name)


def place_and_date(school: School, day: date | None) -> str:
    """ "TP. Hồ Chí Minh, ngày 30 tháng 5 năm 2025"; dots where the day is not known."""
    where = school.province or school.ward or "…………………"
    if day is None:
        return f"{where}, ngày …… tháng …… năm 20……"
    return f"{where}, ngày {day.day:02} tháng {day.month:02} năm {day.year}"
