"""Judges one XML signature: does it sign exactly these regions, and are they as they were when it was made?

What this module does: the closed profile, the allow-lists, the coverage asked for, each digest, the value
(twice: by our own computation and by libxmlsec on the same tree), the written name against the certificate's.
What the caller MUST do: pass a tree from `parse_untrusted`; decide from the schema which regions each slot
has to sign; read values only from `covered`; judge the certificate (path, revocation, approval) and the time.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import cast

import xmlsec
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from lxml import etree

from hocba.signing import algorithms, certificates, distinguished_names
from hocba.signing.errors import SignatureMismatchError, UnsupportedKeyError
from hocba.signing.problems import Problem, ProblemCode, ProfileError
from hocba.signing.xmldsig_names import RSA_SHA256, canonical, ds
from hocba.signing.xmldsig_profile import ReadSignature, Reference, read_signature

LONGEST_NAME = 2000
"""Characters of a written name that are compared, and remembered."""

_IDENTIFIED = etree.XPath("//*[@Id]")
_FOREIGN_SCOPE = etree.XPath("boolean(ancestor::*/@xml:*)")
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
        self._root = root
        self._allow_c14n10 = allow_c14n10
        self._octets: dict[tuple[str, bool], bytes] = {}
        self._by_id: dict[str, list[etree._Element]] = {}
        for element in _elements(_IDENTIFIED(root)):
            self._by_id.setdefault(element.get("Id", ""), []).append(element)

    def check(self, signature: etree._Element, *, expected_uris: Sequence[str]) -> XmlSignatureCheck:
        """Check that it signs exactly `expected_uris` (`#id`, or `""` for the seal) and its own time."""
        if signature.getroottree().getroot() is not self._root:
            raise ValueError("the signature belongs to another document")
        result = _Findings(signature_id=signature.get("Id", ""))
        try:
            read = read_signature(signature, allow_c14n10=self._allow_c14n10)
            result.certificate = _certificate(read.certificate)
            self._judge(signature, read, expected_uris, result)
        except ProfileError as error:
            result.problems.append(error.problem)
        return result.conclude()

    def _judge(
        self, signature: etree._Element, read: ReadSignature, expected_uris: Sequence[str], result: _Findings
    ) -> None:
        certificate = _certificate(read.certificate)
        short = len(read.subject_name) <= LONGEST_NAME
        result.subject_matches = short and _says(read.subject_name, certificate)
        if not result.subject_matches:
            result.add(
                ProblemCode.SUBJECT_MISMATCH, "Tên người ký ghi trong chữ ký khác tên trong chứng thư số."
            )
        result.signed_at = _instant(read.signing_time)
        _require_method(certificate, read.method)
        _require_coverage(read, expected_uris)
        for reference in read.references:
            octets = self._octets_of(reference, signature, read)
            if not hmac.compare_digest(hashlib.sha256(octets).digest(), reference.digest):
                result.add(ProblemCode.HASH_FAILURE, _changed(reference.uri, read))
            elif reference.uri in expected_uris:
                result.covered[reference.uri] = octets
        _require_value(certificate, read)
        if not result.problems:
            self._second_opinion(signature, read)

    def _octets_of(self, reference: Reference, signature: etree._Element, read: ReadSignature) -> bytes:
        if not reference.uri:
            return _canonical(_without(signature, self._root), exclusive=reference.exclusive)
        key = (reference.uri, reference.exclusive)
        if key not in self._octets:
            element = self._element(reference.uri, read)
            self._octets[key] = _canonical(element, exclusive=reference.exclusive)
        return self._octets[key]

    def _element(self, uri: str, read: ReadSignature) -> etree._Element:
        """Find the one element a reference names: the own time, or a region outside of every signature."""
        found = self._by_id.get(uri[1:], [])
        if len(found) != 1:
            raise ProfileError(
                ProblemCode.SIGNED_DATA_NOT_FOUND,
                f"Không xác định được duy nhất vùng được ký “{uri}” trong tệp.",
            )
        own = uri[1:] == read.time_object_id
        inside = next(found[0].iterancestors(ds("Signature")), None) is not None
        if (own and found[0] is not read.time_object) or (inside and not own):
            raise ProfileError(
                ProblemCode.SIGNED_DATA_NOT_FOUND, f"Vùng được ký “{uri}” nằm sai vị trí trong tệp."
            )
        return found[0]

    def _second_opinion(self, signature: etree._Element, read: ReadSignature) -> None:
        """Let libxmlsec verify on the same tree, with the certificate's key and only the allow-lists."""
        context = xmlsec.SignatureContext()
        context.set_enabled_key_data([xmlsec.constants.KeyDataX509])
        for transform in _REFERENCE_TRANSFORMS:
            context.enable_reference_transform(transform)
        for transform in _SIGNATURE_TRANSFORMS:
            context.enable_signature_transform(transform)
        if self._allow_c14n10:
            context.enable_reference_transform(xmlsec.constants.TransformInclC14N)
            context.enable_signature_transform(xmlsec.constants.TransformInclC14N)
        try:
            context.key = _libxmlsec_key(_certificate(read.certificate))
            for reference in read.references:
                if reference.uri:
                    context.register_id(self._element(reference.uri, read), "Id")
            context.verify(signature)
        except xmlsec.Error as error:
            raise ProfileError(
                ProblemCode.SIG_CRYPTO_FAILURE, "Chữ ký không được bộ kiểm tra độc lập (libxmlsec) chấp nhận."
            ) from error


@dataclass(slots=True)
class _Findings:
    """What is known so far about a signature."""

    signature_id: str
    certificate: x509.Certificate | None = None
    subject_matches: bool = False
    signed_at: datetime | None = None
    covered: dict[str, bytes] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def add(self, code: ProblemCode, detail: str) -> None:
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


