"""Everything the city checks itself before it registers anything; what the school checked does not count."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hocba.city.archive import queries as archive
from hocba.documents import derived
from hocba.documents.verification import Verdict
from hocba.exchange.problems import ProblemItem
from hocba.signing import certificates, instants
from hocba.signing.checks import Code

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from hocba.documents.any_level import AnyTranscript
    from hocba.documents.class_record import ClassIdentity
    from hocba.documents.verification import Report

CLASS_RECORD_UNKNOWN = "CLASS_RECORD_UNKNOWN"
FIRST_VERSION = 1


def report_problems(report: Report, file: str) -> list[ProblemItem]:
    """Every check of a report that did not pass; nothing short of valid is registered."""
    if report.verdict is Verdict.VALID:
        return []
    found = [
        ProblemItem(code=str(check.code or check.name), detail=f"{file}: {check.detail}")
        for check in report.problems
    ]
    return found or [ProblemItem(code="INDETERMINATE", detail=f"{file}: chưa đủ căn cứ kết luận.")]


def must_wait(problems: Sequence[ProblemItem]) -> bool:
    """Whether nothing is wrong but that revocation cannot be asked now: the city's trouble, not the school's."""
    return bool(problems) and all(found.code == Code.TRY_LATER for found in problems)


def address_problems(
    transcript: AnyTranscript, transcript_id: uuid.UUID, version: int
) -> Iterator[ProblemItem]:
    """Whether the document is the one the address names."""
    if (transcript.id, transcript.version) != (str(transcript_id), version):
        yield ProblemItem(
            code="WRONG_ADDRESS",
            detail=f"Tệp là của học bạ {transcript.id} phiên bản {transcript.version}, "
            "không phải của địa chỉ được gửi tới.",
        )


def class_record_problems(identity: ClassIdentity) -> Iterator[ProblemItem]:
    """Whether a class has another sealed record: transcripts could choose between two (Quy chế Điều 14)."""
    other = archive.other_class_record(identity)
    if other is None:
        return
    if str(other.record_id) == identity.id:
        yield ProblemItem(
            code="CLASS_RECORD_ID_TAKEN",
            detail=f"Mã sổ lớp {identity.id} là của lớp {other.class_name}, trường {other.school_code}, "
            f"năm học {other.school_year}.",
        )
    else:
        yield ProblemItem(
            code="CLASS_RECORD_EXISTS",
            detail=f"Lớp {identity.class_name} năm học {identity.school_year} đã có sổ lớp với mã "
            f"{other.record_id}; bản sửa là phiên bản mới của sổ ấy.",
        )


def register_problems(transcript: AnyTranscript, transcript_id: uuid.UUID) -> Iterator[ProblemItem]:
    """Whether the register allows it: one transcript a pupil and year, the chain of years, the class record."""
    personal_id = transcript.pupil.personal_id
    if transcript.version != FIRST_VERSION:
        # A later version replaces an earlier one under the same id: until the register can replace, it takes none,
        # lest two versions, or two pupils under one id, stand side by side as current.
        yield ProblemItem(
            code="VERSION_NOT_EXPECTED",
            detail=f"Kho học bạ số chưa nhận phiên bản {transcript.version}; bản đầu tiên là phiên bản 1.",
        )
    record = archive.class_record_facts(transcript.class_record.value)
    facts = archive.register_facts(
        transcript_id=transcript_id,
        personal_id=personal_id,
        school_year=transcript.school_year,
        school_code=transcript.school.code,
    )
    if facts.other_transcript is not None:
        yield ProblemItem(
            code="ALREADY_REGISTERED",
            detail=f"Học sinh đã có học bạ năm học {transcript.school_year} với mã {facts.other_transcript}.",
        )
    yield from _chain_problems(transcript, record, facts)
    yield from _class_record_problems(transcript, record)


def _chain_problems(
    transcript: AnyTranscript, record: archive.ClassRecordFacts | None, facts: archive.RegisterFacts
) -> Iterator[ProblemItem]:
    """Whether it names the pupil's transcript before it (decision 0009).

    A school knows its own: from another school the pupil may have come on paper, so that one may be named or not.
    """
    stated = transcript.previous.value if transcript.previous else None
    known = [found for found in (facts.newest_here, facts.newest) if found is not None]
    if stated is None:
        own = facts.newest_here
        # Of two years that are entered at the same time, the later cannot name what did not exist when its class
        # record came, from which it is compiled.
        if own is not None and (record is None or own.accepted_at <= record.accepted_at):
            yield ProblemItem(code="PREVIOUS_MISSING", detail=f"Học bạ phải nêu {_named(own)}.")
    elif not known:
        yield ProblemItem(
            code="PREVIOUS_UNKNOWN",
            detail="Học bạ năm trước mà học bạ này nêu không có trong kho lưu trữ; "
            f"kho chưa có học bạ nào của học sinh trước năm học {transcript.school_year}.",
        )
    elif stated not in {found.xml_digest for found in known}:
        names = " hoặc ".join(dict.fromkeys(_named(found) for found in known))
        yield ProblemItem(
            code="PREVIOUS_WRONG",
            detail=f"Học bạ nêu sha256:{stated} là học bạ năm trước của học sinh; phải nêu {names}.",
        )


def _named(found: archive.EarlierTranscript) -> str:
    return f"học bạ năm học {found.school_year} (mã {found.transcript_id}, sha256:{found.xml_digest})"


def _class_record_problems(
    transcript: AnyTranscript, record: archive.ClassRecordFacts | None
) -> Iterator[ProblemItem]:
    if record is None:
        yield ProblemItem(
            code=CLASS_RECORD_UNKNOWN,
            detail=f"Chưa nhận được sổ lớp đã niêm phong có giá trị băm {transcript.class_record}.",
        )
        return
    newer = archive.newer_class_record(transcript.class_record.value)
    if newer is not None:
        yield ProblemItem(
            code="CLASS_RECORD_REPLACED",
            detail=f"Sổ lớp của học bạ đã có phiên bản {newer}; học bạ phải lập từ phiên bản mới nhất.",
        )
        return
    yield from _deviations(transcript, record)


def _deviations(transcript: AnyTranscript, record: archive.ClassRecordFacts) -> Iterator[ProblemItem]:
    """Every value that came from the class record must still be its value (Quy chế Điều 14)."""
    personal_id = transcript.pupil.personal_id
    wanted = record.expected.get(personal_id)
    if wanted is None:
        yield ProblemItem(
            code="PUPIL_NOT_IN_CLASS_RECORD", detail="Học sinh không có tên trong sổ lớp đã niêm phong."
        )
        return
    values = derived.values_of(transcript)
    if derived.digest_of(values) == wanted:
        return
    sealed = archive.expected_values(record, personal_id)
    if derived.digest_of(sealed) == wanted and derived.same(values, sealed):
        return  # kept by an older version of this program: fields that came later stand empty
    found = derived.deviations(values, sealed)
    for deviation in found:
        yield ProblemItem(code="CLASS_RECORD_MISMATCH", detail=str(deviation))
    if not found:
        yield ProblemItem(
            code="CLASS_RECORD_MISMATCH",
            detail="Học bạ không khớp với sổ lớp đã niêm phong, không xác định được chỗ khác nhau.",
        )


def kept_report(reports: Iterable[Report], evidence: dict[str, object], *, at: datetime) -> dict[str, Any]:
    """The validation as it is kept for ever: every check, who signed with which certificate, the evidence."""
    kept = list(reports)
    used = {
        certificates.fingerprint(signature.certificate)
        for report in kept
        for signature in report.signatures
        if signature.certificate is not None
    }
    return {
        "validated_at": instants.iso(at),
        "files": [
            {"digest": str(report.file_digest), "kind": report.kind, **report.to_json()} for report in kept
        ],
        "evidence": {**evidence, "certificates": sorted(used)},
    }
