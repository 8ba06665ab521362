"""All apps on one throw-away database, for unit tests only: not a site, and it hides foreign keys across sides."""

from __future__ import annotations

import tempfile
from importlib.util import find_spec
from pathlib import Path

from hocba.sites import base, databases

_APPS = [
    "hocba.sector.directory",
    "hocba.sector.enrolment",
    "hocba.sector.assignments",
    "hocba.sector.results",
    "hocba.tracking.roster",
    "hocba.tracking.gradebook",
    "hocba.tracking.sealing",
    "hocba.tracking.handover",
    "hocba.transcripts.roster",
    "hocba.transcripts.records",
    "hocba.transcripts.intake",
    "hocba.transcripts.issuing",
    "hocba.city.schools",
    "hocba.city.archive",
    "hocba.city.registration",
    "hocba.portal.verification",
]

_APPS = [name for name in _APPS if find_spec(name)]  # until every side is built

_settings = base.settings(
    side="tracking",
    apps=_APPS,
    urls="hocba.sites.everything_urls",
    roles="hocba.sites.everything_roles.ROLES",
)
_settings["SECRET_KEY"] = "only-for-tests"  # noqa: S105 (never used by a site)
_settings["HOCBA_FILES"] = Path(tempfile.gettempdir()) / "hocba-tests" / "files"
_settings["PASSWORD_HASHERS"] = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # speed; tests only
_settings["CACHES"] = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
_settings["DATABASES"] = {"default": databases.settings_of(databases.url_of("everything", as_owner=True))}
globals().update(_settings)
