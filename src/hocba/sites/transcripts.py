"""Settings of the transcripts side."""

from __future__ import annotations

from hocba.sites import base

globals().update(
    base.settings(
        side="transcripts",
        apps=[
            "hocba.desk",
            "hocba.desk.joint",
            "hocba.desk.remote_sessions",
            "hocba.transcripts.roster",
            "hocba.transcripts.certificates",
            "hocba.transcripts.records",
            "hocba.transcripts.intake",
            "hocba.transcripts.issuing",
            "hocba.transcripts.copies",
        ],
        urls="hocba.sites.transcripts_urls",
        roles="hocba.transcripts.roles.ROLES",
    )
)
