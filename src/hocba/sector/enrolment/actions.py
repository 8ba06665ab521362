"""Taking over pupils and their classes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.db import transaction

from hocba.platform.audit import actions as audit
from hocba.sector.directory.merging import Outcome, merge
from hocba.sector.enrolment.models import ClassGroup, Enrolment, FormerPersonalId, Pupil

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from hocba.documents.people import Relative
    from hocba.documents.workbooks import values

_GRADE = re.compile(r"\s*(\d{1,2})")


class ClassNameError(ValueError):
    """A class name does not begin with its grade."""


@transaction.atomic
def import_classes(school_code: str, school_year: str, names: Iterable[str]) -> Outcome[str]:
    """Make the classes that do not exist yet. Raises ClassNameError for a name without a grade."""
    stated = {name: {"grade": grade_of(name)} for name in sorted(set(names))}
    common = {"school_code": school_code, "school_year": school_year}
    return merge(ClassGroup.objects.all(), key="name", stated=stated, common=common)


@transaction.atomic
def import_pupils(
    school_code: str,
    school_year: str,
    pupils: Sequence[values.PupilRow],
    *,
    electives: Mapping[str, Sequence[str]],
    by: str,
    at: datetime,
) -> Outcome[str]:
    """Take over particulars, classes and chosen subjects (`electives`, by pupil code). The classes must exist.

    Pupils who are not on the list stay, and so do the choices of pupils who are not among `electives`.
    """
    stated = {row.code: _particulars(row) for row in pupils}
    _keep_former_numbers(school_code, stated, by=by, at=at)
    outcome = merge(Pupil.objects.all(), key="code", stated=stated, common={"school_code": school_code})
    moved = _enrol(school_code, school_year, pupils, electives)
    touched = sorted({*outcome.touched, *moved})
    audit.record_all(
        targets=[f"pupil:{school_code}:{code}" for code in touched],
        tag="enrolment:pupil:imported",
        by=by,
        at=at,
        school_code=school_code,
    )
    new = set(outcome.created)
    return Outcome(created=outcome.created, changed=tuple(code for code in touched if code not in new))


def _keep_former_numbers(
    school_code: str, stated: Mapping[str, Mapping[str, str]], *, by: str, at: datetime
) -> None:
    """Write down the personal IDs that are about to be replaced: numbers are cancelled and established anew."""
    known = Pupil.objects.select_for_update().filter(school_code=school_code, code__in=stated.keys())
    former = [
        FormerPersonalId(
            school_code=school_code,
            pupil=pupil,
            personal_id=pupil.personal_id,
            replaced_by=stated[pupil.code]["personal_id"],
            by=by,
            replaced_at=at,
        )
        for pupil in known.order_by("id")
        if pupil.personal_id and pupil.personal_id != stated[pupil.code]["personal_id"]
    ]
    FormerPersonalId.objects.bulk_create(former)
    audit.record_all(
        targets=[f"pupil:{school_code}:{each.pupil.code}" for each in former],
        tag="enrolment:pupil:personal_id_replaced",
        by=by,
        at=at,
        school_code=school_code,
    )


def grade_of(class_name: str) -> int:
    """The grade a class name begins with: "6A1" is 6. Raises ClassNameError."""
    found = _GRADE.match(class_name)
    if found is None or not 1 <= int(found.group(1)) <= 12:
        raise ClassNameError(f"Tên lớp “{class_name}” không bắt đầu bằng khối lớp từ 1 đến 12.")
    return int(found.group(1))


def _enrol(
    school_code: str,
    school_year: str,
    pupils: Sequence[values.PupilRow],
    electives: Mapping[str, Sequence[str]],
) -> list[str]:
    pupil_ids = dict(Pupil.objects.filter(school_code=school_code).values_list("code", "id"))
    classes = dict(
        ClassGroup.objects.filter(school_code=school_code, school_year=school_year).values_list("name", "id")
    )
    stated = {
        pupil_ids[row.code]: {
            "class_group_id": classes[row.class_name],
            "status": row.status,
            "status_date": row.status_date or "",
            "attending": row.attending,
            "position": position,
            **({"electives": list(electives[row.code])} if row.code in electives else {}),
        }
        for position, row in enumerate(pupils, start=1)
    }
    common = {"school_code": school_code, "school_year": school_year}
    outcome = merge(Enrolment.objects.all(), key="pupil_id", stated=stated, common=common)
    codes = {row_id: code for code, row_id in pupil_ids.items()}
    return [codes[row_id] for row_id in outcome.touched]


def _particulars(row: values.PupilRow) -> dict[str, str]:
    return {
        "personal_id": row.personal_id or "",
        "name": row.name,
        "birth_date": row.birth_date or "",
        "sex": row.sex or "",
        "ethnic_group": row.ethnic_group,
        "nationality": row.nationality,
        "birthplace": row.birthplace,
        "residence": row.residence,
        "disability": row.disability,
        "phone": row.phone,
        **_relative("father", row.father),
        **_relative("mother", row.mother),
    }


def _relative(column: str, relative: Relative | None) -> dict[str, str]:
    return {
        f"{column}_name": relative.name if relative else "",
        f"{column}_occupation": relative.occupation if relative else "",
    }
