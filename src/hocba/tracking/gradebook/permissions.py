"""When an entry is possible, and who may read what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocba.tracking.gradebook.errors import ClosedError, NotAllowedError
from hocba.tracking.roles import Permission
from hocba.tracking.roster import queries as roster

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hocba.platform.accounts.actor import Actor
    from hocba.tracking.gradebook.models import Sheet


def check_can_enter(sheets: Iterable[Sheet]) -> None:
    """Raise ClosedError when any of the sheets is part of a class record being signed or already signed."""
    closed = [str(sheet) for sheet in sheets if sheet.closed_at is not None]
    if closed:
        raise ClosedError(
            "Sổ đang được ký hoặc đã ký nên không nhập, sửa được: "
            f"{'; '.join(closed)}. Muốn sửa, giáo viên đề nghị và lãnh đạo nhà trường cho phép (Điều 11.3)."
        )


def check_can_read_class(actor: Actor, school_year: str, class_name: str) -> None:
    """Raise NotAllowedError unless the actor may read the results of all subjects of a class."""
    if actor.may(Permission.RESULTS_READ_SCHOOL):
        return
    led = roster.classes_led_by(actor.school_code, school_year, actor.holder_code)
    if not (actor.may(Permission.RESULTS_READ_CLASS) and class_name in led):
        raise NotAllowedError(f"Bạn không chủ nhiệm lớp {class_name} nên không xem được kết quả cả lớp.")


def check_can_read_sheet(actor: Actor, school_year: str, cell: roster.Cell) -> None:
    """Raise NotAllowedError unless the actor may read the marks of one subject of a class."""
    if actor.may(Permission.RESULTS_READ_SCHOOL):
        return
    if actor.may(Permission.RESULTS_READ_CLASS) and cell.class_name in roster.classes_led_by(
        actor.school_code, school_year, actor.holder_code
    ):
        return
    taught = roster.cells_taught_by(actor.school_code, school_year, actor.holder_code)
    mine = any(
        (each.class_name, each.subject_code) == (cell.class_name, cell.subject_code) for each in taught
    )
    if actor.may(Permission.RESULTS_READ_OWN) and mine:
        return
    if actor.may(Permission.RESULTS_READ_SUBJECT) and cell.subject_code in {
        each.subject_code for each in taught
    }:
        return
    raise NotAllowedError("Bạn không được phân công môn học này của lớp nên không xem được điểm.")


def can_read_class(actor: Actor, school_year: str, class_name: str) -> bool:
    """Whether `check_can_read_class` lets the actor in."""
    try:
        check_can_read_class(actor, school_year, class_name)
    except NotAllowedError:
        return False
    return True


def can_read_sheet(actor: Actor, school_year: str, cell: roster.Cell) -> bool:
    """Whether `check_can_read_sheet` lets the actor in."""
    try:
        check_can_read_sheet(actor, school_year, cell)
    except NotAllowedError:
        return False
    return True
