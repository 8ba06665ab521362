"""Sending what is due: claim some messages, send each, record the answers and run their handlers; one transaction."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from hocba.platform.answers import problem
from hocba.platform.files import store
from hocba.platform.messages import bodies, client, ports
from hocba.platform.messages.models import OutgoingMessage
from hocba.platform.tenancy import scope

if TYPE_CHECKING:
    from collections.abc import Mapping

logger = logging.getLogger(__name__)

Handler = Callable[["Delivered"], None]
HandlerOfMany = Callable[[Sequence["Delivered"]], None]
_handlers: dict[str, HandlerOfMany] = {}

FIRST_DELAY = timedelta(seconds=1)
LONGEST_DELAY = timedelta(minutes=10)

# Messages of one transaction: what a sender that is killed asks again, and gets the same answers for.
BATCH = 8

# Answers that ask for another try; every other one is final.
TRY_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})

_CLAIM = """
select candidate.* from platform_messages_outgoingmessage candidate
where state = 'PENDING' and next_attempt_at <= %s
  and not exists (select 1 from platform_messages_outgoingmessage earlier
                  where earlier.stream = candidate.stream and earlier.state = 'PENDING' and earlier.id < candidate.id)
order by id limit %s for update skip locked
"""

_CLAIM_ONE = """
select * from platform_messages_outgoingmessage where id = %s and state = 'PENDING' for update skip locked
"""

_RECORD = """
update platform_messages_outgoingmessage message
set state = fresh.state, attempts = attempts + 1, request_headers = fresh.request_headers::jsonb,
    answered_at = %s, answer_status = fresh.answer_status, answer_headers = fresh.answer_headers::jsonb,
    answer_digest = fresh.answer_digest, last_problem = ''
from unnest(%s::bigint[], %s::text[], %s::text[], %s::int[], %s::text[], %s::text[])
     as fresh(id, state, request_headers, answer_status, answer_headers, answer_digest)
where message.id = fresh.id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """What a handler gets: the message's context and the answer, which the file store has under `digest`."""

    context: Mapping[str, object]
    status: int
    body: bytes
    at: datetime
    digest: str = ""

    @property
    def accepted(self) -> bool:
        """Whether the other side did what was asked."""
        return 200 <= self.status < 300


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answered:
    message: OutgoingMessage
    request: ports.Request
    answer: ports.Answer


def on_answer(name: str) -> Callable[[Handler], Handler]:
    """Register the handler of an answer; it runs in the transaction that records the answer."""

    def register(handler: Handler) -> Handler:
        def one_by_one(answers: Sequence[Delivered]) -> None:
            for delivered in answers:
                handler(delivered)

        _handlers[name] = one_by_one
        return handler

    return register


def on_answers(name: str) -> Callable[[HandlerOfMany], HandlerOfMany]:
    """Register a handler that takes all answers of a transaction at once, in the order of their messages."""

    def register(handler: HandlerOfMany) -> HandlerOfMany:
        _handlers[name] = handler
        return handler

    return register


def deliver_some(*, limit: int = BATCH, now: datetime | None = None) -> int:
    """Send up to `limit` due messages; how many were tried, 0 when nothing is due.

    Whatever goes wrong, a handler included, rolls the whole step back. Then each message is tried alone, and the one
    that fails alone is postponed: its answer is asked for again under the same key, so nothing is lost and nothing
    happens twice.
    """
    now = now or timezone.now()
    claimed: list[int] = []
    try:
        with scope.whole_site():
            _deliver(_CLAIM, [now, limit], claimed)
    except Exception as problem:
        if not claimed:
            raise
        logger.exception("delivery failed")
        for pk in claimed:
            _deliver_alone(pk, problem if len(claimed) == 1 else None, now=now)
    return len(claimed)


def _deliver_alone(pk: int, problem: Exception | None, *, now: datetime) -> None:
    """Deliver one message, or postpone it when that fails; `problem` is how it failed alone already."""
    if problem is None:
        try:
            with scope.whole_site():
                _deliver(_CLAIM_ONE, [pk], [])
        except Exception as error:
            logger.exception("delivery of message %s failed", pk)
            problem = error
    if problem is not None:
        with scope.whole_site():
            for message in OutgoingMessage.objects.raw(_CLAIM_ONE, [pk]):
                _postpone(message, type(problem).__name__, now=now)


