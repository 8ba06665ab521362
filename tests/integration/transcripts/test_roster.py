"""The copy of people and of what is trusted: from signed messages only, never older than what is there."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.utils import timezone

from hocba.exchange import messages
from hocba.platform.accounts.models import Membership
from hocba.platform.messages import ports
from hocba.platform.messages.models import OutgoingMessage
from hocba.platform.tenancy import scope
from hocba.transcripts.roster import actions, queries, sync, trust
from hocba.transcripts.roster.management.commands import sync_certificates, sync_roster
from tests.fakes.sides import Sides
from tests.integration.transcripts import world

pytestmark = pytest.mark.django_db


def answering(body: bytes, status: int = 200):  # type: ignore[no-untyped-def]
    return lambda request: ports.Answer(status=status, headers={}, body=body)


def roles_held(staff_code: str, day: date) -> set[str]:
    rows = Membership.objects.filter(user__username=f"{world.SCHOOL.code}.{staff_code}")
    return {row.role for row in rows if row.holds_on(day)}


class TestSyncRoster:
    ARGUMENTS = ("--school", world.SCHOOL.code, "--school-year", world.YEAR)

    def test_copies_particulars_as_documents_name_them(self, network: Sides) -> None:
        pupils = world.pupils(2)
        network.answers["sector"] = answering(messages.to_bytes(world.roster_of(pupils)))
        call_command(sync_roster.Command(), *self.ARGUMENTS)

        with scope.acting_for(world.SCHOOL.code):
            found = queries.particulars_of(world.SCHOOL.code, [pupil.personal_id for pupil in pupils])
        assert list(found.values()) == list(pupils)

    def test_makes_accounts_with_the_roles_of_the_roster(self, network: Sides, settings) -> None:
        settings.HOCBA_DEMO_PASSWORD = "chỉ-để-trình-diễn"
        network.answers["sector"] = answering(messages.to_bytes(world.roster_of(world.pupils(1))))
        call_command(sync_roster.Command(), *self.ARGUMENTS)

        users = {user.username: user for user in get_user_model().objects.all()}
        roles = {
            name.rsplit(".", 1)[1]: set(user.memberships.values_list("role", flat=True))
            for name, user in users.items()
        }
        assert roles["gv0001"] == {"subject_teacher", "homeroom_teacher"}
        assert roles["cb0001"] == {"principal"}
        assert roles["vt0001"] == {"clerk"}
        assert users["79764501.gv0001"].check_password("chỉ-để-trình-diễn")

    def test_takes_back_roles_of_who_left_or_changed_posts(self, network: Sides) -> None:
        before = world.roster_of(world.pupils(1))
        network.answers["sector"] = answering(messages.to_bytes(before))
        call_command(sync_roster.Command(), *self.ARGUMENTS)
        changed = tuple(
            replace(row, member=replace(row.member, title=""))
            if row.member.code == "CB0001"
            else replace(row, active=row.member.code != "GV0001")
            for row in before.staff
        )
        network.answers["sector"] = answering(messages.to_bytes(replace(before, version=2, staff=changed)))
        call_command(sync_roster.Command(), *self.ARGUMENTS)

        today = timezone.localdate()
        assert roles_held("gv0001", today) == roles_held("cb0001", today) == set()
        assert roles_held("vt0001", today) == {"clerk"}

    def test_gives_a_role_again_to_who_comes_back(self, network: Sides) -> None:
        there = world.roster_of(world.pupils(1))
        away = tuple(replace(row, active=row.member.code != "CB0001") for row in there.staff)
        at = timezone.now() - timedelta(days=9)
        for version, staff in enumerate((there.staff, away, there.staff), start=1):
            content = messages.to_bytes(replace(there, version=version, staff=staff))
            network.answers["sector"] = answering(content)
            day = at + timedelta(days=version)
            sync.sync_roster(world.SCHOOL.code, world.YEAR, by="test", at=day)
            held = roles_held("cb0001", timezone.localdate(day))
            assert held == ({"principal"} if version != 2 else set())

    def test_gives_nobody_a_known_password_outside_a_demo(self, network: Sides, settings) -> None:
        settings.HOCBA_DEMO_PASSWORD = None
        network.answers["sector"] = answering(messages.to_bytes(world.roster_of(world.pupils(1))))
        call_command(sync_roster.Command(), *self.ARGUMENTS)

        user = get_user_model().objects.get(username="79764501.gv0001")
        assert not user.check_password("")
        assert not user.check_password("None")

    def test_says_what_the_sector_said(self, network: Sides) -> None:
        problem = json.dumps({"title": "Chưa có dữ liệu của trường.", "status": 404}).encode()
        network.answers["sector"] = answering(problem, status=404)

        with pytest.raises(CommandError, match="Chưa có dữ liệu của trường"):
            call_command(sync_roster.Command(), *self.ARGUMENTS)


class TestTakeOverRoster:
    def take(self, version: int, name: str = "Trần Thị Học") -> bool:
        pupil = replace(world.pupils(1)[0], name=name)
        content = messages.to_bytes(
            replace(world.roster_of((pupil,)), version=version, issued_at=world.keys().founded)
        )
        with scope.acting_for(world.SCHOOL.code):
            return actions.take_over_roster(content, by="test", at=timezone.now())

    def test_of_the_same_again_changes_nothing(self) -> None:
        assert (self.take(1), self.take(1)) == (True, False)

    def test_takes_a_newer_version(self) -> None:
        self.take(1)
        assert self.take(2, name="Trần Thị Đổi Tên")

        with scope.acting_for(world.SCHOOL.code):
            (pupil,) = queries.particulars_of(world.SCHOOL.code, [world.pupils(1)[0].personal_id]).values()
        assert pupil.name == "Trần Thị Đổi Tên"

    def test_refuses_an_older_version_and_the_same_with_other_content(self) -> None:
        self.take(2)

        with pytest.raises(actions.StaleRosterError):
            self.take(1)
        with pytest.raises(actions.StaleRosterError):
            self.take(2, name="Trần Thị Khác")


class TestSyncCertificates:
    def test_takes_bundle_and_register_over(self, network: Sides) -> None:
        of = world.keys()
        world.install_trust(of, city=True)
        with scope.acting_for(world.SCHOOL.code):
            before = trust.material(world.SCHOOL.code)
        # The city approved a moment later than the register the school was given at first.
        call_command(sync_certificates.Command(), "--school", world.SCHOOL.code)

        with scope.acting_for(world.SCHOOL.code):
            after = trust.material(world.SCHOOL.code)
            assert after is trust.material(world.SCHOOL.code)
        certificate = of.keys["GV0001"].certificate
        assert before.approvals.holders(certificate, world.SCHOOL.code) == {"GV0001"}
        assert after.approvals.holders(certificate, world.SCHOOL.code) == {"GV0001"}
        assert len(after.chains.anchors) == 1

    def test_refuses_the_register_of_another_school(self) -> None:
        content = messages.to_bytes(replace(world.register(world.keys()), school=world.OTHER_SCHOOL))

        with scope.acting_for(world.SCHOOL.code), pytest.raises(actions.WrongSchoolError):
            actions.take_over_certificates(world.SCHOOL.code, content, by="test", at=timezone.now())


class TestDeclareCertificates:
    def test_sends_what_the_file_lists(self, tmp_path, network: Sides) -> None:
        of = world.keys()
        listed = {
            "school": world.SCHOOL.code,
            "school_name": world.SCHOOL.name,
            "certificates": [
                {
                    "holder": "GV0001",
                    "name": world.STAFF["GV0001"],
                    "kind": "person",
                    "positions": ["teacher"],
                    "der": base64.b64encode(of.der("GV0001")).decode(),
                }
            ],
        }
        (tmp_path / "list.json").write_text(json.dumps(listed), "utf-8")

        call_command("declare_certificates", str(tmp_path / "list.json"))

        message = OutgoingMessage.objects.get()
        assert message.path == f"/exchange/v1/schools/{world.SCHOOL.code}/certificates"

    def test_says_what_is_wrong_with_the_file(self, tmp_path) -> None:
        (tmp_path / "list.json").write_text("{}", "utf-8")

        with pytest.raises(CommandError, match="Không đọc được danh sách"):
            call_command("declare_certificates", str(tmp_path / "list.json"))
