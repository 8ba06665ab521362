"""The role tables of all sides, merged: a role carries what each side gives it; tests only."""

from __future__ import annotations

from dataclasses import replace

from hocba.city.roles import ROLES as CITY
from hocba.platform.accounts.roles import Role
from hocba.portal.roles import ROLES as PORTAL
from hocba.sector.roles import ROLES as SECTOR
from hocba.tracking.roles import ROLES as TRACKING
from hocba.transcripts.roles import ROLES as TRANSCRIPTS

ROLES: dict[str, Role] = {}
for table in (SECTOR, TRACKING, TRANSCRIPTS, CITY, PORTAL):
    for name, role in table.items():
        known = ROLES.get(name)
        ROLES[name] = replace(known, permissions=known.permissions | role.permissions) if known else role
