"""ETSI EN 319 102-1 beside our checks: in which building block each is made, which sub-indication it ends in.

    clause                                              where it is done here
    5.2.2  format checking                              `xml_gate`, `pdf_structure`; `verifying`, steps 1 to 3
    5.2.3  identification of the signing certificate    `xmldsig_checking`, `pades_cms`
    5.2.4  validation context initialisation            `VerificationPolicy`, `signing.trust.load`
    5.2.5  revocation freshness checker                 `signing.revocation`
    5.2.6  X.509 certificate validation                 `signing.chains`, `signing.trust`, `signing.approvals`
    5.2.7  cryptographic verification                   `xmldsig_checking`, `pades_checking`; step 4
    5.2.8  signature acceptance validation              `signers`, `algorithms_in_time`; step 7
    5.2.9  signature validation presentation            `article10`, `report_json`
    5.3    validation of basic signatures               `judging`; steps 1 to 8, without a proven time
    5.4    time-stamp validation                        `signing.timestamps`
    5.5    signatures with time                         `judging` when `existed_at` is given; `exchange.preservation`
    5.6    with archival data: past certificates, time  the caller proves `existed_at`; `signing.trust` judges the
           sliding, proofs of existence                 certificate at that time

A check without a clause has no place in the standard: it follows from the Quy chế (Điều 9, 10, 12, 21.8), which
also makes fatal what the standard leaves undecided (decision 0052).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hocba.signing.checks import Check, Code, Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

NAME: Final = "ETSI EN 319 102-1"

CLAUSES: Final[Mapping[str, str]] = {
    "readable": "5.2.2",
    "structure": "5.2.2",
    "signature_profile": "5.2.2",
    "signer_name": "5.2.3",
    "trust": "5.2.4",
    "revocation": "5.2.5",
    "certificate_validity": "5.2.6",
    "key_usage": "5.2.6",
    "certificate_chain": "5.2.6",
    "approved_certificate": "5.2.6",
    "integrity": "5.2.7",
    "algorithm": "5.2.8",
    "signing_time": "5.2.8",
    "time_evidence": "5.5",
}
"""Building block by name of the check."""

# 5.3.4: format, certificate identified, context, cryptography, certificate with its revocation, acceptance.
_PROCESS: Final = ("5.2.2", "5.2.3", "5.2.4", "5.2.7", "5.2.6", "5.2.5", "5.2.8", "5.5", None)

SUB_INDICATIONS: Final[Mapping[Code, str]] = {
    Code.EXPIRED: "EXPIRED",
    Code.WRONG_COVERAGE: "SIG_CONSTRAINTS_FAILURE",
    Code.UNSIGNED_CONTENT: "SIG_CONSTRAINTS_FAILURE",
    Code.MISSING_SIGNATURE: "SIG_CONSTRAINTS_FAILURE",
    Code.NO_SIGNATURE_FOUND: "SIG_CONSTRAINTS_FAILURE",
    Code.WRONG_ROLE: "SIG_CONSTRAINTS_FAILURE",
    Code.WRONG_SIGNER: "SIG_CONSTRAINTS_FAILURE",
    Code.PAIR_MISMATCH: "SIG_CONSTRAINTS_FAILURE",
    Code.CERT_NOT_APPROVED: "CHAIN_CONSTRAINTS_FAILURE",
    Code.APPROVAL_UNKNOWN: "CHAIN_CONSTRAINTS_FAILURE",
    Code.UNREADABLE: "FORMAT_FAILURE",
}
"""What our own codes are in the standard's words; every other code is one of its words already."""


def sub_indication(code: Code) -> str:
    """The sub-indication of clause 5.1.3 for a code."""
    return SUB_INDICATIONS.get(code, str(code))


def deciding(checks: Iterable[Check]) -> Check | None:
    """The check that decides: a failed one before one that was not made, then in the order of clause 5.3.4."""
    problems = [check for check in checks if not check.passed]
    return min(problems, key=_rank, default=None)


def _rank(check: Check) -> tuple[bool, float]:
    place: float = _PROCESS.index(CLAUSES.get(check.name))
    if check.status is Status.FAILED:
        return False, place
    # 5.5: what a certificate lacks at the proven time follows from the proof that is missing, so that comes first.
    return True, _PROCESS.index("5.2.6") - 0.5 if CLAUSES.get(check.name) == "5.5" else place
