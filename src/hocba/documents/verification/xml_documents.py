"""The verdict over an XML document, step by step; a wrong structure leaves the later steps undone, said so.

In brackets the clause of ETSI EN 319 102-1; without one, the Quy chế asks for it (`standard`).

1. the gate: size, encoding, no DTD, no comments, unique Ids, one parse: `verifying`, `signing.xml_gate` [5.2.2]
2. schema and slots: here [5.2.2]
3. the closed profile of each signature, its certificate, the regions of its slot, before any crypto:
   `signing.xmldsig` [5.2.2, 5.2.3]
4. digests, values, name against certificate: `signing.xmldsig` [5.2.7, 5.2.3]
5. values read only from the octets that a good signature covered: here
6. coverage, nothing in the file that nobody signed: `coverage`
7. algorithms in time, certificates at signing time, revocation: `signers` [5.2.8, 5.2.6, 5.2.5; with a proven
   time 5.5], approval, the right person
8. all signatures present, distinct people, order of times: `policies`
9. the register knows it, and 10. the log proves it: the caller
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from lxml import etree

from hocba.documents import transcript_xml
from hocba.documents.any_level import AnyTranscript
from hocba.documents.verification import coverage, judging
from hocba.documents.verification.report import Report
from hocba.documents.verification.signers import Signed
from hocba.documents.xml.errors import UnreadableDocument
from hocba.documents.xml.files import digest_of
from hocba.signing import xmldsig
from hocba.signing.checks import Check, Code, failed, not_checked, passed
from hocba.signing.xmldsig_names import DS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hocba.documents.transcript import Digest
    from hocba.documents.verification.judging import Question
    from hocba.documents.verification.kinds import Kind, Value
    from hocba.documents.xml.files import Slot

_NAMED = etree.XPath("ds:SignedInfo/ds:Reference/@URI", namespaces={"ds": DS}, smart_strings=False)
_INTEGRITY = {Code.HASH_FAILURE, Code.SIG_CRYPTO_FAILURE}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """One signature with what its own check said."""

    signed: Signed
    result: xmldsig.XmlSignatureCheck


def verify_root(root: etree._Element, kind: Kind, question: Question) -> Report:
    """The report about a parsed document of that kind; step 1 is behind, 9 and 10 are the caller's."""
    checker = xmldsig.XmlSignatureChecker(root, allow_c14n10=False)
    meaning = digest_of(checker.canonical_root)
    # Step 2 (5.2.2): structure.
    structure = _structure(root, kind)
    if not structure.passed:
        return Report(kind=kind.name, checks=(_READABLE, structure, *_NOT_REACHED), meaning_digest=meaning)
    slots = kind.slots(root)
    # Steps 3 and 4 (5.2.2, 5.2.3, 5.2.7): every signature by itself.
    found = tuple(_check_signatures(checker, slots))
    covered = {uri: octets for each in found for uri, octets in each.result.covered.items()}
    # Step 5: the values.
    record_uri = kind.record_uri(slots)
    record, value = _read_record(kind, covered.get(record_uri))
    presentation, pdf = _read_presentation(slots, covered, value)
    # Step 6: coverage.
    good = [each.result.signature_id for each in found if each.result.passed]
    complete = coverage.check(root, covered=covered, good_signatures=good)
    # Steps 7 and 8 (5.2.8, 5.2.6, 5.2.5): the signers, one by one and together.
    people = judging.judge(
        [each.signed for each in found],
        () if value is None else kind.duties(value, record_uri),
        question,
        school="" if value is None else kind.school(value).code,
        policies=kind.policies,
        structure=structure,
    )
    checks = (_READABLE, structure, record, *presentation, complete, *people.checks)
    return Report(
        kind=kind.name,
        checks=checks,
        signatures=people.reports,
        meaning_digest=meaning,
        record_digest=None if value is None else digest_of(covered[record_uri]),
        pdf_digest=None if pdf is None else pdf[0],
        pdf_length=None if pdf is None else pdf[1],
        transcript=value if isinstance(value, AnyTranscript) else None,
        class_record=None if isinstance(value, AnyTranscript) else value,
    )


def _structure(root: etree._Element, kind: Kind) -> Check:
    problems = kind.validate(root)
    if not problems:
        return passed("structure", "Đúng lược đồ, đủ các vị trí chữ ký.")
    detail = "; ".join(problem.message for problem in problems[:3])
    return failed("structure", Code.FORMAT_FAILURE, f"Cấu trúc tệp không đúng quy định: {detail}.")


