"""Who may read whose transcripts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied

from hocba.transcripts.roles import Permission

if TYPE_CHECKING:
    from hocba.platform.accounts.actor import Actor
    from hocba.transcripts.records.models import Compilation


def can_read(actor: Actor, compilation: Compilation) -> bool:
    """Whether the actor may read the transcripts of a class: the whole school's, or the own class's."""
    if not actor.may(Permission.FILES_READ):
        return False
    if actor.may(Permission.FILES_READ_SCHOOL):
        return True
    return bool(actor.holder_code) and actor.holder_code == compilation.homeroom_code


def check_can_read(actor: Actor, compilation: Compilation) -> None:
    """Raise PermissionDenied unless `can_read`."""
    if not can_read(actor, compilation):
        raise PermissionDenied
