"""Taking over the roster, the approved certificates and the trust bundle: all come signed from other sides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection, transaction

from hocba.exchange import messages
from hocba.exchange.json_codec import to_plain
from hocba.exchange.known_trust import load_bundle
from hocba.platform.audit import actions as audit
from hocba.platform.files import store
from hocba.platform.messages import actions as outbox
from hocba.signing.approvals import read_register
from hocba.transcripts.roster.models import (
    CertificateRegister,
    DeclaredCopy,
    Pupil,
    RosterCopy,
    School,
    Staff,
    TrustBundleCopy,
)

if TYPE_CHECKING:
    from datetime import datetime

__all__ = [
    "StaleRosterError",
    "WrongSchoolError",
    "declare_certificates",
    "take_over_certificates",
    "take_over_declared",
    "take_over_roster",
    "take_over_trust",
]


class StaleRosterError(Exception):
    """The roster is older than the copy at hand, or says something else under the same version."""


class WrongSchoolError(ValueError):
    """The message is about another school than the one asked for."""


@transaction.atomic
def take_over_roster(content: bytes, *, by: str, at: datetime) -> bool:
    """Make the copy say what a roster message says; False when this version was taken over before.

    Pupils who left the roster stay: their transcripts do. Raises messages.MessageError, StaleRosterError.
    """
    roster = messages.from_bytes(messages.Roster, content)
    school, year, digest = roster.school.code, roster.school_year, store.digest_of(content)
    _one_at_a_time(school)
    newest = RosterCopy.objects.filter(school_code=school, school_year=year).order_by("-version").first()
    if newest is not None and newest.version >= roster.version:
        if (newest.version, newest.digest) == (roster.version, digest):
            return False
        raise StaleRosterError(
            f"Đã có bản sao phiên bản {newest.version}, không nhận phiên bản {roster.version} của danh sách."
        )
    _write(roster)
    RosterCopy.objects.create(
        school_code=school, school_year=year, version=roster.version, digest=store.put(content), taken_at=at
    )
    audit.record(
        tag="roster:copy:taken",
        target=f"roster:{school}:{year}",
        by=by,
        at=at,
        school_code=school,
        details={"version": roster.version, "pupils": len(roster.pupils), "staff": len(roster.staff)},
    )
    return True


@transaction.atomic
def take_over_certificates(school_code: str, content: bytes, *, by: str, at: datetime) -> bool:
    """Keep the Sở's register of approved certificates; False when it says nothing new.

    Raises ValueError when it is none, WrongSchoolError.
    """
    school, _ = read_register(content)
    if school != school_code:
        raise WrongSchoolError(school)
    _one_at_a_time(school_code)
    newest = CertificateRegister.objects.filter(school_code=school_code).order_by("-id").first()
    digest = store.digest_of(content)
    if newest is not None and newest.digest == digest:
        return False
    CertificateRegister.objects.create(school_code=school_code, content=content, digest=digest, taken_at=at)
    audit.record(
        tag="roster:certificates:taken",
        target=f"register:{school_code}",
        by=by,
        at=at,
        school_code=school_code,
    )
    return True


@transaction.atomic
def take_over_declared(school_code: str, content: bytes, *, at: datetime) -> bool:
    """Keep what became of everything the school declared; False when it says nothing new.

    For people to see: nothing is signed by it. Raises messages.MessageError, WrongSchoolError.
    """
    declared = messages.from_bytes(messages.DeclaredCertificates, content)
    if declared.school != school_code:
        raise WrongSchoolError(declared.school)
    _one_at_a_time(school_code)
    newest = DeclaredCopy.objects.filter(school_code=school_code).order_by("-id").first()
    digest = store.digest_of(content)
    if newest is not None and newest.digest == digest:
        return False
    DeclaredCopy.objects.create(school_code=school_code, content=content, digest=digest, taken_at=at)
    return True


@transaction.atomic
def take_over_trust(content: bytes, *, by: str, at: datetime) -> bool:
    """Keep the Sở's authorities and revocation lists; False when they are the same.

    Raises messages.MessageError, signing.trust.TrustError.
    """
    load_bundle(content)
    _one_at_a_time("")
    newest = TrustBundleCopy.objects.order_by("-id").first()
    digest = store.digest_of(content)
    if newest is not None and newest.digest == digest:
        return False
    TrustBundleCopy.objects.create(content=content, digest=digest, taken_at=at)
    audit.record(tag="roster:trust:taken", target="trust", by=by, at=at)
    return True


@transaction.atomic
def declare_certificates(
    declaration: messages.CertificateDeclaration, *, by: str, at: datetime, handler: str = ""
) -> None:
    """Send the school's certificates to the Sở for approval (Quy chế Điều 21.8).

    `handler` is who wants to hear the answer (`delivery.on_answer`); it gets the school and the version.
    """
    audit.record(
        tag="roster:certificates:declared",
        target=f"school:{declaration.school}",
        by=by,
        at=at,
        school_code=declaration.school,
        details={"certificates": len(declaration.certificates), "version": declaration.version},
    )
    outbox.enqueue(
        recipient="city",
        method="PUT",
        path=f"/exchange/v1/schools/{declaration.school}/certificates",
        body=messages.to_bytes(declaration),
        content_type="application/json",
        stream=f"certificates:{declaration.school}",
        at=at,
        school_code=declaration.school,
        handler=handler,
        context={"school_code": declaration.school, "version": declaration.version},
    )


def _one_at_a_time(name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 31))", [name])


def _write(roster: messages.Roster) -> None:
    school = roster.school.code
    School.objects.update_or_create(school_code=school, defaults={"name": roster.school.name})
    # Of any year: transcripts of an earlier year may still wait for who taught then.
    known = Staff.objects.filter(school_code=school)
    teaching = {row.teacher for row in roster.assignments}
    teaching |= set(known.filter(teaches=True).values_list("code", flat=True))
    leading = {row.teacher for row in roster.homerooms}
    leading |= set(known.filter(leads_class=True).values_list("code", flat=True))
    Staff.objects.bulk_create(
        (
            Staff(
                school_code=school,
                code=row.member.code,
                name=row.member.name,
                post=row.member.title,
                email=row.email,
                teaches=row.member.code in teaching,
                leads_class=row.member.code in leading,
                active=row.active,
            )
            for row in roster.staff
        ),
        update_conflicts=True,
        unique_fields=["school_code", "code"],
        update_fields=["name", "post", "email", "teaches", "leads_class", "active"],
    )
    Pupil.objects.bulk_create(
        (
            Pupil(
                school_code=school,
                personal_id=row.pupil.personal_id,
                name=row.pupil.name,
                particulars=to_plain(row.pupil),
            )
            for row in roster.pupils
            # Without a number nobody is in a sealed class record, so nobody gets a transcript.
            if row.pupil.personal_id
        ),
        update_conflicts=True,
        unique_fields=["school_code", "personal_id"],
        update_fields=["name", "particulars"],
        batch_size=1000,
    )
