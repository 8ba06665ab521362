"""What libxmlsec says of a copy of the signed regions must be what it says of the document they stand in."""

from __future__ import annotations

from base64 import b64decode

import pytest
from cryptography import x509
from lxml import etree

from hocba.signing import xmldsig_second_opinion as second_opinion
from hocba.signing.errors import SignatureMismatchError
from hocba.signing.xmldsig import DS, XmlSignatureChecker, canonical
from tests.factories import signed_xml
from tests.factories.signed_xml import EXPECTED, signature_of, signed_document

ALONE = [signature_id for signature_id, uris in EXPECTED.items() if uris != [""]]


def certificate_of(signature: etree._Element) -> x509.Certificate:
    (encoded,) = signature.iter(f"{{{DS}}}X509Certificate")
    return x509.load_der_x509_certificate(b64decode(encoded.text or ""))


def named_by(root: etree._Element, signature_id: str) -> list[etree._Element]:
    """The elements that the signature's references mean, its own time last."""
    identifiers = [uri[1:] for uri in EXPECTED[signature_id] if uri] + [f"tg-{signature_id}"]
    return [element for each in identifiers for element in root.iterfind(f".//*[@Id='{each}']")]


def accepted_in_document(root: etree._Element, signature_id: str) -> bool:
    signature = signature_of(root, signature_id)
    try:
        second_opinion.judge_in_document(signature, named_by(root, signature_id), certificate_of(signature))
    except SignatureMismatchError:
        return False
    return True


def accepted_alone(root: etree._Element, signature_id: str) -> bool:
    signature = signature_of(root, signature_id)
    *regions, time_object = named_by(root, signature_id)
    octets = [canonical(each) for each in regions]
    try:
        second_opinion.judge_alone(signature, time_object, octets, certificate_of(signature))
    except SignatureMismatchError:
        return False
    return True


