"""Whether a certificate may sign a task here and now: one rule for both sides, every reason at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocba.desk.channels import LIFE
from hocba.desk.errors import CertificateRefusedError
from hocba.signing import algorithms, certificates
from hocba.signing.approvals import Claim
from hocba.signing.checks import Code
from hocba.signing.errors import UnsupportedKeyError
from hocba.signing.instants import day

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from cryptography import x509

    from hocba.desk.ports import Task
    from hocba.signing.checks import Check
    from hocba.signing.trust import TrustMaterial

UNREADABLE = "Không đọc được chứng thư số gửi lên."
KEY_REFUSED = "Khoá của chứng thư số quá yếu hoặc không thuộc loại được phép dùng."


def load(content: bytes) -> x509.Certificate:
    """Read DER or PEM. Raises CertificateRefusedError, also for a key that nothing can be signed with."""
    try:
        found = certificates.load(content)
    except ValueError as error:
        raise CertificateRefusedError([UNREADABLE]) from error
    if not certificates.is_readable(found):
        raise CertificateRefusedError([UNREADABLE])
    try:
        algorithms.require_allowed(found)
    except UnsupportedKeyError as error:
        raise CertificateRefusedError([KEY_REFUSED]) from error
    return found


def check(leaf: x509.Certificate, claim: Claim, *, trust: TrustMaterial, at: datetime) -> None:
    """Issued by a trusted authority, valid, not revoked, approved for signer, school and position (Điều 21.8).

    Raises CertificateRefusedError with everything that is wrong.
    """
    problems = [said(each, leaf) for each in trust.check_signer(leaf, claim, at=at) if not each.passed]
    if problems:
        raise CertificateRefusedError(problems)


def checks(leaf: x509.Certificate, task: Task, *, trust: TrustMaterial, at: datetime) -> list[Check]:
    """Everything that is looked at for every position of a task, each finding once."""
    claims = [
        claim_of(school_code=task.school_code, holder=task.holder, position=position)
        for position in sorted(task.positions)
    ]
    return list(dict.fromkeys(each for claim in claims for each in trust.check_signer(leaf, claim, at=at)))


def said(found: Check, leaf: x509.Certificate) -> str:
    """A finding in the words of a desk: the checks speak of signatures that were made."""
    if found.code is Code.EXPIRED:
        return f"Chứng thư số đã hết hạn ({day(leaf.not_valid_after_utc)})."
    if found.code is Code.NOT_YET_VALID:
        return f"Chứng thư số chưa có hiệu lực (từ {day(leaf.not_valid_before_utc)})."
    return found.detail


def claim_of(*, school_code: str, holder: str, position: str) -> Claim:
    """What a signer claims to be."""
    return Claim(school=school_code, holders=frozenset({holder}), position=position)


def check_after_waiting(
    certificate: bytes, claim: Claim, *, opened_at: datetime, trust: Callable[[], TrustMaterial], at: datetime
) -> None:
    """A batch that waited long: the certificate must still be one to sign with when the values come.

    SigningTime says when the list was frozen; a certificate revoked since could otherwise sign into the past. Within a
    quarter of an hour the check at opening stands. Raises CertificateRefusedError.
    """
    if at - opened_at > LIFE:
        check(load(certificate), claim, trust=trust(), at=at)
