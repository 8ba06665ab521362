"""The verdict over a transcript PDF, step by step; in brackets the clause of ETSI EN 319 102-1 (`standard`).

  1. the gate and 2. the shape of the file, every byte explained: `signing.pades_checking` [5.2.2]
  3. each signature's form and certificate [5.2.2, 5.2.3] and 4. its digest and value [5.2.7]: `signing.pades_checking`
  5. values read only from the attached record, which every signature covers: here
  6. coverage, nothing after the last signature: `signing.pades_checking`
  7. algorithms in time, certificates at signing time, revocation: `signers` [5.2.8, 5.2.6, 5.2.5; with a proven time
     5.5], approval, the right person
  8. all signatures present, distinct people, order of times: `policies`
  9. the register knows it, and 10. the log proves it: the caller

What is printed on the pages is not read back: the signers saw it, and their signatures fix it. The digest that the
typesetter prints on every page stands in the file's description too, and that one is compared with the record.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from hocba.documents import transcript_xml
from hocba.documents.transcript import Digest
from hocba.documents.verification import judging
from hocba.documents.verification.kinds import party
from hocba.documents.verification.policies import TRANSCRIPT
from hocba.documents.verification.report import Report, unreadable
from hocba.documents.verification.signers import Duty, Party, Signed
from hocba.documents.xml import files
from hocba.documents.xml.errors import UnreadableDocument
from hocba.documents.xml.files import digest_of
from hocba.signing import certificates, pades_checking
from hocba.signing.checks import Check, Code, failed, not_checked, passed
from hocba.signing.errors import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cryptography import x509

    from hocba.documents.any_level import AnyTranscript
    from hocba.documents.verification.judging import Question
    from hocba.signing.pades_checking import PdfCheck, PdfSignatureCheck

KIND = "transcript_pdf"
FIELDS = {plan.element: plan.role for plan in (files.HOMEROOM, files.PRINCIPAL, files.SEAL)}
"""Signature fields in the order of signing, named as the slots of the XML, with the role of each."""

_COVERS = {
    "homeroom_teacher": ("Toàn bộ bản PDF",),
    "principal": ("Toàn bộ bản PDF", "Chữ ký của giáo viên chủ nhiệm"),
    "seal": ("Toàn bộ bản PDF", "Chữ ký của giáo viên chủ nhiệm và của lãnh đạo nhà trường"),
}
_CHECK_OF = {
    Code.UNSIGNED_CONTENT: "pdf_changes",
    Code.NO_SIGNATURE_FOUND: "signatures_present",
    Code.MISSING_SIGNATURE: "signatures_present",
    Code.SIGNED_DATA_NOT_FOUND: "record",
}
_DESCRIBED = re.compile(rb"<pdf:Keywords>[^<]*\b(sha256:[0-9a-f]{64})</pdf:Keywords>")
"""The record's digest in the XMP description; no element of a record has such a name."""
_INTEGRITY = {Code.HASH_FAILURE, Code.SIG_CRYPTO_FAILURE}
_NOT_OURS = "Tệp PDF này không phải học bạ số: không có dữ liệu học bạ đính kèm và chữ ký số theo quy định."


def verify_pdf(data: bytes, question: Question, *, beside: Report | None = None) -> Report:
    """The report about the bytes of a PDF; a PDF that does not even claim to be a transcript is unreadable.

    `beside` is the report about the XML of the pair: where both carry the same octets, they are not read twice.
    """
    # Steps 1 to 4 (5.2.2, 5.2.3, 5.2.7), and 6.
    try:
        found = pades_checking.check(data, expected_fields=tuple(FIELDS))
    except UnreadableError as error:
        return unreadable(error.sentence)
    if found.problems and not _claims_to_be_ours(data):
        return unreadable(_NOT_OURS)
    structure = tuple(_structure(found))
    # Step 5: the values.
    digest = None if found.attachment is None else digest_of(found.attachment)
    record, transcript = _read_record(found, digest, beside)
    # Steps 7 and 8 (5.2.8, 5.2.6, 5.2.5): the signers, one by one and together.
    people = judging.judge(
        [_signed(item) for item in found.signatures],
        () if transcript is None else _duties(transcript),
        question,
        school="" if transcript is None else transcript.school.code,
        policies=TRANSCRIPT,
        structure=None,
    )
    known = {check.name for check in people.checks if not check.passed}
    return Report(
        kind=KIND,
        checks=(
            passed("readable", "Đọc được tệp PDF."),
            *(check for check in structure if check.name not in known),
            record,
            *people.checks,
        ),
        signatures=people.reports,
        record_digest=None if transcript is None else digest,
        pdf_digest=Digest(algorithm="sha256", value=found.unsigned_digest) if found.unsigned else None,
        pdf_length=len(found.unsigned) or None,
        transcript=transcript,
    )


