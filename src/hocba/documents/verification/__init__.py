"""The verdict over a document: bytes in, report out; no database, no network, no clock.

    report = verify(data, trust=trust, at=now)
    report.verdict, report.checks, report.signatures, report.transcript

Left to the caller: whether a register knows the document and which state it is in, and what a log proves.
"""

from __future__ import annotations

from hocba.documents.verification.report import Report, SignatureReport
from hocba.documents.verification.validation_policy import DEFAULT_POLICY, VerificationPolicy
from hocba.documents.verification.verifying import verify, verify_both, verify_pair
from hocba.signing.checks import Check, Code, Indication, Status, Verdict

__all__ = [
    "DEFAULT_POLICY",
    "Check",
    "Code",
    "Indication",
    "Report",
    "SignatureReport",
    "Status",
    "Verdict",
    "VerificationPolicy",
    "verify",
    "verify_both",
    "verify_pair",
]
