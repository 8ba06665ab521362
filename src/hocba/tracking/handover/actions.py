"""Sending a sealed class record, in the transaction of its sealing, and noting the answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from hocba.exchange import bundles
from hocba.exchange.errors import MalformedProblemError
from hocba.exchange.problems import ProblemDetails
from hocba.platform.audit import actions as audit
from hocba.platform.files import store
from hocba.platform.messages import actions as outbox
from hocba.platform.messages import delivery
from hocba.tracking.handover import workflow
from hocba.tracking.handover.models import Handover
from hocba.tracking.handover.workflow import NothingToSendError, OrderError, State
from hocba.tracking.sealing import events
from hocba.tracking.sealing import queries as sealing

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from hocba.tracking.sealing.models import Document

__all__ = ["NothingToSendError", "OrderError", "hand_over", "send_again"]

HANDLER = "handover.class_record"


@transaction.atomic
def hand_over(*, document_id: UUID, school_code: str, by: str, at: datetime) -> None:
    """Write the messages about a sealed year, with all its files, to the outbox: to the transcripts and the city."""
    year = sealing.get_document(school_code, document_id)
    if year is None or year.state != sealing.State.SEALED:
        raise OrderError("Chỉ kết chuyển sổ cả năm đã đóng dấu số của nhà trường.")
    files = _files_of(year)
    for recipient in workflow.RECIPIENT_NAMES:
        _, created = Handover.objects.get_or_create(
            document=year.uuid,
            version=year.version,
            recipient=recipient,
            defaults={
                "school_code": year.school_code,
                "school_year": year.school_year,
                "class_name": year.class_name,
                "digest": year.file_digest,
                "sent_at": at,
            },
        )
        if created:
            _send(year, recipient, files, by=by, at=at)


@transaction.atomic
def send_again(*, document_id: UUID, school_code: str, recipient: str, by: str, at: datetime) -> None:
    """Send a refused record once more. Raises NothingToSendError, OrderError when it was not refused."""
    row = (
        Handover.objects.select_for_update()
        .filter(school_code=school_code, document=document_id, recipient=recipient)
        .order_by("-version")
        .first()
    )
    year = sealing.get_document(school_code, document_id)
    if row is None or year is None:
        raise NothingToSendError("Không có lần kết chuyển nào của sổ này.")
    workflow.check(State(row.state), State.SENDING)
    row.state, row.problems, row.sent_at, row.answered_at = State.SENDING, [], at, None
    row.save(update_fields=["state", "problems", "sent_at", "answered_at"])
    _send(year, recipient, _files_of(year), by=by, at=at)


def _files_of(year: Document) -> tuple[bytes, ...]:
    """The year's file and all files below it."""
    return tuple(store.get(document.file_digest) for document in (year, *sealing.tree_of(year)))


def _send(year: Document, recipient: str, files: tuple[bytes, ...], *, by: str, at: datetime) -> None:
    """One message with all files; the city compares transcripts with every one of them."""
    draft = outbox.Draft(
        recipient=recipient,
        method="PUT",
        path=f"/exchange/v1/class-records/{year.uuid}",
        files=files,
        content_type=bundles.media_type(files),
        stream=f"class-record:{recipient}:{year.uuid}",
        handler=HANDLER,
        context={"document": str(year.uuid), "version": year.version, "recipient": recipient},
        school_code=year.school_code,
    )
    outbox.enqueue_all([draft], at=at)
    audit.record(
        tag=workflow.Tag.SENT,
        target=f"class-record:{year.uuid}",
        by=by,
        at=at,
        school_code=year.school_code,
        details={"recipient": recipient, "files": len(files)},
    )


@events.on_sealed
def _sealed(document: Document, at: datetime) -> None:
    hand_over(document_id=document.uuid, school_code=document.school_code, by="handover", at=at)


@delivery.on_answer(HANDLER)
def answered(delivered: delivery.Delivered) -> None:
    """Note that the other side took the record, or everything it found wrong."""
    row = Handover.objects.select_for_update().get(
        document=delivered.context["document"],
        version=delivered.context["version"],
        recipient=delivered.context["recipient"],
    )
    target = State.ACCEPTED if delivered.accepted else State.REFUSED
    workflow.check(State(row.state), target)
    row.state, row.answered_at = target, delivered.at
    row.problems = [] if delivered.accepted else _problems(delivered)
    row.save(update_fields=["state", "answered_at", "problems"])
    audit.record(
        tag=workflow.TAGS[target],
        target=f"class-record:{row.document}",
        by=f"side:{row.recipient}",
        at=delivered.at,
        school_code=row.school_code,
        details={"recipient": row.recipient, "status": delivered.status, "problems": len(row.problems)},
    )


def _problems(delivered: delivery.Delivered) -> list[str]:
    try:
        problem = ProblemDetails.from_json(delivered.body, status=delivered.status)
    except MalformedProblemError:
        return [f"HTTP {delivered.status}"]
    return [
        text for text in (problem.title, problem.detail, *(item.detail for item in problem.errors)) if text
    ]
