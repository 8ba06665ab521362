"""Sending what is due. One message, one transaction: claim, send, record the answer, run its handler."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from hocba.platform.files import store
from hocba.platform.messages import client, ports
from hocba.platform.messages.models import OutgoingMessage
from hocba.platform.tenancy import scope

if TYPE_CHECKING:
    from collections.abc import Mapping

logger = logging.getLogger(__name__)

Handler = Callable[["Delivered"], None]
_handlers: dict[str, Handler] = {}

FIRST_DELAY = timedelta(seconds=1)
LONGEST_DELAY = timedelta(minutes=10)

# Answers that ask for another try; every other one is final.
TRY_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})

_CLAIM = """
select candidate.* from platform_messages_outgoingmessage candidate
where state = 'PENDING' and next_attempt_at <= %s
  and not exists (select 1 from platform_messages_outgoingmessage earlier
                  where earlier.stream = candidate.stream and earlier.state = 'PENDING' and earlier.id < candidate.id)
order by id limit 1 for update skip locked
"""


class Delivered:
    """What a handler gets: the message's context and the answer."""

    def __init__(self, *, context: Mapping[str, object], status: int, body: bytes, at: datetime) -> None:
        self.context = context
        self.status = status
        self.body = body
        self.at = at

    @property
    def accepted(self) -> bool:
        """Whether the other side did what was asked."""
        return 200 <= self.status < 300


def on_answer(name: str) -> Callable[[Handler], Handler]:
    """Register the handler of an answer; it runs in the transaction that records the answer."""

    def register(handler: Handler) -> Handler:
        _handlers[name] = handler
        return handler

    return register


def deliver_next(*, now: datetime | None = None) -> bool:
    """Send one due message; False when nothing is due.

    Whatever goes wrong, a handler included, rolls the whole step back and postpones the message: the answer
    is asked for again under the same key, so nothing is lost and nothing happens twice.
    """
    now = now or timezone.now()
    claimed: list[int] = []
    try:
        with scope.whole_site():
            return _deliver_claimed(claimed, now=now)
    except Exception as problem:
        logger.exception("delivery failed")
        if not claimed:
            raise
        with scope.whole_site():
            _postpone(OutgoingMessage.objects.get(pk=claimed[0]), f"{type(problem).__name__}", now=now)
        return True


def _deliver_claimed(claimed: list[int], *, now: datetime) -> bool:
    message = OutgoingMessage.objects.raw(_CLAIM, [now])[:1]
    if not message:
        return False
    claimed.append(message[0].pk)
    try:
        request, answer = _send(message[0], at=now)
    except (client.UnreachableError, ports.SignatureRefusedError) as problem:
        _postpone(message[0], str(problem), now=now)
        return True
    _record(message[0], request=request, answer=answer)
    return True


def deliver_due(*, limit: int = 10_000) -> int:
    """Send until nothing is due; how many were tried."""
    for count in range(limit):
        if not deliver_next():
            return count
    return limit


def pending_count() -> int:
    """How many messages still wait for their answer."""
    return OutgoingMessage.objects.filter(state=OutgoingMessage.State.PENDING).count()


def _send(message: OutgoingMessage, *, at: datetime) -> tuple[ports.Request, ports.Answer]:
    body = store.get(message.body_digest) if message.body_digest else b""
    return client.exchange(
        side=message.recipient,
        method=message.method,
        path=message.path,
        body=body,
        headers={"content-type": message.content_type, "idempotency-key": str(message.key)},
        at=at,
    )


def _record(message: OutgoingMessage, *, request: ports.Request, answer: ports.Answer) -> None:
    now = timezone.now()
    if answer.status in TRY_AGAIN:
        _postpone(message, f"HTTP {answer.status}", now=now)
        return
    delivered = Delivered(context=message.context, status=answer.status, body=answer.body, at=now)
    message.state = OutgoingMessage.State.DELIVERED if delivered.accepted else OutgoingMessage.State.REFUSED
    message.attempts += 1
    message.request_headers = dict(request.headers)
    message.answered_at = now
    message.answer_status = answer.status
    message.answer_headers = dict(answer.headers)
    message.answer_digest = store.put(answer.body) if answer.body else ""
    message.last_problem = ""
    message.save()
    if message.handler:
        _handlers[message.handler](delivered)


def _postpone(message: OutgoingMessage, problem: str, *, now: datetime) -> None:
    message.attempts += 1
    message.next_attempt_at = now + min(FIRST_DELAY * 2 ** min(message.attempts - 1, 12), LONGEST_DELAY)
    message.last_problem = problem[:500]
    message.save(update_fields=["attempts", "next_attempt_at", "last_problem"])
    logger.warning("message %s to %s not delivered: %s", message.key, message.recipient, problem)
