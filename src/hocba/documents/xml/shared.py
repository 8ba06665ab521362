"""Elements that transcripts and class records have in common: school, staff, relatives, pupils' identity."""

from __future__ import annotations

from hocba.documents.people import School, StaffMember
from hocba.documents.xml import simple_types as t
from hocba.documents.xml.elements import Element
from hocba.documents.xml.grammar import Leaf


def staff(tag: str) -> Element:
    """Return the element of one staff member: code, name, title; never a personal ID."""
    return Element(
        tag,
        StaffMember,
        (
            Leaf("MaDinhDanh", "code", t.IDENTIFIER),
            Leaf("HoVaTen", "name", t.NAME),
            Leaf("ChucVu", "title", t.NAME, optional=True),
        ),
    )


SCHOOL = Element(
    "NhaTruong",
    School,
    (
        Leaf("MaTruong", "code", t.IDENTIFIER),
        Leaf("TenTruong", "name", t.NAME),
        Leaf("CapHoc", "level", t.SCHOOL_LEVEL),
        Leaf("XaPhuong", "ward", t.NAME, optional=True),
        Leaf("TinhThanhPho", "province", t.NAME, optional=True),
    ),
)


def of_kind(kind: str, marks: tuple[str | None, ...]) -> list[str]:
    """Return a problem for every mark that is not of the subject's kind ("score" or "comment")."""
    letters = kind == "comment"
    return [
        f"“{mark}” không hợp với hình thức đánh giá của môn học"
        for mark in marks
        if mark is not None and (mark in {"D", "CD"}) != letters
    ]
