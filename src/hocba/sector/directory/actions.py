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


@transaction.atomic
def import_school(school: values.School, *, level: str, by: str, at: datetime) -> bool:
    """Take over the school's name; True when that is news. `level` is for a new one; a known one keeps its own."""
    stated = {"name": school.name, "level": level}
    row, created = School.objects.get_or_create(school_code=school.code, defaults=stated)
    if not created and row.name == school.name:
        return False
    row.name = school.name
    row.save(update_fields=["name"])
    audit.record(
        tag="directory:school:imported", target=f"school:{school.code}", by=by, at=at, school_code=school.code
    )
    return True


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
