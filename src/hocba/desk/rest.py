"""The signing desk for programs and for the page's script: tasks, pre-flight, batches in pages, values in chunks.

Addresses stand below `api/signing/`; `docs/how-to/sign-documents.md` walks through them.
"""

from __future__ import annotations

from base64 import b64encode
from datetime import datetime
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from hocba.desk import opening, reports, sealing
from hocba.desk.channels import PAGE, Channel
from hocba.desk.errors import (
    CertificateRefusedError,
    ChannelError,
    DeskError,
    NotYoursError,
    StandingBatchError,
)
from hocba.desk.ports import Order, State
from hocba.exchange.problems import ProblemItem
from hocba.platform.accounts.guards import actor_of
from hocba.platform.answers import JSON, json_answer, problem
from hocba.platform.files import store
from hocba.platform.json_requests import (
    MalformedRequestError,
    octets_by_name,
    octets_of,
    read_object,
    row_id,
    text_of,
)
from hocba.signing.instants import iso

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from uuid import UUID

    from django.http import HttpRequest

    from hocba.desk.ports import Batch, Desk, Item, Task
    from hocba.desk.preflight import Preflight

    View = Callable[..., HttpResponse]

_STATUS: tuple[tuple[type[DeskError], int], ...] = ((NotYoursError, 404), (ChannelError, 503))
_ANY = "ANY"
"""Stands for the id of an item in an address that is asked for once: letters, digits and hyphens, nothing to be
quoted."""
ASKED_BY_SCRIPT = (Channel.TOKEN, Channel.PROGRAM, Channel.OFFLINE)
"""Ways a caller may name; with the others it is the server that asks for signatures."""


