"""`hocba.desk.remote.RemoteSigning` with providers of the Cloud Signature Consortium's API."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from hocba.channels.csc import oauth
from hocba.channels.csc.errors import CscError
from hocba.channels.csc.profiles import Flow, Service
from hocba.desk.errors import ChannelError, NotYoursError
from hocba.desk.remote import Provider, Status, Step
from hocba.desk.remote_sessions import answering, asking, keeping, providers, words, workflow
from hocba.desk.remote_sessions.models import RemoteSession
from hocba.desk.remote_sessions.workflow import State

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from hocba.channels.csc.transport import Caller
    from hocba.desk.ports import Batch, Desk
    from hocba.platform.accounts.actor import Actor


class RemoteSessions:
    """See `hocba.desk.remote.RemoteSigning`."""

    def providers(self) -> Sequence[Provider]:
        """See the port."""
        return [Provider(id=name, title=each.profile.title) for name, each in providers.callers().items()]

    def begin(
        self, desk: Desk, actor: Actor, *, task: str, provider: str, return_to: str, at: datetime
    ) -> Status:
        """See the port."""
        caller = providers.caller(provider)
        row = _new(desk, actor, task=desk.task(actor, task).id, provider=provider, return_to=return_to, at=at)
        try:
            if caller.profile.service is Service.CLIENT:
                token = oauth.as_client(caller).token
                asking.open_with(row, desk, actor, caller=caller, token=token, at=at)
            return _sent(row, caller, at=at)
        except CscError as error:
            raise ChannelError(words.of(error)) from error

    def returned(self, desk: Desk, actor: Actor, given: Mapping[str, str], *, at: datetime) -> Status:
        """See the port."""
        row = keeping.of_state(desk, actor, given.get("state", ""))
        try:
            answering.take_return(row, desk, actor, providers.caller(row.provider), given, at=at)
        except CscError as error:
            raise ChannelError(words.of(error)) from error
        return _status(row)

    def code(self, desk: Desk, actor: Actor, batch_id: UUID, code: str, *, at: datetime) -> Status:
        """See the port."""
        row = keeping.newest(desk, actor, batch_id)
        if _status(row).step is not Step.CODE:
            return _status(row)
        try:
            answering.take_code(row, providers.caller(row.provider), code.strip(), at=at)
        except CscError as error:
            raise ChannelError(words.of(error)) from error
        return _status(row)

    def again(self, desk: Desk, actor: Actor, batch_id: UUID, *, return_to: str, at: datetime) -> Status:
        """See the port."""
        row = keeping.newest(desk, actor, batch_id)
        batch, caller = desk.batch(actor, batch_id, at=at), providers.caller(row.provider)
        try:
            if State(row.state) in workflow.OVER:
                row = _renewed(row, desk, actor, batch, caller, return_to=return_to, at=at)
            elif State(row.state) in workflow.CAN_GO_ON and answering.holds(row, at=at):
                answering.go_on(row, at=at)
            elif State(row.state) in workflow.CAN_GO_ON:
                asking.ask(row, desk, actor, batch, caller=caller, before="", at=at)
            return _sent(row, caller, at=at)
        except CscError as error:
            raise ChannelError(words.of(error)) from error

    def status(self, desk: Desk, actor: Actor, batch_id: UUID, *, at: datetime) -> Status:
        """See the port."""
        try:
            row = keeping.newest(desk, actor, batch_id, locked=False)
        except NotYoursError as error:
            raise ChannelError(words.NO_SESSION) from error
        return _status(row)


def _new(
    desk: Desk, actor: Actor, *, task: str, provider: str, return_to: str, at: datetime
) -> RemoteSession:
    row = RemoteSession(
        id=uuid.uuid4(),
        school_code=actor.school_code,
        desk=desk.name,
        provider=provider,
        account=actor.user_id or 0,
        by=actor.name,
        task=task,
        state=State.LISTING,
        return_to=return_to,
        detail=words.SIGN_IN_THERE,
        begun_at=at,
        changed_at=at,
    )
    row.save(force_insert=True)
    return row


def _renewed(
    old: RemoteSession,
    desk: Desk,
    actor: Actor,
    batch: Batch,
    caller: Caller,
    *,
    return_to: str,
    at: datetime,
) -> RemoteSession:
    """A new session for a batch that still waits after its last one ended; what was refused is tried again."""
    row = _new(desk, actor, task=old.task, provider=old.provider, return_to=return_to, at=at)
    row.batch, row.credential, row.code_name = old.batch, old.credential, old.code_name
    row.multisign, row.count = old.multisign, old.count
    if caller.profile.service is Service.CLIENT:
        asking.ask(row, desk, actor, batch, caller=caller, before="", at=at)
    else:
        row.save()
    return row


def _sent(row: RemoteSession, caller: Caller, *, at: datetime) -> Status:
    """What the person does now: a page of the provider to go to, or a code that was sent."""
    if State(row.state) not in workflow.ASKING:
        return _status(row)
    if State(row.state) is State.AUTHORISING and caller.profile.flow is Flow.EXPLICIT:
        answering.send_code(row, caller)
        return _status(row)
    address = answering.address(row, caller)
    return Status(
        batch=row.batch,
        step=Step.REDIRECT,
        count=row.count,
        signed=row.signed,
        address=address,
        detail=row.detail,
    )


def _status(row: RemoteSession) -> Status:
    step = workflow.STEPS[State(row.state)]
    if State(row.state) is State.AUTHORISING:
        profile = providers.caller(row.provider).profile
        step = Step.CODE if profile.flow is Flow.EXPLICIT else Step.ASK_AGAIN
    return Status(batch=row.batch, step=step, signed=row.signed, count=row.count, detail=row.detail)
