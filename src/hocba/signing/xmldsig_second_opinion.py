"""The second opinion on a signature: libxmlsec computes every digest and the value again, by its own rules.

libxmlsec walks the whole document for each reference, fifty kilobytes for a row of one. Where nothing around
the regions counts, it is therefore given a document of its own: the canonical octets of the regions and of the
signature. That proves as much:

* These octets were digested in the real document by our own check, and the caller reads values from them and
  from nothing else; so libxmlsec judges the very bytes that are used. The copy must have them as its canonical
  form again, or it is refused.
* Only the exclusive canonical form is the same alone as inside a document. As soon as a reference or the signed
  information has another, or the whole document is signed (the seal), the document itself is judged.
* libxmlsec does not search for identifiers, in the copy or in the document: it is told which element each one
  means. That the document has only one such element is the business of `xmldsig_regions`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import xmlsec
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from lxml import etree

from hocba.signing import algorithms, certificates
from hocba.signing.errors import SignatureMismatchError
from hocba.signing.xmldsig_names import canonical

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
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


def judge_in_document(
    signature: etree._Element,
    named: Iterable[etree._Element],
    certificate: x509.Certificate,
    *,
    allow_c14n10: bool = False,
) -> None:
    """Let libxmlsec verify a signature where it stands, with the certificate's key and only the allow-lists.

    `named` are the elements that its `#id` references mean.

    Raises:
        SignatureMismatchError: libxmlsec does not accept it.
    """
    context = xmlsec.SignatureContext()
    context.set_enabled_key_data([xmlsec.constants.KeyDataX509])
    for transform in _REFERENCE_TRANSFORMS:
        context.enable_reference_transform(transform)
    for transform in _SIGNATURE_TRANSFORMS:
        context.enable_signature_transform(transform)
    if allow_c14n10:
        context.enable_reference_transform(xmlsec.constants.TransformInclC14N)
        context.enable_signature_transform(xmlsec.constants.TransformInclC14N)
    try:
        context.key = _key(certificate)
        for element in named:
            context.register_id(element, "Id")
        context.verify(signature)
    except xmlsec.Error as error:
        raise SignatureMismatchError("libxmlsec does not accept the signature") from error


def judge_alone(
    signature: etree._Element,
    time_object: etree._Element,
    regions: Sequence[bytes],
    certificate: x509.Certificate,
) -> None:
    """Let libxmlsec verify a signature in a document of nothing but the regions it signs and itself.

    `regions` are exclusive canonical octets of elements outside of it, `time_object` its own child.

    Raises:
        SignatureMismatchError: libxmlsec does not accept it, or the copy does not say the same.
    """
    originals = [*regions, canonical(signature)]
    try:
        copies = list(etree.fromstring(b"<copy>" + b"".join(originals) + b"</copy>", _PARSER))
    except etree.XMLSyntaxError as error:
        raise SignatureMismatchError("the regions cannot be read again") from error
    # A comment has no canonical form, and lxml crashes when asked for one.
    if any(not isinstance(each.tag, str) for each in copies) or list(map(canonical, copies)) != originals:
        raise SignatureMismatchError("the copy of the regions is not what was signed")
    *named, copy = copies
    judge_in_document(copy, [*named, copy[signature.index(time_object)]], certificate)


@certificates.remembered
def _key(certificate: x509.Certificate) -> xmlsec.Key:
    key = algorithms.public_key_of(certificate)
    pem = key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    return xmlsec.Key.from_memory(pem, xmlsec.constants.KeyDataFormatPem)
