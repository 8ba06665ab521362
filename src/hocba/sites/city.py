"""Settings of the city side."""

from __future__ import annotations

from hocba.sites import base

globals().update(
    base.settings(
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
)
