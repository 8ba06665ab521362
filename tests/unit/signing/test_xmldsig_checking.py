"""Signatures that hold, and every way we know of making one lie."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable

import pytest
import xmlsec
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from lxml import etree

from hocba.signing import xmldsig_second_opinion as second_opinion
from hocba.signing.checks import Code
from hocba.signing.errors import SignatureMismatchError, UnreadableError
from hocba.signing.xmldsig import DS, XmlSignatureCheck, XmlSignatureChecker, canonical, check
from hocba.signing.xmldsig_names import C14N10, ENVELOPED
from tests.factories import signed_xml
from tests.factories.signed_xml import EXPECTED, check_all, resign, sign, signature_of, signed_document

SECOND_TIME = '<SigningTime xmlns="urn:hocba:chu-ky:1.0">2026-05-31T08:30:15+07:00</SigningTime>'
Change = Callable[[etree._Element], None]


def codes(data: bytes, signature_id: str) -> list[Code]:
    """The problems of one signature; nothing of a signature with problems may be used."""
    result = check_all(data)[signature_id]
    assert bool(result.problems) != bool(result.covered)
    return [problem.code for problem in result.problems]


def changed(signature_id: str, change: Change, *, digests: bool = True) -> bytes:
    """The document after the signer's own key signed a change of the signature's form."""
    root = etree.fromstring(signed_document())
    change(signature_of(root, signature_id))
    return resign(root, signature_id, digests=digests)


def replaced(old: str, new: str, *, count: int = 1) -> bytes:
    """The signed document with some text exchanged."""
    text = signed_document().decode()
    assert old in text
    return text.replace(old, new, count).encode()


def first(signature: etree._Element, name: str) -> etree._Element:
    found = signature.find(f".//{{{DS}}}{name}")
    assert found is not None
    return found


def insert(name: str, xml: str, index: int | None = None) -> Change:
    """Put an element into the first element of that name."""

    def change(signature: etree._Element) -> None:
        parent = first(signature, name)
        added = etree.fromstring(f'<x xmlns:ds="{DS}">{xml}</x>')[0]
        parent.insert(len(parent) if index is None else index, added)

    return change


def algorithm(name: str, uri: str) -> Change:
    return lambda signature: first(signature, name).set("Algorithm", uri)


class TestCheck:
    def test_covers_exactly_what_was_signed(self) -> None:
        root = etree.fromstring(signed_document())
        for signature_id, result in check_all(signed_document()).items():
            assert result.problems == ()
            assert result.signature_id == signature_id
            assert list(result.covered) == EXPECTED[signature_id]
            assert result.certificate == signed_xml.key(signature_id).certificate
            assert result.subject_matches
        principal = check_all(signed_document())["ck-hieu-truong"]
        assert principal.covered["#hs"] == canonical(root[0])

    def test_gives_the_document_without_the_seal_as_covered_by_the_seal(self) -> None:
        covered = etree.fromstring(check_all(signed_document())["ck-con-dau"].covered[""])
        signed = [str(each.get("Id")) for each in covered.iter(f"{{{DS}}}Signature")]
        assert signed == [each for each in EXPECTED if each != "ck-con-dau"]

    def test_gives_the_claimed_time(self) -> None:
        signed_at = check_all(signed_document())["ck-toan"].signed_at
        assert signed_at is not None
        assert signed_at.isoformat() == "2026-05-31T08:30:15+07:00"

    def test_works_for_one_signature_without_a_checker(self) -> None:
        root = etree.fromstring(signed_document())
        found = signature_of(root, "ck-toan")
        assert check(found, root=root, expected_uris=["#mh-toan"], allow_c14n10=False).passed

    def test_refuses_a_root_that_is_none(self) -> None:
        root = etree.fromstring(signed_document())
        with pytest.raises(ValueError, match="root"):
            XmlSignatureChecker(root[0], allow_c14n10=False)

    def test_refuses_a_signature_of_another_document(self) -> None:
        checker = XmlSignatureChecker(etree.fromstring(signed_document()), allow_c14n10=False)
        with pytest.raises(ValueError, match="another document"):
            checker.check(signature_of(etree.fromstring(signed_document()), "ck-toan"), expected_uris=[])

    def test_checks_again_with_the_same_result(self) -> None:
        checker = XmlSignatureChecker(root := etree.fromstring(signed_document()), allow_c14n10=False)
        found = signature_of(root, "ck-con-dau")
        assert checker.check(found, expected_uris=[""]) == checker.check(found, expected_uris=[""])


class TestSecondOpinion:
    """libxmlsec is asked about every signature that our own checks accept, and has to accept it too."""

    def together(self, data: bytes) -> dict[str, XmlSignatureCheck]:
        root = etree.fromstring(data)
        checker = XmlSignatureChecker(root, allow_c14n10=False)
        asked = [(signature_of(root, signature_id), uris) for signature_id, uris in EXPECTED.items()]
        return dict(zip(EXPECTED, checker.check_all(asked), strict=True))

    def test_of_several_is_that_of_each_alone(self) -> None:
        for data in (signed_document(), replaced("<Diem>8.0</Diem>", "<Diem>9.0</Diem>")):
            root = etree.fromstring(data)
            alone = {
                signature_id: check(
                    signature_of(root, signature_id), root=root, expected_uris=uris, allow_c14n10=False
                )
                for signature_id, uris in EXPECTED.items()
            }
            assert self.together(data) == alone

    @pytest.mark.parametrize("signature_id", EXPECTED)
    def test_against_one_signature_leaves_it_without_anything_covered(
        self, monkeypatch: pytest.MonkeyPatch, signature_id: str
    ) -> None:
        asked = []

        def refuse(signature: etree._Element, *_: object, **__: object) -> None:
            asked.append(signature.get("Id"))
            if signature.get("Id") == signature_id:
                raise SignatureMismatchError("refused")

        monkeypatch.setattr(second_opinion, "judge_alone", refuse)
        monkeypatch.setattr(second_opinion, "judge_in_document", refuse)
        found = self.together(signed_document())

        assert asked == list(EXPECTED)
        assert [problem.code for problem in found[signature_id].problems] == [Code.SIG_CRYPTO_FAILURE]
        assert found[signature_id].covered == {}
        assert [each for each, result in found.items() if not result.passed] == [signature_id]

    def test_is_not_needed_against_what_is_wrong_already(self, monkeypatch: pytest.MonkeyPatch) -> None:
        asked = []
        monkeypatch.setattr(
            second_opinion, "judge_alone", lambda signature, *_: asked.append(signature.get("Id"))
        )
        found = self.together(replaced("<Diem>8.0</Diem>", "<Diem>9.0</Diem>"))

        assert asked == [each for each, result in found.items() if result.passed]
        assert asked == ["ck-van"]


class TestChangedContent:
    def test_of_a_region_is_found(self) -> None:
        data = replaced("<Diem>8.0</Diem>", "<Diem>9.0</Diem>")
        found = {signature_id: codes(data, signature_id) for signature_id in EXPECTED}
        hash_failure = [Code.HASH_FAILURE]
        assert found == {
            "ck-toan": hash_failure, "ck-van": [], "ck-chu-nhiem": hash_failure,
            "ck-hieu-truong": hash_failure, "ck-con-dau": hash_failure,
        }  # fmt: skip

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("08:30:15+07:00", "08:30:16+07:00"),
            ("08:30:15+07:00", " 08:30:15+07:00"),
            ("<SigningTime", '<SigningTime note="x"'),
        ],
    )
    def test_of_the_time_is_found(self, old: str, new: str) -> None:
        expected = Code.FORMAT_FAILURE if "note" in new else Code.HASH_FAILURE
        assert codes(replaced(old, new), "ck-toan")[0] in (expected, Code.FORMAT_FAILURE)

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ('phienBanLuocDo="1.0"', 'phienBanLuocDo="1.1"'),
            ("<ChuKy><O>", "<ChuKy><O> "),
            ("</HoSo><BanTheHien", "</HoSo><Them/><BanTheHien"),
            ("</ChuKy></HocBa>", "</ChuKy> </HocBa>"),
        ],
    )
    def test_of_anything_at_all_breaks_the_seal(self, old: str, new: str) -> None:
        assert codes(replaced(old, new), "ck-con-dau") == [Code.HASH_FAILURE]

    def test_that_removes_an_earlier_signature_breaks_the_seal(self) -> None:
        root = etree.fromstring(signed_document())
        found = signature_of(root, "ck-van")
        slot = found.getparent()
        assert slot is not None
        slot.remove(found)
        seal = signature_of(root, "ck-con-dau")
        result = check(seal, root=root, expected_uris=[""], allow_c14n10=False)
        assert [problem.code for problem in result.problems] == [Code.HASH_FAILURE]

    def test_of_white_space_in_a_value_keeps_the_signature_but_breaks_the_seal(self) -> None:
        data = re.sub(rb"(<ds:SignatureValue>.{10})", rb"\1\r\n  ", signed_document(), count=1)
        assert codes(data, "ck-toan") == []
        assert codes(data, "ck-con-dau") == [Code.HASH_FAILURE]

    def test_of_white_space_in_the_seals_own_value_means_nothing(self) -> None:
        data = re.sub(
            rb"(.*<ds:SignatureValue>.{10})", rb"\1 \n", signed_document(), count=1, flags=re.DOTALL
        )
        assert codes(data, "ck-con-dau") == []

    @pytest.mark.parametrize("before", [b"\xef\xbb\xbf", b'<?xml version="1.0" encoding="UTF-8"?>\r\n'])
    def test_before_the_root_means_nothing(self, before: bytes) -> None:
        assert all(result.passed for result in check_all(before + signed_document()).values())


class TestChangedSignature:
    @pytest.mark.parametrize("signature_id", EXPECTED)
    def test_value_is_found(self, signature_id: str) -> None:
        root = etree.fromstring(signed_document())
        value = first(signature_of(root, signature_id), "SignatureValue")
        assert value.text
        value.text = ("A" if value.text[0] != "A" else "B") + value.text[1:]
        assert codes(etree.tostring(root), signature_id) == [Code.SIG_CRYPTO_FAILURE]

    @pytest.mark.parametrize("text", ["", "!!!!", "AAA", "QUJD=", "QUJ=", "QQ==QQ=="])
    def test_value_that_is_no_base64_is_found(self, text: str) -> None:
        root = etree.fromstring(signed_document())
        first(signature_of(root, "ck-toan"), "SignatureValue").text = text
        assert codes(etree.tostring(root), "ck-toan") == [Code.FORMAT_FAILURE]

    def test_value_of_an_ec_key_of_the_wrong_length_is_found(self) -> None:
        root = etree.fromstring(signed_document())
        first(signature_of(root, "ck-van"), "SignatureValue").text = "AAAA"
        assert codes(etree.tostring(root), "ck-van") == [Code.SIG_CRYPTO_FAILURE]

    def test_digest_is_found_with_the_region(self) -> None:
        """A digest that fits changed content does not fit the value any more."""
        root = etree.fromstring(signed_document().replace(b"<Diem>8.0</Diem>", b"<Diem>9.0</Diem>"))
        before = first(signature_of(root, "ck-toan"), "SignatureValue").text
        resign(root, "ck-toan")
        first(signature_of(root, "ck-toan"), "SignatureValue").text = before
        assert codes(etree.tostring(root), "ck-toan") == [Code.SIG_CRYPTO_FAILURE]

    def test_white_space_in_signed_info_is_found(self) -> None:
        assert codes(replaced("<ds:SignedInfo>", "<ds:SignedInfo> "), "ck-toan") == [Code.SIG_CRYPTO_FAILURE]

    def test_certificate_of_somebody_else_is_found(self) -> None:
        root = etree.fromstring(signed_document())
        theirs = first(signature_of(root, "ck-chu-nhiem"), "KeyInfo")
        mine = first(signature_of(root, "ck-toan"), "KeyInfo")
        mine.getparent().replace(mine, theirs)  # type: ignore[union-attr]
        found = first(signature_of(root, "ck-toan"), "X509Certificate").text
        assert found
        result = check(
            signature_of(root, "ck-toan"), root=root, expected_uris=["#mh-toan"], allow_c14n10=False
        )
        assert [problem.code for problem in result.problems] == [Code.SIG_CRYPTO_FAILURE]

    def test_certificate_of_enormous_size_is_found(self) -> None:
        root = etree.fromstring(signed_document())
        first(signature_of(root, "ck-toan"), "X509Certificate").text = b64encode(b"0" * 20_000).decode()
        assert codes(etree.tostring(root), "ck-toan") == [Code.FORMAT_FAILURE]

    def test_certificate_that_is_none_is_found(self) -> None:
        root = etree.fromstring(signed_document())
        first(signature_of(root, "ck-toan"), "X509Certificate").text = "QUJD"
        result = check_all(etree.tostring(root))["ck-toan"]
        assert result.certificate is None
        assert [problem.code for problem in result.problems] == [Code.NO_SIGNING_CERTIFICATE_FOUND]


class TestSignersName:
    @pytest.mark.parametrize(
        "name",
        [
            "CN=Trần\\, Bình,UID=CCCD:079180000123,O=Trường THCS Thử Nghiệm,C=VN",
            "C=VN, O=Trường THCS Thử Nghiệm, UID=CCCD:079180000123, CN=Trần\\, Bình",
            'CN="Trần, Bình", OID.0.9.2342.19200300.100.1.1=CCCD:079180000123, O=Trường THCS Thử Nghiệm, C=VN',
        ],
    )
    def test_may_be_written_in_either_order(self, name: str) -> None:
        root = etree.fromstring(signed_document())
        first(signature_of(root, "ck-toan"), "X509SubjectName").text = name
        assert codes(etree.tostring(root), "ck-toan") == []

    @pytest.mark.parametrize(
        "name",
        [
            "CN=Trần\\, Bình",
            "CN=Nguyễn Văn An,UID=CCCD:079180000123,O=Trường THCS Thử Nghiệm,C=VN",
            "UID=CCCD:079180000123,CN=Trần\\, Bình,O=Trường THCS Thử Nghiệm,C=VN",
            "Trần Bình",
            "CN=" + "x" * 10_000,
            "CN=Trần\\",
        ],
    )
    def test_must_be_the_certificates(self, name: str) -> None:
        root = etree.fromstring(signed_document())
        first(signature_of(root, "ck-toan"), "X509SubjectName").text = name
        result = check_all(etree.tostring(root))["ck-toan"]
        assert not result.subject_matches
        assert codes(etree.tostring(root), "ck-toan") == [Code.WRONG_SIGNER]


class TestCoverage:
    def test_of_less_than_expected_is_refused(self) -> None:
        def drop(signature: etree._Element) -> None:
            first(signature, "SignedInfo").remove(signature[0][3])

        assert codes(changed("ck-hieu-truong", drop), "ck-hieu-truong") == [Code.WRONG_COVERAGE]

    def test_of_more_than_expected_is_refused(self) -> None:
        root = etree.fromstring(signed_document())
        found = signature_of(root, "ck-hieu-truong")
        result = check(found, root=root, expected_uris=["#hs"], allow_c14n10=False)
        assert [problem.code for problem in result.problems] == [Code.WRONG_COVERAGE]

    def test_of_another_region_is_refused(self) -> None:
        data = signed_xml.document([sign(signed_document(), "ck-toan", ["#mh-van"])])
        root = etree.fromstring(data)
        found = signature_of(root, "ck-toan")
        result = check(found, root=root, expected_uris=["#mh-toan"], allow_c14n10=False)
        assert [problem.code for problem in result.problems] == [Code.WRONG_COVERAGE]

    def test_of_a_region_twice_is_refused(self) -> None:
        def twice(signature: etree._Element) -> None:
            reference = signature[0][2]
            signature[0].insert(3, etree.fromstring(etree.tostring(reference, with_tail=False)))

        assert codes(changed("ck-toan", twice), "ck-toan") == [Code.WRONG_COVERAGE]

    def test_without_the_own_time_is_refused(self) -> None:
        def drop(signature: etree._Element) -> None:
            signature[0].remove(signature[0][-1])

        assert codes(changed("ck-toan", drop), "ck-toan") == [Code.WRONG_COVERAGE]

    def test_of_the_time_of_another_signature_is_refused(self) -> None:
        def borrow(signature: etree._Element) -> None:
            signature[0][-1].set("URI", "#tg-ck-van")

        assert codes(changed("ck-toan", borrow), "ck-toan") == [Code.WRONG_COVERAGE]

    def test_of_a_part_of_the_document_is_no_seal(self) -> None:
        signatures = [
            etree.tostring(signature_of(etree.fromstring(signed_document()), each), with_tail=False)
            for each in list(EXPECTED)[:4]
        ]
        data = signed_xml.document(
            [*signatures, sign(signed_xml.document(signatures), "ck-con-dau", ["#hs"])]
        )
        assert codes(data, "ck-con-dau") == [Code.WRONG_COVERAGE]


class TestWrapping:
    """The signed element is kept somewhere, and another stands where readers look."""

    def test_by_moving_the_region_into_an_object_of_its_own_signature(self) -> None:
        root = etree.fromstring(signed_document())
        genuine = root.find(".//*[@Id='mh-toan']")
        assert genuine is not None
        place = genuine.getparent()
        assert place is not None
        forged = etree.fromstring(
            etree.tostring(genuine).replace(b"8.0", b"9.9").replace(b"mh-toan", b"mh-hoax")
        )
        place.replace(genuine, forged)
        holder = etree.SubElement(signature_of(root, "ck-toan"), f"{{{DS}}}Object")
        holder.append(genuine)
        assert codes(etree.tostring(root), "ck-toan") == [Code.FORMAT_FAILURE]

    def test_by_moving_the_region_into_another_signature(self) -> None:
        root = etree.fromstring(signed_document())
        genuine = root.find(".//*[@Id='mh-toan']")
        assert genuine is not None
        signature_of(root, "ck-van").append(genuine)
        assert codes(etree.tostring(root), "ck-toan") == [Code.SIGNED_DATA_NOT_FOUND]

    def test_by_moving_the_identifier_to_another_element(self) -> None:
        root = etree.fromstring(signed_document())
        toan, van = root.find(".//*[@Id='mh-toan']"), root.find(".//*[@Id='mh-van']")
        assert toan is not None
        assert van is not None
        toan.set("Id", "mh-van")
        van.set("Id", "mh-toan")
        found = check_all(etree.tostring(root))
        assert [problem.code for problem in found["ck-toan"].problems] == [Code.HASH_FAILURE]
        assert [problem.code for problem in found["ck-con-dau"].problems] == [Code.HASH_FAILURE]

    @pytest.mark.parametrize("attribute", ["Id", "ID", "id", "xml:id"])
    def test_by_a_second_element_with_the_identifier(self, attribute: str) -> None:
        """The gate refuses such files; the check must not rely on it."""
        data = replaced("<BanTheHien", f'<MonHoc {attribute}="mh-toan"><Diem>9.9</Diem></MonHoc><BanTheHien')
        root = etree.fromstring(data)
        found = signature_of(root, "ck-toan")
        result = check(found, root=root, expected_uris=["#mh-toan"], allow_c14n10=False)
        assert [problem.code for problem in result.problems] == [Code.SIGNED_DATA_NOT_FOUND]

    @pytest.mark.parametrize("attribute", ["ID", "id", "xml:id"])
    def test_by_an_identifier_that_only_other_readers_take_for_one(self, attribute: str) -> None:
        root = etree.fromstring(replaced('<MonHoc Id="mh-toan"', f'<MonHoc {attribute}="mh-toan"'))
        found = signature_of(root, "ck-toan")
        result = check(found, root=root, expected_uris=["#mh-toan"], allow_c14n10=False)
        assert [problem.code for problem in result.problems] == [Code.SIGNED_DATA_NOT_FOUND]

    def test_by_removing_the_region(self) -> None:
        root = etree.fromstring(signed_document())
        root[0].remove(root[0][1])
        assert codes(etree.tostring(root), "ck-toan") == [Code.SIGNED_DATA_NOT_FOUND]

    def test_by_nesting_the_sealed_document(self) -> None:
        inner = signed_document().replace(b' Id="hb"', b"")
        data = b'<HocBa xmlns="%s" Id="hb"><HoSo/>%s</HocBa>' % (signed_xml.NAMESPACE.encode(), inner)
        root = etree.fromstring(data)
        found = signature_of(root, "ck-con-dau")
        result = check(found, root=root, expected_uris=[""], allow_c14n10=False)
        assert [problem.code for problem in result.problems] == [Code.HASH_FAILURE]


class TestForbiddenForm:
    """The signer's own key signs something clever: only the profile stands against it."""

    @pytest.mark.parametrize(
        ("signature_id", "name", "uri"),
        [
            ("ck-toan", "DigestMethod", "http://www.w3.org/2000/09/xmldsig#sha1"),
            ("ck-toan", "DigestMethod", "http://www.w3.org/2001/04/xmldsig-more#md5"),
            ("ck-toan", "SignatureMethod", "http://www.w3.org/2000/09/xmldsig#rsa-sha1"),
            ("ck-toan", "SignatureMethod", "http://www.w3.org/2000/09/xmldsig#hmac-sha1"),
            ("ck-toan", "SignatureMethod", "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"),
            ("ck-van", "SignatureMethod", "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha1"),
            ("ck-toan", "CanonicalizationMethod", C14N10),
            ("ck-toan", "CanonicalizationMethod", "http://www.w3.org/2001/10/xml-exc-c14n#WithComments"),
            ("ck-toan", "CanonicalizationMethod", "urn:none"),
            ("ck-toan", "Transform", C14N10),
            ("ck-toan", "Transform", "http://www.w3.org/2001/10/xml-exc-c14n#WithComments"),
            ("ck-toan", "Transform", "http://www.w3.org/TR/1999/REC-xpath-19991116"),
            ("ck-toan", "Transform", "http://www.w3.org/2002/06/xmldsig-filter2"),
            ("ck-toan", "Transform", "http://www.w3.org/TR/1999/REC-xslt-19991116"),
            ("ck-toan", "Transform", "http://www.w3.org/2000/09/xmldsig#base64"),
        ],
    )
    def test_of_an_algorithm_off_the_list_is_refused(self, signature_id: str, name: str, uri: str) -> None:
        data = changed(signature_id, algorithm(name, uri))
        assert codes(data, signature_id) == [Code.CRYPTO_CONSTRAINTS_FAILURE]

    @pytest.mark.parametrize(
        "uri", ["http://127.0.0.1/x", "file:///etc/hostname", "#xpointer(id('hs'))", "hs", "# hs"]
    )
    def test_of_a_reference_elsewhere_is_refused(self, uri: str) -> None:
        data = changed("ck-toan", lambda signature: signature[0][2].set("URI", uri), digests=False)
        assert codes(data, "ck-toan") == [Code.FORMAT_FAILURE]

    def test_of_a_reference_without_uri_is_refused(self) -> None:
        def drop(signature: etree._Element) -> None:
            del signature[0][2].attrib["URI"]

        assert codes(changed("ck-toan", drop, digests=False), "ck-toan") == [Code.FORMAT_FAILURE]

    @pytest.mark.parametrize(
        "change",
        [
            insert("Transforms", '<ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>'),
            insert("Transforms", f'<ds:Transform Algorithm="{ENVELOPED}"/>'),
            insert("Transforms", f'<ds:Transform Algorithm="{ENVELOPED}"/>', 0),
            insert(
                "Transform",
                '<e:InclusiveNamespaces xmlns:e="http://www.w3.org/2001/10/xml-exc-c14n#" PrefixList="x"/>',
            ),
            insert("Transform", '<ds:XPath>not(ancestor-or-self::Diem)</ds:XPath>'),
            insert("SignatureMethod", "<ds:HMACOutputLength>8</ds:HMACOutputLength>"),
            insert("KeyInfo", "<ds:KeyValue><ds:RSAKeyValue/></ds:KeyValue>"),
            insert("KeyInfo", "<ds:KeyValue><ds:RSAKeyValue/></ds:KeyValue>", 0),
            insert("KeyInfo", '<ds:RetrievalMethod URI="http://127.0.0.1/"/>'),
            insert("KeyInfo", "<ds:KeyName>x</ds:KeyName>"),
            insert("X509Data", "<ds:X509Certificate>QUJD</ds:X509Certificate>"),
            insert("X509Data", "<ds:X509SubjectName>CN=A</ds:X509SubjectName>", 0),
            insert("SignedInfo", "<ds:Manifest/>"),
            insert("Object", "<ds:Manifest/>"),
            insert("Object", "<ds:SignatureProperties/>"),
            insert("SignatureProperties", '<ds:SignatureProperty Target="#ck-toan"/>'),
            insert("SignatureProperty", SECOND_TIME),
            insert("SignatureProperty", "<Them/>"),
            lambda signature: signature.append(etree.fromstring(f'<Object xmlns="{DS}"/>')),
            lambda signature: first(signature, "SignatureProperty").set("Target", "#ck-van"),
            lambda signature: first(signature, "Object").set("Encoding", "x"),
            lambda signature: first(signature, "KeyInfo").set("Id", "x"),
            lambda signature: first(signature, "Reference").set("Type", "http://www.w3.org/2000/09/xmldsig#Manifest"),
            lambda signature: first(signature, "KeyInfo").clear(),
            lambda signature: first(signature, "Object").clear(),
            lambda signature: setattr(first(signature, "SignatureProperty"), "text", "2026"),
            lambda signature: setattr(first(signature, "KeyInfo"), "text", "học bạ"),
            lambda signature: signature.remove(first(signature, "KeyInfo")),
            lambda signature: signature.insert(0, first(signature, "Object")),
            lambda signature: signature.attrib.update({"{urn:x}y": "z"}),
        ],
    )  # fmt: skip
    def test_of_the_signature_is_refused(self, change: Change) -> None:
        root = etree.fromstring(signed_document())
        change(signature_of(root, "ck-toan"))
        assert codes(etree.tostring(root), "ck-toan") == [Code.FORMAT_FAILURE]

    @pytest.mark.parametrize(
        "text",
        [
            "2026-05-31T08:30:15",
            "2026-05-31",
            "31/05/2026",
            "2026-13-31T08:30:15+07:00",
            "20260531T083015+0700",
            "now",
        ],
    )
    def test_of_the_time_is_refused(self, text: str) -> None:
        def change(signature: etree._Element) -> None:
            first(signature, "SignatureProperty")[0].text = text

        assert codes(changed("ck-toan", change), "ck-toan") == [Code.FORMAT_FAILURE]

    def test_of_too_many_references_is_refused(self) -> None:
        def many(signature: etree._Element) -> None:
            for _ in range(30):
                signature[0].append(etree.fromstring(etree.tostring(signature[0][2], with_tail=False)))

        assert codes(changed("ck-toan", many), "ck-toan") == [Code.FORMAT_FAILURE]

    def test_of_an_element_that_is_no_signature_is_refused(self) -> None:
        root = etree.fromstring(signed_document())
        result = check(root[0], root=root, expected_uris=[], allow_c14n10=False)
        assert [problem.code for problem in result.problems] == [Code.FORMAT_FAILURE]

    def test_of_comments_inside_a_time_cannot_split_it(self) -> None:
        """`2026-05-3<!-- -->1…` has the same canonical form; the gate refuses it, the reader must too."""
        root = etree.fromstring(replaced("2026-05-31T08", "2026-05-3<!-- x -->1T08"))
        found = signature_of(root, "ck-toan")
        result = check(found, root=root, expected_uris=["#mh-toan"], allow_c14n10=False)
        assert [problem.code for problem in result.problems] == [Code.FORMAT_FAILURE]

    def test_of_a_key_that_is_too_small_is_refused(self) -> None:
        weak = rsa.generate_private_key(65537, 1024)
        subject = signed_xml.key("ck-toan").certificate.subject
        moment = signed_xml.SIGNED_AT
        certificate = x509.CertificateBuilder(
            subject, subject, weak.public_key(), 1, moment, moment.replace(year=2027)
        ).sign(weak, hashes.SHA256())
        root = etree.fromstring(signed_document())
        encoded = b64encode(certificate.public_bytes(Encoding.DER)).decode()
        first(signature_of(root, "ck-toan"), "X509Certificate").text = encoded
        assert codes(etree.tostring(root), "ck-toan") == [Code.CRYPTO_CONSTRAINTS_FAILURE]

    def test_of_a_method_for_another_kind_of_key_is_refused(self) -> None:
        uri = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"
        data = changed("ck-toan", algorithm("SignatureMethod", uri))
        assert codes(data, "ck-toan") == [Code.SIG_CRYPTO_FAILURE]


