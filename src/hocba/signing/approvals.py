"""The register of approved certificates: who may sign for a school, in which position, from when until when.

A chain to a trusted authority is not enough: only certificates the managing level has approved may issue học
bạ số (Quy chế Điều 21.8). The register is a JSON file per school, as the city publishes it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from hocba.signing import certificates
from hocba.signing.checks import Check, Code, Status, failed, not_checked, passed
from hocba.signing.instants import day

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cryptography import x509

NAME = "approved_certificate"
TYPE = "approved-certificates"
_APPROVED = passed(NAME, "Chứng thư số đã được cấp quản lý phê duyệt cho người ký và vai ký này.")
POSITIONS = {"teacher": "giáo viên", "leader": "lãnh đạo nhà trường", "seal": "con dấu số của nhà trường"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """One approved certificate. `holder` is a staff code, or the school's code for its own certificate."""

    school: str
    sha256: str
    holder: str
    name: str
    kind: str
    positions: frozenset[str]
    valid_from: datetime
    valid_until: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What the signed data says of a signer: one of these holders, of this school, in this position."""

    school: str
    holders: frozenset[str]
    position: str


class ApprovalRegister:
    """The registers of any number of schools."""

    def __init__(self, registers: Iterable[tuple[str, Sequence[Approval]]]) -> None:
        self.schools: set[str] = set()
        self._approvals: dict[str, list[Approval]] = {}
        for school, approvals in registers:
            self.schools.add(school)
            for item in approvals:
                self._approvals.setdefault(item.sha256, []).append(item)

    def find(self, certificate: x509.Certificate, school: str) -> tuple[Approval, ...]:
        """Every approval of that certificate for that school; several when it was approved again."""
        found = self._approvals.get(certificates.fingerprint(certificate), ())
        return tuple(item for item in found if item.school == school)

    def holders(self, certificate: x509.Certificate, school: str) -> frozenset[str]:
        """The holders that school's register names for the certificate: one, or none."""
        return frozenset(item.holder for item in self.find(certificate, school))

    def check(
        self,
        certificate: x509.Certificate,
        claim: Claim,
        *,
        at: datetime,
        now: datetime,
        existed_at: datetime | None = None,
    ) -> Check:
        """Whether the certificate was approved for what is claimed, at signing time `at`, judged at `now`.

        The signing time is the signer's word. Once an approval ended or was withdrawn, only `existed_at`, a proven
        moment at which the signature existed, shows that it was made before (decision 0007).
        """
        if claim.school not in self.schools:
            return not_checked(
                NAME,
                Code.APPROVAL_UNKNOWN,
                f"Chưa có danh sách chứng thư số được phê duyệt của trường {claim.school} để đối chiếu.",
            )
        found = self.find(certificate, claim.school)
        if not found:
            name = certificates.common_name(certificate)
            return failed(
                NAME,
                Code.CERT_NOT_APPROVED,
                f"Chứng thư số của “{name}” chưa được cấp quản lý phê duyệt cho trường này (Điều 21.8).",
            )
        moments = _Moments(at=at, now=now, existed_at=existed_at)
        return min((_check_one(item, claim, moments) for item in found), key=_severity)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Moments:
    at: datetime
    now: datetime
    existed_at: datetime | None

    @property
    def latest(self) -> datetime:
        """A signer's clock may run a little ahead of the judge's."""
        return max(self.at, self.now)


def _severity(check: Check) -> int:
    """Higher is worse. Of several approvals the one that speaks best for the signer counts."""
    return (Status.PASSED, Status.NOT_CHECKED, Status.FAILED).index(check.status)


def _check_one(approval: Approval, claim: Claim, moments: _Moments) -> Check:
    if approval.holder not in claim.holders:
        return failed(
            NAME,
            Code.WRONG_SIGNER,
            f"Chứng thư số được phê duyệt cho “{approval.name}” ({approval.holder}), không phải cho người "
            f"phải ký ({', '.join(sorted(claim.holders))}).",
        )
    if claim.position not in approval.positions:
        wanted = POSITIONS.get(claim.position, claim.position)
        return failed(
            NAME,
            Code.WRONG_ROLE,
            f"Chứng thư số của “{approval.name}” không được duyệt để ký vai {wanted}.",
        )
    return _check_time(approval, moments)


