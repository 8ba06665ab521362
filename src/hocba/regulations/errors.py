"""What can be wrong with an input of the regulations: every problem at once, in Vietnamese."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable


class Problem(NamedTuple):
    """One thing wrong: `path` names the place ("subjects[0].terms[1].final"), `message` is Vietnamese."""

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message


class InputError(ValueError):
    """The input cannot be evaluated; `problems` holds everything that is wrong with it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(" ".join(str(problem) for problem in self.problems))


class UnknownSubjectError(LookupError):
    """No subject of that code at that level in the curriculum of that school year."""
