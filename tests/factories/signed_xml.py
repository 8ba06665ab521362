"""A small signed document shaped like a transcript, and the tools of somebody who wants to forge one."""

from __future__ import annotations

from base64 import b64encode
from datetime import UTC, datetime
from functools import cache

from cryptography.hazmat.primitives.asymmetric import ec
from lxml import etree

from hocba.signing import algorithms
from hocba.signing.demo_ca import DemoAuthority
from hocba.signing.keys.pkcs12 import SoftwareKey
from hocba.signing.xmldsig import (
    DS,
    WHOLE_DOCUMENT,
    Region,
    XmlSignatureCheck,
    XmlSignatureChecker,
    canonical,
    complete,
    parse_untrusted,
    prepare,
)
from hocba.signing.xmldsig_names import digest_text

NAMESPACE = "urn:hocba:hoc-ba:1.0"
SIGNED_AT = datetime(2026, 5, 31, 1, 30, 15, 999999, tzinfo=UTC)
SCHOOL = "Trường THCS Thử Nghiệm"
EXPECTED: dict[str, list[str]] = {
    "ck-toan": ["#mh-toan"],
    "ck-van": ["#mh-van"],
    "ck-chu-nhiem": ["#hs"],
    "ck-hieu-truong": ["#hs", "#bth"],
    "ck-con-dau": [WHOLE_DOCUMENT],
}
"""What each signature has to sign, in signing order."""


@cache
def authority() -> DemoAuthority:
    return DemoAuthority.create(datetime(2026, 1, 1, tzinfo=UTC), "CA thử nghiệm")


@cache
def key(signature_id: str) -> SoftwareKey:
    """The key of each signer; the literature teacher's is EC, the others' are RSA."""
    if signature_id == "ck-con-dau":
        return authority().issue_organisation(name=SCHOOL, code="79764501")
    names = {"ck-toan": "Trần, Bình", "ck-van": "Lê Thị Hoa", "ck-chu-nhiem": "Phạm Cúc"}
    return authority().issue_person(
        name=names.get(signature_id, "Nguyễn Văn An"),
        personal_id="079180000123",
        organisation=SCHOOL,
        private_key=ec.generate_private_key(ec.SECP256R1()) if signature_id == "ck-van" else None,
    )


def document(signatures: list[bytes]) -> bytes:
    """The document with these signatures, each in its slot, the rest of the slots empty."""
    slots = b"".join(b"<O>" + each + b"</O>" for each in [*signatures, *[b""] * 5][:5])
    return (
        (
            f'<HocBa xmlns="{NAMESPACE}" Id="hb" phienBanLuocDo="1.0">'
            '<HoSo Id="hs"><HoTen>Đỗ An &amp; Bình</HoTen>'
            '<MonHoc Id="mh-toan"><MaMon>TOAN</MaMon><Diem>8.0</Diem></MonHoc>'
            '<MonHoc Id="mh-van"><MaMon>NGUVAN</MaMon><Diem>7.5</Diem></MonHoc></HoSo>'
            '<BanTheHien Id="bth"><DoDai>12345</DoDai></BanTheHien><ChuKy>'
        ).encode()
        + slots
        + b"</ChuKy></HocBa>"
    )


def region(data: bytes, uri: str) -> Region:
    """The octets of a region as they are in the document."""
    root = etree.fromstring(data)
    if uri == WHOLE_DOCUMENT:
        return Region(uri, canonical(root))
    (element,) = root.iterfind(f".//*[@Id='{uri[1:]}']")
    return Region(uri, canonical(element))


def sign(data: bytes, signature_id: str, uris: list[str], *, by: SoftwareKey | None = None) -> bytes:
    """A signature over regions of the document as it stands."""
    signer = by or key(signature_id)
    prepared = prepare(
        signature_id=signature_id,
        regions=[region(data, uri) for uri in uris],
        signed_at=SIGNED_AT,
        certificate=signer.certificate,
    )
    return complete(prepared, signer.sign(prepared.to_be_signed))


@cache
def signed_document() -> bytes:
    """Everything signed, the seal last."""
    signatures: list[bytes] = []
    for signature_id, uris in EXPECTED.items():
        signatures.append(sign(document(signatures), signature_id, uris))
    return document(signatures)


def check_all(data: bytes, *, allow_c14n10: bool = False) -> dict[str, XmlSignatureCheck]:
    """Every signature's check by its place in the document."""
    root = parse_untrusted(data)
    checker = XmlSignatureChecker(root, allow_c14n10=allow_c14n10)
    found = root.iterfind(f"{{{NAMESPACE}}}ChuKy/{{{NAMESPACE}}}O/{{{DS}}}Signature")
    return {
        signature_id: checker.check(signature, expected_uris=uris)
        for signature, (signature_id, uris) in zip(found, EXPECTED.items(), strict=True)
    }


def signature_of(root: etree._Element, signature_id: str) -> etree._Element:
    (found,) = root.iterfind(f".//{{{DS}}}Signature[@Id='{signature_id}']")
    return found


def resign(root: etree._Element, signature_id: str, *, digests: bool = True) -> bytes:
    """What the signer's own key can do about changes: new digests of `#id` references, and a new value.

    A forgery that got past the checks after this one would be a hole of the checks alone.
    """
    signature = signature_of(root, signature_id)
    for reference in signature.iterfind(f".//{{{DS}}}Reference"):
        uri = str(reference.get("URI"))
        found = root.findall(f".//*[@Id='{uri[1:]}']") if digests and uri.startswith("#") else []
        if found:
            reference[-1].text = digest_text(canonical(found[0]))
    signer = key(signature_id)
    value = signer.sign(canonical(signature[0]))
    if signature_id == "ck-van":
        value = algorithms.ecdsa_raw_from_der(value)
    encoded = signature.find(f"{{{DS}}}SignatureValue")
    assert encoded is not None
    encoded.text = b64encode(value).decode("ascii")
    return etree.tostring(root, encoding="utf-8")
