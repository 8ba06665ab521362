"""Settings of the city side."""

from __future__ import annotations

from hocba.sites import base

_settings = base.settings(
    side="city",
    apps=[
        "hocba.city.schools",
        "hocba.city.trust_sources",
        "hocba.city.archive",
        "hocba.city.preservation",
        "hocba.city.registration",
    ],
    urls="hocba.sites.city_urls",
    roles="hocba.city.roles.ROLES",
)
# Refreshing revocation, keeping evidence and renewing it may take minutes each; time stamps never wait for them.
_settings["HOCBA_JOB_SLOTS"] = 4
globals().update(_settings)
