"""Who has to sign what, who did, and whether each signer was entitled to: the same for XML and PDF.

A document's own signed values say which signatures it needs (`Duty`). Signatures found in the file are put
against them, by the register of approved certificates where there is one, else by name.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hocba.documents.verification import algorithms_in_time
from hocba.documents.verification.validation_policy import DEFAULT_POLICY, VerificationPolicy
from hocba.signing import certificates, instants
from hocba.signing.approvals import Claim
from hocba.signing.checks import Check, Code, failed, not_checked, passed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from cryptography import x509

    from hocba.signing.trust import TrustMaterial

POSITIONS = {
    "subject_teacher": "teacher",
    "homeroom_teacher": "teacher",
    "principal": "leader",
    "seal": "seal",
}


@dataclass(frozen=True, slots=True)
class Party:
    """Who signs: staff code and name, or code and name of the school for its seal."""

    code: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """One signature a document needs: in which role, over which place, by whom; `covers` says it in words."""

    role: str
    place: str
    party: Party
    covers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """One signature found, with what is known of it alone; `duty` is the one it fulfils, if any."""

    role: str
    place: str
    certificate: x509.Certificate | None
    chain: tuple[x509.Certificate, ...] = ()
    signed_at: datetime | None
    checks: tuple[Check, ...]
    duty: Duty | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Everything the policies look at; `school` is the code in the signed values, `at` the time of judging."""

    duties: tuple[Duty, ...]
    signed: tuple[Signed, ...]
    school: str
    trust: TrustMaterial
    at: datetime
    existed_at: datetime | None = None
    policy: VerificationPolicy = DEFAULT_POLICY


def assign(
    signed: Iterable[Signed], duties: Sequence[Duty], *, trust: TrustMaterial, school: str
) -> tuple[Signed, ...]:
    """Give every signature the duty it fulfils: first by approved holder, then by name, then what is left.

    What is left is given out too, so that the report can say "in the place of A stands a signature of B".
    """
    found = list(signed)
    free = list(duties)

    def hand_out(fits: Callable[[Signed, Duty], bool]) -> None:
        for index, item in enumerate(found):
            if item.duty is not None:
                continue
            duty = next((duty for duty in free if _same_place(item, duty) and fits(item, duty)), None)
            if duty is not None:
                free.remove(duty)
                found[index] = replace(item, duty=duty)

    hand_out(lambda item, duty: duty.party.code in _holders(item, trust, school))
    hand_out(_bears_the_name)
    hand_out(lambda _item, _duty: True)
    return tuple(found)


def judge(item: Signed, case: Case) -> tuple[Check, ...]:
    """All checks of one signature: those of the signature itself, its time, its certificate, its signer.

    Clauses 5.2.2, 5.2.3 and 5.2.7 of ETSI EN 319 102-1 are behind (`item.checks`).
    """
    # 5.2.8: signature acceptance, the time that the signer claims.
    checks = (*item.checks, _signing_time(item, case))
    if item.certificate is None or item.signed_at is None:
        return checks
    return (
        *checks,
        # 5.2.8: cryptographic constraints at the best signature time.
        algorithms_in_time.check(
            item.certificate,
            case.policy,
            signed_at=item.signed_at,
            now=case.at,
            existed_at=case.existed_at,
        ),
        # 5.2.6: the certificate, with 5.2.5 for the freshness of what is known of its revocation.
        *case.trust.check_certificate(
            item.certificate,
            extra_chain=item.chain,
            at=item.signed_at,
            now=case.at,
            existed_at=case.existed_at,
        ),
        # Quy chế Điều 21.8 and 12: approved for it, and the one who has to sign here.
        *_entitlement(item, item.certificate, item.signed_at, case),
    )


def _entitlement(
    item: Signed, certificate: x509.Certificate, signed_at: datetime, case: Case
) -> tuple[Check, ...]:
    if item.duty is None:
        return _without_duty(case)
    party = item.duty.party
    claim = Claim(school=case.school, holders=frozenset({party.code}), position=POSITIONS[item.duty.role])
    approval = case.trust.check_approval(
        certificate, claim, at=signed_at, now=case.at, existed_at=case.existed_at
    )
    assigned = _assigned(certificate, item.duty)
    if approval.code is Code.APPROVAL_UNKNOWN and not case.policy.approval_required:
        return (assigned,)
    return approval, assigned


def _without_duty(case: Case) -> tuple[Check, Check]:
    if not case.duties:
        unknown = "Không đọc được nội dung đã ký nên chưa biết ai phải ký."
        return (
            not_checked("approved_certificate", Code.SIGNED_DATA_NOT_FOUND, unknown),
            not_checked("assigned_signer", Code.SIGNED_DATA_NOT_FOUND, unknown),
        )
    nobody = "Không có ai được phân công ký ở vị trí này."
    return (
        not_checked("approved_certificate", Code.SIGNED_DATA_NOT_FOUND, nobody),
        failed("assigned_signer", Code.WRONG_SIGNER, nobody),
    )


def _assigned(certificate: x509.Certificate, duty: Duty) -> Check:
    name = "assigned_signer"
    signer = certificates.common_name(certificate)
    if duty.role == "seal" and certificates.names_person(certificate):
        return failed(
            name, Code.WRONG_ROLE, f"Con dấu số phải của nhà trường; chứng thư này của cá nhân “{signer}”."
        )
    if duty.role != "seal" and certificates.names_organisation(certificate):
        return failed(
            name, Code.WRONG_ROLE, f"Phần này phải do cá nhân ký; chứng thư này của tổ chức “{signer}”."
        )
    if not certificates.same_person_name(signer, duty.party.name):
        return failed(
            name,
            Code.WRONG_SIGNER,
            f"Người phải ký là “{duty.party.name}”, chứng thư số mang tên “{signer}”.",
        )
    return passed(name, f"“{duty.party.name}” là người được ghi trong văn bản ở vị trí này.")


def _signing_time(item: Signed, case: Case) -> Check:
    name = "signing_time"
    if item.signed_at is None:
        return failed(name, Code.FORMAT_FAILURE, "Không đọc được thời điểm ký.")
    if item.signed_at > case.at + case.policy.clock_tolerance:
        return failed(
            name,
            Code.TIMESTAMP_ORDER_FAILURE,
            f"Thời điểm ký ({instants.moment(item.signed_at)}) ở sau thời điểm kiểm tra.",
        )
    return passed(name, f"Ký lúc {instants.moment(item.signed_at)}.")


def _same_place(item: Signed, duty: Duty) -> bool:
    return item.role == duty.role and item.place == duty.place


def _holders(item: Signed, trust: TrustMaterial, school: str) -> frozenset[str]:
    if item.certificate is None:
        return frozenset()
    return trust.approvals.holders(item.certificate, school)


def _bears_the_name(item: Signed, duty: Duty) -> bool:
    return item.certificate is not None and certificates.same_person_name(
        certificates.common_name(item.certificate), duty.party.name
    )
