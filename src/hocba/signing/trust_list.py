"""The list of authorities that are trusted: which, of what class, for what, from when until when.

Quy chế Điều 7.2 names who may issue certificates for signing; this list says so as data, with its history, so
that an authority comes or goes without a release of this program. The rules of which class may sign what are a
table with dates (`RULES`). What a list rests on (the pinned signer) is the question of `read_signed`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

from hocba.signing import certificates
from hocba.signing.chains import NAME
from hocba.signing.checks import Check, Code, Status, failed, not_checked, passed
from hocba.signing.instants import day

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from cryptography import x509

    from hocba.signing.chains import Path


class AuthorityClass(StrEnum):
    """What kind of service an authority is, in the words of NĐ 68/2024 and NĐ 23/2025."""

    CIVIL_SERVICE = "CIVIL_SERVICE"
    PUBLIC = "PUBLIC"
    NATIONAL = "NATIONAL"
    TIMESTAMP = "TIMESTAMP"
    FOREIGN = "FOREIGN"
    DEMONSTRATION = "DEMONSTRATION"


CLASS_NAMES = {
    AuthorityClass.CIVIL_SERVICE: "chữ ký số chuyên dùng công vụ",
    AuthorityClass.PUBLIC: "chữ ký số công cộng",
    AuthorityClass.NATIONAL: "chứng thực điện tử quốc gia",
    AuthorityClass.TIMESTAMP: "dịch vụ cấp dấu thời gian",
    AuthorityClass.FOREIGN: "chữ ký số nước ngoài được công nhận",
    AuthorityClass.DEMONSTRATION: "trình diễn, không có giá trị pháp lý",
}


class Purpose(StrEnum):
    """For whom or what an authority issues."""

    PERSON = "person"
    ORGANISATION = "organisation"
    TIMESTAMP = "timestamp"


PURPOSE_NAMES = {
    Purpose.PERSON: "cá nhân",
    Purpose.ORGANISATION: "cơ quan, tổ chức",
    Purpose.TIMESTAMP: "dấu thời gian",
}


class Standing(StrEnum):
    """Whether an authority counts, from a given moment on."""

    GRANTED = "granted"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusChange:
    """From `since` (aware) on, the authority's standing is this."""

    standing: Standing
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """One entry: an authority with its certificates, class and history; where it publishes revocations.

    `history` is in the order of time and begins with a grant. `crls` and `ocsp` are http(s) addresses.
    """

    name: str
    authority_class: AuthorityClass
    purposes: frozenset[Purpose]
    certificates: tuple[x509.Certificate, ...]
    history: tuple[StatusChange, ...]
    crls: tuple[str, ...] = ()
    ocsp: tuple[str, ...] = ()

    def standing_at(self, moment: datetime) -> StatusChange | None:
        """The change that counts at a moment; None before the first."""
        return next((change for change in reversed(self.history) if change.since <= moment), None)

    def withdrawn_after(self, moment: datetime) -> datetime | None:
        """When it was first withdrawn after a moment."""
        return next(
            (item.since for item in self.history if item.since > moment and not _is_grant(item)), None
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassRule:
    """A class may issue for a purpose, from `since` until before `until` (None: open)."""

    authority_class: AuthorityClass
    purpose: Purpose
    since: datetime | None = None
    until: datetime | None = None


_EVERYTHING = tuple(Purpose)
_SIGNING = (Purpose.PERSON, Purpose.ORGANISATION)

RULES: tuple[ClassRule, ...] = (
    # Điều 7.2b: chuyên dùng Chính phủ; it runs a time-stamp service of its own (NĐ 68/2024).
    *(ClassRule(authority_class=AuthorityClass.CIVIL_SERVICE, purpose=item) for item in _EVERYTHING),
    # Điều 7.2c. Time stamps are a licence of their own (NĐ 23/2025), hence the class below.
    *(ClassRule(authority_class=AuthorityClass.PUBLIC, purpose=item) for item in _SIGNING),
    # Điều 7.2a.
    *(ClassRule(authority_class=AuthorityClass.NATIONAL, purpose=item) for item in _EVERYTHING),
    ClassRule(authority_class=AuthorityClass.TIMESTAMP, purpose=Purpose.TIMESTAMP),
    # Điều 7.2 does not name recognised foreign services: they are listed, and sign nothing here.
)
"""Which class may sign what. A day on which that changes is one more row with its dates."""

DEMONSTRATION_RULES: tuple[ClassRule, ...] = (
    *RULES,
    *(ClassRule(authority_class=AuthorityClass.DEMONSTRATION, purpose=item) for item in _EVERYTHING),
)
"""The same where nothing is real: demo and training."""


def rules_for(*, production: bool) -> tuple[ClassRule, ...]:
    """The table for a real site, or for one where nothing is real."""
    return RULES if production else DEMONSTRATION_RULES


@dataclass(frozen=True, kw_only=True)
class TrustList:
    """One version of the list; a later version replaces an earlier one, which stays known."""

    version: int
    issuer: str
    issued_at: datetime
    next_update: datetime
    authorities: tuple[Authority, ...]

    def find(self, certificate: x509.Certificate) -> Authority | None:
        """The entry that holds an authority's certificate."""
        return self._by_fingerprint.get(certificates.fingerprint(certificate))

    def check_path(
        self,
        path: Path,
        purpose: Purpose,
        *,
        rules: Sequence[ClassRule],
        at: datetime,
        now: datetime,
        existed_at: datetime | None,
    ) -> Check:
        """Whether the authorities above a signer counted at signing time `at`, for this purpose; judged at `now`.

        The listed authority next to the signer says class and purpose; every listed one must have been granted.
        """
        listed = [found for found in map(self.find, path) if found is not None]
        if not listed:
            return not_checked(
                NAME,
                Code.NO_CERTIFICATE_CHAIN_FOUND,
                "Nơi cấp chứng thư số không có trong danh sách tin cậy.",
            )
        moments = _Moments(at=at, proven=now if existed_at is None else existed_at)
        if moments.proven > self.next_update:
            return not_checked(
                NAME,
                Code.TRY_LATER,
                f"Danh sách tin cậy phiên bản {self.version} đã quá hạn cập nhật ({day(self.next_update)}).",
            )
        findings = [_class_fault(listed[0], purpose, rules, moments)]
        findings += [_standing_fault(authority, moments) for authority in listed]
        faults = [found for found in findings if found is not None]
        if faults:
            return min(faults, key=lambda found: found.status is not Status.FAILED)
        nearest = listed[0]
        return passed(
            NAME,
            f"Chứng thư số do tổ chức được tin cậy cấp: {nearest.name} "
            f"({CLASS_NAMES[nearest.authority_class]}; danh sách tin cậy phiên bản {self.version}).",
        )

    @cached_property
    def _by_fingerprint(self) -> dict[str, Authority]:
        return {
            certificates.fingerprint(item): authority
            for authority in self.authorities
            for item in authority.certificates
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Moments:
    """When somebody says it was signed, and up to when nothing else is proven."""

    at: datetime
    proven: datetime


def _class_fault(
    authority: Authority, purpose: Purpose, rules: Sequence[ClassRule], moments: _Moments
) -> Check | None:
    fitting = [
        rule
        for rule in rules
        if rule.authority_class is authority.authority_class
        and rule.purpose is purpose
        and (rule.since is None or rule.since <= moments.at)
        and (rule.until is None or moments.at < rule.until)
    ]
    if not fitting:
        return failed(
            NAME,
            Code.CHAIN_CONSTRAINTS_FAILURE,
            f"Loại dịch vụ của {_words(authority)} không được dùng để ký với chứng thư {PURPOSE_NAMES[purpose]}.",
        )
    if purpose not in authority.purposes:
        return failed(
            NAME,
            Code.CHAIN_CONSTRAINTS_FAILURE,
            f"{_words(authority)} không được tin cậy để cấp chứng thư {PURPOSE_NAMES[purpose]}.",
        )
    ends = [rule.until for rule in fitting if rule.until is not None]
    if len(ends) == len(fitting) and moments.proven >= max(ends):
        return _unproven(f"Loại dịch vụ của {_words(authority)} thôi được dùng từ ngày {day(max(ends))}")
    return None


def _words(authority: Authority) -> str:
    return f"“{authority.name}” ({CLASS_NAMES[authority.authority_class]})"


def _standing_fault(authority: Authority, moments: _Moments) -> Check | None:
    standing = authority.standing_at(moments.at)
    if standing is None:
        since = day(authority.history[0].since)
        return failed(
            NAME,
            Code.CHAIN_CONSTRAINTS_FAILURE,
            f"“{authority.name}” chưa được tin cậy tại thời điểm ký (từ ngày {since}).",
        )
    if not _is_grant(standing):
        return failed(
            NAME,
            Code.CHAIN_CONSTRAINTS_FAILURE,
            f"Đã ký sau khi “{authority.name}” thôi được tin cậy (từ ngày {day(standing.since)}).",
        )
    withdrawn = authority.withdrawn_after(moments.at)
    if withdrawn is not None and moments.proven >= withdrawn:
        return _unproven(f"“{authority.name}” thôi được tin cậy từ ngày {day(withdrawn)}")
    return None


def _unproven(what: str) -> Check:
    return not_checked(NAME, Code.REVOKED_NO_POE, f"{what}; không chứng minh được chữ ký có trước ngày đó.")


def _is_grant(change: StatusChange) -> bool:
    return change.standing is Standing.GRANTED
