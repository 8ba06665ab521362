"""Taking over the roster and the approved certificates; both come signed from other sides, never by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection, transaction

from hocba.exchange import messages
from hocba.exchange.known_trust import load_bundle
from hocba.platform.audit import actions as audit
from hocba.platform.files import store
from hocba.tracking.roster.models import (
    CertificateRegister,
    ClassGroup,
    Pupil,
    RosterCopy,
    School,
    Staff,
    Teaching,
    TrustBundleCopy,
)

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["StaleRosterError", "take_over_certificates", "take_over_roster", "take_over_trust"]


class StaleRosterError(Exception):
    """The roster is older than the copy at hand, or says something else under the same version."""


@transaction.atomic
def take_over_roster(content: bytes, *, by: str, at: datetime) -> bool:
    """Make the copy say what a roster message says; False when this version was taken over before.

    Raises messages.MessageError, StaleRosterError.
    """
    roster = messages.from_bytes(messages.Roster, content)
    school, year, digest = roster.school.code, roster.school_year, store.digest_of(content)
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 21))", [school])
    newest = RosterCopy.objects.filter(school_code=school, school_year=year).order_by("-version").first()
    if newest is not None and newest.version >= roster.version:
        if (newest.version, newest.digest) == (roster.version, digest):
            return False
        raise StaleRosterError(
            f"Đã có bản sao phiên bản {newest.version}, không nhận phiên bản {roster.version} của danh sách."
        )
    _replace(roster)
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
    """Keep the city's register of a school's approved certificates; False when it says nothing new.

    Raises messages.MessageError, also when the register is of another school.
    """
    register = messages.from_bytes(messages.ApprovedCertificates, content)
    if register.school != school_code:
        problem = messages.MessageProblem("/school", f"danh sách là của {register.school}")
        raise messages.MessageError([problem])
    digest = store.digest_of(content)
    newest = CertificateRegister.objects.filter(school_code=school_code).order_by("-id").first()
    if newest is not None and newest.digest == digest:
        return False
    CertificateRegister.objects.create(
        school_code=school_code, content=content.decode(), digest=digest, taken_at=at
    )
    audit.record(
        tag="roster:certificates:taken",
        target=f"certificates:{school_code}",
        by=by,
        at=at,
        school_code=school_code,
        details={"certificates": len(register.certificates)},
    )
    return True


@transaction.atomic
def take_over_trust(content: bytes, *, by: str, at: datetime) -> bool:
    """Keep the Sở's authorities and revocation lists; False when they are the same.

    Raises messages.MessageError, signing.trust.TrustError.
    """
    load_bundle(content)
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 21))", [""])
    newest = TrustBundleCopy.objects.order_by("-id").first()
    digest = store.digest_of(content)
    if newest is not None and newest.digest == digest:
        return False
    TrustBundleCopy.objects.create(content=content, digest=digest, taken_at=at)
    audit.record(tag="roster:trust:taken", target="trust", by=by, at=at)
    return True


def _replace(roster: messages.Roster) -> None:
    """Rows are a picture of the newest message: they are made anew, the messages themselves are all kept."""
    school, year = roster.school, roster.school_year
    School.objects.update_or_create(
        school_code=school.code,
        defaults={
            "name": school.name,
            "level": school.level,
            "ward": school.ward,
            "province": school.province,
        },
    )
    Staff.objects.filter(school_code=school.code).delete()
    for model in (ClassGroup, Pupil, Teaching):
        model.objects.filter(school_code=school.code, school_year=year).delete()
    Staff.objects.bulk_create(
        Staff(
            school_code=school.code,
            code=each.member.code,
            name=each.member.name,
            post=each.member.title,
            email=each.email,
            active=each.active,
        )
        for each in roster.staff
    )
    _replace_classes(roster)


def _replace_classes(roster: messages.Roster) -> None:
    school, year = roster.school.code, roster.school_year
    leaders = {each.class_name: each.teacher for each in roster.homerooms}
    ClassGroup.objects.bulk_create(
        ClassGroup(
            school_code=school,
            school_year=year,
            name=each.name,
            grade=each.grade,
            homeroom_code=leaders.get(each.name, ""),
        )
        for each in roster.classes
    )
    Pupil.objects.bulk_create(
        Pupil(
            school_code=school,
            school_year=year,
            class_name=each.class_name,
            position=position,
            code=each.pupil.code,
            personal_id=each.pupil.personal_id,
            name=each.pupil.name,
            electives=list(each.electives),
        )
        for position, each in enumerate(roster.pupils, start=1)
    )
    Teaching.objects.bulk_create(
        Teaching(
            school_code=school,
            school_year=year,
            class_name=each.class_name,
            subject_code=each.subject_code,
            term=each.term,
            staff_code=each.teacher,
        )
        for each in roster.assignments
    )
