"""What follows when the Sở has answered: the copies are fetched again, so that desk and pages know at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocba.exchange.problems import sentences_of
from hocba.platform.messages import delivery
from hocba.transcripts.certificates import actions
from hocba.transcripts.roster import jobs

if TYPE_CHECKING:
    from hocba.platform.messages.delivery import Delivered


@delivery.on_answer(actions.ANSWERED)
def duty_ended(delivered: Delivered) -> None:
    """Fetch the register again; a refusal is on the page of messages like every other."""
    if delivered.accepted:
        jobs.sync_certificates.defer(school_code=str(delivered.context["school_code"]))


@delivery.on_answer(actions.DECLARED)
def declared(delivered: Delivered) -> None:
    """Say on the page of certificates what the Sở said."""
    school_code = str(delivered.context["school_code"])
    problems = () if delivered.accepted else sentences_of(delivered.body, status=delivered.status)
    actions.keep_answer(
        school_code=school_code,
        version=int(str(delivered.context["version"])),
        problems=problems,
        at=delivered.at,
    )
    if delivered.accepted:
        jobs.sync_certificates.defer(school_code=school_code)
