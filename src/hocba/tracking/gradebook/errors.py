"""What can stand in the way of an entry; every message can be shown to a teacher."""

from __future__ import annotations


class GradebookError(Exception):
    """Base of all refusals of the gradebook."""


class ClosedError(GradebookError):
    """The sheet is part of a class record that is being signed or was signed."""


class UnknownPlaceError(GradebookError):
    """No such class, subject or pupil in the roster; the message lists every one."""


class NotAllowedError(GradebookError):
    """The person may not enter or read this; the message says why."""


class BadMarkError(GradebookError):
    """A value is no mark or level of the kind the subject has; the message lists every one."""