class TestForeignSignatures:
    """Made by libxmlsec in the manner of .NET: inclusive C14N 1.0, default prefix, object first, no transforms."""

    @pytest.fixture
    def data(self) -> bytes:
        signer = signed_xml.key("ck-toan")
        name = signer.certificate.subject.rfc4514_string()
        digest = '<DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><DigestValue/>'
        signature = (
            f'<Signature xmlns="{DS}" Id="ck-toan"><SignedInfo><CanonicalizationMethod Algorithm="{C14N10}"/>'
            '<SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/>'
            f'<Reference URI="#thoi-diem">{digest}</Reference><Reference URI="#mh-toan">{digest}</Reference>'
            "</SignedInfo><SignatureValue/><KeyInfo><X509Data>"
            f"<X509SubjectName>{name}</X509SubjectName><X509Certificate/></X509Data></KeyInfo>"
            '<Object Id="thoi-diem"><SignatureProperties><SignatureProperty Target="#ck-toan">'
            '<SigningTime xmlns="urn:hocba:chu-ky:1.0">2026-05-31T08:30:15+07:00</SigningTime>'
            "</SignatureProperty></SignatureProperties></Object></Signature>"
        )
        text = signed_xml.document([signature.encode()]).replace(b"<HocBa ", b'<HocBa xmlns:unused="urn:x" ')
        root = etree.fromstring(text)
        pem = signer.private_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        context = xmlsec.SignatureContext()
        context.key = xmlsec.Key.from_memory(pem, xmlsec.constants.KeyDataFormatPem)
        context.key.load_cert_from_memory(
            signer.certificate.public_bytes(Encoding.PEM), xmlsec.constants.KeyDataFormatPem
        )
        for each in ("thoi-diem", "mh-toan"):
            context.register_id(root.find(f".//*[@Id='{each}']"), "Id")
        context.sign(signature_of(root, "ck-toan"))
        return etree.tostring(root)

    def test_hold_where_they_are_allowed(self, data: bytes) -> None:
        root = etree.fromstring(data)
        found = signature_of(root, "ck-toan")
        result = check(found, root=root, expected_uris=["#mh-toan"], allow_c14n10=True)
        assert result.problems == ()
        assert b'xmlns:unused="urn:x"' in result.covered["#mh-toan"]

    def test_are_refused_where_they_are_not(self, data: bytes) -> None:
        root = etree.fromstring(data)
        found = signature_of(root, "ck-toan")
        result = check(found, root=root, expected_uris=["#mh-toan"], allow_c14n10=False)
        assert [problem.code for problem in result.problems] == [Code.CRYPTO_CONSTRAINTS_FAILURE]

    def test_break_with_the_names_around_them(self, data: bytes) -> None:
        root = etree.fromstring(data.replace(b"urn:x", b"urn:y"))
        found = signature_of(root, "ck-toan")
        result = check(found, root=root, expected_uris=["#mh-toan"], allow_c14n10=True)
        assert Code.HASH_FAILURE in [problem.code for problem in result.problems]

    def test_are_refused_within_xml_attributes(self, data: bytes) -> None:
        root = etree.fromstring(data.replace(b"<HocBa ", b'<HocBa xml:lang="vi" '))
        found = signature_of(root, "ck-toan")
        result = check(found, root=root, expected_uris=["#mh-toan"], allow_c14n10=True)
        assert [problem.code for problem in result.problems] == [Code.FORMAT_FAILURE]


