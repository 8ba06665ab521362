"""The closed profile of a `ds:Signature`: reads one, or says why it is none of ours, before any computation.

The order and the attributes of every element are fixed (XML-Signature 1.1, 4; Quy chế, Điều 9.2): SignedInfo
with its references, SignatureValue, KeyInfo with one X509Data (name and leaf certificate), one Object that
holds the time of signing. What is not listed is refused, so that nothing unknown is ever evaluated.
"""

from __future__ import annotations

import re
from binascii import a2b_base64, b2a_base64
from dataclasses import dataclass
from functools import cache

from lxml import etree

from hocba.signing.checks import Code
from hocba.signing.problems import ProfileError
from hocba.signing.xmldsig_names import (
    C14N10,
    DS,
    ECDSA_SHA256,
    ENVELOPED,
    EXC_C14N,
    RSA_SHA256,
    SHA256,
    SIGNING_TIME,
    SIGNING_TIME_NAMESPACE,
    ds,
)

MOST_REFERENCES = 5
"""References of one signature; ours have two or three."""
LARGEST_CERTIFICATE = 16 * 1024
"""Bytes; those of persons have about 1,200. What is read is remembered, so it must be bounded."""

_BLANKS = b" \t\r\n"
_OWN_PART = re.compile(r"#[A-Za-z_][A-Za-z0-9._-]*")
_STRAY_TEXTS = etree.XPath(
    ".//text()[not(parent::ds:DigestValue or parent::ds:SignatureValue or parent::ds:X509SubjectName"
    " or parent::ds:X509Certificate or parent::t:SigningTime)][normalize-space()]",
    namespaces={"ds": DS, "t": SIGNING_TIME_NAMESPACE},
)


@dataclass(frozen=True, slots=True)
class Reference:
    """One `ds:Reference`: what it names, how it is made canonical, and its digest."""

    uri: str
    enveloped: bool
    exclusive: bool
    digest: bytes


@dataclass(frozen=True, slots=True)
class ReadSignature:
    """A signature that has the form of the profile; nothing of it is verified yet."""

    element: etree._Element
    signature_id: str
    signed_info: etree._Element
    exclusive: bool
    method: str
    references: tuple[Reference, ...]
    value: bytes
    subject_name: str
    certificate: bytes
    time_object: etree._Element
    time_object_id: str
    signing_time: str


def read_signature(signature: etree._Element, *, allow_c14n10: bool) -> ReadSignature:
    """Read a `ds:Signature` of the profile.

    Raises:
        ProfileError: with the first thing that is not of the profile.
    """
    if signature.tag != ds("Signature"):
        raise _format("Thành phần chữ ký không phải là ds:Signature.")
    if _STRAY_TEXTS(signature):
        raise _format("Chữ ký chứa nội dung lạ giữa các phần tử.")
    signature_id = _attribute(signature, "Id")
    signed_info, value, key_info, time_object = _children(
        signature, "SignedInfo", "SignatureValue", "KeyInfo", "Object"
    )
    exclusive, method, references = _read_signed_info(signed_info, allow_c14n10=allow_c14n10)
    subject_name, certificate = _read_key_info(key_info)
    return ReadSignature(
        element=signature,
        signature_id=signature_id,
        signed_info=signed_info,
        exclusive=exclusive,
        method=method,
        references=references,
        value=_base64(value),
        subject_name=subject_name,
        certificate=certificate,
        time_object=time_object,
        time_object_id=_attribute(time_object, "Id"),
        signing_time=_read_time_object(time_object, signature_id),
    )


def _read_signed_info(
    signed_info: etree._Element, *, allow_c14n10: bool
) -> tuple[bool, str, tuple[Reference, ...]]:
    _no_attributes(signed_info)
    count = len(signed_info) - 2
    if not 1 <= count <= MOST_REFERENCES:
        raise _format("Số vùng tham chiếu trong chữ ký không đúng quy định.")
    names = ["CanonicalizationMethod", "SignatureMethod", *["Reference"] * count]
    canonicalization, method, *references = _children(signed_info, *names)
    exclusive = _canonicalization(_algorithm(canonicalization), allow_c14n10=allow_c14n10)
    algorithm = _algorithm(method)
    if algorithm not in (RSA_SHA256, ECDSA_SHA256):
        raise _not_allowed(algorithm)
    return (
        exclusive,
        algorithm,
        tuple(_read_reference(each, allow_c14n10=allow_c14n10) for each in references),
    )


def _read_reference(reference: etree._Element, *, allow_c14n10: bool) -> Reference:
    uri = _attribute(reference, "URI")
    if uri and not _OWN_PART.fullmatch(uri):
        raise _format(f"Chữ ký tham chiếu ra ngoài tệp hoặc bằng biểu thức không được phép: “{uri[:80]}”.")
    names = ["DigestMethod", "DigestValue"]
    if len(reference) == 3:
        names.insert(0, "Transforms")
    *transforms, method, value = _children(reference, *names)
    enveloped, exclusive = _read_transforms(transforms, whole=not uri, allow_c14n10=allow_c14n10)
    digest_method = _algorithm(method)
    if digest_method != SHA256:
        raise _not_allowed(digest_method)
    return Reference(uri, enveloped, exclusive, _base64(value))


