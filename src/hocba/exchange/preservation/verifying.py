"""The verdict over a document with its evidence: the call of `hocba verify --evidence` and of other programs.

    report = verify_with(xml, bundle_octets, trust=trust, at=now)

Without a proof the document is judged as if there were no bundle, and the report says why it did not help.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from hocba.documents.verification import Report, verify
from hocba.documents.verification.validation_policy import DEFAULT_POLICY, VerificationPolicy
from hocba.exchange.preservation import bundles
from hocba.exchange.preservation.proving import Proven, prove
from hocba.exchange.transparency import NoteKey
from hocba.signing import instants
from hocba.signing.checks import Check, Code, failed, not_checked, passed
from hocba.signing.evidence.errors import EvidenceError
from hocba.signing.evidence.policy import AlgorithmPolicy
from hocba.signing.trust import TrustMaterial

NAME = "time_evidence"
LOGGED = "log_inclusion"


def verify_with(
    data: bytes,
    bundle: bytes,
    *,
    trust: TrustMaterial,
    at: datetime,
    algorithms: AlgorithmPolicy | None = None,
    policy: VerificationPolicy = DEFAULT_POLICY,
    log_keys: Collection[NoteKey] = (),
) -> Report:
    """The report about one file, judged at the time its evidence proves; never raises for a bad file.

    `log_keys` are the logs that are believed (see `prove`): with one, the report says where the document stands in it.
    `algorithms` says until when the digests of evidence count, `policy` what is asked of the document itself.
    """
    try:
        proven = prove(data, bundles.read(bundle), trust=trust, at=at, policy=algorithms, log_keys=log_keys)
    except EvidenceError as error:
        report = verify(data, trust=trust, at=at, policy=policy)
        return report if report.kind is None else report.with_check(_refused(error))
    report = verify(
        data,
        trust=proven.trust,
        at=at,
        existed_at=proven.existed_at,
        proven_by=proven.sentence,
        policy=policy,
    )
    if report.kind is None:
        return report
    report = report.with_check(_order(report, proven, policy))
    if proven.logged:
        report = report.with_check(passed(LOGGED, proven.logged))
    return replace(report, notes=(*report.notes, *proven.notes))


def _refused(error: EvidenceError) -> Check:
    """Evidence that proves nothing is no fault of the document (ETSI EN 319 102-1 5.5: no proof of existence)."""
    return not_checked(NAME, error.code, error.sentence)


def _order(report: Report, proven: Proven, policy: VerificationPolicy) -> Check:
    """Nobody signs after the moment at which the signature is proven to exist."""
    latest = proven.existed_at + policy.clock_tolerance
    for signature in report.signatures:
        if signature.signed_at is not None and signature.signed_at > latest:
            return failed(
                NAME,
                Code.TIMESTAMP_ORDER_FAILURE,
                f"Thời điểm ký mà {signature.signer} ghi là sau thời điểm mà bằng chứng cho thấy tệp đã có.",
            )
    return passed(NAME, f"Tệp đã có từ trước {instants.moment(proven.existed_at)}, theo {proven.sentence}.")