def _check_signatures(checker: xmldsig.XmlSignatureChecker, slots: Mapping[str, Slot]) -> Iterator[_Found]:
    signatures = [
        (slot.role, signature, _expected_uris(slot, signature))
        for slot in slots.values()
        for signature in slot.signatures
    ]
    results = checker.check_all((signature, expected) for _, signature, expected in signatures)
    for (role, _, expected), result in zip(signatures, results, strict=True):
        yield _Found(signed=_signed(role, expected, result), result=result)


def _expected_uris(slot: Slot, signature: etree._Element) -> tuple[str, ...]:
    """The regions the slot asks for; where it asks for one of several, the first that the signature names."""
    if not slot.one_of:
        return tuple(slot.uris)
    named = cast("list[str]", _NAMED(signature))
    return next(((uri,) for uri in named if uri in slot.uris), slot.uris[:1])


def _signed(role: str, expected: Sequence[str], result: xmldsig.XmlSignatureCheck) -> Signed:
    return Signed(
        role=role,
        place=expected[0] if expected else "#",
        certificate=result.certificate,
        signed_at=result.signed_at,
        checks=tuple(_own_checks(result)),
    )


def _own_checks(result: xmldsig.XmlSignatureCheck) -> Iterator[Check]:
    integrity = [problem for problem in result.problems if problem.code in _INTEGRITY]
    profile = [problem for problem in result.problems if problem.code not in {*_INTEGRITY, Code.WRONG_SIGNER}]
    if profile:
        yield _failed("signature_profile", profile)
    else:
        yield _IN_PROFILE
    if integrity:
        yield _failed("integrity", integrity)
    elif profile:
        yield not_checked("integrity", Code.FORMAT_FAILURE, "Chưa kiểm tra vì chữ ký sai quy cách.")
    else:
        yield _UNCHANGED
    yield _signer_name(result)


def _failed(name: str, problems: Sequence[xmldsig.Problem]) -> Check:
    return failed(name, problems[0].code, " ".join(problem.detail for problem in problems))


def _signer_name(result: xmldsig.XmlSignatureCheck) -> Check:
    if result.certificate is not None and result.subject_matches:
        return _SAME_NAME
    return failed("signer_name", Code.WRONG_SIGNER, "Tên ghi trong chữ ký không khớp với chứng thư số.")


def _read_record(kind: Kind, octets: bytes | None) -> tuple[Check, Value | None]:
    if octets is None:
        return not_checked(
            "record", Code.SIGNED_DATA_NOT_FOUND, "Không có chữ ký đúng nào bao trùm nội dung, nên không đọc."
        ), None
    try:
        value = kind.read(octets)
    except UnreadableDocument as error:
        return failed("record", Code.FORMAT_FAILURE, f"Nội dung được ký không đúng quy định: {error}."), None
    return passed("record", "Nội dung được đọc từ chính dữ liệu đã ký."), value


def _read_presentation(
    slots: Mapping[str, Slot], covered: Mapping[str, bytes], value: Value | None
) -> tuple[tuple[Check, ...], tuple[Digest, int] | None]:
    """The transcript's word on its PDF, from octets that the principal signed; nothing for other kinds."""
    if not isinstance(value, AnyTranscript):
        return (), None
    octets = covered.get(slots["principal"].uris[1])
    if octets is None:
        return (
            not_checked(
                "pdf_digest",
                Code.SIGNED_DATA_NOT_FOUND,
                "Không có chữ ký đúng nào bao trùm thông tin bản PDF.",
            ),
        ), None
    try:
        found_id, version, digest, length = transcript_xml.read_presentation(octets)
    except UnreadableDocument as error:
        return (failed("pdf_digest", Code.FORMAT_FAILURE, f"Thông tin bản PDF không đúng: {error}."),), None
    if (found_id, version) != (value.id, value.version):
        return (failed("pdf_digest", Code.FORMAT_FAILURE, "Thông tin bản PDF là của học bạ khác."),), None
    return (passed("pdf_digest", "Giá trị băm của bản PDF nằm trong phần được ký."),), (digest, length)


_READABLE = passed("readable", "Đọc được tệp XML.")
_IN_PROFILE = passed("signature_profile", "Chữ ký đúng quy cách, ký đúng vùng dữ liệu và thời điểm ký.")
_UNCHANGED = passed("integrity", "Nội dung không bị thay đổi sau khi ký.")
_SAME_NAME = passed("signer_name", "Tên ghi trong chữ ký khớp với chứng thư số.")
_NOT_REACHED = tuple(
    not_checked(name, Code.FORMAT_FAILURE, "Chưa kiểm tra vì cấu trúc tệp sai.")
    for name in ("signatures_present", "integrity", "coverage")
)
