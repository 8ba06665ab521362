"""The signing desk in a browser: tasks, pre-flight and ways to sign, a batch with its report, the offline package.

Every page works without JavaScript for the offline package and for the seal in a module; a USB token needs the script.
"""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from django.contrib import messages as notices
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header

from hocba.desk import channels, opening, packages, remote, reports, sealing, signers, standing
from hocba.desk.channels import PAGE, Channel
from hocba.desk.errors import ChannelError, DeskError, NotReadyError, NotYoursError, StandingBatchError
from hocba.desk.joint import tasks as joint_tasks
from hocba.desk.joint.choices import choices_of
from hocba.desk.ports import Order, State
from hocba.platform.accounts.guards import actor_of
from hocba.platform.json_requests import row_id
from hocba.signing import certificates

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime
    from uuid import UUID

    from django.http import HttpRequest

    from hocba.desk.ports import Batch, Desk, Item, Task
    from hocba.platform.accounts.actor import Actor

    View = Callable[..., HttpResponse]

CONTENT_TYPES = {"xml": "application/xml", "pdf": "application/pdf"}
ENDED = 20
"""How many batches that are over the first page names."""
REPLACE = "thay"
"""The parameter by which a person says that an open batch of the task may be replaced."""
LARGEST_CERTIFICATE = 64 * 1024
"""Bytes of a certificate file that is worth reading."""


