"""The life of certificates at the city: weak ones, renewals, leavers, what an officer sees and is told."""

from __future__ import annotations

import base64
import contextlib
import csv
import io
import uuid
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from django.test import Client
from django.utils import timezone

from hocba.city.schools import actions, calendar, queries, workflow
from hocba.city.schools import trust as city_trust
from hocba.city.schools.models import DeclaredCertificate
from hocba.exchange import messages
from hocba.exchange.certificate_calendar import State
from hocba.platform.tenancy import scope
from hocba.signing import trust as signing_trust
from hocba.signing.approvals import Claim, read_register
from hocba.signing.keys.pkcs12 import SoftwareKey
from tests.fakes.sides import HEADER, Sides
from tests.integration.city.test_matrix import signed_in
from tests.integration.transcripts import world

pytestmark = pytest.mark.django_db

NAME, NUMBER = "Nguyễn Thị Ánh", "079085000001"


def key(number: str = NUMBER, private_key: Any = None, valid_from: datetime | None = None) -> SoftwareKey:
    return world.keys().authority.issue_person(
        name=NAME,
        personal_id=number,
        organisation=world.SCHOOL.name,
        private_key=private_key or ec.generate_private_key(ec.SECP256R1()),
        valid_from=valid_from,
    )


_versions = iter(range(1, 1000))


def declare(made: SoftwareKey, holder: str = "GV0001", version: int = 0) -> int:
    """Declare one certificate; its row id."""
    certificate = made.certificate
    at = timezone.now().replace(microsecond=0)
    declaration = messages.CertificateDeclaration(
        school=world.SCHOOL.code,
        school_name=world.SCHOOL.name,
        version=version or next(_versions),
        declared_at=at,
        certificates=(
            messages.DeclaredCertificate(
                der=base64.b64encode(certificate.public_bytes(Encoding.DER)).decode(),
                holder=holder,
                name=NAME,
                kind="person",
                positions=("teacher",),
                valid_from=certificate.not_valid_before_utc,
                valid_until=certificate.not_valid_after_utc,
            ),
        ),
    )
    with scope.whole_site():
        actions.declare(declaration, by="side:transcripts", at=at)
        newest = DeclaredCertificate.objects.order_by("-id").first()
    assert newest is not None
    return int(newest.pk)


def approve(pk: int) -> int:
    with scope.whole_site():
        actions.approve(certificate_ids=[pk], by="officer", at=timezone.now())
    return pk


def withdraw(pk: int) -> None:
    with scope.whole_site():
        actions.revoke(certificate_ids=[pk], by="officer", at=timezone.now(), reason="lộ khóa")


def states_by_holder() -> dict[str, State]:
    """The calendar of the school a moment from now."""
    with scope.whole_site():
        lines = calendar.lines_of(world.SCHOOL.code, at=timezone.now() + timedelta(seconds=1))
    return {line.need.holder: line.state for line in lines}


def row(pk: int) -> DeclaredCertificate:
    with scope.whole_site():
        found = queries.get_certificate(pk)
    assert found is not None
    return found


class TestWeakCertificates:
    @pytest.mark.parametrize("weak", ["rsa", "curve"])
    def test_are_refused_when_declared(self, weak: str) -> None:
        made = (
            rsa.generate_private_key(65537, 1024)
            if weak == "rsa"
            else ec.generate_private_key(ec.SECP192R1())
        )

        with pytest.raises(actions.DeclarationError, match="thuật toán yếu, không được chấp nhận"):
            declare(key(private_key=made))


class TestRenewal:
    def test_names_the_certificate_it_follows(self) -> None:
        old = approve(declare(key()))
        new = declare(key())

        assert row(new).follows_id == old
        with scope.whole_site():
            assert [item.pk for item in queries.list_followers(old)] == [new]

    def test_overlaps_with_the_old_one(self) -> None:
        first, second = key(), key()
        approve(declare(first))
        approve(declare(second))
        with scope.whole_site():
            register = messages.to_bytes(queries.approved_certificates_of(world.SCHOOL.code))
        found = signing_trust.load({"r.json": register})

        at = timezone.now() + timedelta(seconds=1)
        claim = Claim(school=world.SCHOOL.code, holders=frozenset({"GV0001"}), position="teacher")
        assert all(
            found.check_approval(each.certificate, claim, at=at, now=at).passed for each in (first, second)
        )

    @pytest.mark.parametrize("case", ["other person", "other holder", "never approved"])
    def test_follows_nobody_elses(self, case: str) -> None:
        old = declare(key(), holder="GV0002" if case == "other holder" else "GV0001")
        if case != "never approved":
            approve(old)
        new = declare(key("079085000009" if case == "other person" else NUMBER))

        assert row(new).follows_id is None


