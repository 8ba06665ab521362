"""All apps on one throw-away database, for unit tests only: not a site, and it hides foreign keys across sides."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hocba.sites import base, databases

# Types of our own settings, for the type checker; the values come from base.settings below.
HOCBA_SIDE: str
HOCBA_ROLES: str
HOCBA_FILES: Path
HOCBA_PRODUCTION: bool
HOCBA_SEALS: str
HOCBA_SEAL_KEYS: Path | None
HOCBA_DESKS: dict[str, str]
HOCBA_REMOTE_PROVIDERS: Path | None
HOCBA_REMOTE_SIGNING: str
HOCBA_DEMO_PASSWORD: str | None
HOCBA_JOB_SLOTS: int
HOCBA_TSA_URL: str | None
HOCBA_OFFLINE_DAYS: str
HOCBA_STAMP_MINUTES: int
HOCBA_STAMP_STOP_HOURS: int
HOCBA_RENEWAL_MARGIN_DAYS: int
HOCBA_EVIDENCE_DIGEST: str
HOCBA_LOG_ORIGIN: str
HOCBA_LOG_KEY: str

_APPS = [
    "hocba.desk",
    "hocba.desk.joint",
    "hocba.desk.remote_sessions",
    "hocba.sector.directory",
    "hocba.sector.enrolment",
    "hocba.sector.assignments",
    "hocba.sector.results",
    "hocba.tracking.roster",
    "hocba.tracking.gradebook",
    "hocba.tracking.sealing",
    "hocba.tracking.completeness",
    "hocba.tracking.printing",
    "hocba.tracking.handover",
    "hocba.transcripts.roster",
    "hocba.transcripts.certificates",
    "hocba.transcripts.records",
    "hocba.transcripts.intake",
    "hocba.transcripts.issuing",
    "hocba.transcripts.copies",
    "hocba.city.schools",
    "hocba.city.trust_sources",
    "hocba.city.archive",
    "hocba.city.preservation",
    "hocba.city.registration",
    "hocba.portal.verification",
]

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
