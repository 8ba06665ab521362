"""Deciding to send."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import connection

from hocba.platform.messages import bodies
from hocba.platform.messages.models import OutgoingMessage

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

# Wakes the senders of this side; a sender also looks by itself from time to time.
CHANNEL = "hocba_outbox"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A message to be written.

    The body is `files`, one after the other; each is stored once, however many messages it is in. `handler` names
    the function registered with `delivery.on_answer`; `context` is handed to it. Messages of one `stream` are sent
    in the order they were written.
    """

    recipient: str
    method: str
    path: str
    files: tuple[bytes, ...]
    content_type: str
    stream: str
    handler: str = ""
    context: dict[str, object] = field(default_factory=dict)
    school_code: str = ""
    key: uuid.UUID = field(default_factory=uuid.uuid4)


def enqueue(
    *,
    recipient: str,
    method: str,
    path: str,
    body: bytes,
    content_type: str,
    stream: str,
    at: datetime,
    handler: str = "",
    context: dict[str, object] | None = None,
    school_code: str = "",
    key: uuid.UUID | None = None,
) -> uuid.UUID:
    """Write one message with a body of one file; see `Draft` and `enqueue_all`."""
    draft = Draft(
        recipient=recipient,
        method=method,
        path=path,
        files=(body,) if body else (),
        content_type=content_type,
        stream=stream,
        handler=handler,
        context=context or {},
        school_code=school_code,
        key=key or uuid.uuid4(),
    )
    enqueue_all([draft], at=at)
    return draft.key


def enqueue_all(drafts: Iterable[Draft], *, at: datetime) -> None:
    """Write messages to the outbox, in the caller's transaction; a key given twice is written once."""
    rows = [_row(draft, at=at) for draft in drafts]
    if not rows:
        return
    OutgoingMessage.objects.bulk_create(rows, ignore_conflicts=True)
    with connection.cursor() as cursor:
        # Reaches the senders when, and only when, this transaction commits.
        cursor.execute(f"notify {CHANNEL}")


def _row(draft: Draft, *, at: datetime) -> OutgoingMessage:
    body = bodies.keep(draft.files)
    return OutgoingMessage(
        key=draft.key,
        recipient=draft.recipient,
        method=draft.method,
        path=draft.path,
        content_type=draft.content_type,
        body_digest=body.digest,
        body_files=list(body.files),
        stream=draft.stream,
        handler=draft.handler,
        context=draft.context,
        school_code=draft.school_code,
        created_at=at,
        next_attempt_at=at,
    )
