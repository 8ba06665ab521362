"""`hocba.desk.remote.RemoteSigning` with providers of the Cloud Signature Consortium's API."""

from __future__ import annotations

import hmac
import uuid
from datetime import timedelta
from typing import TYPE_CHECKING

from hocba.channels.csc import authorisation, credentials, oauth
from hocba.channels.csc.errors import (
    AuthorisationOverError,
    CodeRefusedError,
    CscError,
    LostAnswerError,
    ProviderRefusedError,
)
from hocba.channels.csc.profiles import Flow, Service
from hocba.desk.errors import BatchOverError, ChannelError, NotYoursError
from hocba.desk.remote import Provider, Status, Step
from hocba.desk.remote_sessions import asking, jobs, keeping, planning, providers, words, workflow
from hocba.desk.remote_sessions.models import RemoteSession
from hocba.desk.remote_sessions.workflow import State, Tag

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from hocba.channels.csc.transport import Caller
    from hocba.desk.ports import Desk
    from hocba.platform.accounts.actor import Actor

_LONGEST_CODE = 32


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
        row = RemoteSession(
            id=uuid.uuid4(),
            school_code=actor.school_code,
            desk=desk.name,
            provider=provider,
            account=actor.user_id or 0,
            by=actor.name,
            task=desk.task(actor, task).id,
            state=State.LISTING,
            return_to=return_to,
            begun_at=at,
            changed_at=at,
        )
        row.save(force_insert=True)
        if caller.profile.service is Service.CLIENT:
            try:
                token = oauth.as_client(caller).token
                asking.open_with(row, desk, actor, caller=caller, token=token, at=at)
            except CscError as error:
                row.delete()
                raise ChannelError(_said(error)) from error
            except Exception:
                row.delete()
                raise
        else:
            keeping.move(row, State.LISTING, words.SIGN_IN_THERE, at=at)
        return _status(row)

    def address(self, actor: Actor, session: str, *, at: datetime) -> str:
        """See the port. Each call makes a state and a verifier of its own; only the newest counts."""
        row = keeping.own(actor, session, locked=True)
        if _status(row).step is not Step.REDIRECT:
            raise BatchOverError(words.OVER)
        caller = providers.caller(row.provider)
        kept = keeping.kept_of(row)
        kept.state, kept.verifier = f"{row.pk.hex}.{oauth.new_secret()}", oauth.new_secret()
        keeping.keep(row, kept)
        row.state_digest = keeping.digest_of_state(kept.state)
        row.save(update_fields=["kept", "state_digest"])
        try:
            return oauth.address(caller, asking.request_of(row, kept.state, kept.verifier))
        except CscError as error:
            raise ChannelError(_said(error)) from error

    def session_of_state(self, actor: Actor, state: str) -> str:
        """See the port: a state begins with its session; whether it is the right one is seen by `authorise`."""
        return str(keeping.own(actor, state.partition(".")[0]).pk)

    def send_code(self, actor: Actor, session: str, *, at: datetime) -> None:
        """See the port."""
        row = keeping.own(actor, session)
        caller = providers.caller(row.provider)
        if _status(row).step is not Step.CODE:
            raise BatchOverError(words.OVER)
        try:
            authorisation.send_code(caller, self._token(row, caller), row.credential)
        except CscError as error:
            raise ChannelError(_said(error)) from error

    def authorise(
        self, desk: Desk, actor: Actor, session: str, *, given: Mapping[str, str], at: datetime
    ) -> Status:
        """See the port."""
        row = keeping.own(actor, session, locked=True)
        if row.desk != desk.name:
            raise NotYoursError
        caller = providers.caller(row.provider)
        step = _status(row).step
        try:
            if step is Step.REDIRECT:
                self._returned(row, desk, actor, caller, given, at=at)
            elif step is Step.CODE:
                self._typed(row, caller, given.get("code", ""), at=at)
        except CodeRefusedError as error:
            raise ChannelError(words.WRONG_CODE) from error
        except CscError as error:
            raise ChannelError(_said(error)) from error
        return _status(row)

    def go_on(self, desk: Desk, actor: Actor, session: str, *, at: datetime) -> Status:
        """See the port."""
        row = keeping.own(actor, session, locked=True)
        if row.desk != desk.name:
            raise NotYoursError
        if State(row.state) not in workflow.CAN_GO_ON:
            return _status(row)
        if row.batch is None:
            keeping.move(row, State.LISTING, words.SIGN_IN_THERE, at=at)
            return _status(row)
        batch = desk.batch(actor, row.batch, at=at)
        holds = row.permit_ends_at is not None and at < row.permit_ends_at
        if State(row.state) is State.PAUSED and holds:
            row.chunks.filter(authorisation=row.authorisation).update(tries=0)
            self._sign(row, at=at)
        else:
            asking.ask(row, desk, actor, batch, caller=providers.caller(row.provider), before="", at=at)
        return _status(row)

    def status(self, actor: Actor, session: str, *, at: datetime) -> Status:
        """See the port."""
        return _status(keeping.own(actor, session))

    def session_of(self, actor: Actor, batch_id: UUID) -> str | None:
        """See the port."""
        rows = RemoteSession.objects.filter(batch=batch_id, account=actor.user_id or 0)
        found = rows.order_by("-begun_at").values_list("pk", flat=True).first()
        return str(found) if found else None

    def _returned(
        self,
        row: RemoteSession,
        desk: Desk,
        actor: Actor,
        caller: Caller,
        given: Mapping[str, str],
        *,
        at: datetime,
    ) -> None:
        """Back from the provider's page: the state must be the one sent last, and counts once."""
        waited_for, kept = row.state_digest, keeping.kept_of(row)
        told = keeping.digest_of_state(given.get("state", ""))
        if not waited_for or not hmac.compare_digest(waited_for, told):
            raise ChannelError(words.WRONG_RETURN)
        asked = asking.request_of(row, kept.state, kept.verifier)
        kept.state = kept.verifier = ""
        keeping.keep(row, kept)
        row.state_digest = ""
        row.save(update_fields=["kept", "state_digest"])
        if "error" in given or not given.get("code"):
            raise ChannelError(words.DENIED if given.get("error") == "access_denied" else words.WRONG_RETURN)
        grant = oauth.exchange(caller, code=given["code"], asked=asked)
        if State(row.state) is State.LISTING:
            self._listed(row, desk, actor, caller, grant.token, at=at)
            return
        self._authorised(row, grant.token, at + timedelta(seconds=grant.seconds), at=at)

    def _listed(
        self, row: RemoteSession, desk: Desk, actor: Actor, caller: Caller, token: str, *, at: datetime
    ) -> None:
        """The person signed in there: choose the certificate, or, known already, only take the new token."""
        if row.batch is None:
            asking.open_with(row, desk, actor, caller=caller, token=token, at=at)
            return
        kept = keeping.kept_of(row)
        kept.token = token
        keeping.keep(row, kept)
        batch = desk.batch(actor, row.batch, at=at)
        asking.ask(row, desk, actor, batch, caller=caller, before="", at=at)

    def _typed(self, row: RemoteSession, caller: Caller, code: str, *, at: datetime) -> None:
        """A one-time code: change it for activation data over the planned hashes."""
        if not 0 < len(code) <= _LONGEST_CODE:
            raise ChannelError(words.WRONG_CODE)
        token = self._token(row, caller)
        try:
            credential = credentials.read(caller, token, row.credential)
            found = authorisation.authorise(
                caller,
                token,
                credential,
                hashes=planning.hashes_of(row),
                code=code,
                description=f"Hocba: ký {row.count} văn bản, lượt ký {row.batch}",
            )
        except AuthorisationOverError:
            if caller.profile.service is Service.PERSON:
                keeping.move(row, State.LISTING, words.ENDED + words.SIGN_IN_THERE, at=at)
                return
            raise
        kept = keeping.kept_of(row)
        kept.token, kept.handle = token, found.handle
        keeping.keep(row, kept)
        if found.handle:
            keeping.move(row, State.CHECKING, words.CONFIRM_THERE, at=at)
            jobs.defer(row)
            return
        self._authorised(row, found.sad, at + timedelta(seconds=found.seconds), at=at)

    def _authorised(self, row: RemoteSession, sad: str, ends_at: datetime, *, at: datetime) -> None:
        kept = keeping.kept_of(row)
        kept.sad = sad
        keeping.keep(row, kept)
        row.permit_ends_at = ends_at
        count = sum(len(chunk.items) for chunk in row.chunks.filter(authorisation=row.authorisation))
        keeping.record(row, Tag.AUTHORISED, at=at, number=row.authorisation, count=count)
        self._sign(row, at=at)

    def _sign(self, row: RemoteSession, *, at: datetime) -> None:
        keeping.move(row, State.SIGNING, words.SIGNING, at=at)
        jobs.defer(row)

    def _token(self, row: RemoteSession, caller: Caller) -> str:
        """The token that calls with a SAD: the person's, or a fresh one of ours."""
        if caller.profile.service is Service.CLIENT:
            return oauth.as_client(caller).token
        return keeping.kept_of(row).token


def _status(row: RemoteSession) -> Status:
    step = workflow.STEPS[State(row.state)]
    if State(row.state) is State.AUTHORISING:
        profile = providers.caller(row.provider).profile
        step = Step.CODE if profile.flow is Flow.EXPLICIT else Step.REDIRECT
    return Status(
        session=str(row.pk), step=step, batch=row.batch, signed=row.signed, count=row.count, detail=row.detail
    )


def _said(error: CscError) -> str:
    if isinstance(error, LostAnswerError):
        return words.SILENT
    if isinstance(error, ProviderRefusedError):
        return words.REFUSED.format(code=error.code or error.status)
    return words.BROKEN
