"""Why the signing desk refuses; messages are Vietnamese, for the person who signs."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


class IssuingError(Exception):
    """Base of the errors of this app."""


class NotYoursError(IssuingError):
    """The task or batch does not exist, or is another person's: the answer is the same."""


class NotReadyError(IssuingError):
    """It is not this signer's turn; the text says who comes first."""


class CertificateRefusedError(IssuingError):
    """The certificate may not sign here; `problems` are all reasons."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = tuple(problems)


class BatchOverError(IssuingError):
    """The batch was superseded or has expired: open a new one."""
