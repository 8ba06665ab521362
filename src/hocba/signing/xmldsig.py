"""XML signatures as one door: `prepare` and `complete` make one, `parse_untrusted` and `check` judge one.

Making is in `xmldsig_signing`, the gate for uploads in `xml_gate`, judging in `xmldsig_checking` (with the
closed profile in `xmldsig_profile`).
"""

from __future__ import annotations

from hocba.signing.problems import Problem
from hocba.signing.xml_gate import DEFAULT_LIMITS, Limits, parse_untrusted
from hocba.signing.xmldsig_checking import XmlSignatureCheck, XmlSignatureChecker, check
from hocba.signing.xmldsig_names import DS, SIGNING_TIME_NAMESPACE, canonical
from hocba.signing.xmldsig_signing import (
    WHOLE_DOCUMENT,
    PreparedXmlSignature,
    Region,
    complete,
    is_over,
    prepare,
)

__all__ = [
    "DEFAULT_LIMITS",
    "DS",
    "SIGNING_TIME_NAMESPACE",
    "WHOLE_DOCUMENT",
    "Limits",
    "PreparedXmlSignature",
    "Problem",
    "Region",
    "XmlSignatureCheck",
    "XmlSignatureChecker",
    "canonical",
    "check",
    "complete",
    "is_over",
    "parse_untrusted",
    "prepare",
]