def hides_what_is_not_yours(view: View) -> View:
    """Another person's task or batch looks like one that does not exist."""

    @wraps(view)
    def answered(*args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(*args, **kwargs)
        except NotYoursError as error:
            raise Http404 from error

    return answered


class Pages:
    """The views of one side's desk; `urls.addresses` guards them."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def tasks(self, request: HttpRequest) -> HttpResponse:
        """What there is to sign, and batches that were left open."""
        actor, now = actor_of(request), timezone.now()
        left_open = self.desk.open_batches(actor, at=now)
        covered = {part.task for batch in left_open for part in batch.open_parts}
        tasks = [each for each in self.desk.tasks(actor) if each.id not in covered]
        context = {
            "choices": choices_of(tasks, lambda name: self._address("signing_task", name)),
            "choose_address": self._address("signing_choose"),
            "open": [self._link(each) for each in left_open],
            "ended": [
                self._link(each) | {"title": reports.STATES[each.state], "badge": _BADGES_OF[each.state]}
                for each in self.desk.ended_batches(actor, limit=ENDED, at=now)
            ],
        }
        return self._render(request, "desk/tasks.html", context)

    def choose(self, request: HttpRequest) -> HttpResponse:
        """GET the tasks that were ticked: on to the page on which they are signed together."""
        names = request.GET.getlist("viec")[: joint_tasks.MOST + 1]
        if not all(names) or not names:
            notices.warning(request, "Hãy chọn ít nhất một việc để ký.")
            return redirect(self._address("signing"))
        return redirect(self._address("signing_task", joint_tasks.name_of(names)))

    @hides_what_is_not_yours
    def task(self, request: HttpRequest, task_id: str) -> HttpResponse:
        """One task: what stands in the way, and the ways to sign it."""
        actor, now = actor_of(request), timezone.now()
        try:
            task = self.desk.task(actor, task_id)
        except NotReadyError as error:
            notices.warning(request, str(error))
            return redirect(self._address("signing"))
        task_id = task.id
        order = Order(task=task_id, certificate=b"", channel=Channel.TOKEN)
        found = opening.examine(self.desk, actor, task, order=order, clock=None, at=now)
        context = {
            "task": task,
            "preflight": found,
            "estimate": _span(found.seconds),
            "open": [self._link(each) for each in standing.batches_of(self.desk, actor, task_id, at=now)],
            "replace": bool(request.GET.get(REPLACE)),
            "replace_address": f"{self._address('signing_task', task_id)}?{REPLACE}=1",
            "module": _module(actor, task.holder),
            "providers": _providers(),
            "remote_address": self._address("signing_remote", task_id),
            "offline_days": channels.offline_days(),
            "preflight_address": self._address("signing_preflight"),
            "batches_address": self._address("signing_batches"),
            "package_address": self._address("signing_open_package", task_id),
            "seal_address": self._address("signing_open_seal", task_id),
        }
        return self._render(request, "desk/task.html", context)

    @hides_what_is_not_yours
    def open_package(self, request: HttpRequest, task_id: str) -> HttpResponse:
        """POST a certificate file: a batch for signing elsewhere, whose package can be fetched on its page."""
        upload = request.FILES.get("chung_thu")

        def certificate(task: Task) -> bytes:
            if upload is None or (upload.size or 0) > LARGEST_CERTIFICATE:
                raise ChannelError("Hãy chọn tệp chứng thư số (.cer, .crt hoặc .pem) sẽ dùng để ký.")
            return certificates.to_der(signers.load(upload.read()))

        return self._open(request, task_id, Channel.OFFLINE, certificate)

    @hides_what_is_not_yours
    def open_seal(self, request: HttpRequest, task_id: str) -> HttpResponse:
        """POST: a batch for the school's key in the module, and its first documents sealed."""

        def certificate(task: Task) -> bytes:
            if task.holder != task.school_code:
                raise NotYoursError
            key = sealing.key_of(task.school_code)
            if key is None:
                raise ChannelError("Nhà trường chưa có con dấu số trong thiết bị của máy chủ.")
            return certificates.to_der(key.certificate)

        return self._open(request, task_id, Channel.HSM, certificate)

    @hides_what_is_not_yours
    def batch(self, request: HttpRequest, batch_id: UUID) -> HttpResponse:
        """A batch: what is signed, what waits, what failed and why; how to go on."""
        actor, now = actor_of(request), timezone.now()
        batch = self.desk.batch(actor, batch_id, at=now)
        report = reports.report_of(batch, self.desk.results(actor, batch_id))
        leaf = certificates.load(batch.certificate)
        is_open = batch.state is State.OPEN
        page, pages = _page(request.GET.get("trang", ""), len(report.rows))
        context = {
            "batch": batch,
            "report": report,
            "rows": [self._row(batch, row) for row in report.rows[(page - 1) * PAGE : page * PAGE]],
            "to_do": report.to_do,
            "page": page,
            "pages": pages,
            "remote_status": self._remote_status(actor, batch, at=now),
            "is_open": is_open,
            "is_done": batch.state is State.COMPLETED,
            "channel_title": channels.TITLES[batch.channel],
            "certificate_name": certificates.common_name(leaf),
            "fingerprint": certificates.fingerprint(leaf),
            **{name: self._address(f"signing_{name}", batch_id) for name in _ON_THE_PAGE},
            "report_address": self._address("signing_report", batch_id),
            "task_address": self._address("signing_task", batch.task),
        }
        return self._render(request, "desk/batch.html", context)

    @hides_what_is_not_yours
    def report_csv(self, request: HttpRequest, batch_id: UUID) -> HttpResponse:
        """The report for a spreadsheet."""
        actor = actor_of(request)
        batch = self.desk.batch(actor, batch_id, at=timezone.now())
        report = reports.report_of(batch, self.desk.results(actor, batch_id))
        return _download(reports.to_csv(report), f"bao-cao-ky-{batch_id}.csv", "text/csv; charset=utf-8")

    @hides_what_is_not_yours
    def package(self, request: HttpRequest, batch_id: UUID) -> HttpResponse:
        """The offline package of what still waits in a batch."""
        actor, now = actor_of(request), timezone.now()
        batch = self.desk.batch(actor, batch_id, at=now)
        if batch.channel is not Channel.OFFLINE:
            raise NotYoursError
        try:
            school = self.desk.school_name(batch.school_code)
            content = packages.write(batch, list(self._pending(actor, batch, at=now)), school=school)
        except DeskError as error:
            return self._back(request, batch_id, error)
        return _download(content, f"goi-ky-{batch_id}.zip", "application/zip")

    @hides_what_is_not_yours
    def answer(self, request: HttpRequest, batch_id: UUID) -> HttpResponse:
        """POST the values that came back; every one is checked, some may be missing."""
        actor, now = actor_of(request), timezone.now()
        upload = request.FILES.get("chu_ky")
        batch = self.desk.batch(actor, batch_id, at=now)
        try:
            if upload is None or (upload.size or 0) > packages.LARGEST_ANSWER:
                raise ChannelError("Hãy chọn tệp chữ ký (JSON hoặc CSV) không quá 8 MB.")
            found = packages.read_answer(upload.read())
            packages.check(found, batch)
            before = self.desk.results(actor, batch_id)
            again = sum(name in before and before[name].is_signed for name in found.signatures)
            outcome = self.desk.complete(actor, batch_id, found.signatures, at=now)
        except DeskError as error:
            if isinstance(error, NotYoursError):
                raise
            return self._back(request, batch_id, error)
        if outcome.signed:
            known = f" {again} chữ ký trong tệp đã nhận từ trước." if again else ""
            notices.success(request, f"Đã nhận {outcome.signed - again} chữ ký.{known}")
        if outcome.refused:
            notices.error(
                request, f"{len(outcome.refused)} giá trị không nhận được: {_reasons(outcome.refused)}"
            )
        return redirect(self._address("signing_batch", batch_id))

    @hides_what_is_not_yours
    def stop(self, request: HttpRequest, batch_id: UUID) -> HttpResponse:
        """POST: end the batch; what is signed stays signed."""
        self.desk.stop(actor_of(request), batch_id, at=timezone.now())
        return redirect(self._address("signing_batch", batch_id))

    @hides_what_is_not_yours
    def seal(self, request: HttpRequest, batch_id: UUID) -> HttpResponse:
        """POST: let the module sign the next documents, for browsers without the script."""
        try:
            sealing.sign_next(self.desk, actor_of(request), batch_id, at=timezone.now())
        except NotYoursError:
            raise
        except DeskError as error:
            return self._back(request, batch_id, error)
        return redirect(self._address("signing_batch", batch_id))

    @hides_what_is_not_yours
    def item(self, request: HttpRequest, batch_id: UUID, item_id: str) -> HttpResponse:
        """A document of a batch for reading, also after the batch; that it was read is audited (R65)."""
        try:
            found = self.desk.read(actor_of(request), batch_id, item_id, at=timezone.now())
        except NotYoursError:
            raise
        except DeskError as error:
            return self._back(request, batch_id, error)
        context = {
            "reading": found,
            "batch_address": self._address("signing_batch", batch_id),
            "file_address": self._address("signing_item_file", batch_id, item_id),
        }
        return self._render(request, "desk/item.html", context)

    @hides_what_is_not_yours
    def item_file(self, request: HttpRequest, batch_id: UUID, item_id: str) -> HttpResponse:
        """What the signature covers: XML octets, or the PDF with the place of the signature still empty."""
        try:
            found = self.desk.read(actor_of(request), batch_id, item_id, at=timezone.now())
        except NotYoursError:
            raise
        except DeskError as error:
            return self._back(request, batch_id, error)
        return _download(found.octets, f"can-ky-{item_id}.{found.kind}", CONTENT_TYPES[found.kind])

    def _open(
        self, request: HttpRequest, task_id: str, channel: Channel, certificate: Callable[[Task], bytes]
    ) -> HttpResponse:
        actor = actor_of(request)
        try:
            task = self.desk.task(actor, task_id)
            task_id = task.id
            replace, now = bool(request.POST.get(REPLACE)), timezone.now()
            standing.check_form(self.desk, actor, task_id, replace=replace, at=now)
            order = Order(task=task_id, certificate=certificate(task), channel=channel, replace=replace)
            opened = opening.open_batch(self.desk, actor, order, at=now)
        except NotYoursError:
            raise
        except StandingBatchError as error:
            notices.warning(request, str(error))
            # With an open batch of one's own the page offers it first; a colleague's can only be given up.
            own = standing.batches_of(self.desk, actor, task_id, at=timezone.now())
            return redirect(self._address("signing_task", task_id) + ("" if own else f"?{REPLACE}=1"))
        except DeskError as error:
            notices.error(request, str(error))
            return redirect(self._address("signing_task", task_id))
        return redirect(self._address("signing_batch", opened.batch.id))

    def _link(self, batch: Batch) -> dict[str, Any]:
        return {
            "batch": batch,
            "address": self._address("signing_batch", batch.id),
            "task_address": self._address("signing_task", batch.task),
            "channel_title": channels.TITLES[batch.channel],
        }

    def _remote_status(self, actor: Actor, batch: Batch, *, at: datetime) -> remote.Status | None:
        if batch.channel is not Channel.REMOTE or batch.state is not State.OPEN:
            return None
        try:
            return remote.required().status(self.desk, actor, batch.id, at=at)
        except ChannelError as error:
            return remote.Status(batch=batch.id, step=remote.Step.ASK_AGAIN, detail=str(error))

    def _pending(self, actor: Actor, batch: Batch, *, at: datetime) -> Iterator[Item]:
        after = 0
        while items := self.desk.pending(actor, batch.id, after=after, limit=PAGE, at=at):
            yield from items
            after = items[-1].place

    def _row(self, batch: Batch, row: reports.Row) -> dict[str, Any]:
        return {
            "row": row,
            "badge": _BADGES[row.fate],
            "page": self._address("signing_item", batch.id, row.id) if row.id else "",
            "file": self._address("signing_item_file", batch.id, row.id) if row.id else "",
        }

    def _back(self, request: HttpRequest, batch_id: UUID, error: DeskError) -> HttpResponse:
        notices.error(request, str(error))
        return redirect(self._address("signing_batch", batch_id))

    def _address(self, name: str, *args: object) -> str:
        return reverse(f"{self.desk.name}_{name}", args=args)

    def _render(self, request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
        common = {"home": reverse(self.desk.home), "desk_address": self._address("signing")}
        return render(request, template, common | context)


_ON_THE_PAGE = (
    "package",
    "answer",
    "stop_page",
    "seal_page",
    "report_csv",
    "batch_state",
    "seal",
    "signatures",
    "remote_state",
    "remote_code",
    "remote_again",
)
_BADGES = {
    reports.Fate.SIGNED: "ok",
    reports.Fate.FAILED: "stop",
    reports.Fate.PENDING: "wait",
    reports.Fate.SKIPPED: "wait",
}


_BADGES_OF = {State.COMPLETED: "ok", State.STOPPED: "wait", State.SUPERSEDED: "wait", State.EXPIRED: "stop"}


def _module(actor: Actor, holder: str) -> str:
    """Whether the clerk is offered the school's key in a module: "ready", "broken", or "" where none is set up."""
    if holder != actor.school_code:
        return ""
    try:
        return "ready" if sealing.key_of(holder) is not None else ""
    except ChannelError:
        return "broken"


def _providers() -> Sequence[remote.Provider]:
    """Those that a person may choose; none when they cannot be asked for, which hides no other way to sign."""
    found = remote.service()
    try:
        return found.providers() if found else ()
    except ChannelError:
        return ()


def _page(asked: str, rows: int) -> tuple[int, range]:
    """Which page of the report is shown, and all their numbers."""
    pages = range(1, max(1, -(-rows // PAGE)) + 1)
    number = row_id(asked) or 1
    return min(max(number, 1), pages[-1]), pages


def _span(seconds: int) -> str:
    return f"{seconds} giây" if seconds < 90 else f"{round(seconds / 60)} phút"


def _reasons(refused: tuple[tuple[str, str], ...]) -> str:
    """Each cause once, at most three: the report has the rest."""
    return " ".join(list(dict.fromkeys(reason for _, reason in refused))[:3])


def _download(content: bytes, name: str, content_type: str) -> HttpResponse:
    disposition = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    return HttpResponse(content, content_type=content_type, headers={"Content-Disposition": disposition})
