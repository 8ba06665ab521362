"""The role tables of all sides, merged: a role carries what each side gives it; tests only."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from importlib.util import find_spec

from hocba.platform.accounts.roles import Role

ROLES: dict[str, Role] = {}
for side in ("sector", "tracking", "transcripts", "city", "portal"):
    if not find_spec(f"hocba.{side}.roles"):  # until every side is built
        continue
    table: dict[str, Role] = import_module(f"hocba.{side}.roles").ROLES
    for name, role in table.items():
        known = ROLES.get(name)
        ROLES[name] = replace(known, permissions=known.permissions | role.permissions) if known else role