class TestLeaving:
    def end(self, ends_at: datetime, **changes: Any) -> int:
        values: dict[str, Any] = {
            "school": world.SCHOOL.code,
            "holder": "GV0001",
            "ends_at": ends_at.replace(microsecond=0),
            "reported_at": timezone.now().replace(microsecond=0),
            "handed_over": True,
            "record": "12/BB",
        }
        with scope.whole_site():
            return actions.end_duty_of(
                messages.DutyEnding(**(values | changes)), by="side:transcripts", at=timezone.now()
            )

    def approval_at(self, made: SoftwareKey, at: datetime) -> bool:
        with scope.whole_site():
            register = messages.to_bytes(queries.approved_certificates_of(world.SCHOOL.code))
        claim = Claim(school=world.SCHOOL.code, holders=frozenset({"GV0001"}), position="teacher")
        material = signing_trust.load({"r.json": register})
        return material.check_approval(made.certificate, claim, at=at, now=at).passed

    def test_ends_the_approval_with_the_last_day_and_not_before(self) -> None:
        made = key()
        approve(declare(made))
        leaves = timezone.now() + timedelta(days=10)

        assert self.end(leaves) == 1
        assert self.approval_at(made, leaves - timedelta(days=1))
        assert not self.approval_at(made, leaves + timedelta(seconds=1))

    def test_is_kept_in_the_history_with_the_minutes(self) -> None:
        pk = approve(declare(key()))
        self.end(timezone.now())

        with scope.whole_site():
            assert queries.list_events(pk)[-1].reason == (
                "Thôi làm việc tại trường; đã bàn giao thiết bị, biên bản số 12/BB"
            )

    def test_refuses_what_still_waits_and_leaves_others_alone(self) -> None:
        approve(declare(key()))
        waiting = declare(key())
        other = approve(declare(key("079085000002"), holder="GV0002"))

        assert self.end(timezone.now()) == 1
        assert row(waiting).status == workflow.Status.REFUSED
        assert row(other).status == workflow.Status.APPROVED

    def test_can_be_brought_forward_and_not_put_off(self) -> None:
        made = key()
        pk = approve(declare(made))
        leaves = (timezone.now() + timedelta(days=10)).replace(microsecond=0)
        assert self.end(leaves) == 1

        assert self.end(leaves - timedelta(days=5)) == 1
        assert row(pk).revoked_at == leaves - timedelta(days=5)
        assert not self.approval_at(made, leaves - timedelta(days=4))
        assert self.end(leaves - timedelta(days=5)) == 0  # the same again
        with pytest.raises(actions.NothingToEndError, match="không lùi lại được"):
            self.end(leaves)
        assert row(pk).revoked_at == leaves - timedelta(days=5)

    def test_of_somebody_without_an_approval_is_said_to_change_nothing(self) -> None:
        with pytest.raises(actions.NothingToEndError, match="không có chứng thư số"):
            self.end(timezone.now(), holder="GV0009")

    def test_does_not_keep_an_officer_from_withdrawing_at_once(self) -> None:
        pk = approve(declare(key()))
        self.end(timezone.now() + timedelta(days=10))
        officer = signed_in("city_officer")
        page = f"/city/chung-thu-so/{pk}/"
        assert f"{page}rut" in officer.get(page).content.decode()

        officer.post(f"{page}rut", {"reason": "lộ khóa"})
        ended = row(pk).revoked_at
        assert ended is not None
        assert ended <= timezone.now()
        assert f"{page}rut" not in officer.get(page).content.decode()
        with scope.whole_site(), pytest.raises(workflow.TransitionError):
            actions.revoke(certificate_ids=[pk], by="x", at=timezone.now(), reason="lần nữa")

    def test_comes_from_the_schools_side_and_for_the_address_only(self, network: Sides) -> None:
        approve(declare(key()))
        body = messages.to_bytes(
            messages.DutyEnding(
                school=world.SCHOOL.code,
                holder="GV0001",
                ends_at=timezone.now().replace(microsecond=0),
                reported_at=timezone.now().replace(microsecond=0),
                handed_over=False,
            )
        )

        def put(side: str, holder: str) -> int:
            path = f"/city/exchange/v1/schools/{world.SCHOOL.code}/duty-endings/{holder}"
            headers = {HEADER: side, "idempotency-key": str(uuid.uuid4())}
            return Client().put(path, body, content_type="application/json", headers=headers).status_code

        assert put("tracking", "GV0001") == 403
        assert put("transcripts", "GV0002") == 422
        assert put("transcripts", "GV0001") == 200
        later = messages.from_bytes(messages.DutyEnding, body)
        body = messages.to_bytes(replace(later, ends_at=later.ends_at + timedelta(days=30)))
        assert put("transcripts", "GV0001") == 409


