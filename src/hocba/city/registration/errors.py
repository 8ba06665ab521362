"""Why a document was not registered."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hocba.exchange.problems import ProblemItem


class RegistrationError(Exception):
    """Base of the errors of this app."""


class RefusedError(RegistrationError):
    """The document is not acceptable; `items` is everything that is wrong with it."""

    def __init__(self, items: Sequence[ProblemItem]) -> None:
        super().__init__("; ".join(item.detail for item in items))
        self.items = tuple(items)


class TooEarlyError(RegistrationError):
    """Nothing is wrong but that the class record has not arrived yet: send again later."""


class HeldError(RegistrationError):
    """Nothing is wrong, but no authority's word on revocation is fresh: send again later (decision 0047)."""


class AlreadyDifferentError(RegistrationError):
    """Another file is registered under the same id and version; a version never changes (R70)."""
