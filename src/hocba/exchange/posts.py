"""Posts as a roster names them (`RosterStaff.member.title`), and the roles that follow from work at a school.

One table for every side that copies the roster: a person who changes posts changes roles everywhere.
"""

from __future__ import annotations

from typing import Final

# A school has a principal; a centre of continuing education (GDTX) has a director in the same place.
PRINCIPALS: Final = ("Hiệu trưởng", "Giám đốc")
DEPUTIES: Final = ("Phó Hiệu trưởng", "Phó Giám đốc")
LEADERS: Final = (*PRINCIPALS, *DEPUTIES)

ROLE_OF_POST: Final = {
    **dict.fromkeys(PRINCIPALS, "principal"),
    **dict.fromkeys(DEPUTIES, "leadership"),
    "Nhân viên học vụ": "academic_office",
    "Nhân viên văn thư": "clerk",
    "Quản trị viên": "administrator",
    "Tổ trưởng chuyên môn": "group_head",
}


def roles_of(post: str, *, teaches: bool, leads_class: bool) -> frozenset[str]:
    """Names of the roles of somebody with that post, who teaches a subject or is a homeroom teacher."""
    found = {ROLE_OF_POST[post]} if post in ROLE_OF_POST else set()
    if teaches:
        found.add("subject_teacher")
    if leads_class:
        found.add("homeroom_teacher")
    return frozenset(found)
