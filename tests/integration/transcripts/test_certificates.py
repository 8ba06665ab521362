"""What a school sees of its certificates, what it tells the Sở, and that its desk refuses everything else."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from django.test import Client
from django.utils import timezone

from hocba.city.schools import actions as city
from hocba.city.schools import queries as city_queries
from hocba.exchange import messages
from hocba.exchange.certificate_calendar import State
from hocba.platform.messages import client as http
from hocba.platform.messages import ports
from hocba.platform.messages.models import OutgoingMessage
from hocba.platform.tenancy import scope
from hocba.signing.checks import Code
from hocba.transcripts.certificates import actions, queries
from hocba.transcripts.roster import actions as roster
from hocba.transcripts.roster import jobs, sync, trust
from tests.fakes.sides import Sides, deliver
from tests.integration.transcripts import desk, world

pytestmark = pytest.mark.django_db


@pytest.fixture
def school(network: Sides) -> world.Keys:
    """A school with its roster, whose certificates the city approved."""
    of = world.keys()
    world.install_trust(of, city=True)
    world.install_roster(world.pupils(2))
    return of


def lines() -> dict[tuple[str, str], State]:
    with scope.acting_for(world.SCHOOL.code):
        found = queries.list_lines(world.SCHOOL.code, at=timezone.now())
    return {(line.need.holder, line.need.position): line.state for line in found}


def without(*holders: str) -> None:
    """A register that lacks some holders."""
    full = world.register(world.keys())
    kept = tuple(item for item in full.certificates if item.holder not in holders)
    with scope.acting_for(world.SCHOOL.code):
        content = messages.to_bytes(replace(full, certificates=kept))
        roster.take_over_certificates(world.SCHOOL.code, content, by="x", at=timezone.now())


class TestCalendar:
    def test_has_everybody_who_must_sign(self, school: world.Keys) -> None:
        assert lines() == {
            (world.SCHOOL.code, "seal"): State.COVERED,
            ("CB0001", "leader"): State.COVERED,
            **{(code, "teacher"): State.COVERED for code in world.STAFF if code.startswith("GV")},
        }

    def test_tells_who_has_none(self, school: world.Keys) -> None:
        without("GV0002", world.SCHOOL.code)

        missing = {key for key, state in lines().items() if state is State.MISSING}
        assert missing == {("GV0002", "teacher"), (world.SCHOOL.code, "seal")}


class TestPage:
    def client(self, code: str) -> Client:
        from tests.integration.transcripts.test_matrix import signed_in

        return signed_in(code, world.SCHOOL.code)

    def test_groups_what_is_missing(self, school: world.Keys) -> None:
        without("GV0002")
        page = self.client("principal").get("/transcripts/chung-thu-so/").content.decode()

        assert "Chưa có chứng thư số được phê duyệt" in page
        assert world.STAFF["GV0002"] in page
        assert "Báo Sở kết thúc phê duyệt" in page

    def test_lets_only_those_who_answer_for_it_report_a_leaver(self, school: world.Keys) -> None:
        page = self.client("group_head").get("/transcripts/chung-thu-so/").content.decode()

        assert "Báo Sở kết thúc phê duyệt" not in page


class TestEndDuty:
    def end(self, holder: str = "GV0002", *, days: int = 0) -> None:
        at = timezone.now()
        with scope.acting_for(world.SCHOOL.code):
            actions.end_duty(
                school_code=world.SCHOOL.code,
                holder=holder,
                ends_at=at + timedelta(days=days),
                handed_over=True,
                record="7/BB",
                by="principal",
                at=at,
            )

    def approved(self, school: world.Keys) -> Any:
        """What the desk's question about the teacher's certificate comes to now."""
        from hocba.signing.approvals import Claim

        now = timezone.now() + timedelta(seconds=2)
        claim = Claim(school=world.SCHOOL.code, holders=frozenset({"GV0002"}), position="teacher")
        with scope.acting_for(world.SCHOOL.code):
            material = trust.material(world.SCHOOL.code)
        return material.check_signer(school.keys["GV0002"].certificate, claim, at=now)[-1]

    def test_reaches_the_city_and_comes_back_to_the_desk(
        self, school: world.Keys, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked: list[str] = []
        monkeypatch.setattr(jobs.sync_certificates, "defer", lambda school_code: asked.append(school_code))
        assert self.approved(school).passed
        self.end()
        deliver()

        assert asked == [world.SCHOOL.code]
        sync.sync_certificates(world.SCHOOL.code, by="sync", at=timezone.now())
        found = self.approved(school)
        assert (found.passed, found.code) == (False, Code.CERT_NOT_APPROVED)

    def test_of_somebody_without_a_certificate_is_refused(self, school: world.Keys) -> None:
        with pytest.raises(actions.UnknownHolderError):
            self.end("GV9999")
        assert not OutgoingMessage.objects.filter(path__contains="duty-endings").exists()


class TestDeskRefuses:
    """Nothing but an approved, valid, unrevoked certificate of the right person in the right position signs."""

    @pytest.fixture
    def compilation(self, school: world.Keys) -> Any:
        book = world.sealed_book(school, count=1)
        world.give_to_city(book)
        return desk.take_in(book)

    def refusal(self, compilation: Any, certificate: bytes) -> str:
        from hocba.transcripts.issuing import actions as issuing
        from hocba.transcripts.issuing import tasks

        actor = world.actor("GV0002")
        with scope.acting_for(world.SCHOOL.code):
            (task,) = [item for item in tasks.list_tasks(actor) if item.ready]
            with pytest.raises(issuing.CertificateRefusedError) as caught:
                issuing.open_batch(order=desk.order(task.id, certificate), actor=actor, at=timezone.now())
        return str(caught.value)

    def test_a_certificate_that_was_never_approved(self, compilation: Any, school: world.Keys) -> None:
        fresh = school.authority.issue_person(
            name=world.STAFF["GV0002"], personal_id="079085000001", organisation=world.SCHOOL.name
        )

        said = self.refusal(compilation, fresh.certificate.public_bytes(Encoding.DER))
        assert "chưa được cấp quản lý phê duyệt" in said

    def test_the_certificate_of_somebody_else_or_the_seal(self, compilation: Any, school: world.Keys) -> None:
        assert "không phải cho người" in self.refusal(compilation, school.der("GV0003"))
        assert "không phải cho người" in self.refusal(compilation, school.der(world.SCHOOL.code))

    def test_an_approval_that_was_withdrawn(self, compilation: Any, school: world.Keys) -> None:
        ended = tuple(
            replace(item, revoked_at=timezone.now().replace(microsecond=0) - timedelta(minutes=1))
            if item.holder == "GV0002"
            else item
            for item in world.register(school).certificates
        )
        with scope.acting_for(world.SCHOOL.code):
            content = messages.to_bytes(replace(world.register(school), certificates=ended))
            roster.take_over_certificates(world.SCHOOL.code, content, by="x", at=timezone.now())

        assert "rút phê duyệt" in self.refusal(compilation, school.der("GV0002"))

    @pytest.mark.parametrize(("hours", "refused"), [(30, True), (3, False)])
    def test_stale_lists_after_the_grace(
        self, compilation: Any, school: world.Keys, hours: int, refused: bool
    ) -> None:
        stale = school.authority.crls(school.founded, timezone.now() - timedelta(hours=hours))
        with scope.whole_site():
            city.load_trust(stale, by="x", at=timezone.now())
        sync.sync_certificates(world.SCHOOL.code, by="sync", at=timezone.now())

        from hocba.signing.approvals import Claim

        claim = Claim(school=world.SCHOOL.code, holders=frozenset({"GV0002"}), position="teacher")
        with scope.acting_for(world.SCHOOL.code):
            checks = trust.material(world.SCHOOL.code).check_signer(
                school.keys["GV0002"].certificate, claim, at=timezone.now()
            )
        assert any(check.code is Code.TRY_LATER for check in checks) is refused


class TestSyncTrust:
    BUNDLE = "/exchange/v1/trust"
    CHANGES = "/exchange/v1/certificate-changes"

    def sync(self, network: Sides) -> tuple[int, list[str]]:
        """How many had news, and what was asked."""
        network.asked.clear()
        return sync.sync_trust(by="sync", at=timezone.now()), [path for _, _, path in network.asked]

    def about(self, school_code: str) -> list[str]:
        """What is asked about a school that changed."""
        place = f"/exchange/v1/schools/{school_code}"
        return [f"{place}/certificates", f"{place}/declared-certificates"]

    def test_brings_new_lists(self, school: world.Keys, network: Sides) -> None:
        self.sync(network)
        assert self.sync(network) == (0, [self.CHANGES])
        fresh = school.authority.crls(school.founded, school.founded + timedelta(days=30))
        with scope.whole_site():
            city.load_trust(fresh, by="x", at=timezone.now())

        assert self.sync(network) == (1, [self.CHANGES, self.BUNDLE])

    def test_asks_only_for_the_register_that_changed(self, school: world.Keys, network: Sides) -> None:
        other = replace(
            world.declaration(school),
            school=world.OTHER_SCHOOL,
            certificates=tuple(
                each for each in world.declaration(school).certificates if each.kind == "person"
            ),
        )
        with scope.whole_site():
            city.declare(other, by="x", at=timezone.now())
            roster.take_over_certificates(
                world.OTHER_SCHOOL,
                messages.to_bytes(replace(world.register(school), school=world.OTHER_SCHOOL)),
                by="x",
                at=timezone.now(),
            )
        self.sync(network)
        with scope.whole_site():
            (row, *_) = city_queries.list_certificates(school_code=world.OTHER_SCHOOL)
            city.approve(certificate_ids=[row.pk], by="x", at=timezone.now())

        assert self.sync(network) == (1, [self.CHANGES, *self.about(world.OTHER_SCHOOL)])
        assert self.sync(network) == (0, [self.CHANGES])

    def test_asks_again_for_a_register_whose_answer_was_lost(
        self, school: world.Keys, network: Sides, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.sync(network)
        with scope.whole_site():
            (row,) = city_queries.list_certificates(school_code=world.SCHOOL.code).filter(holder="GV0002")
            city.revoke(certificate_ids=[row.pk], by="x", at=timezone.now(), reason="Mất thiết bị")
        network.answers["city"] = lambda request: losing(network, request)

        assert self.sync(network)[0] == 0
        del network.answers["city"]
        assert self.sync(network) == (1, [self.CHANGES, *self.about(world.SCHOOL.code)])

    def test_asks_again_for_what_was_copied_past_it(self, school: world.Keys, network: Sides) -> None:
        self.sync(network)
        sync.sync_certificates(world.SCHOOL.code, by="sync", at=timezone.now())

        assert set(self.sync(network)[1]) == {self.CHANGES, self.BUNDLE, *self.about(world.SCHOOL.code)}
        assert self.sync(network)[1] == [self.CHANGES]

    def test_without_a_school_asks_nobody(self, network: Sides) -> None:
        assert self.sync(network) == (0, [])


def losing(network: Sides, request: ports.Request) -> ports.Answer:
    """The city, whose registers do not arrive."""
    if request.url.endswith("/certificates"):
        raise http.UnreachableError("không trả lời")
    answer = network.answers.pop("city")
    try:
        return network.call(request)
    finally:
        network.answers["city"] = answer
