"""Who may do what at the Sở, as data (Quy chế Điều 21)."""

from __future__ import annotations

from enum import StrEnum

from hocba.platform.accounts.roles import Role


class Permission(StrEnum):
    """Every permission of this side, in alphabetical order."""

    CERTIFICATES_APPROVE = "city:certificates:approve"
    EVIDENCE_EXPORT = "city:evidence:export"
    FIGURES_VIEW = "city:figures:view"
    REGISTER_READ = "city:register:read"
    REGISTER_SEARCH = "city:register:search"
    TRUST_MANAGE = "city:trust:manage"
    TRUST_VIEW = "city:trust:view"


ROLES: dict[str, Role] = {
    role.name: role
    for role in (
        Role(
            name="city_administrator",
            display_name="Quản trị hệ thống của Sở",
            description="Vận hành hệ thống; thấy số lượng, không thấy học bạ.",
            permissions=frozenset({Permission.FIGURES_VIEW, Permission.TRUST_VIEW}),
            whole_site=True,
        ),
        Role(
            name="city_officer",
            display_name="Chuyên viên Sở",
            description="Phê duyệt chứng thư số các trường khai báo; tra cứu sổ đăng ký học bạ số.",
            permissions=frozenset(Permission),
            whole_site=True,
        ),
    )
}