class TestJudgeAlone:
    @pytest.mark.parametrize("signature_id", ALONE)
    def test_accepts_what_is_accepted_in_the_document(self, signature_id: str) -> None:
        root = etree.fromstring(signed_document())
        assert accepted_in_document(root, signature_id)
        assert accepted_alone(root, signature_id)

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("<Diem>8.0</Diem>", "<Diem>9.0</Diem>"),
            ("<Diem>8.0</Diem>", "<Diem> 8.0</Diem>"),
            ("<Diem>8.0</Diem>", "<Diem>8.0</Diem><Diem>8.0</Diem>"),
            ("<Diem>8.0</Diem>", '<Diem xmlns="urn:x">8.0</Diem>'),
            ("<Diem>8.0</Diem>", '<Diem xmlns:unused="urn:x">8.0</Diem>'),
            ("<Diem>8.0</Diem>", '<Diem xml:lang="vi">8.0</Diem>'),
            ("<Diem>8.0</Diem>", "<Diem><![CDATA[8.0]]></Diem>"),
            ("<Diem>8.0</Diem>", "<Diem>8<!-- , -->.0</Diem>"),
            ("<Diem>8.0</Diem>", "<Diem>8.0<?x y?></Diem>"),
            ("<Diem>8.0</Diem>", "<Diem>8.0&#13;</Diem>"),
            ('<MonHoc Id="mh-toan">', '<MonHoc Id="mh-toan" >'),
            ('<MonHoc Id="mh-toan">', '<MonHoc Id="mh-toan" a="b&#10;c">'),
            ('<MonHoc Id="mh-toan">', '<p:MonHoc xmlns:p="urn:hocba:hoc-ba:1.0" Id="mh-toan">'),
            ('<MonHoc Id="mh-toan">', '<MonHoc xmlns="" Id="mh-toan">'),
            ('<HoSo Id="hs">', '<HoSo xmlns:ds="urn:x" xml:space="preserve" Id="hs">'),
            ('<HocBa xmlns="urn:hocba:hoc-ba:1.0"', '<HocBa xmlns="urn:hocba:hoc-ba:2.0"'),
            ("<HocBa ", '<HocBa xmlns:unused="urn:x" xml:lang="vi" xml:base="http://127.0.0.1/" '),
            ("08:30:15+07:00", "08:30:16+07:00"),
            ("<ds:SignedInfo>", "<ds:SignedInfo> "),
            ("<ds:DigestValue>", "<ds:DigestValue> "),
            ("<ds:SignatureValue>", "<ds:SignatureValue>A"),
            ('URI="#mh-toan"', 'URI="#mh-van"'),
        ],
    )
    def test_agrees_with_the_document_whatever_was_changed(self, old: str, new: str) -> None:
        text = signed_document().decode()
        assert old in text
        changed = text.replace(old, new)
        if "p:MonHoc" in new:
            changed = changed.replace("<Diem>8.0</Diem></MonHoc>", "<Diem>8.0</Diem></p:MonHoc>")
        root = etree.fromstring(changed.encode())
        for signature_id in ALONE:
            assert accepted_alone(root, signature_id) == accepted_in_document(root, signature_id)

    def test_refuses_the_octets_of_another_region(self) -> None:
        root = etree.fromstring(signed_document())
        signature = signature_of(root, "ck-toan")
        *_, time_object = named_by(root, "ck-toan")
        (other, _) = named_by(root, "ck-van")
        with pytest.raises(SignatureMismatchError):
            second_opinion.judge_alone(signature, time_object, [canonical(other)], certificate_of(signature))

    @pytest.mark.parametrize(
        "disguise",
        [
            lambda octets: octets.replace(b"<Diem>", b"<Diem >"),
            lambda octets: octets.replace(b"8.0", b"&#56;.0"),
            lambda octets: octets + b" ",
            lambda octets: octets + octets,
            lambda octets: octets + b"<!-- x -->",
            lambda octets: b"</copy>" + octets,
            lambda octets: b"",
        ],
        ids=["blank in tag", "character reference", "blank after", "twice", "comment", "end tag", "nothing"],
    )
    def test_refuses_octets_that_are_not_canonical_or_not_one_element(self, disguise: object) -> None:
        """The regions come from our own canonical form; if that ever gave anything else, nothing may pass."""
        assert callable(disguise)
        root = etree.fromstring(signed_document())
        signature = signature_of(root, "ck-toan")
        region, time_object = named_by(root, "ck-toan")
        octets = canonical(region)
        certificate = certificate_of(signature)
        second_opinion.judge_alone(signature, time_object, [octets], certificate)
        with pytest.raises(SignatureMismatchError):
            second_opinion.judge_alone(signature, time_object, [disguise(octets)], certificate)

    def test_refuses_the_key_of_somebody_else(self) -> None:
        root = etree.fromstring(signed_document())
        signature = signature_of(root, "ck-toan")
        region, time_object = named_by(root, "ck-toan")
        with pytest.raises(SignatureMismatchError):
            second_opinion.judge_alone(
                signature, time_object, [canonical(region)], signed_xml.key("ck-chu-nhiem").certificate
            )


class TestChoice:
    """Which of the two the checker takes."""

    @pytest.fixture
    def asked(self, monkeypatch: pytest.MonkeyPatch) -> list[str]:
        """The names of the ways asked, both of which then refuse."""
        ways: list[str] = []

        def refuse(way: str) -> object:
            def judge(*_: object, **__: object) -> None:
                ways.append(way)
                raise SignatureMismatchError("refused")

            return judge

        for way in ("judge_alone", "judge_in_document"):
            monkeypatch.setattr(second_opinion, way, refuse(way))
        return ways

    @pytest.mark.parametrize("signature_id", EXPECTED)
    def test_is_the_whole_document_only_for_the_seal(self, asked: list[str], signature_id: str) -> None:
        root = etree.fromstring(signed_document())
        checker = XmlSignatureChecker(root, allow_c14n10=False)
        result = checker.check(signature_of(root, signature_id), expected_uris=EXPECTED[signature_id])
        assert asked == ["judge_in_document" if signature_id == "ck-con-dau" else "judge_alone"]
        assert [str(problem.code) for problem in result.problems] == ["SIG_CRYPTO_FAILURE"]
        assert not result.covered
