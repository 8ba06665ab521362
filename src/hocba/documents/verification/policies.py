"""What must hold over all signatures of a document together, as small rules that are combined per kind.

A rule looks at a `Case` and gives one check. Which rules a kind of document has stands at the end of this
file; an empty combination is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from hocba.documents.verification.wording import ROLES
from hocba.signing import certificates
from hocba.signing.checks import Check, Code, failed, not_checked, passed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from hocba.documents.verification.signers import Case, Duty, Signed


class Policy(Protocol):
    """One rule over a case."""

    def check(self, case: Case) -> Check:
        """Whether the rule holds."""


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every rule, each with its own check; no rules at all would pass everything, so that is refused."""

    policies: tuple[Policy, ...]

    def __post_init__(self) -> None:
        if not self.policies:
            raise ValueError("an empty combination of rules would let everything pass")

    def checks(self, case: Case) -> tuple[Check, ...]:
        """The checks of all rules, in their order."""
        return tuple(policy.check(case) for policy in self.policies)


@dataclass(frozen=True, slots=True)
class EverySignaturePresent:
    """Each duty is fulfilled by exactly one signature, and no signature stands there without a duty.

    Without signed values nobody knows all duties; then at least the `roles` of the kind must be there.
    """

    roles: tuple[str, ...]
    name: str = "signatures_present"

    def check(self, case: Case) -> Check:
        """Whether signatures and duties are one to one."""
        if not case.signed:
            return failed(self.name, Code.NO_SIGNATURE_FOUND, "Tệp không có chữ ký số.")
        return self._against_duties(case) if case.duties else self._against_roles(case)

    def _against_roles(self, case: Case) -> Check:
        missing = [ROLES[role] for role in self.roles if role not in {item.role for item in case.signed}]
        if missing:
            return failed(self.name, Code.MISSING_SIGNATURE, f"Thiếu chữ ký của {'; '.join(missing)}.")
        return not_checked(
            self.name, Code.SIGNED_DATA_NOT_FOUND, "Không đọc được nội dung đã ký nên chưa biết ai phải ký."
        )

    def _against_duties(self, case: Case) -> Check:
        fulfilled = {id(item.duty) for item in case.signed if item.duty is not None}
        missing = [duty for duty in case.duties if id(duty) not in fulfilled]
        if missing:
            return failed(
                self.name, Code.MISSING_SIGNATURE, f"Thiếu chữ ký của {'; '.join(map(_duty, missing))}."
            )
        extra = [item for item in case.signed if item.duty is None]
        if extra:
            role = ROLES.get(extra[0].role, extra[0].role)
            return failed(
                self.name, Code.FORMAT_FAILURE, f"Có chữ ký thừa ở phần {role}: không ai phải ký ở đó."
            )
        return passed(self.name, f"Đủ {len(case.duties)} chữ ký theo quy định.")


@dataclass(frozen=True, slots=True)
class DistinctPeople:
    """Nobody signs for another: one person, one staff code; and `separate` pairs of roles are never the same.

    A homeroom teacher may also teach a subject of the class, and so may a principal (Thông tư 28/2009: two
    lessons a week); whoever approves the year must not be who proposes it, so homeroom and principal differ.
    """

    separate: tuple[tuple[str, str], ...] = (("homeroom_teacher", "principal"),)
    name: str = "distinct_signers"

    def check(self, case: Case) -> Check:
        """Whether every certificate and every personal number stands for one party only."""
        parties: dict[str, Duty] = {}
        for item in case.signed:
            for key in _identities(item):
                if item.duty is None:
                    continue
                other = parties.setdefault(key, item.duty)
                if other.party.code != item.duty.party.code:
                    return failed(
                        self.name,
                        Code.WRONG_SIGNER,
                        f"Cùng một người đã ký thay cho “{other.party.name}” và “{item.duty.party.name}”.",
                    )
        for left, right in self.separate:
            if _codes(case, left) & _codes(case, right):
                return failed(
                    self.name,
                    Code.WRONG_ROLE,
                    f"{ROLES[left]} và {ROLES[right]} phải là hai người khác nhau.",
                )
        return passed(self.name, "Mỗi chữ ký thuộc về đúng người được ghi tên; không ai ký thay người khác.")


@dataclass(frozen=True, slots=True)
class TimesInOrder:
    """The roles sign one after the other (Quy chế Điều 12.5–12.7); equal times are in order."""

    order: tuple[str, ...] = ("subject_teacher", "homeroom_teacher", "principal", "seal")
    name: str = "signing_order"

    def check(self, case: Case) -> Check:
        """Whether no signature is earlier than one that must come before it."""
        latest: Signed | None = None
        for item in self._in_order(case.signed):
            if item.signed_at is None:
                return not_checked(
                    self.name, Code.TIMESTAMP_ORDER_FAILURE, "Có chữ ký không đọc được thời điểm ký."
                )
            if latest is not None and latest.signed_at is not None and item.signed_at < latest.signed_at:
                if item.role != latest.role:
                    return failed(
                        self.name,
                        Code.TIMESTAMP_ORDER_FAILURE,
                        f"{ROLES[item.role]} ký trước khi {ROLES[latest.role]} ký.",
                    )
                continue
            latest = item
        return passed(
            self.name, "Thứ tự ký: " + " → ".join(ROLES[role] for role in self._present(case)) + "."
        )

    def _in_order(self, signed: Iterable[Signed]) -> Iterator[Signed]:
        found = list(signed)
        for role in self.order:
            yield from (item for item in found if item.role == role)

    def _present(self, case: Case) -> list[str]:
        roles = {item.role for item in case.signed}
        return [role for role in self.order if role in roles]


def _identities(item: Signed) -> Iterator[str]:
    if item.certificate is None:
        return
    yield certificates.fingerprint(item.certificate)
    number = certificates.subject_number(item.certificate)
    if number is not None:
        yield f"{number.scheme}:{number.value}"


def _codes(case: Case, role: str) -> set[str]:
    return {duty.party.code for duty in case.duties if duty.role == role}


def _duty(duty: Duty) -> str:
    covers = f" ({', '.join(duty.covers)})" if duty.role == "subject_teacher" else ""
    return f"{ROLES[duty.role]} {duty.party.name}{covers}"


def _rules(*roles: str) -> AllOf:
    return AllOf((EverySignaturePresent(roles), DistinctPeople(), TimesInOrder()))


TRANSCRIPT = _rules("homeroom_teacher", "principal", "seal")
SUBJECT_SHEET = _rules("subject_teacher")
TERM_RECORD = _rules("homeroom_teacher")
YEAR_RECORD = _rules("homeroom_teacher", "principal", "seal")