def _check_time(approval: Approval, moments: _Moments) -> Check:
    if moments.at < approval.valid_from:
        return failed(
            NAME, Code.CERT_NOT_APPROVED, f"Đã ký trước ngày phê duyệt ({day(approval.valid_from)})."
        )
    # Its end does not undo a withdrawal that came before: both are judged, the worse counts.
    found = []
    if approval.revoked_at is not None and moments.latest >= approval.revoked_at:
        found.append(_withdrawn(approval.revoked_at, moments))
    if approval.valid_until is not None and moments.latest > approval.valid_until:
        found.append(_ended(approval.valid_until, moments))
    if found:
        return max(found, key=_severity)
    return _APPROVED


def _ended(end: datetime, moments: _Moments) -> Check:
    if moments.at > end:
        return failed(NAME, Code.CERT_NOT_APPROVED, f"Đã ký sau ngày hết phê duyệt ({day(end)}).")
    if moments.existed_at is not None and moments.existed_at <= end:
        return passed(NAME, f"Phê duyệt hết ngày {day(end)}, sau khi đã ký (có bằng chứng).")
    return not_checked(
        NAME,
        Code.OUT_OF_BOUNDS_NO_POE,
        f"Phê duyệt chứng thư số đã hết ngày {day(end)}; không chứng minh được chữ ký có trước ngày đó.",
    )


def _withdrawn(since: datetime, moments: _Moments) -> Check:
    if moments.at >= since:
        return failed(NAME, Code.CERT_NOT_APPROVED, f"Đã ký sau ngày rút phê duyệt ({day(since)}).")
    if moments.existed_at is not None and moments.existed_at < since:
        return passed(
            NAME, f"Phê duyệt chứng thư số bị rút ngày {day(since)}, sau khi đã ký (có bằng chứng)."
        )
    return not_checked(
        NAME,
        Code.REVOKED_NO_POE,
        f"Phê duyệt chứng thư số đã bị rút ngày {day(since)}; không chứng minh được chữ ký có trước ngày đó.",
    )


def read_register(data: bytes) -> tuple[str, tuple[Approval, ...]]:
    """The school's code and its approvals from the register's JSON; raises ValueError when it is not one."""
    try:
        document = json.loads(data)
        if document["type"] != TYPE or document["version"] != 1:
            raise ValueError(f"not a register of approved certificates of version 1: {document['type']!r}")
        school = _text(document["school"])
        return school, tuple(_approval(school, item) for item in document["certificates"])
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"not a register of approved certificates: {error}") from error


def _approval(school: str, item: dict[str, Any]) -> Approval:
    sha256 = _text(item["sha256"]).lower()
    if len(sha256) != 64:
        raise ValueError("sha256 must have 64 hexadecimal digits")
    return Approval(
        school=school,
        sha256=sha256,
        holder=_text(item["holder"]),
        name=_text(item["name"]),
        kind=_text(item["kind"]),
        positions=frozenset(_text(position) for position in item["positions"]),
        valid_from=_instant(item["valid_from"]),
        valid_until=None if item["valid_until"] is None else _instant(item["valid_until"]),
        revoked_at=None if item["revoked_at"] is None else _instant(item["revoked_at"]),
    )


def _text(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError(f"expected text, found {value!r}")
    return value


def _instant(value: object) -> datetime:
    instant = datetime.fromisoformat(_text(value))
    if instant.tzinfo is None:
        raise ValueError(f"an instant needs its offset: {value!r}")
    return instant


def may_sign(approvals: Iterable[Approval], *, holder: str, position: str, at: datetime) -> bool:
    """Whether somebody has any certificate approved for a position at that moment."""
    return any(
        each.holder == holder
        and position in each.positions
        and each.valid_from <= at
        and (each.valid_until is None or at <= each.valid_until)
        and (each.revoked_at is None or at < each.revoked_at)
        for each in approvals
    )
