"""Who may do what on the sector side. Nobody reads results here: they pass between machines, signed."""

from __future__ import annotations

from enum import StrEnum

from hocba.platform.accounts.roles import Role


class Permission(StrEnum):
    """Every act that needs a right."""

    PEOPLE_VIEW = "sector:people:view"


_VIEW = frozenset({Permission.PEOPLE_VIEW})

_ROLES = (
    Role(
        name="academic_office",
        display_name="Nhân sự học vụ",
        description="Xem, rà soát danh sách học sinh, lớp học và phân công của trường.",
        permissions=_VIEW,
    ),
    Role(
        name="clerk",
        display_name="Nhân sự văn thư",
        description="Xem danh sách lớp học, nhân sự của trường.",
        permissions=_VIEW,
    ),
    Role(
        name="leadership",
        display_name="Phó hiệu trưởng",
        description="Xem danh sách học sinh, lớp học và phân công của trường.",
        permissions=_VIEW,
    ),
    Role(
        name="principal",
        display_name="Hiệu trưởng",
        description="Chịu trách nhiệm về danh sách học sinh, lớp học và phân công của trường.",
        permissions=_VIEW,
    ),
    Role(
        name="administrator",
        display_name="Quản trị viên",
        description="Quản lý tài khoản; xem nhân sự và lớp học, không xem kết quả học tập, rèn luyện.",
        permissions=_VIEW,
    ),
    Role(
        name="city_officer",
        display_name="Chuyên viên Sở",
        description="Xem danh sách trường, lớp học và nhân sự của toàn thành phố.",
        permissions=_VIEW,
        whole_site=True,
    ),
    Role(
        name="city_administrator",
        display_name="Quản trị viên của Sở",
        description="Quản lý tài khoản của toàn thành phố; không xem kết quả học tập, rèn luyện.",
        permissions=_VIEW,
        whole_site=True,
    ),
)

ROLES: dict[str, Role] = {role.name: role for role in _ROLES}
