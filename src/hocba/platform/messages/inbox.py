"""Receiving: only a signed message of a known side gets in, and the same key gets the same answer."""

from __future__ import annotations

import json
import uuid
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.core.exceptions import RequestDataTooBig
from django.db import IntegrityError, connection, transaction
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from hocba.platform.answers import problem
from hocba.platform.files import store
from hocba.platform.messages import bodies, ports
from hocba.platform.messages.delivery import TRY_AGAIN
from hocba.platform.messages.models import IncomingMessage
from hocba.platform.tenancy import scope

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from django.http import HttpRequest

    View = Callable[..., HttpResponse]


_KEEP = """
insert into platform_messages_incomingmessage
    (sender, key, method, path, received_at, request_headers, body_digest, body_files,
     answer_status, answer_type, answer_digest)
values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""


def machine(*senders: str) -> Callable[[View], View]:
    """Guard a view for other sides. The view reads `request.sender` and answers; its whole work is one transaction.

    A request that changes something carries an Idempotency-Key: its answer is kept and given again. Answers that
    ask for another try (425 Too Early among them) are not kept: the next try under the key is judged afresh.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            now = timezone.now()
            try:
                signed = _as_signed(request)
            except RequestDataTooBig:
                return problem(413, "Thông điệp lớn hơn mức cho phép giữa các hệ thống.")
            try:
                sender = ports.seals().check_request(signed, at=now)
            except ports.SignatureRefusedError as error:
                return problem(401, "Chữ ký của thông điệp không được chấp nhận.", detail=str(error))
            if sender not in senders:
                return _sealed(
                    problem(403, "Bên gửi không có quyền gửi thông điệp này.", detail=sender), signed, now
                )
            request.sender = sender  # type: ignore[attr-defined]
            answer = _answer(view, request, signed, sender, now, args, kwargs)
            return _sealed(answer, signed, now)

        guarded.guard = "machine:" + ",".join(sorted(senders))  # type: ignore[attr-defined]
        # The scope below is the one transaction of the request.
        return csrf_exempt(transaction.non_atomic_requests(guarded))

    return decorate


def _answer(
    view: View,
    request: HttpRequest,
    signed: ports.Request,
    sender: str,
    now: datetime,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
) -> HttpResponse:
    if request.method in {"GET", "HEAD"}:
        with scope.whole_site():
            return view(request, *args, **kwargs)
    try:
        key = uuid.UUID(signed.headers.get("idempotency-key", ""))
    except ValueError:
        return problem(400, "Thông điệp thiếu tiêu đề Idempotency-Key (UUID).")
    try:
        with scope.whole_site():
            _wait_for_same_key(sender, key)
            if _is_known(sender, key):
                return _given_again(IncomingMessage.objects.get(sender=sender, key=key), signed)
            answer = view(request, *args, **kwargs)
            if answer.status_code < 500 and answer.status_code not in TRY_AGAIN:
                _keep(signed, getattr(request, "body_files", (signed.body,)), sender, key, answer, now)
            return answer
    except IntegrityError:
        # Two requests raced on the same fact; the sender's next try meets the settled state.
        return problem(503, "Thông điệp đang được xử lý, hãy gửi lại.")


def _wait_for_same_key(sender: str, key: uuid.UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 7))", [f"{sender}:{key}"])


def _is_known(sender: str, key: uuid.UUID) -> bool:
    """A statement of its own: it has to see what was written before the lock was given."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select 1 from platform_messages_incomingmessage where sender = %s and key = %s", [sender, key]
        )
        return cursor.fetchone() is not None


def _given_again(known: IncomingMessage, signed: ports.Request) -> HttpResponse:
    body_digest = store.digest_of(signed.body) if signed.body else ""
    if (known.method, known.path, known.body_digest) != (signed.method, _path_of(signed), body_digest):
        return problem(422, "Idempotency-Key này đã dùng cho một thông điệp khác.", detail=str(known.key))
    body = store.get(known.answer_digest) if known.answer_digest else b""
    return HttpResponse(body, status=known.answer_status, content_type=known.answer_type)


def keep_as_files(request: HttpRequest, files: Sequence[bytes]) -> None:
    """Say that the body is these files, one after the other: as evidence each is stored once, and not the body.

    A view calls it that has split the body; it had to be signed as a whole. Raises ValueError for other files.
    """
    if b"".join(files) != request.body:
        raise ValueError("the files are not the body")
    request.body_files = tuple(files)  # type: ignore[attr-defined]


def _keep(
    signed: ports.Request,
    files: Sequence[bytes],
    sender: str,
    key: uuid.UUID,
    answer: HttpResponse,
    now: datetime,
) -> None:
    body = bodies.keep(files)
    with connection.cursor() as cursor:
        cursor.execute(
            _KEEP,
            [
                sender,
                key,
                signed.method,
                _path_of(signed),
                now,
                json.dumps({name: value for name, value in signed.headers.items() if name != "cookie"}),
                body.digest,
                json.dumps(body.files),
                answer.status_code,
                answer.headers.get("Content-Type", ""),
                store.put(answer.content) if answer.content else "",
            ],
        )


def _as_signed(request: HttpRequest) -> ports.Request:
    return ports.Request(
        method=request.method or "",
        url=request.build_absolute_uri(),
        headers={name.lower(): value for name, value in request.headers.items()},
        body=request.body,
    )


def _path_of(signed: ports.Request) -> str:
    return "/" + signed.url.split("/", 3)[3]


def _sealed(answer: HttpResponse, signed: ports.Request, now: datetime) -> HttpResponse:
    plain = ports.Answer(
        status=answer.status_code,
        headers={"content-type": answer.headers.get("Content-Type", "")},
        body=answer.content,
    )
    for name, value in ports.seals().seal_answer(plain, request=signed, at=now).items():
        answer.headers[name] = value
    return answer
