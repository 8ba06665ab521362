"""Registering class records and transcripts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from hocba.city.archive import actions as archiving
from hocba.city.archive import queries as archive
from hocba.city.archive import stamping
from hocba.city.registration import validation
from hocba.city.registration.errors import (
    AlreadyDifferentError,
    HeldError,
    RefusedError,
    RegistrationError,
    TooEarlyError,
)
from hocba.city.schools import trust
from hocba.documents import derived
from hocba.documents.compile import InconsistentClassRecord
from hocba.documents.verification import verify_both
from hocba.documents.verification.books import read_book
from hocba.exchange.problems import ProblemItem
from hocba.platform.files import store

if TYPE_CHECKING:
    import uuid
    from datetime import datetime

    from hocba.documents.any_level import AnyYearRecord
    from hocba.documents.transcript import Digest
    from hocba.documents.verification import Report
    from hocba.documents.verification.books import Book

__all__ = [
    "AlreadyDifferentError",
    "HeldError",
    "RefusedError",
    "RegistrationError",
    "TooEarlyError",
    "register_class_record",
    "register_transcript",
]


@transaction.atomic
def register_class_record(*, record_id: uuid.UUID, content: bytes, by: str, at: datetime) -> bool:
    """Validate the sealed class record of a year with all files below it and keep it; False when it was known.

    The term and subject files are in the file store already. What every transcript of the class must say is
    worked out here, once. Raises RefusedError with all problems, AlreadyDifferentError.
    """
    known = archive.get_class_record(store.digest_of(content))
    if known is not None and known.record_id == record_id:
        return False
    known_trust = trust.current()
    book = read_book(content, fetch=_fetch, trust=known_trust.material, at=at)
    year, expected = _sealed_year(book, record_id)
    identity = year.identity
    archive.one_class_record_at_a_time(identity)
    problems = list(validation.class_record_problems(identity))
    if problems:
        raise RefusedError(problems)
    if archive.find_class_record(record_id, identity.version) is not None:
        raise AlreadyDifferentError(f"phiên bản {identity.version} của sổ lớp này đã được lưu")
    archiving.archive_class_record(
        year,
        digest=store.put(content),
        expected=expected,
        report=validation.kept_report(book.reports, known_trust.evidence_for(identity.school.code), at=at),
        by=by,
        at=at,
    )
    return True


def _fetch(digest: Digest) -> bytes | None:
    try:
        return store.get(digest.value)
    except store.FileMissingError:
        return None


def _sealed_year(book: Book, record_id: uuid.UUID) -> tuple[AnyYearRecord, dict[str, derived.Values]]:
    problems = [ProblemItem(code=found.code, detail=found.detail) for found in book.problems]
    if book.tree is not None and book.tree.year.identity.id != str(record_id):
        problems.append(
            ProblemItem(code="WRONG_ADDRESS", detail=f"Tệp là của sổ lớp {book.tree.year.identity.id}.")
        )
    if validation.must_wait(problems):
        raise HeldError(problems[0].detail)
    if book.tree is None or problems:
        raise RefusedError(problems)
    try:
        return book.tree.year, derived.expected_of(book.tree)
    except InconsistentClassRecord as error:
        raise RefusedError(
            [ProblemItem(code="INCONSISTENT", detail=problem) for problem in error.problems]
        ) from error


def register_transcript(
    *,
    transcript_id: uuid.UUID,
    version: int,
    xml: bytes,
    pdf_digest: str,
    pdf: bytes | None = None,
    by: str,
    at: datetime,
) -> tuple[bytes, bool]:
    """Validate a transcript, archive both files, write the log; the receipt's octets and whether it is new.

    Runs in the transaction of the caller's scope and writes rows only once everything is checked, so that a refusal
    needs no savepoint of its own. Without `pdf` the file of that digest was sent before. The same pair again gives
    the same receipt. Raises RefusedError with all problems, TooEarlyError, AlreadyDifferentError, StampOverdueError.
    """
    known = archive.find_registered(transcript_id, version)
    if known is not None:
        if (known.xml, known.pdf) != (store.digest_of(xml), pdf_digest):
            raise AlreadyDifferentError(
                f"phiên bản {version} của học bạ {transcript_id} đã được lưu với nội dung khác; "
                "bản đã đăng ký không thay đổi được, hãy lập phiên bản mới"
            )
        return store.get(known.receipt), False
    stamping.require_going(at)
    known_trust = trust.current()
    reports = verify_both(
        xml, _sent_before(pdf_digest) if pdf is None else pdf, trust=known_trust.material, at=at
    )
    files = _accepted(reports, transcript_id, version)
    transcript = reports[0].transcript
    assert transcript is not None  # noqa: S101 (a valid report has its values)
    store.put(xml)
    if pdf is not None:
        store.put(pdf)
    receipt = archiving.archive_transcript(
        transcript,
        files,
        report=validation.kept_report(reports, known_trust.evidence_for(transcript.school.code), at=at),
        by=by,
        at=at,
    )
    return receipt, True


def _sent_before(pdf_digest: str) -> bytes:
    try:
        return store.get(pdf_digest)
    except store.FileMissingError:
        raise RefusedError(
            [ProblemItem(code="FILE_MISSING", detail=f"Chưa nhận được tệp PDF có giá trị băm {pdf_digest}.")]
        ) from None


def _accepted(
    reports: tuple[Report, Report], transcript_id: uuid.UUID, version: int
) -> archiving.AcceptedFiles:
    xml, pdf = reports
    problems = [*validation.report_problems(xml, "XML"), *validation.report_problems(pdf, "PDF")]
    if validation.must_wait(problems):
        raise HeldError(problems[0].detail)
    if xml.transcript is not None:
        problems += validation.address_problems(xml.transcript, transcript_id, version)
        problems += validation.register_problems(xml.transcript, transcript_id)
    if [found.code for found in problems] == [validation.CLASS_RECORD_UNKNOWN]:
        raise TooEarlyError(problems[0].detail)
    digests = (xml.file_digest, pdf.file_digest, xml.meaning_digest, xml.record_digest)
    if problems or not all(digests):
        raise RefusedError(problems)
    return archiving.AcceptedFiles(
        xml=digests[0],  # type: ignore[arg-type]
        pdf=digests[1],  # type: ignore[arg-type]
        meaning=digests[2],  # type: ignore[arg-type]
        record=digests[3],  # type: ignore[arg-type]
    )
