"""The copy of people, the accounts that follow from it, the register of certificates."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from hocba.desk.other_sides import SyncError
from hocba.exchange import messages
from hocba.platform.accounts.models import Membership, User
from hocba.platform.messages import client, ports
from hocba.platform.tenancy import scope
from hocba.sector.assignments import actions as sector
from hocba.sector.assignments import compile as compiling
from hocba.tracking.roster import actions, queries, sync
from tests.factories import small_school as school
from tests.integration.tracking.desk import Desk

pytestmark = pytest.mark.django_db
LATER = school.AT + timedelta(days=1)


class TestSyncRoster:
    def test_is_no_news_the_second_time(self, desk: Desk) -> None:
        assert not sync.sync_roster(desk.code, school.YEAR, by="test", at=LATER)

    def test_follows_a_new_assignment(self, desk: Desk) -> None:
        changed = tuple(
            replace(row, staff_code="GV0009") if row.subject_code == "GDTC" else row
            for row in desk.data.assignments
        )
        sector.apply_import(replace(desk.data, assignments=changed), by="test", at=LATER)

        assert sync.sync_roster(desk.code, school.YEAR, by="test", at=LATER)

        with scope.acting_for(desk.code):
            teachers = queries.teachers_by_cell(desk.code, school.YEAR)
        assert [each.code for each in teachers[queries.Cell("6A1", "GDTC", 1)]] == ["GV0009"]

    def test_says_what_the_sector_side_said(self, desk: Desk) -> None:
        with pytest.raises(SyncError, match="chưa có dữ liệu"):
            sync.sync_roster(desk.code, "2030-2031", by="test", at=LATER)

    def test_refuses_an_older_version(self, desk: Desk) -> None:
        with scope.whole_site():
            roster = compiling.roster_of(desk.code, school.YEAR)
        assert roster is not None
        newer = replace(roster, version=roster.version + 1)
        with scope.acting_for(desk.code):
            actions.take_over_roster(messages.to_bytes(newer), by="test", at=LATER)

            with pytest.raises(actions.StaleRosterError):
                actions.take_over_roster(messages.to_bytes(roster), by="test", at=LATER)

    def test_refuses_another_content_under_the_same_version(self, desk: Desk) -> None:
        with scope.whole_site():
            roster = compiling.roster_of(desk.code, school.YEAR)
        assert roster is not None
        other = messages.to_bytes(replace(roster, pupils=roster.pupils[:1]))
        with scope.acting_for(desk.code), pytest.raises(actions.StaleRosterError):
            actions.take_over_roster(other, by="test", at=LATER)


class TestFetch:
    def test_signs_with_the_time_of_sending(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        """A request of the end of a long comparison would be refused with the time of its start."""
        sent: list[datetime] = []

        def exchange(*, at: datetime, **_: object) -> tuple[None, ports.Answer]:
            sent.append(at)
            return None, ports.Answer(status=404, headers={}, body=b"")

        monkeypatch.setattr(client, "exchange", exchange)
        with pytest.raises(SyncError):
            sync.sync_roster(desk.code, school.YEAR, by="test", at=school.AT)

        assert abs(timezone.now() - sent[0]) < timedelta(minutes=1)


class TestAccounts:
    def test_have_the_roles_of_post_assignment_and_homeroom(self, desk: Desk) -> None:
        roles: dict[str, set[str]] = {}
        for row in Membership.objects.filter(school_code=desk.code):
            roles.setdefault(row.holder_code, set()).add(row.role)

        assert roles == {
            "GV0001": {"principal"},
            "GV0002": {"leadership"},
            "GV0003": {"academic_office"},
            "GV0004": {"clerk"},
            "GV0005": {"administrator"},
            "GV0006": {"group_head", "subject_teacher"},
            "GV0007": {"subject_teacher"},
            "GV0008": {"subject_teacher", "homeroom_teacher"},
            "GV0009": {"subject_teacher", "homeroom_teacher"},
        }

    def test_have_a_password_nobody_knows_outside_a_demo(self, desk: Desk) -> None:
        user = User.objects.get(username=f"{desk.code}.gv0006")

        assert not user.check_password("")
        assert not user.check_password("None")


class TestCertificates:
    def test_are_no_news_the_second_time(self, desk: Desk) -> None:
        assert not sync.sync_certificates(desk.code, by="test", at=LATER)

    def test_of_another_school_are_refused(self, desk: Desk) -> None:
        from tests.factories import authorities

        desk.register = authorities.register(school="79000000")

        with pytest.raises(messages.MessageError):
            sync.sync_certificates(desk.code, by="test", at=LATER)
