"""What is wrong with one signature: a code for programs and a Vietnamese sentence for people."""

from __future__ import annotations

from dataclasses import dataclass

from hocba.signing.checks import Code


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong; `detail` is a Vietnamese sentence."""

    code: Code
    detail: str


class ProfileError(Exception):
    """Carries the first problem that makes going on pointless; never leaves this layer."""

    def __init__(self, code: Code, detail: str) -> None:
        super().__init__(detail)
        self.problem = Problem(code, detail)
