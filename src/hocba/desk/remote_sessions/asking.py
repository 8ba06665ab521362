"""Asking the person: for the certificate first, then for the signatures, as often as it takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocba.channels.csc import oauth
from hocba.channels.csc.profiles import Flow, Service
from hocba.desk import opening
from hocba.desk.channels import Channel
from hocba.desk.ports import Order
from hocba.desk.ports import State as BatchState
from hocba.desk.remote_sessions import choosing, keeping, planning, words
from hocba.desk.remote_sessions.workflow import State, Tag

if TYPE_CHECKING:
    from datetime import datetime

    from hocba.channels.csc.oauth import Asked
    from hocba.channels.csc.transport import Caller
    from hocba.desk.ports import Batch, Desk
    from hocba.desk.remote_sessions.models import RemoteSession
    from hocba.platform.accounts.actor import Actor


def open_with(
    row: RemoteSession, desk: Desk, actor: Actor, *, caller: Caller, token: str, at: datetime
) -> None:
    """Choose the certificate, freeze the list with it, and ask for the first authorisation.

    Raises DeskError, CscError.
    """
    task = desk.task(actor, row.task)
    names = {"holder": task.holder, "school": task.school_code, "user": actor.name}
    is_client = caller.profile.service is Service.CLIENT
    user_id = caller.profile.user_id.format(**names) if is_client else ""
    found, notes = choosing.choose(desk, actor, task, caller=caller, token=token, user_id=user_id, at=at)
    order = Order(task=task.id, certificate=found.certificate, channel=Channel.REMOTE)
    opened = opening.open_batch(desk, actor, order, at=at)
    row.batch, row.credential, row.code_name = opened.batch.id, found.id, found.code
    row.multisign, row.count = found.multisign, opened.count
    kept = keeping.kept_of(row)
    kept.token = token
    keeping.keep(row, kept)
    keeping.record(row, Tag.BEGUN, at=at, digest=opened.batch.digest, count=opened.count)
    ask(row, desk, actor, opened.batch, caller=caller, before=" ".join(notes), at=at)


def ask(
    row: RemoteSession, desk: Desk, actor: Actor, batch: Batch, *, caller: Caller, before: str, at: datetime
) -> None:
    """Plan the next authorisation and have the person asked for it; nothing left ends the session."""
    if batch.state is BatchState.COMPLETED:
        keeping.move(row, State.DONE, words.SIGNED, at=at)
        return
    if batch.state is not BatchState.OPEN:
        keeping.move(row, State.STOPPED, words.OVER, at=at)
        return
    lines = planning.remaining(desk, actor, batch, row)
    if not lines:
        refused = sum(chunk.refused for chunk in row.chunks.all())
        keeping.move(row, State.STOPPED, words.SOME_REFUSED.format(count=refused), at=at)
        return
    count = planning.plan(row, caller.profile, lines)
    kept = keeping.kept_of(row)
    kept.sad = kept.handle = ""
    keeping.keep(row, kept)
    row.permit_ends_at = None
    said = words.TYPE_THE_CODE if caller.profile.flow is Flow.EXPLICIT else words.AUTHORISE_THERE
    keeping.move(row, State.AUTHORISING, f"{before} {said.format(count=count)}".strip(), at=at)


def request_of(row: RemoteSession, state: str, verifier: str) -> Asked:
    """What the provider's page asks the person, by where the session stands."""
    if State(row.state) is State.LISTING:
        return oauth.Asked(redirect_uri=row.return_to, state=state, verifier=verifier)
    hashes = planning.hashes_of(row)
    return oauth.Asked(
        redirect_uri=row.return_to,
        state=state,
        verifier=verifier,
        scope=oauth.CREDENTIAL,
        credential=row.credential,
        hashes=hashes,
        description=description_of(row, len(hashes)),
    )


def description_of(row: RemoteSession, count: int) -> str:
    """What the provider shows the person: nothing of any pupil."""
    return f"Hocba: ký {count} văn bản, lượt ký {row.batch}"
