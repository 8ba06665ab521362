"""Bytes to verdict: looks at what kind of file it is and hands it to the module for that kind.

Never raises for a bad file, however hostile: whoever uploads gets a report, not a traceback. What it cannot
do is limit the memory of its process; a public service runs it in a worker with limits of its own.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from hocba.documents import class_record_xml, transcript_xml
from hocba.documents.verification import kinds, pairs, pdf_documents, xml_documents
from hocba.documents.verification.judging import Question
from hocba.documents.verification.report import Report, unreadable
from hocba.documents.verification.validation_policy import DEFAULT_POLICY, VerificationPolicy
from hocba.documents.xml.files import digest_of
from hocba.signing.checks import Check, Code, failed
from hocba.signing.errors import ForbiddenStructureError, UnreadableError
from hocba.signing.xml_gate import parse_untrusted

if TYPE_CHECKING:
    from datetime import datetime

    from hocba.signing.trust import TrustMaterial

NO_COUNTERPART = {
    "transcript_xml": "Bản PDF không được đưa kèm nên không đối chiếu hai bản.",
    "transcript_pdf": "Bản XML không được đưa kèm nên không đối chiếu hai bản.",
}
_KNOWN_AS = (
    (
        b"PK\x03\x04",
        "Đây là tệp nén ZIP (hoặc Word, Excel), không phải học bạ số. Hãy giải nén rồi kiểm tra.",
    ),
    (b"\xd0\xcf\x11\xe0", "Đây là tệp Word hoặc Excel kiểu cũ, không phải học bạ số."),
    (b"\x1f\x8b", "Đây là tệp nén, không phải học bạ số. Hãy giải nén rồi kiểm tra."),
    (b"\x89PNG", "Đây là tệp ảnh, không phải học bạ số; ảnh chụp học bạ không kiểm tra được chữ ký số."),
    (b"\xff\xd8\xff", "Đây là tệp ảnh, không phải học bạ số; ảnh chụp học bạ không kiểm tra được chữ ký số."),
)
_NOT_OURS = "Tệp XML này không phải học bạ số hay sổ theo dõi và đánh giá học sinh."


def verify(
    data: bytes,
    *,
    trust: TrustMaterial,
    at: datetime,
    counterpart: bytes | None = None,
    existed_at: datetime | None = None,
    proven_by: str = "",
    policy: VerificationPolicy = DEFAULT_POLICY,
) -> Report:
    """The report about one file.

    `at` (aware) is the moment of judging; `existed_at` a proven moment at which the file was already there (a
    time stamp, a receipt of the register), which lets it stay valid after its certificates ended, and
    `proven_by` says to people what proves it. `policy` is what is asked for beyond the formats. With
    `counterpart`, the PDF of this XML or the XML of this PDF, the report says whether both belong together.
    """
    question = _question(trust, at, policy=policy, existed_at=existed_at, proven_by=proven_by)
    report = _verify_one(data, question)
    if report.kind not in NO_COUNTERPART:
        return report
    if counterpart is None:
        return replace(report, notes=(*report.notes, NO_COUNTERPART[report.kind]))
    return verify_pair(report, _verify_one(counterpart, question, beside=report))[0]


def verify_both(xml: bytes, pdf: bytes, *, trust: TrustMaterial, at: datetime) -> tuple[Report, Report]:
    """The reports about XML and PDF, each with the check that they belong together.

    What `verify` says of each, with less work; `trust` and `at` as there.
    """
    question = _question(trust, at, policy=DEFAULT_POLICY)
    first = _verify_one(xml, question)
    return verify_pair(first, _verify_one(pdf, question, beside=first))


def _question(
    trust: TrustMaterial,
    at: datetime,
    *,
    policy: VerificationPolicy,
    existed_at: datetime | None = None,
    proven_by: str = "",
) -> Question:
    if policy.class_rules is not None:
        trust = replace(trust, rules=policy.class_rules)
    return Question(trust=trust, at=at, existed_at=existed_at, proven_by=proven_by, policy=policy)


def verify_pair(first: Report, second: Report) -> tuple[Report, Report]:
    """Both reports with the check that they belong together, in the order given."""
    xml, pdf = (first, second) if first.kind == "transcript_xml" else (second, first)
    if (xml.kind, pdf.kind) != ("transcript_xml", "transcript_pdf"):
        check = failed(pairs.NAME, Code.PAIR_MISMATCH, "Cần một bản XML và một bản PDF của cùng một học bạ.")
    else:
        check = pairs.check(xml, pdf)
    return _paired(first, check), _paired(second, check)


def _paired(report: Report, check: Check) -> Report:
    notes = tuple(note for note in report.notes if note not in NO_COUNTERPART.values())
    return replace(report.with_check(check), notes=notes)


def _verify_one(data: bytes, question: Question, *, beside: Report | None = None) -> Report:
    """The report about one file; `beside` is the one about the other file of a pair."""
    return replace(_examined(data, question, beside), question=question)


def _examined(data: bytes, question: Question, beside: Report | None) -> Report:
    largest = question.policy.largest_file
    if len(data) > largest:
        return unreadable(f"Tệp lớn hơn mức cho phép ({largest // 1024 // 1024} MiB).")
    digest = digest_of(data)
    known_as = next((sentence for start, sentence in _KNOWN_AS if data.startswith(start)), None)
    if known_as is not None:
        return unreadable(known_as, file_digest=digest)
    if data.startswith(b"%PDF-"):
        report = pdf_documents.verify_pdf(data, question, beside=beside)
    else:
        report = _verify_xml(data, question)
    return replace(report, file_digest=digest)


def _verify_xml(data: bytes, question: Question) -> Report:
    # Step 1 (EN 319 102-1, 5.2.2): the gate.
    try:
        root = parse_untrusted(data, limits=question.policy.xml_limits)
    except UnreadableError as error:
        return _refused(data, error)
    kind = kinds.kind_of(root)
    if kind is None:
        return unreadable(_NOT_OURS)
    return xml_documents.verify_root(root, kind, question)


def _refused(data: bytes, error: UnreadableError) -> Report:
    """A transcript with a DTD, a comment or a repeated Id was tampered with; other such files are none."""
    forbidden = isinstance(error, ForbiddenStructureError) or error.code == "DOCTYPE"
    kind = _claimed_kind(data)
    if not forbidden or kind is None:
        return unreadable(error.sentence)
    return Report(kind=kind, checks=(failed("structure", Code.FORMAT_FAILURE, error.sentence),))


def _claimed_kind(data: bytes) -> str | None:
    if re.search(rb"<HocBa[\s>]", data) and _names_one_of(transcript_xml.NAMESPACES, data):
        return "transcript_xml"
    if _names_one_of(class_record_xml.NAMESPACES, data):
        return "class_record_xml"
    return None


def _names_one_of(namespaces: tuple[str, ...], data: bytes) -> bool:
    return any(namespace.encode() in data for namespace in namespaces)
