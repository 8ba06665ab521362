"""Judges one XML signature: does it sign exactly these regions, and are they as they were when it was made?

What this module does: the closed profile, the allow-lists, the coverage asked for, each digest, the value
(twice: by our own computation and by libxmlsec), the written name against the certificate's.
What the caller MUST do: pass a tree from `parse_untrusted`; decide from the schema which regions each slot
has to sign; read values only from `covered`; judge the certificate (path, revocation, approval) and the time.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from lxml import etree

from hocba.signing import algorithms, certificates, instants
from hocba.signing import xmldsig_second_opinion as second_opinion
from hocba.signing.checks import Code
from hocba.signing.errors import SignatureMismatchError, UnsupportedKeyError
from hocba.signing.problems import Problem, ProfileError
from hocba.signing.xmldsig_names import RSA_SHA256
from hocba.signing.xmldsig_profile import ReadSignature, read_signature
from hocba.signing.xmldsig_regions import Regions, canonical_in_place

LONGEST_NAME = 2000
"""Characters of a written name that are compared, and remembered."""

_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)")


@dataclass(frozen=True, slots=True)
class XmlSignatureCheck:
    """What came out. `covered` is empty unless all passed; `signed_at` is only what the signer claims."""

    signature_id: str
    certificate: x509.Certificate | None
    subject_matches: bool
    signed_at: datetime | None
    covered: Mapping[str, bytes]
    problems: tuple[Problem, ...]

    @property
    def passed(self) -> bool:
        """Whether nothing is wrong with the signature itself."""
        return not self.problems


def check(
    signature: etree._Element, *, root: etree._Element, expected_uris: Sequence[str], allow_c14n10: bool
) -> XmlSignatureCheck:
    """Check one signature of a document; for many, `XmlSignatureChecker` shares what they have in common."""
    return XmlSignatureChecker(root, allow_c14n10=allow_c14n10).check(signature, expected_uris=expected_uris)


class XmlSignatureChecker:
    """Checks the signatures of one document, whose tree must not change meanwhile."""

    def __init__(self, root: etree._Element, *, allow_c14n10: bool) -> None:
        """Take the root element (ValueError when it is not one) and index its identifiers."""
        if root.getparent() is not None:
            raise ValueError("root must be the document's root element")
        self._allow_c14n10 = allow_c14n10
        self._regions = Regions(root)

    @property
    def canonical_root(self) -> bytes:
        """The exclusive canonical octets of the document."""
        return self._regions.whole

    def check(self, signature: etree._Element, *, expected_uris: Sequence[str]) -> XmlSignatureCheck:
        """Check that it signs exactly `expected_uris` (`#id`, or `""` for the seal) and its own time."""
        return self.check_all([(signature, expected_uris)])[0]

    def check_all(
        self, signatures: Iterable[tuple[etree._Element, Sequence[str]]]
    ) -> tuple[XmlSignatureCheck, ...]:
        """Check several, each with its expected URIs."""
        found = [self._judged(signature, expected_uris) for signature, expected_uris in signatures]
        # libxmlsec comes after all of our own: going back and forth between the two takes a tenth longer.
        for each in found:
            if not each.problems:
                self._second_opinion(each)
        return tuple(each.conclude() for each in found)

    def _judged(self, signature: etree._Element, expected_uris: Sequence[str]) -> _Findings:
        if signature.getroottree().getroot() is not self._regions.root:
            raise ValueError("the signature belongs to another document")
        result = _Findings(signature_id=signature.get("Id", ""))
        try:
            read = read_signature(signature, allow_c14n10=self._allow_c14n10)
            certificate = result.certificate = _certificate(read.certificate)
            result.judged = read, certificate
            self._judge(read, expected_uris, certificate, result)
        except ProfileError as error:
            result.problems.append(error.problem)
        return result

    def _judge(
        self,
        read: ReadSignature,
        expected_uris: Sequence[str],
        certificate: x509.Certificate,
        result: _Findings,
    ) -> None:
        short = len(read.subject_name) <= LONGEST_NAME
        result.subject_matches = short and certificates.subject_matches(read.subject_name, certificate)
        if not result.subject_matches:
            result.add(Code.WRONG_SIGNER, "Tên người ký ghi trong chữ ký khác tên trong chứng thư số.")
        result.signed_at = _instant(read.signing_time)
        _require_key(certificate, read.method)
        _require_coverage(read, expected_uris)
        for reference in read.references:
            octets = self._regions.octets(reference, read)
            if not hmac.compare_digest(hashlib.sha256(octets).digest(), reference.digest):
                result.add(Code.HASH_FAILURE, _changed(reference.uri, read))
            elif reference.uri in expected_uris:
                result.covered[reference.uri] = octets
        _require_value(certificate, read)

    def _second_opinion(self, found: _Findings) -> None:
        """Let libxmlsec judge: the regions by themselves where nothing around them counts, else in place."""
        read, certificate = found.judged
        regions = [each for each in read.references if each.uri[1:] != read.time_object_id]
        try:
            if read.exclusive and all(each.exclusive and each.uri for each in read.references):
                octets = [self._regions.octets(each, read) for each in regions]
                second_opinion.judge_alone(read.element, read.time_object, octets, certificate)
            else:
                named = [self._regions.element(each.uri, read) for each in read.references if each.uri]
                second_opinion.judge_in_document(
                    read.element, named, certificate, allow_c14n10=self._allow_c14n10
                )
        except SignatureMismatchError:
            found.add(Code.SIG_CRYPTO_FAILURE, "Chữ ký không được bộ kiểm tra độc lập (libxmlsec) chấp nhận.")


@dataclass(slots=True)
class _Findings:
    """What is known so far about a signature; `judged` is there once it could be read, with a certificate."""

    signature_id: str
    judged: tuple[ReadSignature, x509.Certificate] = field(init=False)
    certificate: x509.Certificate | None = None
    subject_matches: bool = False
    signed_at: datetime | None = None
    covered: dict[str, bytes] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def add(self, code: Code, detail: str) -> None:
        self.problems.append(Problem(code, detail))

    def conclude(self) -> XmlSignatureCheck:
        covered = {} if self.problems else self.covered
        return XmlSignatureCheck(
            self.signature_id,
            self.certificate,
            self.subject_matches,
            self.signed_at,
            covered,
            tuple(self.problems),
        )


@lru_cache(maxsize=2048)
def _certificate(der: bytes) -> x509.Certificate:
    try:
        certificate = x509.load_der_x509_certificate(der)
    except certificates.UNREADABLE as error:
        raise _no_certificate() from error
    if not certificates.is_readable(certificate):
        raise _no_certificate()
    return certificate


def _no_certificate() -> ProfileError:
    return ProfileError(Code.NO_SIGNING_CERTIFICATE_FOUND, "Không đọc được chứng thư số trong chữ ký.")


def _require_key(certificate: x509.Certificate, method: str) -> None:
    try:
        key = algorithms.require_allowed(certificate)
    except UnsupportedKeyError as error:
        raise ProfileError(
            Code.CRYPTO_CONSTRAINTS_FAILURE,
            "Khóa của chứng thư số không đủ mạnh hoặc không được chấp nhận.",
        ) from error
    if isinstance(key, rsa.RSAPublicKey) != (method == RSA_SHA256):
        raise ProfileError(
            Code.SIG_CRYPTO_FAILURE, "Thuật toán ký không phù hợp với loại khóa của chứng thư số."
        )


def _require_coverage(read: ReadSignature, expected_uris: Sequence[str]) -> None:
    signed = sorted(reference.uri for reference in read.references)
    own_time = f"#{read.time_object_id}"
    if own_time not in signed:
        raise ProfileError(Code.WRONG_COVERAGE, "Thời điểm ký không nằm trong phần được ký.")
    if signed != sorted([*expected_uris, own_time]):
        raise ProfileError(Code.WRONG_COVERAGE, "Chữ ký không ký đúng các vùng dữ liệu theo quy định.")


def _require_value(certificate: x509.Certificate, read: ReadSignature) -> None:
    octets = canonical_in_place(read.signed_info, exclusive=read.exclusive)
    try:
        value = read.value if read.method == RSA_SHA256 else algorithms.ecdsa_der_from_raw(read.value)
        algorithms.verify_raw(certificate, value, octets)
    except SignatureMismatchError as error:
        raise ProfileError(Code.SIG_CRYPTO_FAILURE, "Giá trị chữ ký không khớp với chứng thư số.") from error


def _changed(uri: str, read: ReadSignature) -> str:
    if not uri:
        return "Tệp đã bị thay đổi sau khi đóng dấu."
    if uri[1:] == read.time_object_id:
        return "Thời điểm ký đã bị thay đổi sau khi ký."
    return f"Nội dung của vùng “{uri}” đã bị thay đổi sau khi ký."


def _instant(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text) if _INSTANT.fullmatch(text) else None
        if found is not None and instants.is_within_reach(found):
            return found
    except ValueError:
        pass
    raise ProfileError(Code.FORMAT_FAILURE, "Thời điểm ký không đúng ISO 8601 có múi giờ.")