def answers_refusals(view: View) -> View:
    """Turn every refusal of the desk into a problem with all reasons at once."""

    @wraps(view)
    def answered(*args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(*args, **kwargs)
        except CertificateRefusedError as error:
            items = [ProblemItem(code="certificate", detail=detail) for detail in error.problems]
            return problem(422, "Chứng thư số không dùng được để ký ở đây.", items)
        except StandingBatchError as error:
            return problem(409, f"{error} Chương trình xác nhận bằng “replace”: true.")
        except DeskError as error:
            return problem(next((code for kind, code in _STATUS if isinstance(error, kind)), 409), str(error))

    return answered


class Rest:
    """The views of one side's desk; `urls.addresses` guards them."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def list_tasks(self, request: HttpRequest) -> HttpResponse:
        """GET what the signed-in person has to sign, now or later."""
        return json_answer({"tasks": [task_members(each) for each in self.desk.tasks(actor_of(request))]})

    @answers_refusals
    def preflight(self, request: HttpRequest) -> HttpResponse:
        """POST {"task", "certificate"?, "channel"?, "clock"?}: everything in the way, before anything is frozen."""
        try:
            asked = read_object(request)
            certificate = octets_of(asked["certificate"]) if asked.get("certificate") else b""
            order = Order(task=text_of(asked, "task"), certificate=certificate, channel=_channel(asked))
            clock = _clock(asked)
        except MalformedRequestError:
            return problem(400, "Cần “task”; “certificate” là DER, base64; “clock” là thời điểm ISO 8601.")
        actor = actor_of(request)
        task = self.desk.task(actor, order.task)
        found = opening.examine(self.desk, actor, task, order=order, clock=clock, at=timezone.now())
        return json_answer(preflight_members(found))

    @answers_refusals
    def open_batch(self, request: HttpRequest) -> HttpResponse:
        """POST {"task", "certificate", "channel"?, "clock"?, "replace"?}: the frozen list, its first page of bytes.

        Where an offline package of the task is under way, `"replace": true` must say that it is given up.
        """
        try:
            asked = read_object(request)
            order = Order(
                task=text_of(asked, "task"),
                certificate=octets_of(asked.get("certificate")),
                channel=_channel(asked),
                replace=asked.get("replace") is True,
            )
            clock = _clock(asked)
        except MalformedRequestError:
            return problem(400, "Cần “task” và “certificate” (DER, base64).")
        if order.channel not in ASKED_BY_SCRIPT:
            return problem(400, "Cách ký này không mở được bằng địa chỉ này.")
        opened = opening.open_batch(self.desk, actor_of(request), order, clock=clock, at=timezone.now())
        members = self._batch(opened.batch) | {
            "count": opened.count,
            "items": self._items(opened.batch, opened.items),
            "next": self._next(opened.batch, opened.after),
        }
        return json_answer(members, status=201)

    @answers_refusals
    def batch(self, request: HttpRequest, batch_id: UUID) -> HttpResponse:
        """GET a batch and a page of what still waits in it (`?after=` as `next` said): to go on after a crash."""
        actor, now = actor_of(request), timezone.now()
        batch = self.desk.batch(actor, batch_id, at=now)
        items: Sequence[Item] = ()
        if batch.state is State.OPEN:
            after = row_id(request.GET.get("after", "0")) or 0
            items = self.desk.pending(actor, batch_id, after=after, limit=PAGE, at=now)
        members = self._batch(batch) | {
            "items": self._items(batch, items),
            "next": self._next(batch, items[-1].place if len(items) == PAGE else None),
        }
        return json_answer(members)

    @answers_refusals
    def listing(self, request: HttpRequest, batch_id: UUID) -> HttpResponse:
        """GET the frozen list as it is stored: every item with the digest of its bytes."""
        batch = self.desk.batch(actor_of(request), batch_id, at=timezone.now())
        if not batch.listing:
            return problem(404, "Lượt ký này mở trước khi danh sách được lưu.")
        return HttpResponse(store.get(batch.listing), content_type=JSON)

    @answers_refusals
    def signatures(self, request: HttpRequest, batch_id: UUID) -> HttpResponse:
        """POST {"signatures": {item: base64}}: verified, then embedded; the same call gives the same answer."""
        try:
            values = octets_by_name(read_object(request), "signatures")
        except MalformedRequestError:
            return problem(400, "Cần “signatures”: giá trị chữ ký (base64) theo mã văn bản.")
        outcome = self.desk.complete(actor_of(request), batch_id, values, at=timezone.now())
        refused = [{"id": name, "reason": reason} for name, reason in outcome.refused]
        return json_answer({"signed": outcome.signed, "refused": refused})

    @answers_refusals
    def stop(self, request: HttpRequest, batch_id: UUID) -> HttpResponse:
        """POST: end the batch; what is signed stays signed. Answers with the report."""
        self.desk.stop(actor_of(request), batch_id, at=timezone.now())
        return self._report(request, batch_id)

    @answers_refusals
    def report(self, request: HttpRequest, batch_id: UUID) -> HttpResponse:
        """GET what became of every document: signed, failed with its cause, skipped with its reason."""
        return self._report(request, batch_id)

    @answers_refusals
    def seal(self, request: HttpRequest, batch_id: UUID) -> HttpResponse:
        """POST: let the key in the module sign the next documents of a batch opened for it, beyond `?after=`."""
        after = row_id(request.GET.get("after", "0")) or 0
        done = sealing.sign_next(self.desk, actor_of(request), batch_id, after=after, at=timezone.now())
        address = self.address("signing_seal", batch_id)
        refused = [{"id": name, "reason": reason} for name, reason in done.refused]
        further = None if done.after is None else f"{address}?after={done.after}"
        return json_answer({"signed": done.signed, "refused": refused, "next": further})

    def _report(self, request: HttpRequest, batch_id: UUID) -> HttpResponse:
        actor = actor_of(request)
        batch = self.desk.batch(actor, batch_id, at=timezone.now())
        report = reports.report_of(batch, self.desk.results(actor, batch_id))
        return json_answer(reports.to_members(report))

    def address(self, name: str, *args: object) -> str:
        """One of the desk's addresses on this side."""
        return reverse(f"{self.desk.name}_{name}", args=args)

    def _batch(self, batch: Batch) -> dict[str, Any]:
        return {
            "batch": str(batch.id),
            "title": batch.title,
            "state": batch.state.value,
            "channel": batch.channel.value,
            "digest": batch.digest,
            "expires_at": iso(batch.expires_at),
            "page": self.address("signing_batch", batch.id),
            "list": self.address("signing_list", batch.id),
        }

    def _items(self, batch: Batch, items: Sequence[Item]) -> list[dict[str, Any]]:
        page, _, page_end = self.address("signing_item", batch.id, _ANY).rpartition(_ANY)
        file, _, file_end = self.address("signing_item_file", batch.id, _ANY).rpartition(_ANY)
        return [
            {
                "id": item.id,
                "title": item.title,
                "kind": item.kind,
                "to_be_signed": b64encode(item.to_be_signed).decode(),
                "page": f"{page}{item.id}{page_end}",
                "file": f"{file}{item.id}{file_end}",
            }
            for item in items
        ]

    def _next(self, batch: Batch, after: int | None) -> str | None:
        return None if after is None else f"{self.address('signing_batch_state', batch.id)}?after={after}"


def task_members(task: Task) -> dict[str, Any]:
    """A task for programs."""
    return {
        "id": task.id,
        "title": task.title,
        "slot": task.slot,
        "documents": task.documents or task.waiting,
        "ready": task.ready,
        "waiting": task.waiting,
        "waiting_for": task.waiting_for,
    }


def preflight_members(found: Preflight) -> dict[str, Any]:
    """A pre-flight for programs."""
    return {
        "may_open": found.may_open,
        "documents": found.documents,
        "seconds": found.seconds,
        "findings": [
            {"code": each.code, "level": each.level.value, "detail": each.detail} for each in found.findings
        ],
    }


def _channel(asked: dict[str, Any]) -> Channel:
    """How the caller will sign; a program unless it says otherwise."""
    try:
        return Channel(asked.get("channel", Channel.PROGRAM))
    except ValueError as error:
        raise MalformedRequestError("channel") from error


def _clock(asked: dict[str, Any]) -> datetime | None:
    """What the caller's clock says, if it says anything."""
    if asked.get("clock") is None:
        return None
    try:
        found = datetime.fromisoformat(text_of(asked, "clock"))
    except ValueError as error:
        raise MalformedRequestError("clock") from error
    if found.tzinfo is None:
        raise MalformedRequestError("clock")
    return found
