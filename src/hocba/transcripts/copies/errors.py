"""Why no copy is made; messages are Vietnamese, for the clerk."""

from __future__ import annotations


class CopyRefusedError(Exception):
    """The transcript cannot be copied now, and why."""


class BookRefusedError(Exception):
    """The years of the pupil cannot be put into one file, and why."""
