"""Sending sealed transcripts to the city, and what its answers mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocba.exchange import messages
from hocba.exchange.errors import MalformedProblemError
from hocba.exchange.problems import ProblemDetails
from hocba.platform.files import store
from hocba.platform.messages import actions as outbox
from hocba.platform.messages import delivery
from hocba.transcripts.issuing import jobs
from hocba.transcripts.records import actions as recording
from hocba.transcripts.records import queries as records
from hocba.transcripts.records.workflow import Status

if TYPE_CHECKING:
    from datetime import datetime

    from hocba.platform.messages.delivery import Delivered
    from hocba.transcripts.records.models import TranscriptVersion

PDF_SENT = "transcripts.pdf_sent"
REGISTERED = "transcripts.registered"
BY = "side:city"


def send(version: TranscriptVersion, *, xml: bytes, pdf: bytes, at: datetime) -> None:
    """Put both files into the outbox, the PDF first; the XML's address names it, so the signature covers it."""
    xml_digest, pdf_digest = store.digest_of(xml), store.digest_of(pdf)
    context: dict[str, object] = {"version": version.pk, "xml": xml_digest, "pdf": pdf_digest}
    stream = f"transcript:{version.transcript_id}"
    outbox.enqueue(
        recipient="city",
        method="PUT",
        path=f"/exchange/v1/files/{pdf_digest}",
        body=pdf,
        content_type="application/pdf",
        stream=stream,
        at=at,
        handler=PDF_SENT,
        context=context,
        school_code=version.school_code,
    )
    outbox.enqueue(
        recipient="city",
        method="PUT",
        path=f"/exchange/v1/transcripts/{version.transcript_id}/versions/{version.version}?pdf={pdf_digest}",
        body=xml,
        content_type="application/xml",
        stream=stream,
        at=at,
        handler=REGISTERED,
        context=context,
        school_code=version.school_code,
    )


@delivery.on_answer(PDF_SENT)
def on_pdf_sent(delivered: Delivered) -> None:
    """The city has the PDF: the version counts as sent. A refusal shows in the answer to the XML."""
    if delivered.accepted:
        recording.advance(
            [_version_of(delivered)], before=Status.SEALED, after=Status.SENT, by=BY, at=delivered.at
        )


@delivery.on_answer(REGISTERED)
def on_registered(delivered: Delivered) -> None:
    """The city's receipt, or everything it found wrong."""
    if not delivered.accepted:
        _keep_refusal(delivered)
        return
    try:
        receipt = messages.from_bytes(messages.Receipt, delivered.body)
        _require_ours(receipt, delivered)
    except (messages.MessageError, ValueError) as error:
        recording.keep_refusal(
            _version_of(delivered),
            status_code=delivered.status,
            title="Biên nhận của Sở không đúng.",
            problems=[{"code": "RECEIPT", "detail": str(error)}],
            by=BY,
            at=delivered.at,
        )
        return
    recording.keep_receipt(
        _version_of(delivered),
        digest=store.put(delivered.body),
        accepted_at=receipt.accepted_at,
        by=BY,
        at=delivered.at,
    )
    _clean_when_whole(_version_of(delivered))


def _clean_when_whole(version_id: int) -> None:
    """The last receipt of a class lets its working bytes go."""
    version = records.get_version_by_pk(version_id)
    if set(records.counts_of(version.compilation_id)) == {Status.ARCHIVED}:
        jobs.forget_working_bytes.defer(
            school_code=version.school_code, compilation_id=version.compilation_id
        )


def _version_of(delivered: Delivered) -> int:
    version = delivered.context["version"]
    if not isinstance(version, int):
        raise TypeError("the context names the version by its row id")
    return version


def _require_ours(receipt: messages.Receipt, delivered: Delivered) -> None:
    """A receipt counts for exactly the files that were sent. Raises ValueError."""
    version = records.get_version_by_pk(_version_of(delivered))
    said = (receipt.transcript_id, receipt.version, receipt.xml.value, receipt.pdf.value)
    sent = (
        str(version.transcript_id),
        version.version,
        delivered.context["xml"],
        delivered.context["pdf"],
    )
    if said != sent:
        raise ValueError("biên nhận là của tệp khác")


def _keep_refusal(delivered: Delivered) -> None:
    try:
        told = ProblemDetails.from_json(delivered.body, status=delivered.status)
    except MalformedProblemError:
        told = ProblemDetails(status=delivered.status, title="")
    problems = [{"code": item.code, "detail": item.detail} for item in told.errors]
    if told.detail:
        problems.append({"code": "", "detail": told.detail})
    recording.keep_refusal(
        _version_of(delivered),
        status_code=delivered.status,
        title=told.title or f"Sở trả lời với mã {delivered.status}.",
        problems=problems,
        by=BY,
        at=delivered.at,
    )
