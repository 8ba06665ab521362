"""The vocabulary of verification: a named check, how it ended, and why.

Codes are those of ETSI EN 319 102-1 (main and sub-indications) where it has one; the others, marked below,
follow from the rules for học bạ số. A failed check voids the document, one that could not be made leaves it
undecided; nothing else exists (Quy chế Điều 10.2).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class Status(StrEnum):
    """How one check ended. The values are part of the JSON of `hocba verify`."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_CHECKED = "not_checked"


class Verdict(StrEnum):
    """What follows from all checks together. The values are part of the JSON of `hocba verify`."""

    VALID = "valid"
    INVALID = "invalid"
    INDETERMINATE = "indeterminate"
    UNREADABLE = "unreadable"


class Indication(StrEnum):
    """The main status of ETSI EN 319 102-1 clause 5.1.3, for one signature or for all of a document."""

    TOTAL_PASSED = "TOTAL-PASSED"
    TOTAL_FAILED = "TOTAL-FAILED"
    INDETERMINATE = "INDETERMINATE"


class Code(StrEnum):
    """Why a check did not pass, for machines.

    CRYPTO_CONSTRAINTS_FAILURE: an algorithm, key or key size off the allow-list; nothing is computed with it.
    CRYPTO_CONSTRAINTS_FAILURE_NO_POE: it was good once, and nothing proves that the signature is that old.
    """

    FORMAT_FAILURE = "FORMAT_FAILURE"
    HASH_FAILURE = "HASH_FAILURE"
    SIG_CRYPTO_FAILURE = "SIG_CRYPTO_FAILURE"
    REVOKED = "REVOKED"
    EXPIRED = "EXPIRED"
    NOT_YET_VALID = "NOT_YET_VALID"
    CHAIN_CONSTRAINTS_FAILURE = "CHAIN_CONSTRAINTS_FAILURE"
    NO_CERTIFICATE_CHAIN_FOUND = "NO_CERTIFICATE_CHAIN_FOUND"
    CRYPTO_CONSTRAINTS_FAILURE = "CRYPTO_CONSTRAINTS_FAILURE"
    CRYPTO_CONSTRAINTS_FAILURE_NO_POE = "CRYPTO_CONSTRAINTS_FAILURE_NO_POE"
    OUT_OF_BOUNDS_NO_POE = "OUT_OF_BOUNDS_NO_POE"
    REVOKED_NO_POE = "REVOKED_NO_POE"
    NO_POE = "NO_POE"
    TRY_LATER = "TRY_LATER"
    NO_SIGNING_CERTIFICATE_FOUND = "NO_SIGNING_CERTIFICATE_FOUND"
    SIGNED_DATA_NOT_FOUND = "SIGNED_DATA_NOT_FOUND"
    TIMESTAMP_ORDER_FAILURE = "TIMESTAMP_ORDER_FAILURE"
    # Ours: the standard has no word for these, and Điều 10 makes each of them void the document.
    WRONG_COVERAGE = "WRONG_COVERAGE"
    UNSIGNED_CONTENT = "UNSIGNED_CONTENT"
    MISSING_SIGNATURE = "MISSING_SIGNATURE"
    NO_SIGNATURE_FOUND = "NO_SIGNATURE_FOUND"
    WRONG_ROLE = "WRONG_ROLE"
    WRONG_SIGNER = "WRONG_SIGNER"
    CERT_NOT_APPROVED = "CERT_NOT_APPROVED"
    APPROVAL_UNKNOWN = "APPROVAL_UNKNOWN"
    PAIR_MISMATCH = "PAIR_MISMATCH"
    UNREADABLE = "UNREADABLE"


@dataclass(frozen=True, slots=True)
class Check:
    """One check: a stable `name` for programs, how it ended, and a Vietnamese sentence for people."""

    name: str
    status: Status
    detail: str
    code: Code | None = None

    @property
    def passed(self) -> bool:
        """Whether it was made and found right."""
        return self.status is Status.PASSED


_INDICATIONS = {
    Verdict.VALID: Indication.TOTAL_PASSED,
    Verdict.INVALID: Indication.TOTAL_FAILED,
    Verdict.INDETERMINATE: Indication.INDETERMINATE,
}


def indication_of(verdict: Verdict) -> Indication | None:
    """The standard's word for a verdict; a file that is no document of ours has none."""
    return _INDICATIONS.get(verdict)


def passed(name: str, detail: str) -> Check:
    """A check that was made and found right."""
    return Check(name, Status.PASSED, detail)


def failed(name: str, code: Code, detail: str) -> Check:
    """A check that was made and found wrong."""
    return Check(name, Status.FAILED, detail, code)


def not_checked(name: str, code: Code, detail: str) -> Check:
    """A check that could not be made, or whose outcome proves nothing either way."""
    return Check(name, Status.NOT_CHECKED, detail, code)


def verdict_of(checks: Iterable[Check]) -> Verdict:
    """The worst of all checks; no checks at all prove nothing."""
    statuses = {check.status for check in checks}
    if Status.FAILED in statuses:
        return Verdict.INVALID
    if not statuses or Status.NOT_CHECKED in statuses:
        return Verdict.INDETERMINATE
    return Verdict.VALID
