"""What follows when the Sở has taken note: the register's copy is fetched again, so that the desk refuses at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocba.platform.messages import delivery
from hocba.transcripts.certificates.actions import ANSWERED
from hocba.transcripts.roster import jobs

if TYPE_CHECKING:
    from hocba.platform.messages.delivery import Delivered


@delivery.on_answer(ANSWERED)
def duty_ended(delivered: Delivered) -> None:
    """Fetch the register again; a refusal is on the page of messages like every other."""
    if delivered.accepted:
        jobs.sync_certificates.defer(school_code=str(delivered.context["school_code"]))
