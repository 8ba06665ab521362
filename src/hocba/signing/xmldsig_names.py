"""Names and algorithm identifiers of XML signatures, and the canonical form everything is digested in."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from functools import cache
from typing import Final

from lxml import etree

DS: Final = "http://www.w3.org/2000/09/xmldsig#"
SIGNING_TIME_NAMESPACE: Final = "urn:hocba:chu-ky:1.0"
SIGNING_TIME: Final = f"{{{SIGNING_TIME_NAMESPACE}}}SigningTime"

EXC_C14N: Final = "http://www.w3.org/2001/10/xml-exc-c14n#"
C14N10: Final = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
ENVELOPED: Final = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"
SHA256: Final = "http://www.w3.org/2001/04/xmlenc#sha256"
RSA_SHA256: Final = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
ECDSA_SHA256: Final = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"


IDENTIFIERS: Final = "//@*[string-length(local-name()) = 2][translate(local-name(), 'ID', 'id') = 'id']"
"""XPath of Id, ID, id and iD, with any prefix: whatever some reader might take for an identifier."""


@cache
def ds(name: str) -> str:
    """Give the full name of an element of XML-Signature."""
    return f"{{{DS}}}{name}"


def canonical(element: etree._Element) -> bytes:
    """Give the exclusive canonical form of an element, without comments (W3C xml-exc-c14n).

    It is the same alone as inside any document, because only names that the element itself uses count.
    """
    return etree.tostring(element, method="c14n", exclusive=True, with_comments=False)


def digest_text(octets: bytes) -> str:
    """Give a SHA-256 digest as a `DigestValue` writes it."""
    return b64encode(hashlib.sha256(octets).digest()).decode("ascii")