_REFERENCE_TRANSFORMS = (
    xmlsec.constants.TransformEnveloped,
    xmlsec.constants.TransformExclC14N,
    xmlsec.constants.TransformSha256,
)
_SIGNATURE_TRANSFORMS = (
    xmlsec.constants.TransformExclC14N,
    xmlsec.constants.TransformRsaSha256,
    xmlsec.constants.TransformEcdsaSha256,
)


@lru_cache(maxsize=2048)
def _libxmlsec_key(certificate: x509.Certificate) -> xmlsec.Key:
    key = algorithms.public_key_of(certificate)
    pem = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return xmlsec.Key.from_memory(pem, xmlsec.constants.KeyDataFormatPem)


@lru_cache(maxsize=2048)
def _certificate(der: bytes) -> x509.Certificate:
    try:
        certificate = x509.load_der_x509_certificate(der)
    except certificates.UNREADABLE as error:
        raise _no_certificate() from error
    if not certificates.is_readable(certificate):
        raise _no_certificate()
    return certificate


@lru_cache(maxsize=2048)
def _says(written: str, certificate: x509.Certificate) -> bool:
    return distinguished_names.same_name(written, certificate.subject)


def _no_certificate() -> ProfileError:
    return ProfileError(ProblemCode.NO_SIGNING_CERTIFICATE_FOUND, "Không đọc được chứng thư số trong chữ ký.")


def _require_method(certificate: x509.Certificate, method: str) -> None:
    try:
        key = algorithms.require_allowed(certificate)
    except UnsupportedKeyError as error:
        raise ProfileError(
            ProblemCode.CRYPTO_CONSTRAINTS_FAILURE,
            "Khóa của chứng thư số không đủ mạnh hoặc không được chấp nhận.",
        ) from error
    if isinstance(key, rsa.RSAPublicKey) != (method == RSA_SHA256):
        raise ProfileError(
            ProblemCode.SIG_CRYPTO_FAILURE, "Thuật toán ký không phù hợp với loại khóa của chứng thư số."
        )


def _require_coverage(read: ReadSignature, expected_uris: Sequence[str]) -> None:
    signed = sorted(reference.uri for reference in read.references)
    own_time = f"#{read.time_object_id}"
    if own_time not in signed:
        raise ProfileError(ProblemCode.WRONG_COVERAGE, "Thời điểm ký không nằm trong phần được ký.")
    if signed != sorted([*expected_uris, own_time]):
        raise ProfileError(ProblemCode.WRONG_COVERAGE, "Chữ ký không ký đúng các vùng dữ liệu theo quy định.")


def _require_value(certificate: x509.Certificate, read: ReadSignature) -> None:
    octets = _canonical(read.signed_info, exclusive=read.exclusive)
    try:
        value = read.value if read.method == RSA_SHA256 else algorithms.ecdsa_der_from_raw(read.value)
        algorithms.verify_raw(certificate, value, octets)
    except SignatureMismatchError as error:
        raise ProfileError(
            ProblemCode.SIG_CRYPTO_FAILURE, "Giá trị chữ ký không khớp với chứng thư số."
        ) from error


def _changed(uri: str, read: ReadSignature) -> str:
    if not uri:
        return "Tệp đã bị thay đổi sau khi đóng dấu."
    if uri[1:] == read.time_object_id:
        return "Thời điểm ký đã bị thay đổi sau khi ký."
    return f"Nội dung của vùng “{uri}” đã bị thay đổi sau khi ký."


def _instant(text: str) -> datetime:
    try:
        if _INSTANT.fullmatch(text):
            return datetime.fromisoformat(text)
    except ValueError:
        pass
    raise ProfileError(ProblemCode.FORMAT_FAILURE, "Thời điểm ký không đúng ISO 8601 có múi giờ.")


def _canonical(element: etree._Element, *, exclusive: bool) -> bytes:
    """Give the canonical octets of an element as they are inside its document."""
    if exclusive:
        return canonical(element)
    if element.getparent() is None:
        return etree.tostring(element, method="c14n", exclusive=False, with_comments=False)
    # The inclusive form also takes what ancestors declare: rebuild the element with all of that on it.
    if _FOREIGN_SCOPE(element):
        raise ProfileError(ProblemCode.FORMAT_FAILURE, "Thuộc tính xml:* bao quanh vùng ký không được phép.")
    scope = cast("dict[str, str]", element.nsmap)
    alone = etree.Element(element.tag, {}, scope)
    alone.attrib.update(element.attrib)
    alone.text = element.text
    alone.extend(deepcopy(child) for child in element)
    return etree.tostring(alone, method="c14n", exclusive=False, with_comments=False)


def _without(signature: etree._Element, root: etree._Element) -> etree._Element:
    """Give a copy of the document without this signature (XML-Signature 6.6.4)."""
    path = []
    for element in (signature, *signature.iterancestors()):
        parent = element.getparent()
        if parent is not None:
            path.append(parent.index(element))
    here = deepcopy(root)
    for position in reversed(path):
        here = here[position]
    parent, before, tail = here.getparent(), here.getprevious(), here.tail or ""
    if parent is None:
        raise ProfileError(ProblemCode.FORMAT_FAILURE, "Chữ ký không thể là phần tử gốc của tệp.")
    if before is None:
        parent.text = (parent.text or "") + tail
    else:
        before.tail = (before.tail or "") + tail
    parent.remove(here)
    return parent.getroottree().getroot()


def _elements(found: object) -> list[etree._Element]:
    return [each for each in found if isinstance(each, etree._Element)] if isinstance(found, list) else []
