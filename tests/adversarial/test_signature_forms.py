"""What may stand inside of a signature, from outside the closed profile: algorithms, keys, references.

Each is tried in a signature of every kind of document (McIntosh and Austel 2005; Hill 2007, "Attacking XML Security";
XML Signature Best Practices, W3C 2013).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from lxml import etree

from hocba.documents.verification import Verdict
from hocba.signing.xmldsig_names import canonical
from tests.adversarial.test_wrapping import DS, written
from tests.factories import golden

NS = {"ds": DS}
EXC = "http://www.w3.org/2001/10/xml-exc-c14n#"
SIGNATURE = f"{{{DS}}}Signature"
Edit = Callable[[etree._Element], None]

OTHER_ALGORITHMS = (
    "",
    "http://www.w3.org/2000/09/xmldsig#sha1",
    "http://www.w3.org/2001/04/xmldsig-more#md5",
    "http://www.w3.org/2001/04/xmlenc#sha512",
    "http://www.w3.org/2000/09/xmldsig#rsa-sha1",
    "http://www.w3.org/2000/09/xmldsig#dsa-sha1",
    "http://www.w3.org/2000/09/xmldsig#hmac-sha1",
    "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256",
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256 ",
    "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1",
    "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
    "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments",
    "http://www.w3.org/2001/10/xml-exc-c14n#WithComments",
    "http://www.w3.org/2006/12/xml-c14n11",
    "http://www.w3.org/2000/09/xmldsig#enveloped-signature",
    "http://www.w3.org/2000/09/xmldsig#base64",
    "http://www.w3.org/TR/1999/REC-xpath-19991116",
    "http://www.w3.org/2002/06/xmldsig-filter2",
    "http://www.w3.org/TR/1999/REC-xslt-19991116",
    "http://www.w3.org/2001/XInclude",
    "http://www.w3.org/2001/04/xmldsig-more#xptr",
)
OTHER_REFERENCES = (
    "#",
    "#xpointer(/)",
    "#xpointer(id('x'))",
    "file:///etc/passwd",
    "http://127.0.0.1/x",
    "hoc-ba.xml",
    "?",
    "#%68s",
    "# x",
    "//",
)


def tried(file: str, edit: Edit) -> Verdict:
    """The verdict over the file after an edit of its first signature."""
    root = etree.fromstring(golden.octets(file))
    signature = next(root.iter(SIGNATURE))
    edit(signature)
    return golden.judge(file, written(root)).verdict


def found(signature: etree._Element, path: str) -> etree._Element:
    (element,) = signature.xpath(f"({path})[1]", namespaces=NS)
    return element


def certificate_of(signature: etree._Element) -> bytes:
    return base64.b64decode(found(signature, ".//ds:X509Certificate").text or "")


def confused(signature: etree._Element) -> None:
    """HMAC with the public key of the certificate as the secret: everybody has it."""
    method = found(signature, ".//ds:SignatureMethod")
    method.set("Algorithm", "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256")
    certificate = x509.load_der_x509_certificate(certificate_of(signature))
    secret = certificate.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    octets = canonical(found(signature, "ds:SignedInfo"))
    value = hmac.new(secret, octets, hashlib.sha256).digest()
    found(signature, "ds:SignatureValue").text = base64.b64encode(value).decode()


def with_key_info(inner: str) -> Edit:
    def edit(signature: etree._Element) -> None:
        info = found(signature, "ds:KeyInfo")
        for element in etree.fromstring(f'<x xmlns:ds="{DS}">{inner}</x>'):
            info.insert(0, element)

    return edit


def only_key_info(inner: str) -> Edit:
    def edit(signature: etree._Element) -> None:
        info = found(signature, "ds:KeyInfo")
        for element in list(info):
            info.remove(element)
        with_key_info(inner)(signature)

    return edit


def with_reference(change: Callable[[etree._Element], None]) -> Edit:
    def edit(signature: etree._Element) -> None:
        for reference in signature.iterfind("ds:SignedInfo/ds:Reference", NS):
            change(reference)

    return edit


def without_references(signature: etree._Element) -> None:
    info = found(signature, "ds:SignedInfo")
    for reference in info.findall("ds:Reference", NS):
        info.remove(reference)


def in_a_manifest(signature: etree._Element) -> None:
    """The references go into a ds:Manifest, whose digests a validator need not check (XML-Signature 5.1)."""
    info = found(signature, "ds:SignedInfo")
    manifest = etree.SubElement(found(signature, "ds:Object"), f"{{{DS}}}Manifest", Id="man")
    for reference in info.findall("ds:Reference", NS):
        manifest.append(reference)


def without_value(signature: etree._Element) -> None:
    found(signature, "ds:SignatureValue").text = None


def with_zeros(signature: etree._Element) -> None:
    """r = s = 0, accepted by several libraries in 2022 (CVE-2022-21449)."""
    found(signature, "ds:SignatureValue").text = base64.b64encode(bytes(64)).decode()


KEYS = {
    "key value": "<ds:KeyValue><ds:RSAKeyValue><ds:Modulus>AQAB</ds:Modulus><ds:Exponent>AQAB</ds:Exponent>"
    "</ds:RSAKeyValue></ds:KeyValue>",
    "key name": "<ds:KeyName>x</ds:KeyName>",
    "retrieval": '<ds:RetrievalMethod URI="http://127.0.0.1/key"/>',
    "PGP": "<ds:PGPData><ds:PGPKeyID>eA==</ds:PGPKeyID></ds:PGPData>",
    "issuer and serial": "<ds:X509Data><ds:X509SKI>eA==</ds:X509SKI></ds:X509Data>",
    "second certificate": "<ds:X509Data><ds:X509Certificate>eA==</ds:X509Certificate></ds:X509Data>",
}
STRUCTURES: dict[str, Edit] = {
    "HMAC with the public key": confused,
    "no references": without_references,
    "references in a manifest": in_a_manifest,
    "no value": without_value,
    "zero value": with_zeros,
    "truncated HMAC": lambda signature: found(signature, ".//ds:SignatureMethod").append(
        etree.Element(f"{{{DS}}}HMACOutputLength")
    ),
    "typed reference": with_reference(lambda reference: reference.set("Type", f"{DS}Manifest")),
    "no transforms": with_reference(lambda reference: reference.remove(reference[0])),
    "transform with XPath": with_reference(lambda reference: reference[0][0].append(etree.Element(f"{{{DS}}}XPath"))),
    "inclusive prefixes": with_reference(
        lambda reference: reference[0][-1].append(etree.Element(f"{{{EXC}}}InclusiveNamespaces", PrefixList="#default"))
    ),
    "transform repeated": with_reference(
        lambda reference: reference[0].append(etree.Element(f"{{{DS}}}Transform", Algorithm=EXC))
    ),
    "XInclude": lambda signature: signature[-1].append(
        etree.Element("{http://www.w3.org/2001/XInclude}include", href="/etc/passwd")
    ),
    "base address": lambda signature: signature.set("{http://www.w3.org/XML/1998/namespace}base", "http://127.0.0.1/"),
    "preserved space": lambda signature: signature.set("{http://www.w3.org/XML/1998/namespace}space", "preserve"),
}  # fmt: skip


@pytest.mark.parametrize("file", golden.ONE_OF_EACH)
class TestForms:
    def test_of_other_algorithms_are_refused_wherever_one_stands(self, file: str) -> None:
        for index, element in enumerate(next(etree.fromstring(golden.octets(file)).iter(SIGNATURE)).iter()):
            if element.get("Algorithm") is None:
                continue
            for algorithm in OTHER_ALGORITHMS:
                if algorithm == element.get("Algorithm"):
                    continue

                def change(signature: etree._Element, at: int = index, name: str = algorithm) -> None:
                    next(each for number, each in enumerate(signature.iter()) if number == at).set(
                        "Algorithm", name
                    )

                assert tried(file, change) is Verdict.INVALID, (element.tag, algorithm)

    @pytest.mark.parametrize("uri", OTHER_REFERENCES)
    def test_of_other_references_are_refused(self, file: str, uri: str) -> None:
        assert tried(file, with_reference(lambda reference: reference.set("URI", uri))) is Verdict.INVALID

    def test_of_references_to_everything_are_refused(self, file: str) -> None:
        assert tried(file, with_reference(lambda reference: reference.set("URI", ""))) is Verdict.INVALID

    @pytest.mark.parametrize("name", KEYS)
    def test_of_other_keys_are_refused(self, file: str, name: str) -> None:
        assert tried(file, with_key_info(KEYS[name])) is Verdict.INVALID
        assert tried(file, only_key_info(KEYS[name])) is Verdict.INVALID

    @pytest.mark.parametrize("name", STRUCTURES)
    def test_of_other_structures_are_refused(self, file: str, name: str) -> None:
        assert tried(file, STRUCTURES[name]) is Verdict.INVALID

    def test_with_a_certificate_of_another_set_are_refused(self, file: str) -> None:
        """Same names, other keys, another authority of the same name: every set was made with its own."""
        for other in golden.ONE_OF_EACH:
            if other.partition("/")[0] == file.partition("/")[0]:
                continue
            foreign = next(etree.fromstring(golden.octets(other)).iter(SIGNATURE))

            def change(signature: etree._Element, theirs: etree._Element = foreign) -> None:
                for part in ("ds:X509Certificate", "ds:X509SubjectName"):
                    found(signature, f".//{part}").text = found(theirs, f".//{part}").text

            assert tried(file, change) is Verdict.INVALID

    def test_with_rewritten_prefixes_mean_nothing_else(self, file: str) -> None:
        """Prefixes are part of the canonical form: a signed region with others is another one."""
        data = golden.octets(file).decode()
        root = etree.fromstring(data.encode())
        name, uri = etree.QName(root[0]).localname, etree.QName(root).namespace
        start, end = data.index(f"<{name} "), data.index(f"</{name}>") + len(f"</{name}>")
        prefixed = data[start:end].replace("</", "\0").replace("<", "<p:").replace("\0", "</p:")
        declared = prefixed.replace(f"<p:{name} ", f'<p:{name} xmlns:p="{uri}" ', 1)
        forged = data[:start] + declared + data[end:]

        assert etree.fromstring(forged.encode())[0].tag == root[0].tag
        assert golden.judge(file, forged.encode()).verdict is Verdict.INVALID
