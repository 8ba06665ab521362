"""What apps above this one do when a year is sealed, in the same transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from hocba.tracking.sealing.models import Document

    Listener = Callable[[Document, datetime], None]

_listeners: list[Listener] = []


def on_sealed(listener: Listener) -> Listener:
    """Register what is called with the sealed year document and the time of sealing."""
    if listener not in _listeners:
        _listeners.append(listener)
    return listener


def sealed(document: Document, at: datetime) -> None:
    """Tell everybody; an error of a listener undoes the sealing."""
    for listener in _listeners:
        listener(document, at)
