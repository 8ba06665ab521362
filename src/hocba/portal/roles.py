"""The portal is public: it has no roles."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hocba.platform.accounts.roles import Role

ROLES: dict[str, Role] = {}
