"""Why a class record was not taken in."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hocba.exchange.problems import ProblemItem


class IntakeError(Exception):
    """Base of the errors of this app."""


class RefusedError(IntakeError):
    """The class record is not acceptable; `items` is everything that is wrong with it."""

    def __init__(self, items: Sequence[ProblemItem]) -> None:
        super().__init__("; ".join(item.detail for item in items))
        self.items = tuple(items)


class AlreadyDifferentError(IntakeError):
    """Another class record is there under the same id and version, or for the same class."""
