"""What must hold among all pupils and staff: no code and no personal ID twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hocba.documents.workbooks.problems import Problems
    from hocba.documents.workbooks.values import PupilRow, StaffRow


def check_staff(staff: Sequence[StaffRow], headers: Mapping[str, str], problems: Problems) -> None:
    """Report repeated staff codes and personal IDs, at the later row."""
    _check_repeated(staff, headers, problems)


def check_pupils(
    pupils: Sequence[PupilRow], staff: Iterable[StaffRow], headers: Mapping[str, str], problems: Problems
) -> None:
    """Report repeated pupil codes and personal IDs, and pupils with the personal ID of a member of staff."""
    _check_repeated(pupils, headers, problems)
    of_staff = {member.personal_id: member for member in staff if member.personal_id}
    for pupil in pupils:
        if pupil.personal_id in of_staff:
            problems.add(
                "personal_id_of_staff",
                pupil.source,
                column=headers.get("personal_id"),
                value=pupil.personal_id,
                name=of_staff[pupil.personal_id].name,
            )


def _check_repeated(
    people: Sequence[PupilRow] | Sequence[StaffRow], headers: Mapping[str, str], problems: Problems
) -> None:
    codes: dict[str, PupilRow | StaffRow] = {}
    numbers: dict[str, PupilRow | StaffRow] = {}
    for person in people:
        for kind, field, value, seen in (
            ("code_duplicate", "code", person.code, codes),
            ("personal_id_duplicate", "personal_id", person.personal_id, numbers),
        ):
            if not value:
                continue
            first = seen.setdefault(value, person)
            if first is not person:
                problems.add(
                    kind,
                    person.source,
                    column=headers.get(field),
                    value=value,
                    name=first.name,
                    row=first.source.row,
                )
