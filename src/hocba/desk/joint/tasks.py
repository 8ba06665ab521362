"""Several tasks as one: `a,b` names the tasks a and b."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocba.desk.errors import NotReadyError
from hocba.desk.ports import Task

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SEPARATOR = ","
MOST = 100
"""Tasks in one list: more than a school has classes, and their names fit into an address."""
LONGEST_TITLE = 250
"""Letters: what signs shows the title in a small window."""


def names_of(task: str) -> list[str]:
    """The tasks that a name stands for, each once, in order. Raises NotReadyError when they are too many."""
    names = list(dict.fromkeys(task.split(SEPARATOR)))
    if len(names) > MOST:
        raise NotReadyError(f"Một lượt ký nhận nhiều nhất {MOST} việc.")
    return names


def name_of(tasks: Iterable[str]) -> str:
    """The name of several tasks together."""
    return SEPARATOR.join(tasks)


def together(tasks: Sequence[Task]) -> Task:
    """One task over several. Raises NotReadyError unless one certificate signs them all, for one school year."""
    first = tasks[0]
    if any((each.holder, each.school_year) != (first.holder, first.school_year) for each in tasks):
        raise NotReadyError(
            "Một lượt ký dùng một chứng thư số, cho một năm học: hãy ký riêng việc của bạn, việc đóng dấu của nhà "
            "trường và việc của năm học khác."
        )
    return Task(
        id=name_of(each.id for each in tasks),
        title=title_of([each.title for each in tasks]),
        slot=name_of(dict.fromkeys(each.slot for each in tasks)),
        position=first.position,
        school_code=first.school_code,
        school_year=first.school_year,
        holder=first.holder,
        documents=sum(each.documents for each in tasks),
        signatures=sum(each.signatures for each in tasks),
        waiting=sum(each.waiting for each in tasks),
        waiting_for="; ".join(each.waiting_for for each in tasks if each.waiting_for),
        unit=first.unit if all(each.unit == first.unit for each in tasks) else "văn bản",
        parts=tuple(tasks),
    )


def title_of(titles: Sequence[str]) -> str:
    """What the tasks are, as far as there is room: "3 việc: …; …; và 1 việc khác"."""
    found = f"{len(titles)} việc: "
    for place, title in enumerate(titles):
        left = f"và {len(titles) - place} việc khác"
        if len(found) + len(title) + len(left) + 4 > LONGEST_TITLE:
            return found + left
        found += title + ("" if place + 1 == len(titles) else "; ")
    return found