class TestPages:
    @pytest.fixture
    def officer(self) -> Client:
        return signed_in("city_officer")

    def test_show_history_and_renewal(self, officer: Client) -> None:
        old = approve(declare(key()))
        new = approve(declare(key()))

        page = officer.get(f"/city/chung-thu-so/{new}/").content.decode()
        assert "Gia hạn, thay cho" in page
        assert f"/city/chung-thu-so/{old}/" in page
        assert "Hệ thống học bạ số của trường" in page

    def test_let_a_period_of_validity_break_after_its_dash(self, officer: Client) -> None:
        made = key()
        declare(made)
        begin, end = (
            f"{timezone.localtime(day):%d/%m/%Y}"
            for day in (made.certificate.not_valid_before_utc, made.certificate.not_valid_after_utc)
        )

        page = officer.get("/city/chung-thu-so/").content.decode()
        assert f'<span class="nowrap">{begin}–</span><wbr><span class="nowrap">{end}</span>' in page

    def test_withdraw_with_a_reason_only(self, officer: Client) -> None:
        pk = approve(declare(key()))
        officer.post(f"/city/chung-thu-so/{pk}/rut", {"reason": " "})
        assert row(pk).status == workflow.Status.APPROVED

        officer.post(f"/city/chung-thu-so/{pk}/rut", {"reason": "lộ khóa"})
        assert row(pk).status == workflow.Status.REVOKED

    def test_withdraw_from_the_day_after_the_last_one(self, officer: Client) -> None:
        pk = approve(declare(key()))
        officer.post(f"/city/chung-thu-so/{pk}/rut", {"reason": "nghỉ việc", "last_day": "2027-01-31"})

        ended = row(pk).revoked_at
        assert ended is not None
        assert timezone.localtime(ended).isoformat() == "2027-02-01T00:00:00+07:00"

    def test_show_before_approval_what_verification_says(self, officer: Client) -> None:
        declare(key())
        assert "Chưa có chứng thư gốc tin cậy" in officer.get("/city/chung-thu-so/").content.decode()

        of = world.keys()
        with scope.whole_site():
            actions.load_trust(
                {
                    **of.authority.certificate_pems(),
                    **of.authority.crls(of.founded, of.founded + timedelta(days=99)),
                },
                by="x",
                at=timezone.now(),
            )
        assert "chưa rõ" not in officer.get("/city/chung-thu-so/").content.decode()