class TestDamage:
    def test_of_the_certificate_is_a_problem_and_never_an_exception(self) -> None:
        """Nobody signs a certificate's place in the file, so any bytes may stand there."""
        original = signed_xml.key("ck-van").certificate.public_bytes(Encoding.DER)
        root = etree.fromstring(signed_document())
        found = signature_of(root, "ck-van")
        place = first(found, "X509Certificate")
        for position in range(len(original)):
            damaged = original[:position] + bytes([original[position] ^ 0x41]) + original[position + 1 :]
            place.text = b64encode(damaged).decode()
            result = check(found, root=root, expected_uris=["#mh-van"], allow_c14n10=False)
            if not result.problems:  # the key and the name are as they were: for the chain to refuse
                assert result.certificate is not None
                assert result.certificate.public_key() == signed_xml.key("ck-van").certificate.public_key()

    def test_of_any_byte_of_the_file_is_noticed(self) -> None:
        """All but the seal's own certificate, which the chain and the register of certificates answer for."""
        data = signed_document()
        sealed_by = signed_xml.key("ck-con-dau").certificate
        for position in range(0, len(data), 37):
            damaged = data[:position] + bytes([data[position] ^ 1]) + data[position + 1 :]
            try:
                results = check_all(damaged)
            except (UnreadableError, ValueError):  # unreadable, or another number of signatures
                continue
            passed = all(result.passed for result in results.values())
            assert not passed or results["ck-con-dau"].certificate != sealed_by