def _deliver(query: str, values: list[Any], claimed: list[int]) -> None:
    messages = list(OutgoingMessage.objects.raw(query, values))
    claimed += [message.pk for message in messages]
    answered: list[_Answered] = []
    for message, outcome in _send_all(messages):
        if isinstance(outcome, _Answered):
            answered.append(outcome)
        else:
            _postpone(message, outcome, now=timezone.now())
    if answered:
        _record(answered, at=timezone.now())


def _send_all(messages: Sequence[OutgoingMessage]) -> list[tuple[OutgoingMessage, _Answered | str]]:
    """Each message that was tried, in their order, with its answer or why it must be tried again.

    A recipient gets them one after the other; recipients do not wait for each other. Sending touches no database.
    """
    by_recipient: dict[str, list[OutgoingMessage]] = {}
    for message in messages:
        by_recipient.setdefault(message.recipient, []).append(message)
    if len(by_recipient) < 2:
        tried = [_send_in_turn(messages)]
    else:
        with ThreadPoolExecutor(max_workers=len(by_recipient)) as pool:
            tried = list(pool.map(_send_in_turn, by_recipient.values()))
    return sorted((pair for group in tried for pair in group), key=lambda pair: pair[0].pk)


def _send_in_turn(messages: Sequence[OutgoingMessage]) -> list[tuple[OutgoingMessage, _Answered | str]]:
    """Messages of one recipient until it does not answer: the turn of the others comes with the next claim."""
    tried: list[tuple[OutgoingMessage, _Answered | str]] = []
    for message in messages:
        try:
            request, answer = _send(message, at=timezone.now())
        except client.UnreachableError as problem:
            tried.append((message, str(problem)))
            break
        except ports.SignatureRefusedError as problem:
            tried.append((message, str(problem)))
            continue
        again = answer.status in TRY_AGAIN
        tried.append(
            (
                message,
                f"HTTP {answer.status}"
                if again
                else _Answered(message=message, request=request, answer=answer),
            )
        )
    return tried


def _send(message: OutgoingMessage, *, at: datetime) -> tuple[ports.Request, ports.Answer]:
    body = bodies.read(bodies.StoredBody(message.body_digest, tuple(message.body_files)))
    if len(body) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        return _too_large(message, len(body))
    return client.exchange(
        side=message.recipient,
        method=message.method,
        path=message.path,
        body=body,
        headers={"content-type": message.content_type, "idempotency-key": str(message.key)},
        at=at,
    )


def _too_large(message: OutgoingMessage, size: int) -> tuple[ports.Request, ports.Answer]:
    """What the other side would say (RFC 9110 section 15.5.14), said here: no other try could end differently."""
    largest = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1024 // 1024
    said = problem(
        413, f"Thông điệp có {size} byte, vượt mức {largest} MiB giữa các hệ thống; không gửi được."
    )
    logger.error("message %s to %s is too large: %s bytes", message.key, message.recipient, size)
    request = ports.Request(method=message.method, url=message.path, headers={}, body=b"")
    return request, ports.Answer(
        status=said.status_code, headers={"content-type": said["Content-Type"]}, body=said.content
    )


def _record(answered: Sequence[_Answered], *, at: datetime) -> None:
    delivered = [
        Delivered(
            context=each.message.context,
            status=each.answer.status,
            body=each.answer.body,
            at=at,
            digest=store.put(each.answer.body) if each.answer.body else "",
        )
        for each in answered
    ]
    states = OutgoingMessage.State
    columns: list[list[Any]] = [
        [each.message.pk for each in answered],
        [(states.DELIVERED if each.accepted else states.REFUSED).value for each in delivered],
        [json.dumps(dict(each.request.headers)) for each in answered],
        [each.answer.status for each in answered],
        [json.dumps(dict(each.answer.headers)) for each in answered],
        [each.digest for each in delivered],
    ]
    with connection.cursor() as cursor:
        cursor.execute(_RECORD, [at, *columns])
    _handle(zip((each.message.handler for each in answered), delivered, strict=True))


def _handle(pairs: Iterable[tuple[str, Delivered]]) -> None:
    for name, group in groupby(pairs, key=lambda pair: pair[0]):
        if name:
            _handlers[name]([delivered for _, delivered in group])


def _postpone(message: OutgoingMessage, problem: str, *, now: datetime) -> None:
    message.attempts += 1
    message.next_attempt_at = now + min(FIRST_DELAY * 2 ** min(message.attempts - 1, 12), LONGEST_DELAY)
    message.last_problem = problem[:500]
    message.save(update_fields=["attempts", "next_attempt_at", "last_problem"])
    logger.warning("message %s to %s not delivered: %s", message.key, message.recipient, problem)