class TestCalendar:
    def test_tells_who_ends_and_what_a_school_lacks(self) -> None:
        now = timezone.now()
        # A demo certificate lives five years: this one has forty days left.
        approve(declare(key(valid_from=now - timedelta(days=5 * 365 - 40))))

        now = timezone.now()
        with scope.whole_site():
            lines = calendar.lines_of(world.SCHOOL.code, at=now)
            (figures,) = calendar.list_figures(at=now)
        states = {line.need.position: line.state for line in lines}
        assert states == {
            "seal": State.MISSING,
            "leader": State.MISSING,
            "teacher": State.ENDS_BEFORE,
        }
        assert (figures.missing, figures.ending, figures.covered) == (2, 1, 0)

    @pytest.mark.parametrize("withdrawn_before", [False, True])
    def test_forgets_who_has_left(self, withdrawn_before: bool) -> None:
        pk = approve(declare(key()))
        if withdrawn_before:
            withdraw(pk)
        leaves = timezone.now()
        TestLeaving().end(leaves)
        with contextlib.suppress(actions.NothingToEndError):
            TestLeaving().end(leaves)

        assert "GV0001" not in states_by_holder()
        with scope.whole_site():
            assert len([each for each in queries.list_events(pk) if "Thôi" in each.reason]) == 1

    def test_keeps_who_lost_the_last_approval_as_something_to_do(self) -> None:
        withdraw(approve(declare(key())))
        withdraw(approve(declare(key("079085000002"), holder="GV0002")))
        approve(declare(key("079085000002"), holder="GV0002"))

        found = states_by_holder()
        assert (found["GV0001"], found["GV0002"]) == (State.MISSING, State.COVERED)
        with scope.whole_site():
            (figures,) = calendar.list_figures(at=timezone.now())
        assert figures.missing == len({"seal", "leader", "GV0001"})
        page = signed_in("city_officer").get(f"/city/chung-thu-so/lich?truong={world.SCHOOL.code}")
        assert "Cần xử lý: chưa có chứng thư số được phê duyệt" in page.content.decode()

    @pytest.mark.parametrize("same", [False, True])
    def test_shows_who_came_back_and_lost_that_approval(self, same: bool) -> None:
        made = key()
        approve(declare(made))
        TestLeaving().end(timezone.now() - timedelta(days=1))
        withdraw(approve(declare(made if same else key())))

        assert states_by_holder()["GV0001"] == State.MISSING

    def test_counts_who_signs_in_two_positions_once(self) -> None:
        pk = approve(declare(key()))
        with scope.whole_site():
            DeclaredCertificate.objects.filter(pk=pk).update(positions=["teacher", "leader"])
            city_trust.forget()
            (figures,) = calendar.list_figures(at=timezone.now())

        assert (figures.missing, figures.ending, figures.covered) == (1, 0, 1)

    def test_is_a_page_a_document_and_a_table(self) -> None:
        approve(declare(key()))
        officer = signed_in("city_officer")

        page = officer.get(f"/city/chung-thu-so/lich?truong={world.SCHOOL.code}").content.decode()
        assert NAME in page
        told = officer.get("/city/chung-thu-so/lich.json").json()
        assert {line["holder"] for line in told["lines"]} == {world.SCHOOL.code, "–", "GV0001"}
        table = officer.get("/city/chung-thu-so/lich.csv").content.decode("utf-8-sig")
        assert [line[2] for line in csv.reader(io.StringIO(table))][-1] == NAME

    def test_gives_a_spreadsheet_no_formula(self) -> None:
        from hocba.exchange import certificate_calendar, certificate_calendar_files

        need = certificate_calendar.Need(school="1", holder="2", name="=cmd()", position="teacher")
        line = certificate_calendar.Line(need=need, state=State.MISSING, ends_at=None, deadline=None)
        assert "'=cmd()" in certificate_calendar_files.to_csv([line]).decode("utf-8-sig")

    def test_registers_read_as_before(self) -> None:
        approve(declare(key()))
        with scope.whole_site():
            school, found = read_register(
                messages.to_bytes(queries.approved_certificates_of(world.SCHOOL.code))
            )
        assert (school, len(found)) == (world.SCHOOL.code, 1)


class TestCertificateChanges:
    def test_names_whatever_came_before_its_version(self, monkeypatch: pytest.MonkeyPatch) -> None:
        newest = queries.trust_version

        def overtaken() -> int:
            """A declaration is committed while the question is answered."""
            declare(key())
            return newest()

        monkeypatch.setattr(queries, "trust_version", overtaken)
        with scope.whole_site():
            found = queries.certificate_changes(0)

        assert world.SCHOOL.code in {each.school for each in found.registers}


class TestDeclare:
    def test_takes_versions_beyond_2038(self) -> None:
        declare(key(), version=2**31)

        with scope.whole_site():
            assert queries.list_schools().get().declaration_version == 2**31
