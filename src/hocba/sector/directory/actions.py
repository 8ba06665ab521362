"""Taking over schools and staff."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from hocba.platform.audit import actions as audit
from hocba.sector.directory.merging import Outcome, merge
from hocba.sector.directory.models import School, Staff

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from hocba.documents.workbooks import values


_LEVELS = ("TH", "THCS", "THPT")


@transaction.atomic
def import_school(school: values.School, *, level: str, by: str, at: datetime) -> bool:
    """Take over the school's name and level; True when that is news.

    A known school keeps its level and adds what it did not have: a first class of grade 10 makes THCS a THCS-THPT.
    """
    stated = {"name": school.name, "level": level}
    row, created = School.objects.get_or_create(school_code=school.code, defaults=stated)
    wider = _with_level(row.level, level)
    if not created and (row.name, row.level) == (school.name, wider):
        return False
    row.name, row.level = school.name, wider
    row.save(update_fields=["name", "level"])
    audit.record(
        tag="directory:school:imported", target=f"school:{school.code}", by=by, at=at, school_code=school.code
    )
    return True


def _with_level(known: str, stated: str) -> str:
    """The levels of both, as documents write them; continuing education (GDTX) is one of its own."""
    both = {*known.split("-"), *stated.split("-")}
    if not both <= set(_LEVELS):
        return known
    return "-".join(level for level in _LEVELS if level in both)


@transaction.atomic
def import_staff(
    school_code: str, staff: Sequence[values.StaffRow], *, by: str, at: datetime
) -> Outcome[str]:
    """Take over the list of staff; people who are not on it stay."""
    stated = {
        row.code: {
            "name": row.name,
            "email": row.email,
            "birth_date": row.birth_date or "",
            "sex": row.sex or "",
            "personal_id": row.personal_id or "",
            "status": row.status,
            "position": row.position,
            "post": row.post,
            "subject_code": row.subject_code or "",
        }
        for row in staff
    }
    outcome = merge(Staff.objects.all(), key="code", stated=stated, common={"school_code": school_code})
    audit.record_all(
        targets=[f"staff:{school_code}:{code}" for code in outcome.touched],
        tag="directory:staff:imported",
        by=by,
        at=at,
        school_code=school_code,
    )
    return outcome
