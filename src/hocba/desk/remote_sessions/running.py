"""Signing chunk by chunk: intent, call, answer, completion, each in a transaction of its own and none over the network.

A crash anywhere leaves rows from which the next run goes on: a chunk ASKED is asked again (the same hash has the same
meaning, whoever signs it twice signs the same document), a chunk ANSWERED is stored without asking.
"""

from __future__ import annotations

import time
from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from django.utils.module_loading import import_string

from hocba.channels.csc import authorisation, oauth, signing
from hocba.channels.csc.errors import (
    AuthorisationOverError,
    CscError,
    LostAnswerError,
)
from hocba.channels.csc.profiles import Flow
from hocba.desk.errors import DeskError, NotYoursError
from hocba.desk.ports import State as BatchState
from hocba.desk.remote_sessions import asking, keeping, providers, words, workflow
from hocba.desk.remote_sessions.models import RemoteChunk, RemoteSession
from hocba.desk.remote_sessions.workflow import ChunkState, State, Tag
from hocba.platform.accounts import queries as accounts
from hocba.platform.tenancy import scope

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from hocba.channels.csc.transport import Caller
    from hocba.desk.ports import Batch, Desk
    from hocba.desk.remote_sessions.sealed import Kept
    from hocba.platform.accounts.actor import Actor

TRIES = 3
PAUSES = (1.0, 3.0)
"""Seconds before a lost answer is asked for again."""
CHECK_SECONDS = 2.0
CHECK_PATIENCE = timedelta(minutes=3)
MARGIN = timedelta(seconds=5)
EXTEND_BEFORE = timedelta(seconds=60)


@dataclass(slots=True, kw_only=True)
class Turn:
    """What is needed outside of a transaction to call the provider."""

    row: RemoteSession
    caller: Caller
    kept: Kept
    chunk: RemoteChunk | None = None
    certificate: bytes = b""
    hashes: list[bytes] = field(default_factory=list)


def run(school_code: str, session: str) -> None:
    """Work until nothing is left to do without the person."""
    key = UUID(session)
    while True:
        with scope.acting_for(school_code):
            act = _next(key, at=timezone.now())
        if act is None or not act():
            return


def end_forgotten(*, before: datetime, at: datetime) -> None:
    """End sessions that nobody touched since an instant."""
    over = [state.value for state in workflow.OVER]
    with scope.whole_site():
        left = list(
            RemoteSession.objects.filter(changed_at__lt=before)
            .exclude(state__in=over)
            .values_list("school_code", "pk")
        )
    for school_code, key in left:
        with scope.acting_for(school_code):
            row = RemoteSession.objects.select_for_update().get(pk=key)
            if row.changed_at < before and State(row.state) not in workflow.OVER:
                keeping.move(row, State.STOPPED, words.OVER, at=at)


def _next(key: UUID, *, at: datetime) -> Callable[[], bool] | None:
    """Decide what comes next and write it down; None when it is not ours to go on."""
    row = RemoteSession.objects.select_for_update().filter(pk=key).first()
    if row is None or State(row.state) not in workflow.AT_WORK or row.batch is None:
        return None
    try:
        desk, actor, batch = _place_of(row, at=at)
    except DeskError as error:
        keeping.move(row, State.STOPPED, str(error), at=at)
        return None
    turn = Turn(row=row, caller=providers.caller(row.provider), kept=keeping.kept_of(row))
    if batch.state is not BatchState.OPEN:
        return _over(turn, desk, actor, batch, at=at)
    if State(row.state) is State.CHECKING:
        return lambda: _check(turn)
    return _next_chunk(turn, desk, actor, batch, at=at)


