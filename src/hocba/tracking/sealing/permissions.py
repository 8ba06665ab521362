"""Who may see the signed files and the differences found; both hold values of pupils."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocba.tracking.gradebook.errors import NotAllowedError
from hocba.tracking.roles import Permission
from hocba.tracking.sealing.workflow import Kind

if TYPE_CHECKING:
    from hocba.platform.accounts.actor import Actor
    from hocba.tracking.roster import queries as roster
    from hocba.tracking.sealing.models import Document


def check_can_read_file(actor: Actor, reach: roster.Reach, document: Document) -> None:
    """Raise NotAllowedError unless the actor may have the document's file.

    The whole school's: leadership and academic office; the year's: the clerk, who issues it; a class's: its
    homeroom teacher; a sheet: who teaches it.
    """
    if actor.may(Permission.FILES_READ_SCHOOL):
        return
    if actor.may(Permission.FILES_READ_YEAR) and document.kind == Kind.YEAR:
        return
    if actor.may(Permission.FILES_READ_OWN) and _is_own(reach, document):
        return
    raise NotAllowedError("Bạn không được xem tệp của sổ này.")


def can_read_file(actor: Actor, reach: roster.Reach, document: Document) -> bool:
    """Whether `check_can_read_file` lets the actor in."""
    try:
        check_can_read_file(actor, reach, document)
    except NotAllowedError:
        return False
    return True


def _is_own(reach: roster.Reach, document: Document) -> bool:
    if document.class_name in reach.led:
        return True
    mine = {(cell.class_name, cell.subject_code) for cell in reach.taught}
    return document.kind == Kind.SUBJECT and (document.class_name, document.subject_code) in mine
