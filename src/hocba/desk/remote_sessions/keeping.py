"""Sessions as rows: finding one's own, moving it on, and what it may remember."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING
from uuid import UUID

from hocba.desk.errors import NotYoursError
from hocba.desk.remote_sessions import sealed, workflow
from hocba.desk.remote_sessions.models import RemoteSession
from hocba.desk.remote_sessions.workflow import State, Tag
from hocba.platform.audit import actions as audit

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from hocba.desk.ports import Desk
    from hocba.desk.remote_sessions.sealed import Kept
    from hocba.platform.accounts.actor import Actor


def of_state(desk: Desk, actor: Actor, state: str) -> RemoteSession:
    """The actor's session that an OAuth state begins with, locked; whether it is the right state is seen later.

    Raises NotYoursError.
    """
    try:
        key = UUID(state.partition(".")[0])
    except ValueError as error:
        raise NotYoursError from error
    return _first(_own(desk, actor).select_for_update().filter(pk=key))


def newest(desk: Desk, actor: Actor, batch_id: UUID, *, locked: bool = True) -> RemoteSession:
    """The session that signs a batch of the actor. Raises NotYoursError."""
    rows = _own(desk, actor).filter(batch=batch_id).order_by("-begun_at")
    return _first(rows.select_for_update() if locked else rows)


def _own(desk: Desk, actor: Actor) -> QuerySet[RemoteSession]:
    rows: QuerySet[RemoteSession] = RemoteSession.objects.filter(
        desk=desk.name, account=actor.user_id or 0, by=actor.name
    )
    return rows


def _first(rows: QuerySet[RemoteSession]) -> RemoteSession:
    row = rows.first()
    if row is None:
        raise NotYoursError
    return row


def kept_of(row: RemoteSession) -> Kept:
    """The secrets of a session."""
    return sealed.unseal(row.pk, bytes(row.kept))


def keep(row: RemoteSession, kept: Kept) -> None:
    """Remember secrets; the row is not saved yet."""
    row.kept = sealed.seal(row.pk, kept)


def move(row: RemoteSession, state: State, detail: str, *, at: datetime) -> None:
    """Bring a session into a state and save it; one that is over forgets its secrets and is recorded."""
    before = State(row.state)
    if state is not before and state not in workflow.TRANSITIONS[before]:
        raise ValueError(f"a session does not go from {before} to {state}")
    row.state, row.detail, row.changed_at = state, detail[:1000], at
    if state in workflow.OVER:
        row.kept, row.state_digest, row.permit_ends_at = b"", "", None
    row.save()
    if state in workflow.OVER and before is not state:
        record(row, Tag.ENDED, at=at, state=state.value, signed=row.signed)


def record(row: RemoteSession, tag: Tag, *, at: datetime, **details: object) -> None:
    """One event of the trail."""
    audit.record(
        tag=tag,
        target=f"batch:{row.batch}" if row.batch else f"remote_session:{row.pk}",
        by=row.by,
        at=at,
        school_code=row.school_code,
        details={"session": str(row.pk), "provider": row.provider, "credential": row.credential, **details},
    )


def digest_of_state(state: str) -> str:
    """What is kept of an OAuth state."""
    return hashlib.sha256(state.encode()).hexdigest()
