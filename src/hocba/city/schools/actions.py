"""Declaring, approving, refusing and revoking certificates; loading trusted authorities."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.db import transaction

from hocba.city.schools import queries, workflow
from hocba.city.schools.declarations import Declared, read_declaration
from hocba.city.schools.errors import (
    DeclarationError,
    EmptyTrustFolderError,
    NothingToEndError,
    OutdatedDeclarationError,
    RevokedByAuthorityError,
    SchoolsError,
    TrustListRefusedError,
)
from hocba.city.schools.loading import keep_fetched, load_trust, load_trust_list
from hocba.city.schools.models import CertificateEvent, DeclaredCertificate, School
from hocba.city.schools.revocations import notice_revocations, revoked_at_of
from hocba.city.schools.versions import announce
from hocba.exchange import messages
from hocba.platform.audit import actions as audit
from hocba.signing import certificates, instants

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

__all__ = [
    "DeclarationError",
    "EmptyTrustFolderError",
    "NothingToEndError",
    "OutdatedDeclarationError",
    "RevokedByAuthorityError",
    "SchoolsError",
    "TrustListRefusedError",
    "approve",
    "declare",
    "end_duty",
    "end_duty_of",
    "keep_fetched",
    "load_trust",
    "load_trust_list",
    "notice_revocations",
    "refuse",
    "revoke",
]


@transaction.atomic
def declare(declaration: messages.CertificateDeclaration, *, by: str, at: datetime) -> int:
    """Take over what a school declares (Quy chế Điều 21.8); how many certificates are new.

    Raises OutdatedDeclarationError and DeclarationError; the same declaration again changes nothing.
    """
    digest = hashlib.sha256(messages.to_bytes(declaration)).hexdigest()
    school = School.objects.select_for_update().filter(school_code=declaration.school).first()
    if school is not None and _is_known(school, declaration.version, digest):
        return 0
    declared = read_declaration(declaration)
    School.objects.update_or_create(
        school_code=declaration.school,
        defaults={
            "name": declaration.school_name,
            "declaration_version": declaration.version,
            "declaration_digest": digest,
        },
    )
    fresh = _not_yet_known(declaration.school, declared)
    rows = DeclaredCertificate.objects.bulk_create(
        DeclaredCertificate(
            school_code=declaration.school,
            sha256=item.sha256,
            der=item.der,
            holder=item.holder,
            name=item.name,
            kind=item.kind,
            positions=list(item.positions),
            valid_until=item.valid_until,
            status=workflow.Status.DECLARED,
            declared_at=at,
            follows=_renewed_by(declaration.school, item),
        )
        for item in fresh
    )
    _remember(rows, workflow.Status.DECLARED, by=by, at=at)
    return len(rows)


@transaction.atomic
def approve(*, certificate_ids: Iterable[int], by: str, at: datetime) -> int:
    """Approve declared certificates; how many were. Raises workflow.TransitionError, RevokedByAuthorityError."""
    rows = _locked(certificate_ids, workflow.Status.APPROVED)
    revoked = [row for row in rows if revoked_at_of(certificates.load(bytes(row.der)), at=at) is not None]
    if revoked:
        names = ", ".join(f"{row.name} ({row.holder})" for row in revoked)
        raise RevokedByAuthorityError(f"nơi cấp đã thu hồi chứng thư số của {names}")
    for row in rows:
        row.status, row.approved_at, row.approved_by = workflow.Status.APPROVED, at, by
    DeclaredCertificate.objects.bulk_update(rows, ["status", "approved_at", "approved_by"])
    _remember(rows, workflow.Status.APPROVED, by=by, at=at)
    return len(rows)


@transaction.atomic
def refuse(*, certificate_ids: Iterable[int], by: str, at: datetime, reason: str) -> int:
    """Refuse declared certificates; the school may declare them again."""
    rows = _locked(certificate_ids, workflow.Status.REFUSED)
    for row in rows:
        row.status = workflow.Status.REFUSED
    DeclaredCertificate.objects.bulk_update(rows, ["status"])
    _remember(rows, workflow.Status.REFUSED, by=by, at=at, reason=reason)
    return len(rows)


@transaction.atomic
def revoke(*, certificate_ids: Iterable[int], by: str, at: datetime, reason: str) -> int:
    """Withdraw approvals from now on; what the register accepted before stays valid (decision 0007).

    Also one that ends with a day that lies ahead. Raises workflow.TransitionError for one that has ended.
    """
    return _end(certificate_ids, at, by=by, at=at, reason=reason)


@transaction.atomic
def end_duty(
    *, certificate_ids: Iterable[int], leaves_at: datetime, by: str, at: datetime, reason: str
) -> int:
    """End approvals with somebody's last day (Quy chế Điều 16.2): from `leaves_at` on nobody signs with them.

    Handing over a token is recorded as that and no more: whoever receives it may not sign with it (Điều 7.3). The
    day may lie ahead, then the approval holds until it, or behind, then what was signed since fails. It may be
    brought forward, and never put off: that takes a new approval. Raises workflow.TransitionError.
    """
    return _end(certificate_ids, leaves_at, by=by, at=at, reason=reason)


@transaction.atomic
def end_duty_of(ending: messages.DutyEnding, *, by: str, at: datetime) -> int:
    """End every approval of somebody who leaves, and refuse what still waits for one; how many approvals ended.

    The same again changes nothing; a day that changes nothing for another reason raises NothingToEndError, so that
    no school believes that somebody stays longer, or leaves, when the register says otherwise.
    """
    rows = DeclaredCertificate.objects.select_for_update().filter(
        school_code=ending.school, holder=ending.holder, kind="person"
    )
    minutes = f", biên bản số {ending.record}" if ending.record else ""
    reason = "Thôi làm việc tại trường" + (f"; đã bàn giao thiết bị{minutes}" if ending.handed_over else "")
    waiting = [row.pk for row in rows if row.status == workflow.Status.DECLARED]
    if waiting:
        refuse(certificate_ids=waiting, by=by, at=at, reason=reason)
    longer = [row.pk for row in rows if _lasts_beyond(row, ending.ends_at)]
    remembered = not longer and _remember_leaving(rows, by=by, at=at, reason=reason)
    if not (longer or waiting or remembered or any(row.revoked_at == ending.ends_at for row in rows)):
        raise NothingToEndError(_why_nothing_ends([row.revoked_at for row in rows if row.revoked_at]))
    return end_duty(certificate_ids=longer, leaves_at=ending.ends_at, by=by, at=at, reason=reason)


def _end(certificate_ids: Iterable[int], ends_at: datetime, *, by: str, at: datetime, reason: str) -> int:
    rows = _locked(certificate_ids, workflow.Status.REVOKED)
    for row in rows:
        if row.revoked_at is not None and row.revoked_at <= ends_at:
            raise workflow.TransitionError(f"đã rút phê duyệt từ {instants.moment(row.revoked_at)}")
        row.status, row.revoked_at, row.revoked_by = workflow.Status.REVOKED, ends_at, by
    DeclaredCertificate.objects.bulk_update(rows, ["status", "revoked_at", "revoked_by"])
    _remember(rows, workflow.Status.REVOKED, by=by, at=at, reason=reason)
    return len(rows)


def _lasts_beyond(row: DeclaredCertificate, moment: datetime) -> bool:
    """Whether an approval, already to be withdrawn or not, ends later than that."""
    approved = row.status in {workflow.Status.APPROVED, workflow.Status.REVOKED}
    return approved and (row.revoked_at is None or row.revoked_at > moment)


def _why_nothing_ends(ends: list[datetime]) -> str:
    if not ends:
        return "Người này không có chứng thư số nào được phê duyệt hay chờ phê duyệt."
    return f"Mọi phê duyệt của người này đã kết thúc từ {instants.moment(max(ends))}; không lùi lại được."


def _remember_leaving(rows: Iterable[DeclaredCertificate], *, by: str, at: datetime, reason: str) -> bool:
    """Write it into the history of who was withdrawn before: nothing ends any more, but nobody waits for a new one.

    False for who was never approved, or is known to have left.
    """
    withdrawn = [row for row in rows if row.revoked_at is not None]
    last = max(withdrawn, key=lambda row: row.revoked_at or at, default=None)
    if last is None or queries.leaving_of(last) in queries.list_leavings(school_code=last.school_code):
        return False
    CertificateEvent.objects.create(
        certificate=last, status=workflow.Status.REVOKED, by=by, at=at, reason=reason
    )
    audit.record(
        tag="schools:certificate:holder_left",
        target=f"certificate:{last.sha256}",
        by=by,
        at=at,
        school_code=last.school_code,
        details={"reason": reason},
    )
    return True


def _is_known(school: School, version: int, digest: str) -> bool:
    if (school.declaration_version, school.declaration_digest) == (version, digest):
        return True
    if version <= school.declaration_version:
        raise OutdatedDeclarationError(f"đã có bản khai báo phiên bản {school.declaration_version}")
    return False


def _not_yet_known(school_code: str, declared: list[Declared]) -> list[Declared]:
    active = DeclaredCertificate.objects.filter(
        school_code=school_code, status__in=[workflow.Status.DECLARED, workflow.Status.APPROVED]
    )
    known = set(active.values_list("sha256", "holder"))
    return [item for item in declared if (item.sha256, item.holder) not in known]


def _renewed_by(school_code: str, item: Declared) -> DeclaredCertificate | None:
    """The newest certificate of the same holder that the new one renews: it must name the same person or school."""
    number = certificates.subject_number(certificates.load(item.der))
    earlier: Iterable[DeclaredCertificate] = DeclaredCertificate.objects.filter(
        school_code=school_code,
        holder=item.holder,
        kind=item.kind,
        status__in=[workflow.Status.APPROVED, workflow.Status.REVOKED],
    ).order_by("-valid_until", "-id")
    for row in earlier:
        same = certificates.subject_number(certificates.load(bytes(row.der))) == number
        if row.sha256 != item.sha256 and number is not None and same:
            return row
    return None


def _locked(certificate_ids: Iterable[int], wanted: workflow.Status) -> list[DeclaredCertificate]:
    rows = list(
        DeclaredCertificate.objects.select_for_update().filter(pk__in=list(certificate_ids)).order_by("pk")
    )
    for row in rows:
        workflow.check(workflow.Status(row.status), wanted)
    return rows


def _remember(
    rows: list[DeclaredCertificate], status: workflow.Status, *, by: str, at: datetime, reason: str = ""
) -> None:
    CertificateEvent.objects.bulk_create(
        CertificateEvent(certificate=row, status=status, by=by, at=at, reason=reason) for row in rows
    )
    for school_code in sorted({row.school_code for row in rows}):
        changes_register = status in {workflow.Status.APPROVED, workflow.Status.REVOKED}
        announce("approvals" if changes_register else "declarations", school_code, at=at)
        audit.record_all(
            targets=[f"certificate:{row.sha256}" for row in rows if row.school_code == school_code],
            tag=workflow.TAGS[status],
            by=by,
            at=at,
            school_code=school_code,
            details={"reason": reason} if reason else None,
        )
