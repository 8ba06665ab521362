"""What can go wrong with versions of transcripts."""

from __future__ import annotations


class RecordsError(Exception):
    """Base of the errors of this app."""


class AlreadyCompiledError(RecordsError):
    """The class has transcripts from another class record; replacing them is another procedure (R71)."""


class ParticularsError(RecordsError):
    """The roster copy lacks pupils of the class record, or knows them under another name."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems
