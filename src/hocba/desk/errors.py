"""Why the desk refuses; messages are Vietnamese, for the person who signs."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class DeskError(Exception):
    """Base of all refusals."""


class NotYoursError(DeskError):
    """The task, batch or item does not exist, or is another person's: the answer is the same."""

    def __init__(
        self, sentence: str = "Không có việc ký, lượt ký hay văn bản nào của bạn mang mã này."
    ) -> None:
        super().__init__(sentence)


class NotReadyError(DeskError):
    """It is not this signer's turn; the text says who comes first."""


class BatchOverError(DeskError):
    """The batch was replaced, stopped, or its time is over: open a new one."""


class StandingBatchError(DeskError):
    """A batch of the task stands open, and whoever asks for a new list did not say that it may be replaced."""


class CertificateRefusedError(DeskError):
    """The certificate may not sign here and now; `problems` are all reasons."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__(" ".join(self.problems))


class PackageError(DeskError):
    """An answer file that is not one of this batch; one sentence says why."""


class ChannelError(DeskError):
    """The way of signing is not set up here, or does not answer; the text says what to do."""
