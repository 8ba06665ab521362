from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from lxml import etree

from hocba.signing.errors import SignatureMismatchError, SigningError, UnsupportedKeyError
from hocba.signing.xmldsig import DS, PreparedXmlSignature, Region, canonical, complete, prepare
from hocba.signing.xmldsig_names import digest_text
from tests.factories import signed_xml
from tests.factories.signed_xml import SIGNED_AT

REGION = Region("#mh-toan", b"<MonHoc/>")


def prepared(signature_id: str = "ck-toan") -> PreparedXmlSignature:
    certificate = signed_xml.key(signature_id).certificate
    return prepare(signature_id=signature_id, regions=[REGION], signed_at=SIGNED_AT, certificate=certificate)


def certificate_of(name: str, key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> x509.Certificate:
    named = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    builder = x509.CertificateBuilder(
        named, named, key.public_key(), 1, SIGNED_AT, SIGNED_AT.replace(year=2027)
    )
    return builder.sign(key, hashes.SHA256())


class TestPrepare:
    def test_gives_the_canonical_signed_info_to_sign(self) -> None:
        made = prepared()
        assert canonical(etree.fromstring(made.xml)[0]) == made.to_be_signed

    @pytest.mark.parametrize(
        "name", ["Trần Thị Ánh", "A & B <c> \"d\" 'e' ]]>", "{0} %s", "a\tb\nc\rd", "𠮷"]
    )
    @pytest.mark.parametrize("uris", [["#mh-toan"], [""], ["#hs-1", "#bth-1"]])
    def test_is_written_in_canonical_form_whoever_signs(self, name: str, uris: list[str]) -> None:
        made = prepare(
            signature_id="ck",
            regions=[Region(uri, b"x") for uri in uris],
            signed_at=SIGNED_AT,
            certificate=certificate_of(name, ec.generate_private_key(ec.SECP256R1())),
        )

        root = etree.fromstring(made.xml)
        assert canonical(root) == made.xml
        assert canonical(root[0]) == made.to_be_signed
        assert root[0][-1].findtext(f"{{{DS}}}DigestValue") == digest_text(canonical(root[-1]))

    def test_gives_the_same_bytes_for_the_same_input(self) -> None:
        assert prepared() == prepared()

    def test_references_the_regions_and_then_its_own_time(self) -> None:
        root = etree.fromstring(prepared().xml)
        uris = [each.get("URI") for each in root.iter(f"{{{DS}}}Reference")]
        assert uris == ["#mh-toan", "#tg-ck-toan"]

    def test_writes_the_time_of_viet_nam_in_whole_seconds(self) -> None:
        assert b">2026-05-31T08:30:15+07:00</SigningTime>" in prepared().xml

    def test_names_the_signer_as_the_certificate_does(self) -> None:
        root = etree.fromstring(prepared().xml)
        name = root.findtext(f".//{{{DS}}}X509SubjectName")
        assert name == "CN=Trần\\, Bình,UID=CCCD:079180000123,O=Trường THCS Thử Nghiệm,C=VN"

    def test_takes_itself_out_of_the_whole_document_only(self) -> None:
        certificate = signed_xml.key("ck-toan").certificate
        made = prepare(
            signature_id="ck",
            regions=[Region("", b"x"), REGION],
            signed_at=SIGNED_AT,
            certificate=certificate,
        )
        transforms = [len(each[0]) for each in etree.fromstring(made.xml).iter(f"{{{DS}}}Reference")]
        assert transforms == [2, 1, 1]

    @pytest.mark.parametrize("identifier", ["", "1a", 'a"b', "a b", "a/b", "chữ", "a:b"])
    def test_refuses_identifiers_that_are_not_plain(self, identifier: str) -> None:
        with pytest.raises(ValueError, match="XML name"):
            prepared(identifier)

    @pytest.mark.parametrize("uri", ["mh", "#", "http://example.com/x", "#xpointer(/)", '#a"b'])
    def test_refuses_regions_outside_of_the_document(self, uri: str) -> None:
        certificate = signed_xml.key("ck-toan").certificate
        with pytest.raises(ValueError, match=r"region|XML name"):
            prepare(
                signature_id="ck", regions=[Region(uri, b"x")], signed_at=SIGNED_AT, certificate=certificate
            )

    @pytest.mark.parametrize("regions", [[], [REGION, REGION]])
    def test_refuses_no_region_and_a_region_twice(self, regions: list[Region]) -> None:
        certificate = signed_xml.key("ck-toan").certificate
        with pytest.raises(ValueError, match="each once"):
            prepare(signature_id="ck", regions=regions, signed_at=SIGNED_AT, certificate=certificate)

    def test_refuses_a_time_without_zone(self) -> None:
        certificate = signed_xml.key("ck-toan").certificate
        with pytest.raises(ValueError, match="zone"):
            prepare(
                signature_id="ck", regions=[REGION], signed_at=datetime(2026, 5, 31), certificate=certificate
            )

    @pytest.mark.parametrize(
        "weak", [rsa.generate_private_key(65537, 1024), ec.generate_private_key(ec.SECP384R1())]
    )
    def test_refuses_keys_off_the_list(self, weak: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> None:
        certificate = certificate_of("A", weak)
        with pytest.raises(UnsupportedKeyError):
            prepare(signature_id="ck", regions=[REGION], signed_at=SIGNED_AT, certificate=certificate)


class TestComplete:
    @pytest.mark.parametrize("signature_id", ["ck-toan", "ck-van"])
    def test_fills_in_the_value_and_nothing_else(self, signature_id: str) -> None:
        made = prepared(signature_id)
        done = complete(made, signed_xml.key(signature_id).sign(made.to_be_signed))
        root = etree.fromstring(done)
        value = root.find(f"{{{DS}}}SignatureValue")
        assert value is not None
        assert value.text
        value.text = None
        assert canonical(root) == made.xml

    def test_refuses_the_value_of_another_key(self) -> None:
        made = prepared("ck-toan")
        with pytest.raises(SignatureMismatchError):
            complete(made, signed_xml.key("ck-chu-nhiem").sign(made.to_be_signed))

    def test_refuses_the_value_over_other_bytes(self) -> None:
        with pytest.raises(SignatureMismatchError):
            complete(prepared(), signed_xml.key("ck-toan").sign(b"something else"))

    @pytest.mark.parametrize("signature_id", ["ck-toan", "ck-van"])
    @pytest.mark.parametrize("value", [b"", b"\x00" * 64, b"\x01" * 256])
    def test_refuses_what_is_no_signature_value(self, signature_id: str, value: bytes) -> None:
        with pytest.raises(SignatureMismatchError):
            complete(prepared(signature_id), value)

    def test_refuses_a_prepared_signature_whose_references_were_changed(self) -> None:
        made = prepared()
        altered = replace(made, xml=made.xml.replace(b"#mh-toan", b"#mh-hoax"))
        with pytest.raises(SigningError, match="altered"):
            complete(altered, signed_xml.key("ck-toan").sign(made.to_be_signed))

    def test_refuses_a_prepared_signature_whose_bytes_to_sign_were_changed(self) -> None:
        made = replace(prepared(), to_be_signed=b"another document")
        with pytest.raises(SigningError, match="altered"):
            complete(made, signed_xml.key("ck-toan").sign(made.to_be_signed))


class TestCanonical:
    def test_is_the_same_alone_and_inside_the_document(self) -> None:
        """Regions are digested before the file exists: they must not change when it is put together."""
        alone = etree.fromstring(
            f'<MonHoc xmlns="{signed_xml.NAMESPACE}" Id="mh-toan"><MaMon>TOAN</MaMon><Diem>8.0</Diem></MonHoc>'
        )
        inside = etree.fromstring(signed_xml.signed_document()).find(".//*[@Id='mh-toan']")
        assert inside is not None
        assert canonical(alone) == canonical(inside)

    def test_leaves_out_comments_and_what_follows(self) -> None:
        root = etree.fromstring("<a><b y='2' x='1'><!-- no -->t</b>tail</a>")
        assert canonical(root[0]) == b'<b x="1" y="2">t</b>'
