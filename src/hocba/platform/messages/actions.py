"""Deciding to send."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.db import connection

from hocba.platform.files import store
from hocba.platform.messages.models import OutgoingMessage

if TYPE_CHECKING:
    from datetime import datetime

# Wakes the senders of this side; a sender also looks by itself from time to time.
CHANNEL = "hocba_outbox"


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
    """Write a message to the outbox, in the caller's transaction; a key given twice is written once.

    `handler` names the function registered with `delivery.on_answer`; `context` is handed to it. Messages of
    one `stream` are sent in the order of this call.
    """
    key = key or uuid.uuid4()
    OutgoingMessage.objects.bulk_create(
        [
            OutgoingMessage(
                key=key,
                recipient=recipient,
                method=method,
                path=path,
                content_type=content_type,
                body_digest=store.put(body) if body else "",
                stream=stream,
                handler=handler,
                context=context or {},
                school_code=school_code,
                created_at=at,
                next_attempt_at=at,
            )
        ],
        ignore_conflicts=True,
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"notify {CHANNEL}"
        )  # reaches the sender when, and only when, this transaction commits
    return key
