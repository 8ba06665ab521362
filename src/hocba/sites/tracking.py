"""Settings of the tracking side."""

from __future__ import annotations

from hocba.sites import base

globals().update(
    base.settings(
        side="tracking",
        apps=[
            "hocba.desk",
            "hocba.desk.joint",
            "hocba.desk.remote_sessions",
            "hocba.tracking.roster",
            "hocba.tracking.gradebook",
            "hocba.tracking.sealing",
            "hocba.tracking.completeness",
            "hocba.tracking.printing",
            "hocba.tracking.handover",
        ],
        urls="hocba.sites.tracking_urls",
        roles="hocba.tracking.roles.ROLES",
    )
)
