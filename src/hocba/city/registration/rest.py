"""Files, class records and transcripts from the schools; look-ups for the portal."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from hocba.city.archive import queries as archive
from hocba.city.archive import stamping
from hocba.city.registration import actions
from hocba.documents.transcript import Digest
from hocba.exchange import bundles, messages
from hocba.exchange.errors import MalformedBundleError
from hocba.exchange.problems import ProblemItem
from hocba.platform.answers import json_body, problem
from hocba.platform.files import store
from hocba.platform.messages.inbox import keep_as_files, machine
from hocba.platform.messages.receiving import file_view

if TYPE_CHECKING:
    import uuid

    from django.http import HttpRequest, HttpResponse

    from hocba.city.archive.models import ArchivedTranscript

HELD_SECONDS = 600
"""What a sender is told to wait; lists are asked for every few minutes."""

_HEX_DIGEST = re.compile(r"[0-9a-f]{64}")


file = file_view("tracking", "transcripts")


@machine("tracking")
@require_http_methods(["PUT"])
def class_record(request: HttpRequest, record_id: uuid.UUID) -> HttpResponse:
    """PUT the sealed class record of a year: its file alone, or followed by the term and subject files below it.

    Files that are not in the body were sent before.
    """
    try:
        year = _with_files_below(request)
    except MalformedBundleError as error:
        return problem(422, "Không đọc được các tệp của sổ lớp.", detail=str(error))
    try:
        is_new = actions.register_class_record(
            record_id=record_id, content=year, by=_by(request), at=timezone.now()
        )
    except actions.AlreadyDifferentError as error:
        return problem(409, "Sổ lớp này đã được lưu với nội dung khác.", detail=str(error))
    except actions.HeldError as error:
        return _held(error)
    except actions.RefusedError as error:
        return problem(422, "Sổ lớp không được chấp nhận.", error.items)
    return json_body(b"{}", status=201 if is_new else 200)


@machine("transcripts")
@require_http_methods(["PUT"])
def transcript(request: HttpRequest, transcript_id: uuid.UUID, version: int) -> HttpResponse:
    """PUT a sealed transcript: the XML and, after it, the PDF, as one body of two files.

    Or the XML alone; then `?pdf=` is the SHA-256 of the PDF that was sent before. A parameter and no header: the
    address is covered by the message's signature.
    """
    try:
        xml, pdf, pdf_digest = _both_files(request)
    except MalformedBundleError as error:
        item = ProblemItem(code="PDF_NOT_NAMED", detail=str(error))
        return problem(422, "Thông điệp không nêu bản PDF.", [item])
    try:
        receipt, is_new = actions.register_transcript(
            transcript_id=transcript_id,
            version=version,
            xml=xml,
            pdf=pdf,
            pdf_digest=pdf_digest,
            by=_by(request),
            at=timezone.now(),
        )
    except actions.AlreadyDifferentError as error:
        return problem(409, "Phiên bản học bạ này đã được đăng ký với nội dung khác.", detail=str(error))
    except actions.TooEarlyError as error:
        return problem(425, "Sổ lớp của học bạ này chưa tới, hãy gửi lại sau.", detail=str(error))
    except actions.HeldError as error:
        return _held(error)
    except stamping.StampOverdueError as error:
        answer = problem(503, "Kho học bạ số tạm ngừng nhận học bạ.", detail=str(error))
        answer["Retry-After"] = str(stamping.RETRY_AFTER_SECONDS)
        return answer
    except actions.RefusedError as error:
        return problem(422, "Học bạ không được chấp nhận.", error.items)
    return json_body(receipt, status=201 if is_new else 200)


def _held(error: actions.HeldError) -> HttpResponse:
    """Not refused: the sender's outbox keeps the message and tries again (RFC 9110 section 15.6.4)."""
    answer = problem(503, "Chưa có thông tin thu hồi mới, Sở tạm giữ và sẽ nhận sau.", detail=str(error))
    answer["Retry-After"] = str(HELD_SECONDS)
    return answer


def _with_files_below(request: HttpRequest) -> bytes:
    """The year's file; the others of the body go into the file store, where registering looks for them."""
    content_type = request.headers.get("content-type", "")
    if not bundles.is_bundle(content_type):
        return request.body
    files = bundles.split(content_type, request.body)
    keep_as_files(request, files)
    for content in files[1:]:
        store.put(content)
    return files[0]


def _both_files(request: HttpRequest) -> tuple[bytes, bytes | None, str]:
    """XML, PDF if it came along, and digest of the PDF. Raises MalformedBundleError."""
    content_type = request.headers.get("content-type", "")
    if bundles.is_bundle(content_type):
        files = bundles.split(content_type, request.body)
        if len(files) != 2:
            raise MalformedBundleError("Cần đúng hai tệp: bản XML rồi đến bản PDF.")
        keep_as_files(request, files)
        return files[0], files[1], store.digest_of(files[1])
    pdf_digest = request.GET.get("pdf", "")
    if not _HEX_DIGEST.fullmatch(pdf_digest):
        raise MalformedBundleError("Cần giá trị băm SHA-256 của bản PDF.")
    return request.body, None, pdf_digest


@machine("portal", "transcripts")
@require_GET
def register_entry(request: HttpRequest, transcript_id: uuid.UUID, version: int) -> HttpResponse:
    """GET what the register says of a version, and of the files whose digests are given.

    A version with a later one is replaced. Nothing can be revoked yet, so nothing is said to be.
    """
    row = archive.find_transcript(transcript_id, version)
    asked = {"xml": request.GET.get("xml", ""), "pdf": request.GET.get("pdf", "")}
    return json_body(messages.to_bytes(_entry(transcript_id, version, row, asked)))


def _entry(
    transcript_id: uuid.UUID, version: int, row: ArchivedTranscript | None, asked: dict[str, str]
) -> messages.RegisterEntry:
    if row is None:
        return messages.RegisterEntry(
            transcript_id=str(transcript_id), version=version, status=messages.RegisterStatus.UNKNOWN
        )
    registered = {"xml": row.xml_digest, "pdf": row.pdf_digest}
    # A file with the right name and other bytes is not the registered one, whatever it says.
    same = all(digest in {"", registered[kind]} for kind, digest in asked.items())
    newest = archive.newest_version(transcript_id)
    standing = messages.RegisterStatus.CURRENT if newest == version else messages.RegisterStatus.REPLACED
    return messages.RegisterEntry(
        transcript_id=str(transcript_id),
        version=version,
        status=standing if same else messages.RegisterStatus.UNKNOWN,
        replaced_by=newest if same and newest != version else None,
        since=row.accepted_at,
        xml=Digest(algorithm="sha256", value=row.xml_digest),
        pdf=Digest(algorithm="sha256", value=row.pdf_digest),
        record=Digest(algorithm="sha256", value=row.record_digest),
    )


def _by(request: HttpRequest) -> str:
    return f"side:{request.sender}"  # type: ignore[attr-defined]
