"""When an entry is possible, and who may read what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocba.tracking.gradebook.errors import ClosedError, NotAllowedError
from hocba.tracking.roles import Permission

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hocba.platform.accounts.actor import Actor
    from hocba.tracking.gradebook.models import Sheet
    from hocba.tracking.roster import queries as roster


def check_can_enter(sheets: Iterable[Sheet]) -> None:
    """Raise ClosedError when any of the sheets is part of a class record being signed or already signed."""
    closed = [str(sheet) for sheet in sheets if sheet.closed_at is not None]
    if closed:
        raise ClosedError(
            "Sổ đang được ký hoặc đã ký nên không nhập, sửa được: "
            f"{'; '.join(closed)}. Muốn sửa, giáo viên đề nghị và lãnh đạo nhà trường cho phép (Điều 11.3)."
        )


def check_can_read_class(actor: Actor, reach: roster.Reach, class_name: str) -> None:
    """Raise NotAllowedError unless the actor may read the results of all subjects of a class."""
    if actor.may(Permission.RESULTS_READ_SCHOOL):
        return
    if not (actor.may(Permission.RESULTS_READ_CLASS) and class_name in reach.led):
        raise NotAllowedError(f"Bạn không chủ nhiệm lớp {class_name} nên không xem được kết quả cả lớp.")


def check_can_read_sheet(actor: Actor, reach: roster.Reach, class_name: str, subject_code: str) -> None:
    """Raise NotAllowedError unless the actor may read the marks of one subject of a class."""
    if can_read_class(actor, reach, class_name):
        return
    mine = {(cell.class_name, cell.subject_code) for cell in reach.taught}
    if actor.may(Permission.RESULTS_READ_OWN) and (class_name, subject_code) in mine:
        return
    if actor.may(Permission.RESULTS_READ_SUBJECT) and subject_code in {code for _, code in mine}:
        return
    raise NotAllowedError("Bạn không được phân công môn học này của lớp nên không xem được điểm.")


def can_read_class(actor: Actor, reach: roster.Reach, class_name: str) -> bool:
    """Whether `check_can_read_class` lets the actor in."""
    try:
        check_can_read_class(actor, reach, class_name)
    except NotAllowedError:
        return False
    return True


def can_read_sheet(actor: Actor, reach: roster.Reach, class_name: str, subject_code: str) -> bool:
    """Whether `check_can_read_sheet` lets the actor in."""
    try:
        check_can_read_sheet(actor, reach, class_name, subject_code)
    except NotAllowedError:
        return False
    return True
