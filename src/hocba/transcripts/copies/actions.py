"""Making a certified copy: its number, its file, its entry in the register."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection, transaction

from hocba.documents.pdf import TypesettingError
from hocba.documents.pdf.copies import CertifiedCopy, NotCopyable, certified_paper_copy
from hocba.documents.verification import Verdict, verify
from hocba.platform.audit import actions as audit
from hocba.platform.files import store
from hocba.signing.instants import VIETNAM
from hocba.transcripts.copies import queries, workflow
from hocba.transcripts.copies.errors import CopyRefusedError
from hocba.transcripts.copies.models import CertifiedCopyEntry
from hocba.transcripts.records import queries as records
from hocba.transcripts.records.actions import target_of
from hocba.transcripts.records.workflow import Status
from hocba.transcripts.roster import trust

if TYPE_CHECKING:
    import uuid
    from datetime import datetime

    from hocba.documents.any_level import AnyTranscript
    from hocba.transcripts.records.models import TranscriptVersion


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the clerk asks for; everything else follows from the transcript and the register.

    `symbol` is the short name of the school in the number ("THCSHP"), `parent` the organisation above it or empty,
    `place` the place of issue; the signer is a leader of the school. `quantity` is how many prints are signed.
    """

    request_id: uuid.UUID
    symbol: str
    parent: str
    place: str
    signer_code: str
    signer_title: str
    signer_name: str
    requester: str
    purpose: str
    recipients: tuple[str, ...]
    quantity: int = 1


@transaction.atomic
def make_copy(
    *, version: TranscriptVersion, wanted: Wanted, lookup: str, by: str, at: datetime
) -> CertifiedCopyEntry:
    """The entry of a new copy, or of the one that the same form made before.

    `lookup` is the address where the original is found. Raises CopyRefusedError when the version is not archived, has
    been replaced, does not verify now, or cannot be printed; then no number is used up.
    """
    original, transcript = _verified(version, at=at)
    year = at.astimezone(VIETNAM).year
    _wait_for_turn(version.school_code, year)
    known = queries.find_request(version.school_code, wanted.request_id)
    if known is not None and known.version_id == version.pk:
        return known
    if known is not None:
        raise CopyRefusedError("Biểu mẫu này đã dùng cho học bạ khác; hãy mở lại trang sao y.")
    copy = CertifiedCopy(
        number=queries.last_number(version.school_code, year) + 1,
        symbol=wanted.symbol,
        organisation=transcript.school.name,
        parent=wanted.parent,
        place=wanted.place,
        day=at.astimezone(VIETNAM).date(),
        signer_title=wanted.signer_title,
        signer_name=wanted.signer_name,
        system=_system(transcript),
        lookup=lookup,
        recipients=wanted.recipients,
    )
    try:
        content = certified_paper_copy(original, transcript=transcript, copy=copy)
    except (NotCopyable, TypesettingError) as error:
        raise CopyRefusedError(str(error)) from error
    return _keep(version, wanted, copy, content, by=by, at=at)


def _keep(
    version: TranscriptVersion, wanted: Wanted, copy: CertifiedCopy, content: bytes, *, by: str, at: datetime
) -> CertifiedCopyEntry:
    entry: CertifiedCopyEntry = CertifiedCopyEntry.objects.create(
        school_code=version.school_code,
        request_id=wanted.request_id,
        version=version,
        year=copy.day.year,
        number=copy.number,
        reference=copy.reference,
        symbol=wanted.symbol,
        made_on=copy.day,
        made_at=at,
        made_by=by,
        signer_code=wanted.signer_code,
        signer_title=wanted.signer_title,
        signer_name=wanted.signer_name,
        parent=wanted.parent,
        place=wanted.place,
        requester=wanted.requester,
        purpose=wanted.purpose,
        recipients=list(wanted.recipients),
        quantity=wanted.quantity,
        original_digest=version.issued.pdf_digest,
        digest=store.put(content),
    )
    audit.record(
        tag=workflow.TAG_MADE,
        target=target_of(version.transcript_id, version.version),
        by=by,
        at=at,
        school_code=version.school_code,
        details={"number": copy.reference, "year": entry.year, "digest": entry.digest},
    )
    return entry


def _verified(version: TranscriptVersion, *, at: datetime) -> tuple[bytes, AnyTranscript]:
    """The signed PDF and what it says, as verified now against the XML of the same version."""
    if version.status != Status.ARCHIVED:
        raise CopyRefusedError("Chỉ sao y học bạ đã được Sở lưu trữ.")
    if not records.is_newest(version):
        raise CopyRefusedError("Học bạ đã có phiên bản mới hơn; hãy sao y phiên bản đang có hiệu lực.")
    original = store.get(version.issued.pdf_digest)
    report = verify(
        original,
        trust=trust.material(version.school_code),
        at=at,
        counterpart=store.get(version.issued.xml_digest),
        existed_at=version.receipt.accepted_at,
    )
    if report.verdict is not Verdict.VALID or report.transcript is None:
        details = " ".join(dict.fromkeys(check.detail for check in report.problems))
        raise CopyRefusedError(f"Không sao y được vì bản gốc chưa được xác nhận là hợp lệ. {details}")
    return original, report.transcript


def _wait_for_turn(school_code: str, year: int) -> None:
    """Until the transaction ends nobody else gives a number in this school and year."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 30))", [f"{school_code}:{year}"])


def _system(transcript: AnyTranscript) -> str:
    """The system that keeps the original, and its owner (Luật Giao dịch điện tử 2023 Điều 12)."""
    province = transcript.school.province
    owner = f"Sở Giáo dục và Đào tạo {province}" if province else "Sở Giáo dục và Đào tạo"
    return f"Cơ sở dữ liệu học bạ số của {transcript.school.name}; lưu trữ tại {owner}"
