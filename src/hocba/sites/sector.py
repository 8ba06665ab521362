"""Settings of the sector side."""

from __future__ import annotations

from hocba.sites import base

globals().update(
    base.settings(
        side="sector",
        apps=[
            "hocba.sector.directory",
            "hocba.sector.enrolment",
            "hocba.sector.assignments",
            "hocba.sector.results",
        ],
        urls="hocba.sites.sector_urls",
        roles="hocba.sector.roles.ROLES",
    )
)