def _read_transforms(
    transforms: list[etree._Element], *, whole: bool, allow_c14n10: bool
) -> tuple[bool, bool]:
    """Give whether the signature itself is taken out, and whether the canonical form is the exclusive one.

    Without a canonicalization the standard falls back on inclusive C14N 1.0 (XML-Signature 4.4.3.2).
    """
    algorithms: list[str] = []
    for container in transforms:
        _no_attributes(container)
        algorithms = [_algorithm(each) for each in _children(container, *["Transform"] * len(container))]
    for algorithm in algorithms:
        if algorithm not in (ENVELOPED, EXC_C14N, C14N10):
            raise _not_allowed(algorithm)
    enveloped = algorithms[:1] == [ENVELOPED]
    canonicalizations = algorithms[enveloped:]
    if enveloped != whole or len(canonicalizations) > 1 or ENVELOPED in canonicalizations:
        raise _format("Chuỗi biến đổi (Transform) của vùng ký không đúng quy định.")
    form = canonicalizations[0] if canonicalizations else C14N10
    return enveloped, _canonicalization(form, allow_c14n10=allow_c14n10)


def _read_key_info(key_info: etree._Element) -> tuple[str, bytes]:
    _no_attributes(key_info)
    (data,) = _children(key_info, "X509Data")
    _no_attributes(data)
    name, certificate = _children(data, "X509SubjectName", "X509Certificate")
    der = _base64(certificate)
    if len(der) > LARGEST_CERTIFICATE:
        raise _format("Chứng thư số trong chữ ký lớn bất thường.")
    return _text(name), der


def _read_time_object(time_object: etree._Element, signature_id: str) -> str:
    (properties,) = _children(time_object, "SignatureProperties")
    _no_attributes(properties)
    (signature_property,) = _children(properties, "SignatureProperty")
    if _attribute(signature_property, "Target") != f"#{signature_id}":
        raise _format("Thời điểm ký (SigningTime) không thuộc về chữ ký này.")
    if [child.tag for child in signature_property] != [SIGNING_TIME]:
        raise _format("Chữ ký phải có đúng một thời điểm ký (SigningTime).")
    return _text(signature_property[0])


def _canonicalization(algorithm: str, *, allow_c14n10: bool) -> bool:
    if algorithm == EXC_C14N:
        return True
    if algorithm == C14N10 and allow_c14n10:
        return False
    raise _not_allowed(algorithm)


def _algorithm(element: etree._Element) -> str:
    if len(element):
        raise _wrong_children(element)
    return _attribute(element, "Algorithm")


def _attribute(element: etree._Element, name: str) -> str:
    """Give the value of the only attribute, which must have this name."""
    if element.keys() != [name]:
        raise _wrong_attributes(element)
    return element.get(name, "")


def _no_attributes(element: etree._Element) -> None:
    if element.keys():
        raise _wrong_attributes(element)


def _children(element: etree._Element, *names: str) -> list[etree._Element]:
    """Give the children, which must be exactly these elements of XML-Signature in this order."""
    children = list(element)
    if [child.tag for child in children] != _full(names):
        raise _wrong_children(element)
    return children


@cache
def _full(names: tuple[str, ...]) -> list[str]:
    return [ds(name) for name in names]


def _text(element: etree._Element) -> str:
    _no_attributes(element)
    text = element.text
    if len(element) or not text:
        raise _format(f"Phần tử {_name(element)} của chữ ký rỗng hoặc có nội dung lạ.")
    return text.strip(" \t\r\n")


def _base64(element: etree._Element) -> bytes:
    """Decode base64 text; white space may stand anywhere in it, nothing else may."""
    try:
        text = _text(element).encode("ascii").translate(None, _BLANKS)
        octets = a2b_base64(text)
    except ValueError as error:
        raise _format(f"Phần tử {_name(element)} của chữ ký không phải là base64.") from error
    # a2b_base64 passes over what is not base64; written again it would be missing.
    if not octets or b2a_base64(octets, newline=False) != text:
        raise _format(f"Phần tử {_name(element)} của chữ ký không phải là base64 chuẩn.")
    return octets


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname


def _wrong_children(element: etree._Element) -> ProfileError:
    return _format(f"Thành phần bên trong {_name(element)} của chữ ký không đúng quy định.")


def _wrong_attributes(element: etree._Element) -> ProfileError:
    return _format(f"Thuộc tính của phần tử {_name(element)} trong chữ ký không đúng quy định.")


def _format(detail: str) -> ProfileError:
    return ProfileError(Code.FORMAT_FAILURE, detail)


def _not_allowed(algorithm: str) -> ProfileError:
    return ProfileError(
        Code.CRYPTO_CONSTRAINTS_FAILURE, f"Chữ ký dùng thuật toán không được phép: {algorithm[:120]}."
    )
