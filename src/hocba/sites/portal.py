"""Settings of the portal side."""

from __future__ import annotations

from hocba.sites import base

globals().update(
    base.settings(
        side="portal",
        apps=[
            "hocba.portal.verification",
        ],
        urls="hocba.sites.portal_urls",
        roles="hocba.portal.roles.ROLES",
    )
)
