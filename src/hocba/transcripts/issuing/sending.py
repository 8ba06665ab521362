"""Sending sealed transcripts to the city, and what its answers mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocba.exchange import bundles, messages
from hocba.exchange.errors import MalformedProblemError
from hocba.exchange.problems import ProblemDetails
from hocba.platform.messages import actions as outbox
from hocba.platform.messages import delivery
from hocba.transcripts.issuing import jobs
from hocba.transcripts.records import actions as recording
from hocba.transcripts.records import queries as records
from hocba.transcripts.records.workflow import Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from hocba.platform.messages.delivery import Delivered
    from hocba.transcripts.records.models import TranscriptVersion

REGISTERED = "transcripts.registered"
BY = "side:city"


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedFiles:
    """Both files of a version, and their digests."""

    version: TranscriptVersion
    xml: bytes
    pdf: bytes
    xml_digest: str
    pdf_digest: str


def send(sealed: Iterable[SealedFiles], *, at: datetime) -> None:
    """Put versions into the outbox: one message each, whose body is the XML and, after it, the PDF."""
    outbox.enqueue_all((_message(each) for each in sealed), at=at)


def _message(sealed: SealedFiles) -> outbox.Draft:
    version, files = sealed.version, (sealed.xml, sealed.pdf)
    return outbox.Draft(
        recipient="city",
        method="PUT",
        path=f"/exchange/v1/transcripts/{version.transcript_id}/versions/{version.version}",
        files=files,
        content_type=bundles.media_type(files),
        stream=f"transcript:{version.transcript_id}",
        handler=REGISTERED,
        context={"version": version.pk, "xml": sealed.xml_digest, "pdf": sealed.pdf_digest},
        school_code=version.school_code,
    )


@delivery.on_answers(REGISTERED)
def on_registered(answers: Sequence[Delivered]) -> None:
    """The city's receipts, or everything it found wrong."""
    versions = records.versions_by_pk(_version_of(delivered) for delivered in answers)
    receipts: list[recording.NewReceipt] = []
    for delivered in answers:
        version = versions[_version_of(delivered)]
        if not delivered.accepted:
            _keep_refusal(delivered)
            continue
        try:
            receipt = messages.from_bytes(messages.Receipt, delivered.body)
            _require_ours(receipt, delivered, version)
        except (messages.MessageError, ValueError) as error:
            recording.keep_refusal(
                version.pk,
                status_code=delivered.status,
                title="Biên nhận của Sở không đúng.",
                problems=[{"code": "RECEIPT", "detail": str(error)}],
                by=BY,
                at=delivered.at,
            )
            continue
        receipts.append(
            recording.NewReceipt(version=version.pk, digest=delivered.digest, accepted_at=receipt.accepted_at)
        )
    if receipts:
        recording.keep_receipts(receipts, by=BY, at=answers[0].at)
        _clean_when_whole(versions[receipt.version] for receipt in receipts)


def _clean_when_whole(archived: Iterable[TranscriptVersion]) -> None:
    """The last receipt of a class lets its working bytes go."""
    schools = {version.compilation_id: version.school_code for version in archived}
    for compilation_id, school_code in sorted(schools.items()):
        # Of two senders with the last receipts one waits here, and counts what the other has written.
        records.lock_compilation(compilation_id)
        if set(records.counts_of(compilation_id)) == {Status.ARCHIVED}:
            jobs.forget_working_bytes.defer(school_code=school_code, compilation_id=compilation_id)


def _version_of(delivered: Delivered) -> int:
    version = delivered.context["version"]
    if not isinstance(version, int):
        raise TypeError("the context names the version by its row id")
    return version


def _require_ours(receipt: messages.Receipt, delivered: Delivered, version: TranscriptVersion) -> None:
    """A receipt counts for exactly the files that were sent. Raises ValueError."""
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
