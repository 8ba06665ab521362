"""The actor of a request: a person with the roles held today at one school, or nobody."""

from __future__ import annotations

from dataclasses import dataclass, field

from hocba.platform.accounts import roles


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who acts. `name` is what the audit trail writes; `holder_code` is the staff code at the school."""

    user_id: int | None = None
    name: str = "khách"
    display_name: str = ""
    school_code: str = ""
    holder_code: str = ""
    role_names: tuple[str, ...] = ()
    permissions: frozenset[str] = field(default_factory=frozenset)
    is_whole_site: bool = False

    def may(self, permission: str) -> bool:
        """Whether any of the roles carries the permission."""
        return permission in self.permissions

    @property
    def role_titles(self) -> list[str]:
        """Roles in words, for the screen."""
        return [roles.table()[name].display_name for name in self.role_names]


NOBODY = Actor()