def _claims_to_be_ours(data: bytes) -> bool:
    return pades_checking.ATTACHMENT.encode() in data or b"/ETSI.CAdES.detached" in data


def _structure(found: PdfCheck) -> Iterator[Check]:
    wrong = {_CHECK_OF.get(problem.code, "structure"): problem for problem in reversed(found.problems)}
    if "structure" not in wrong:
        yield passed("structure", "Đúng cấu trúc của bản PDF học bạ số.")
    if not wrong:
        yield passed("pdf_changes", "Không có gì được thêm hay sửa ngoài các chữ ký số.")
    for name, problem in wrong.items():
        if name != "record":
            yield failed(name, problem.code, problem.detail)


def _read_record(
    found: PdfCheck, digest: Digest | None, beside: Report | None
) -> tuple[Check, AnyTranscript | None]:
    name = "record"
    if found.attachment is None:
        return failed(name, Code.SIGNED_DATA_NOT_FOUND, "Không đọc được dữ liệu học bạ đính kèm."), None
    if not any(item.passed for item in found.signatures):
        return not_checked(
            name, Code.SIGNED_DATA_NOT_FOUND, "Không có chữ ký đúng nào bao trùm nội dung, nên không đọc."
        ), None
    transcript = beside.transcript if beside is not None and beside.record_digest == digest else None
    try:
        transcript = transcript or transcript_xml.read_record(found.attachment)
    except UnreadableDocument as error:
        return failed(name, Code.FORMAT_FAILURE, f"Dữ liệu đính kèm không đúng quy định: {error}."), None
    if _DESCRIBED.findall(found.unsigned) != [str(digest).encode()]:
        return failed(
            name, Code.PAIR_MISMATCH, "Giá trị băm ghi trong tệp PDF không phải của dữ liệu đính kèm."
        ), None
    return passed(name, "Nội dung được đọc từ dữ liệu đính kèm đã ký."), transcript


def _signed(item: PdfSignatureCheck) -> Signed:
    return Signed(
        role=FIELDS.get(item.field, item.field),
        place=item.field,
        certificate=_readable(item),
        chain=item.chain,
        signed_at=item.signed_at,
        checks=tuple(_own_checks(item)),
    )


def _readable(item: PdfSignatureCheck) -> x509.Certificate | None:
    certificate = item.certificate
    return certificate if certificate is not None and certificates.is_readable(certificate) else None


def _own_checks(item: PdfSignatureCheck) -> Iterator[Check]:
    integrity = [problem for problem in item.problems if problem.code in _INTEGRITY]
    profile = [problem for problem in item.problems if problem.code not in _INTEGRITY]
    yield _one("signature_profile", profile, "Chữ ký đúng quy cách PAdES.")
    if _readable(item) is None:
        yield not_checked("integrity", Code.FORMAT_FAILURE, "Chưa kiểm tra vì không đọc được chữ ký.")
        yield failed("signer_name", Code.WRONG_SIGNER, "Không đọc được chứng thư số của người ký.")
        return
    yield _one("integrity", integrity, "Nội dung không bị thay đổi sau khi ký.")
    yield passed("signer_name", "Tên người ký lấy từ chứng thư số.")


def _one(name: str, problems: Sequence[pades_checking.PdfProblem], good: str) -> Check:
    if not problems:
        return passed(name, good)
    return failed(name, problems[0].code, " ".join(problem.detail for problem in problems))


def _duties(transcript: AnyTranscript) -> tuple[Duty, ...]:
    parties = {
        "homeroom_teacher": party(transcript.homeroom_teacher),
        "principal": party(transcript.principal),
        "seal": Party(transcript.school.code, transcript.school.name),
    }
    return tuple(
        Duty(role=role, place=field, party=parties[role], covers=_COVERS[role])
        for field, role in FIELDS.items()
    )