def _next_chunk(
    turn: Turn, desk: Desk, actor: Actor, batch: Batch, *, at: datetime
) -> Callable[[], bool] | None:
    row = turn.row
    chunks = row.chunks.select_for_update().filter(authorisation=row.authorisation).order_by("number")
    turn.chunk = chunk = chunks.exclude(state__in=(ChunkState.STORED, ChunkState.LEFT)).first()
    if chunk is None:
        asking.ask(row, desk, actor, batch, caller=turn.caller, before=words.MORE, at=at)
        return (lambda: _give_back(turn)) if State(row.state) is State.DONE else None
    if chunk.state == ChunkState.ANSWERED:
        return lambda: _complete(turn)
    if not turn.kept.sad or row.permit_ends_at is None or at >= row.permit_ends_at - MARGIN:
        asking.ask(row, desk, actor, batch, caller=turn.caller, before=words.ENDED, at=at)
        return None
    if chunk.tries >= TRIES:
        keeping.move(row, State.PAUSED, words.SILENT, at=at)
        return None
    turn.hashes = [bytes.fromhex(digest) for _, digest in chunk.items]
    profile = turn.caller.profile
    if profile.extends and profile.flow is Flow.EXPLICIT and row.permit_ends_at - at < EXTEND_BEFORE:
        return lambda: _extend(turn)
    chunk.state, chunk.asked_at, chunk.tries = ChunkState.ASKED, at, chunk.tries + 1
    chunk.save(update_fields=["state", "asked_at", "tries"])
    turn.certificate = batch.certificate
    return lambda: _ask(turn)


def _ask(turn: Turn) -> bool:
    """Call signHash and keep what came back."""
    row, chunk = turn.row, turn.chunk
    assert chunk is not None  # noqa: S101 (`_next_chunk` set it)
    # A token of the provider's page is the activation data itself; else both are given.
    is_explicit = turn.caller.profile.flow is Flow.EXPLICIT
    first_version = turn.caller.profile.version == "1" and not is_explicit
    permit = signing.Permit(
        token=turn.kept.token if is_explicit or first_version else turn.kept.sad,
        sad=turn.kept.sad if is_explicit or first_version else "",
    )
    try:
        values = signing.sign_hashes(
            turn.caller,
            permit,
            credential=row.credential,
            certificate=turn.certificate,
            hashes=turn.hashes,
        )
    except LostAnswerError:
        if chunk.tries < TRIES:
            time.sleep(PAUSES[min(chunk.tries, len(PAUSES)) - 1])
        return True
    except AuthorisationOverError:
        return _ask_person(turn, words.ENDED)
    except CscError as error:
        return _fail(turn, words.of(error))
    with scope.acting_for(row.school_code):
        RemoteChunk.objects.filter(pk=chunk.pk, state=ChunkState.ASKED).update(
            state=ChunkState.ANSWERED,
            answered_at=timezone.now(),
            values=[b64encode(value).decode() for value in values],
        )
    return True


def _complete(turn: Turn) -> bool:
    """Have the side verify and store the values of a chunk."""
    at = timezone.now()
    with scope.acting_for(turn.row.school_code):
        row = RemoteSession.objects.select_for_update().get(pk=turn.row.pk)
        chunk = row.chunks.select_for_update().get(pk=turn.chunk.pk if turn.chunk else 0)
        if chunk.state != ChunkState.ANSWERED or row.batch is None:
            return True
        named = {name: b64decode(value) for (name, _), value in zip(chunk.items, chunk.values, strict=True)}
        try:
            desk, actor, _ = _place_of(row, at=at)
            outcome = desk.complete(actor, row.batch, named, at=at)
        except DeskError as error:
            keeping.move(row, State.STOPPED, str(error), at=at)
            return False
        chunk.state, chunk.values, chunk.refused = ChunkState.STORED, [], len(outcome.refused)
        chunk.save(update_fields=["state", "values", "refused"])
        row.signed += outcome.signed
        row.changed_at = at
        row.save(update_fields=["signed", "changed_at"])
        if named and not outcome.signed:
            # Nothing the provider returned fits: the next chunk would be no better.
            keeping.move(row, State.FAILED, words.WRONG_VALUES, at=at)
            return False
    return True


