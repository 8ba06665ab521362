"""What can go wrong between a value and its XML."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class UnwritableValue(ValueError):
    """The value cannot become a document; `problems` lists all of them, in Vietnamese with their place."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("Không ghi được tài liệu: " + "; ".join(self.problems))


class UnreadableDocument(ValueError):
    """The octets are not what this software writes for any value; the message is Vietnamese."""
