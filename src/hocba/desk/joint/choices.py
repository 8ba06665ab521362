"""Which of a person's tasks the first page offers to sign as one list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hocba.desk.ports import Task


def choices_of(tasks: Sequence[Task], address: Callable[[str], str]) -> list[dict[str, Any]]:
    """The tasks for the template, those together that one certificate signs in one school year.

    `address` gives the page of a task by its name.
    """
    found: dict[tuple[str, str], list[Task]] = {}
    for task in tasks:
        found.setdefault((task.school_year, task.holder), []).append(task)
    return [
        {
            "title": f"Năm học {year}"
            + (", con dấu của nhà trường" if holder == some[0].school_code else ""),
            "tasks": [{"task": each, "address": address(each.id)} for each in some],
            "may_choose": sum(each.ready for each in some) > 1,
        }
        for (year, holder), some in found.items()
    ]