def _check(turn: Turn) -> bool:
    """Ask whether the person has confirmed elsewhere."""
    try:
        found = authorisation.check(turn.caller, turn.kept.token, turn.kept.handle)
    except LostAnswerError:
        found = authorisation.Authorised(handle=turn.kept.handle)
    except CscError:
        return _ask_person(turn, words.NOT_CONFIRMED)
    at = timezone.now()
    if not found.sad:
        if at - turn.row.changed_at > CHECK_PATIENCE:
            return _ask_person(turn, words.NOT_CONFIRMED)
        time.sleep(CHECK_SECONDS)
        return True
    _take(turn, found, at=at)
    return True


def _extend(turn: Turn) -> bool:
    """Fresh activation data while the old still hold; where that fails, the old are used to their end."""
    turn_hashes = [bytes.fromhex(digest) for chunk in _waiting(turn) for _, digest in chunk.items]
    try:
        found = authorisation.extend(
            turn.caller, turn.kept.token, turn.row.credential, sad=turn.kept.sad, hashes=turn_hashes
        )
    except CscError:
        return _ask_person(turn, words.ENDED)
    _take(turn, found, at=timezone.now())
    return bool(found.sad)


def _waiting(turn: Turn) -> list[RemoteChunk]:
    row = turn.row
    with scope.acting_for(row.school_code):
        states = (ChunkState.PLANNED, ChunkState.ASKED)
        return list(row.chunks.filter(authorisation=row.authorisation, state__in=states).order_by("number"))


def _take(turn: Turn, found: authorisation.Authorised, *, at: datetime) -> None:
    """Keep activation data that the job got by itself."""
    with scope.acting_for(turn.row.school_code):
        row = RemoteSession.objects.select_for_update().get(pk=turn.row.pk)
        if State(row.state) not in workflow.AT_WORK:
            return
        kept = keeping.kept_of(row)
        kept.sad, kept.handle = found.sad, ""
        keeping.keep(row, kept)
        row.permit_ends_at = at + timedelta(seconds=found.seconds)
        if State(row.state) is State.CHECKING:
            keeping.record(row, Tag.AUTHORISED, at=at, number=row.authorisation)
        keeping.move(row, State.SIGNING, words.SIGNING, at=at)


def _ask_person(turn: Turn, before: str) -> bool:
    """The authorisation is of no use any more: plan anew with what is left."""
    at = timezone.now()
    with scope.acting_for(turn.row.school_code):
        row = RemoteSession.objects.select_for_update().get(pk=turn.row.pk)
        if State(row.state) not in workflow.AT_WORK:
            return False
        try:
            desk, actor, batch = _place_of(row, at=at)
            asking.ask(row, desk, actor, batch, caller=turn.caller, before=before, at=at)
        except DeskError as error:
            keeping.move(row, State.STOPPED, str(error), at=at)
    return False


def _fail(turn: Turn, detail: str) -> bool:
    with scope.acting_for(turn.row.school_code):
        row = RemoteSession.objects.select_for_update().get(pk=turn.row.pk)
        if State(row.state) in workflow.AT_WORK:
            keeping.move(row, State.FAILED, detail, at=timezone.now())
    return False


def _over(turn: Turn, desk: Desk, actor: Actor, batch: Batch, *, at: datetime) -> Callable[[], bool]:
    """The batch was completed, stopped, replaced, or its time is over."""
    asking.ask(turn.row, desk, actor, batch, caller=turn.caller, before="", at=at)
    return lambda: _give_back(turn)


def _give_back(turn: Turn) -> bool:
    """End what the provider gave us; it ends by itself where the provider does not hear."""
    for token in {turn.kept.sad, turn.kept.token} - {""}:
        oauth.revoke(turn.caller, token)
    return False


def _place_of(row: RemoteSession, *, at: datetime) -> tuple[Desk, Actor, Batch]:
    """Whose session it is, as things are now: the rights are asked for again. Raises DeskError."""
    path = settings.HOCBA_DESKS.get(row.desk)
    if path is None or row.batch is None:
        raise NotYoursError
    desk: Desk = import_string(path)
    actor = accounts.actor_by_id(row.account, on=timezone.localdate(at), school_code=row.school_code)
    if actor.school_code != row.school_code or not actor.may(desk.permission):
        raise NotYoursError(words.NOT_ALLOWED)
    return desk, actor, desk.batch(actor, row.batch, at=at)
