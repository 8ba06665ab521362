"""What is wrong with one signature: a code for programs and a Vietnamese sentence for people."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ProblemCode(StrEnum):
    """Sub-indications, named as in ETSI EN 319 102-1 where it has a name; the rest are our own."""

    FORMAT_FAILURE = "FORMAT_FAILURE"
    """The signature is not of the closed profile."""
    WRONG_COVERAGE = "WRONG_COVERAGE"
    """Own: it signs other regions than the ones its place in the document asks for."""
    ALGORITHM_NOT_ALLOWED = "ALGORITHM_NOT_ALLOWED"
    """Own: an algorithm outside the allow-list (SHA-1, HMAC, XPath, …); nothing was computed with it."""
    CRYPTO_CONSTRAINTS_FAILURE = "CRYPTO_CONSTRAINTS_FAILURE"
    """The key is too small or of a kind that is not accepted."""
    NO_SIGNING_CERTIFICATE_FOUND = "NO_SIGNING_CERTIFICATE_FOUND"
    """There is no certificate in the signature, or it cannot be read."""
    SIGNED_DATA_NOT_FOUND = "SIGNED_DATA_NOT_FOUND"
    """A signed region is not in the document."""
    HASH_FAILURE = "HASH_FAILURE"
    """A signed region was changed after signing."""
    SIG_CRYPTO_FAILURE = "SIG_CRYPTO_FAILURE"
    """The signature value does not fit the certificate."""
    SUBJECT_MISMATCH = "SUBJECT_MISMATCH"
    """Own: the written name of the signer is not the name in the certificate."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong; `detail` is a Vietnamese sentence."""

    code: ProblemCode
    detail: str


class ProfileError(Exception):
    """Carries the first problem that makes going on pointless; never leaves this layer."""

    def __init__(self, code: ProblemCode, detail: str) -> None:
        super().__init__(detail)
        self.problem = Problem(code, detail)
