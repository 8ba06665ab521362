"""Reading the roster copy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hocba.documents.people import Pupil as PupilValue
from hocba.documents.people import Relative, Sex
from hocba.exchange import posts
from hocba.platform.tenancy import statements
from hocba.transcripts.roster.models import (
    CertificateRegister,
    DeclaredCopy,
    Pupil,
    School,
    Staff,
    TrustBundleCopy,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

_NEWEST = """
select coalesce((select max(id) from transcripts_roster_trustbundlecopy), 0),
       coalesce((select max(id) from transcripts_roster_certificateregister where school_code = %t), 0)
"""


def name_of_school(school_code: str) -> str:
    """The school's name, or its code when no roster was copied yet."""
    found: str | None = School.objects.filter(school_code=school_code).values_list("name", flat=True).first()
    return found or school_code


def list_staff(school_code: str) -> QuerySet[Staff]:
    """Staff of a school, by code."""
    rows: QuerySet[Staff] = Staff.objects.filter(school_code=school_code).order_by("code")
    return rows


def list_leaders(school_code: str) -> list[Staff]:
    """Who may sign in the name of the school: its principal, then its deputies."""
    rows = list_staff(school_code).filter(active=True, post__in=posts.LEADERS)
    return sorted(rows, key=lambda row: posts.LEADERS.index(row.post))


def particulars_of(school_code: str, personal_ids: Iterable[str]) -> dict[str, PupilValue]:
    """Particulars of pupils as documents name them, by personal ID; unknown ones are left out."""
    rows = Pupil.objects.filter(school_code=school_code, personal_id__in=list(personal_ids))
    return {row.personal_id: _pupil(row.particulars) for row in rows}


def newest_register(school_code: str) -> tuple[int, str]:
    """Row id and digest of the newest register of approved certificates; (0, "") when there is none."""
    found = (
        CertificateRegister.objects.filter(school_code=school_code)
        .order_by("-id")
        .values_list("id", "digest")
        .first()
    )
    return found or (0, "")


def register_content(pk: int) -> bytes:
    """A copy of a register."""
    return bytes(CertificateRegister.objects.values_list("content", flat=True).get(pk=pk))


def newest_declared(school_code: str) -> bytes:
    """What became of everything a school declared, as the Sở said last; empty when it never did."""
    rows = DeclaredCopy.objects.filter(school_code=school_code).order_by("-id")
    found = rows.values_list("content", flat=True).first()
    return b"" if found is None else bytes(found)


def schools_here() -> list[str]:
    """Codes of the schools whose people, or register of approved certificates, were copied once."""
    codes = CertificateRegister.objects.order_by().values_list("school_code", flat=True)
    return sorted(codes.union(School.objects.order_by().values_list("school_code", flat=True)))


def newest_copies(school_code: str) -> tuple[int, int]:
    """Row ids of the newest trust bundle and of the school's newest register; 0 where there is none."""
    ((bundle, register),) = statements.fetch(_NEWEST, [school_code])
    return bundle, register


def bundle_content(pk: int) -> bytes:
    """A copy of a trust bundle."""
    return bytes(TrustBundleCopy.objects.values_list("content", flat=True).get(pk=pk))


def _pupil(plain: dict[str, Any]) -> PupilValue:
    values = dict(plain)
    for who in ("father", "mother", "guardian"):
        values[who] = Relative(**values[who]) if values.get(who) else None
    return PupilValue(**{**values, "sex": Sex(values["sex"])})
