"""Steps 7 and 8 of every verification: the signers one by one, and the rules over all of them.

ETSI EN 319 102-1 clause 5.3 (basic signatures) up to its end; with `existed_at` clause 5.5, in which the best signature
time is the proven moment. The rules over all signatures come from the Quy chế (Điều 12.5 to 12.7).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocba.documents.verification import algorithms_in_time, signers
from hocba.documents.verification.report import SignatureReport, gathered
from hocba.documents.verification.signers import Case, Signed
from hocba.documents.verification.validation_policy import DEFAULT_POLICY, VerificationPolicy
from hocba.signing import certificates

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from hocba.documents.verification.policies import AllOf
    from hocba.documents.verification.signers import Duty
    from hocba.signing.checks import Check
    from hocba.signing.trust import TrustMaterial

SIGNATURE_CHECKS = (
    "signature_profile",
    "integrity",
    "signer_name",
    "assigned_signer",
    "signing_time",
    algorithms_in_time.NAME,
    "certificate_validity",
    "key_usage",
    "certificate_chain",
    "revocation",
    "approved_certificate",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What the signers are judged by: trust, the moment of judging, a proven moment of existence if any.

    `proven_by` says to people what proves `existed_at`.
    """

    trust: TrustMaterial
    at: datetime
    existed_at: datetime | None = None
    proven_by: str = ""
    policy: VerificationPolicy = DEFAULT_POLICY


@dataclass(frozen=True, slots=True, kw_only=True)
class Signers:
    """One report per signature, in the file's order, and the checks over all of them."""

    reports: tuple[SignatureReport, ...]
    checks: tuple[Check, ...]


def judge(
    found: Sequence[Signed],
    duties: tuple[Duty, ...],
    question: Question,
    *,
    school: str,
    policies: AllOf,
    structure: Check | None,
) -> Signers:
    """Judge every signature found against the duties; without signed values there are none, and it shows."""
    signed = signers.assign(found, duties, trust=question.trust, school=school)
    case = Case(
        duties=duties,
        signed=signed,
        school=school,
        trust=question.trust,
        at=question.at,
        existed_at=question.existed_at,
        policy=question.policy,
    )
    reports = tuple(_report(item, case, structure, question) for item in signed)
    checks = (*gathered(_names(reports, question.policy), reports), *policies.checks(case))
    return Signers(reports=reports, checks=checks)


def _names(reports: Sequence[SignatureReport], policy: VerificationPolicy) -> tuple[str, ...]:
    """The checks to gather; approval is none of them where the policy asks for none and nobody made it."""
    made = {check.name for report in reports for check in report.checks}
    return tuple(
        name
        for name in SIGNATURE_CHECKS
        if policy.approval_required or name != "approved_certificate" or name in made
    )


def _report(item: Signed, case: Case, structure: Check | None, question: Question) -> SignatureReport:
    certificate = item.certificate
    return SignatureReport(
        signer="" if certificate is None else certificates.common_name(certificate),
        role=item.role,
        covers=_covers(item),
        signed_at=item.signed_at,
        checks=signers.judge(item, case),
        certificate=certificate,
        structure=structure,
        chain=item.chain,
        question=question,
    )


def _covers(item: Signed) -> tuple[str, ...]:
    """What it covers in words; nothing when the signature itself is wrong, since then it covers nothing."""
    good = all(check.passed for check in item.checks)
    return item.duty.covers if good and item.duty is not None else ()
