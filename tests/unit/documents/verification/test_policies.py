from __future__ import annotations

from typing import Any

import pytest

from hocba.documents.verification.policies import AllOf, DistinctPeople, EverySignaturePresent, TimesInOrder
from hocba.documents.verification.signers import Case, Duty, Party, Signed
from hocba.signing import trust
from hocba.signing.checks import Code, Status
from tests.factories import transcripts

KEYS = transcripts.school().keys


def duty(role: str, code: str) -> Duty:
    return Duty(role=role, place="#x", party=Party(code, transcripts.STAFF.get(code, "Trường")), covers=())


def signed(wanted: Duty | None, by: str, role: str = "", **changes: Any) -> Signed:
    values: dict[str, Any] = {
        "role": role or (wanted.role if wanted else "subject_teacher"),
        "place": "#x",
        "certificate": KEYS[by].certificate,
        "signed_at": transcripts.SIGNED,
        "checks": (),
        "duty": wanted,
    }
    return Signed(**{**values, **changes})


def case(*items: Signed, duties: tuple[Duty, ...] | None = None) -> Case:
    known = tuple(item.duty for item in items if item.duty) if duties is None else duties
    return Case(duties=known, signed=items, school="1", trust=trust.load({}), at=transcripts.NOW)


class TestAllOf:
    def test_refuses_to_combine_nothing(self) -> None:
        with pytest.raises(ValueError, match="empty"):
            AllOf(())


class TestEverySignaturePresent:
    policy = EverySignaturePresent(("homeroom_teacher", "seal"))

    def test_without_values_asks_for_the_roles_at_least(self) -> None:
        lone = self.policy.check(case(signed(None, "GV0001", "homeroom_teacher"), duties=()))
        both = self.policy.check(
            case(
                signed(None, "GV0001", "homeroom_teacher"),
                signed(None, transcripts.SCHOOL.code, "seal"),
                duties=(),
            )
        )

        assert (lone.status, lone.code) == (Status.FAILED, Code.MISSING_SIGNATURE)
        assert both.status is Status.NOT_CHECKED

    def test_refuses_one_without_a_duty(self) -> None:
        wanted = duty("homeroom_teacher", "GV0001")

        found = self.policy.check(case(signed(wanted, "GV0001"), signed(None, "GV0002"), duties=(wanted,)))

        assert found.status is Status.FAILED


class TestDistinctPeople:
    policy = DistinctPeople()

    def test_lets_a_homeroom_teacher_teach(self) -> None:
        found = self.policy.check(
            case(
                signed(duty("subject_teacher", "GV0001"), "GV0001"),
                signed(duty("homeroom_teacher", "GV0001"), "GV0001"),
                signed(duty("principal", "CB0001"), "CB0001"),
            )
        )

        assert found.passed

    def test_refuses_one_person_under_two_codes(self) -> None:
        found = self.policy.check(
            case(
                signed(duty("subject_teacher", "GV0001"), "GV0001"),
                signed(duty("subject_teacher", "GV0002"), "GV0001"),
            )
        )

        assert (found.status, found.code) == (Status.FAILED, Code.WRONG_SIGNER)

    def test_knows_a_person_with_two_certificates_by_number(self) -> None:
        number = KEYS["GV0001"].certificate.subject.rfc4514_string().split("CCCD:")[1][:12]
        second = transcripts.school().authority.issue_person(
            name="Tên Khác", personal_id=number, organisation="X", private_key=KEYS["GV0002"].private_key
        )

        found = self.policy.check(
            case(
                signed(duty("subject_teacher", "GV0001"), "GV0001"),
                signed(duty("subject_teacher", "GV0002"), "GV0002", certificate=second.certificate),
            )
        )

        assert found.code is Code.WRONG_SIGNER


class TestTimesInOrder:
    def test_compares_with_the_latest_of_the_role_before(self) -> None:
        first = signed(
            duty("subject_teacher", "GV0001"), "GV0001", signed_at=transcripts.SIGNED.replace(hour=11)
        )
        second = signed(
            duty("subject_teacher", "GV0002"), "GV0002", signed_at=transcripts.SIGNED.replace(hour=9)
        )
        homeroom = signed(
            duty("homeroom_teacher", "GV0001"), "GV0001", signed_at=transcripts.SIGNED.replace(hour=10)
        )

        assert TimesInOrder().check(case(first, second)).passed
        assert TimesInOrder().check(case(second, homeroom)).passed
        assert TimesInOrder().check(case(first, second, homeroom)).code is Code.TIMESTAMP_ORDER_FAILURE
