"""What the person brings back: a code from the provider's page, or a one-time code that was typed here."""

from __future__ import annotations

import hmac
from datetime import timedelta
from typing import TYPE_CHECKING

from hocba.channels.csc import authorisation, credentials, oauth
from hocba.channels.csc.errors import AuthorisationOverError
from hocba.channels.csc.profiles import Service
from hocba.desk.errors import ChannelError
from hocba.desk.remote_sessions import asking, jobs, keeping, planning, words
from hocba.desk.remote_sessions.workflow import State, Tag

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from hocba.channels.csc.transport import Caller
    from hocba.desk.ports import Desk
    from hocba.desk.remote_sessions.models import RemoteSession
    from hocba.platform.accounts.actor import Actor

_LONGEST_CODE = 32
_LONGEST_GIVEN = 4096


def address(row: RemoteSession, caller: Caller) -> str:
    """Where to send the person. Each call makes a state and a verifier of its own; only the newest counts."""
    kept = keeping.kept_of(row)
    kept.state, kept.verifier = f"{row.pk.hex}.{oauth.new_secret()}", oauth.new_secret()
    keeping.keep(row, kept)
    row.state_digest = keeping.digest_of_state(kept.state)
    row.save(update_fields=["kept", "state_digest"])
    return oauth.address(caller, asking.request_of(row, kept.state, kept.verifier))


def send_code(row: RemoteSession, caller: Caller) -> None:
    """Have the provider send a one-time code. Raises CscError."""
    authorisation.send_code(caller, _token(row, caller), row.credential)


def take_return(
    row: RemoteSession, desk: Desk, actor: Actor, caller: Caller, given: Mapping[str, str], *, at: datetime
) -> None:
    """Back from the provider's page: the state must be the one that went out last, and counts once.

    Raises DeskError, CscError.
    """
    waited_for, kept = row.state_digest, keeping.kept_of(row)
    told = keeping.digest_of_state(given.get("state", ""))
    if not waited_for or not hmac.compare_digest(waited_for, told):
        raise ChannelError(words.WRONG_RETURN)
    asked = asking.request_of(row, kept.state, kept.verifier)
    kept.state = kept.verifier = ""
    keeping.keep(row, kept)
    row.state_digest = ""
    row.save(update_fields=["kept", "state_digest"])
    if given.get("error") == "access_denied" and row.batch is not None:
        # The list stands and can be authorised later: its page says what happened.
        keeping.move(row, State(row.state), words.DENIED, at=at)
        return
    code = given.get("code", "")
    if "error" in given or not 0 < len(code) <= _LONGEST_GIVEN:
        raise ChannelError(words.DENIED if given.get("error") == "access_denied" else words.WRONG_RETURN)
    grant = oauth.exchange(caller, code=code, asked=asked)
    if State(row.state) is State.LISTING:
        _take_listing(row, desk, actor, caller, grant.token, at=at)
    else:
        _authorised(row, grant.token, at + timedelta(seconds=grant.seconds), at=at)


def take_code(row: RemoteSession, caller: Caller, code: str, *, at: datetime) -> None:
    """A one-time code: change it for activation data over the planned hashes. Raises ChannelError, CscError."""
    if not 0 < len(code) <= _LONGEST_CODE:
        raise ChannelError(words.WRONG_CODE)
    token = _token(row, caller)
    hashes = planning.hashes_of(row)
    try:
        found = authorisation.authorise(
            caller,
            token,
            credentials.read(caller, token, row.credential),
            hashes=hashes,
            code=code,
            description=asking.description_of(row, len(hashes)),
        )
    except AuthorisationOverError:
        if caller.profile.service is Service.CLIENT:
            raise
        keeping.move(row, State.LISTING, words.ENDED + words.SIGN_IN_THERE, at=at)
        return
    kept = keeping.kept_of(row)
    kept.token, kept.handle = token, found.handle
    keeping.keep(row, kept)
    if found.handle:
        keeping.move(row, State.CHECKING, words.CONFIRM_THERE, at=at)
        jobs.defer(row)
        return
    _authorised(row, found.sad, at + timedelta(seconds=found.seconds), at=at)


def holds(row: RemoteSession, *, at: datetime) -> bool:
    """Whether a pause is all that is in the way: the authorisation still holds."""
    is_paused = State(row.state) is State.PAUSED
    return is_paused and row.permit_ends_at is not None and at < row.permit_ends_at


def go_on(row: RemoteSession, *, at: datetime) -> None:
    """Sign on under the same authorisation."""
    row.chunks.filter(authorisation=row.authorisation).update(tries=0)
    keeping.move(row, State.SIGNING, words.SIGNING, at=at)
    jobs.defer(row)


def _take_listing(
    row: RemoteSession, desk: Desk, actor: Actor, caller: Caller, token: str, *, at: datetime
) -> None:
    """The person signed in there: choose the certificate, or, where it is known, only take the new token."""
    if row.batch is None:
        asking.open_with(row, desk, actor, caller=caller, token=token, at=at)
        return
    kept = keeping.kept_of(row)
    kept.token = token
    keeping.keep(row, kept)
    asking.ask(row, desk, actor, desk.batch(actor, row.batch, at=at), caller=caller, before="", at=at)


def _authorised(row: RemoteSession, sad: str, ends_at: datetime, *, at: datetime) -> None:
    kept = keeping.kept_of(row)
    kept.sad = sad
    keeping.keep(row, kept)
    row.permit_ends_at = ends_at
    count = len(planning.hashes_of(row))
    keeping.record(row, Tag.AUTHORISED, at=at, number=row.authorisation, count=count)
    keeping.move(row, State.SIGNING, words.SIGNING, at=at)
    jobs.defer(row)


def _token(row: RemoteSession, caller: Caller) -> str:
    """The token that calls with a SAD: the person's, or a fresh one of ours."""
    if caller.profile.service is Service.CLIENT:
        return oauth.as_client(caller).token
    return keeping.kept_of(row).token
