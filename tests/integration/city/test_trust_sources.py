"""Fetching from a real host on loopback, what the other sides learn of it, and what happens when it is gone."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from hocba.channels.revocation import FetchError, SilentHostError
from hocba.city.registration import actions as registration
from hocba.city.schools import actions, loading, queries, trust
from hocba.city.trust_sources import alarms, jobs
from hocba.city.trust_sources import queries as sources
from hocba.city.trust_sources.models import SourceCheck
from hocba.exchange import messages
from hocba.exchange.known_trust import load_bundle
from hocba.platform.messages import delivery
from hocba.platform.messages.models import OutgoingMessage
from hocba.platform.tenancy import scope
from hocba.platform.web.templatetags import vietnamese
from hocba.signing import demo_trust, ocsp, revocation_sources, trust_list_files
from hocba.signing.demo_ca import DemoAuthority
from hocba.signing.keys.pkcs12 import SoftwareKey
from hocba.simulators.revocation_service import RevocationService
from tests.fakes.sides import HEADER, Sides, deliver
from tests.integration.transcripts import desk, world

pytestmark = pytest.mark.django_db


class Clock:
    """The time of every side of the test; moved by hand."""

    def __init__(self) -> None:
        self.offset = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.offset


class Authority:
    """A demo authority with its services on loopback, a pinned signer of trust lists, and a school below it."""

    def __init__(self, clock: Clock) -> None:
        founded = datetime.now(UTC).replace(microsecond=0) - timedelta(days=2)
        self.clock, self.founded = clock, founded
        self.ca = DemoAuthority.create(founded, "CA thử nghiệm")
        self.server = RevocationService(0, lambda: self.ca, clock=clock.now)
        self.ca.services = self.server.address
        self.signer = self.ca.issue_system("Người lập danh sách")
        self.teacher = self.issue("Nguyễn Thị Ánh", "079085000001")

    def issue(self, name: str, personal_id: str) -> SoftwareKey:
        return self.ca.issue_person(
            name=name,
            personal_id=personal_id,
            organisation=world.SCHOOL.name,
            private_key=ec.generate_private_key(ec.SECP256R1()),
        )

    def trust_list(self, version: int = 1, **changes: Any) -> tuple[bytes, bytes]:
        from dataclasses import replace

        made = demo_trust.trust_list(
            self.ca,
            version=version,
            now=self.founded,
            next_update=self.clock.now().replace(microsecond=0) + timedelta(days=60),
            services=True,
        )
        data = trust_list_files.write(replace(made, **changes))
        return data, self.signer.sign(data)

    def load(self, version: int = 1, **changes: Any) -> int:
        data, signature = self.trust_list(version, **changes)
        with scope.whole_site():
            return actions.load_trust_list(
                data,
                signature,
                by="officer",
                at=timezone.now(),
                signers=[self.signer.certificate],
                production=False,
            )

    def without_lists(self) -> None:
        """A trust list on which the authority publishes OCSP only."""
        from dataclasses import replace

        entries = demo_trust.trust_list(
            self.ca,
            version=1,
            now=self.founded,
            next_update=self.founded + timedelta(days=90),
            services=True,
        ).authorities
        root, issuing = entries
        self.load(authorities=(root, replace(issuing, crls=())))

    def approve(self, key: SoftwareKey | None = None) -> int:
        """Declare and approve the teacher's certificate; its row id."""
        import base64

        der = (key or self.teacher).certificate.public_bytes(Encoding.DER)
        at = timezone.now().replace(microsecond=0)
        declaration = messages.CertificateDeclaration(
            school=world.SCHOOL.code,
            school_name=world.SCHOOL.name,
            version=int(at.timestamp()),
            declared_at=at,
            certificates=(
                messages.DeclaredCertificate(
                    der=base64.b64encode(der).decode(),
                    holder="GV0001",
                    name="Nguyễn Thị Ánh",
                    kind="person",
                    positions=("teacher",),
                    valid_from=at,
                    valid_until=at + timedelta(days=365),
                ),
            ),
        )
        with scope.whole_site():
            actions.declare(declaration, by="side:transcripts", at=at)
            (row,) = queries.list_certificates(status=None).filter(status="DECLARED")
            actions.approve(certificate_ids=[row.pk], by="officer", at=at)
        return int(row.pk)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(timezone, "now", made.now)
    return made


@pytest.fixture
def authority(clock: Clock) -> Iterator[Authority]:
    made = Authority(clock)
    thread = threading.Thread(target=made.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield made
    made.server.shutdown()
    thread.join()
    made.server.server_close()


def asked(authority: Authority) -> list[str]:
    found = list(authority.server.asked)
    authority.server.asked.clear()
    return found


def open_alarms() -> list[tuple[str, str]]:
    with scope.whole_site():
        return [(alarm.level.value, alarm.text) for alarm in alarms.list_alarms(at=timezone.now())]


def revocation_of(key: SoftwareKey) -> Any:
    """The verdict's row about revocation, as the city judges now."""
    now = timezone.now()
    with scope.whole_site():
        return trust.material().check_certificate(key.certificate, at=now, now=now)[-1]


class TestRefresh:
    def test_without_a_trust_list_asks_nobody(self, authority: Authority) -> None:
        assert jobs.refresh() == 0
        assert asked(authority) == []

    def test_fetches_every_list_and_then_rests(self, authority: Authority) -> None:
        authority.load()

        assert jobs.refresh() == 2
        assert asked(authority) == ["GET /root.crl", "GET /issuing.crl"]
        assert revocation_of(authority.teacher).passed
        assert jobs.refresh() == 0
        assert asked(authority) == []

    def test_asks_for_news_only_when_it_asks_again(self, authority: Authority, clock: Clock) -> None:
        authority.load()
        jobs.refresh()
        clock.offset = timedelta(hours=7)

        assert jobs.refresh() == 2
        clock.offset = timedelta(hours=7, minutes=20)
        jobs.refresh()
        with scope.whole_site():
            outcomes = set(SourceCheck.objects.order_by("id").values_list("outcome", "problem"))
        assert outcomes == {("NEW", "")}

    def test_an_unchanged_list_is_written_down_as_the_same(
        self, authority: Authority, clock: Clock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sources, "LONGEST_WAIT", timedelta(minutes=20))
        monkeypatch.setattr(
            authority.server, "clock", lambda: authority.founded + timedelta(days=1, hours=23)
        )
        authority.load()
        jobs.refresh()
        clock.offset = timedelta(minutes=30)

        assert jobs.refresh() == 0
        with scope.whole_site():
            newest = SourceCheck.objects.order_by("-id").first()
            first = SourceCheck.objects.order_by("id").first()
        assert newest is not None
        assert first is not None
        assert (newest.outcome, newest.next_update) == ("SAME", first.next_update)

    def test_tells_the_other_sides(self, authority: Authority) -> None:
        authority.load()
        jobs.refresh()
        with scope.whole_site():
            bundle = messages.to_bytes(queries.trust_bundle())

        material = load_bundle(bundle)
        now = timezone.now()
        checks = material.check_certificate(authority.teacher.certificate, at=now, now=now)
        assert all(check.passed for check in checks)
        assert "trình diễn" in checks[2].detail

    def test_takes_no_list_of_another_authority_and_says_so(self, authority: Authority) -> None:
        authority.load()
        authority.ca = DemoAuthority.create(authority.founded, "CA thử nghiệm")

        assert jobs.refresh() == 0
        with scope.whole_site():
            problems = set(SourceCheck.objects.values_list("outcome", "problem"))
        assert problems == {("FAILED", "not signed by the authority it should be of")}

    def test_takes_no_list_older_than_the_one_at_hand(self, authority: Authority, clock: Clock) -> None:
        authority.load()
        jobs.refresh()
        authority.server.clock = lambda: clock.now() - timedelta(hours=12)
        clock.offset = timedelta(hours=7)

        assert jobs.refresh() == 0
        with scope.whole_site():
            newest = SourceCheck.objects.order_by("-id").first()
        assert newest is not None
        assert newest.problem == "older than the one at hand"

    def test_asks_responders_about_approved_certificates_without_a_list(self, authority: Authority) -> None:
        authority.without_lists()
        authority.approve()

        assert jobs.refresh() == 2  # the root's list, and one answer
        assert asked(authority) == ["GET /root.crl", "POST /ocsp"]
        assert revocation_of(authority.teacher).passed
        jobs.refresh()
        assert asked(authority) == []


class TestWhenNobodyAnswers:
    @pytest.fixture(autouse=True)
    def _gone(self, authority: Authority, clock: Clock) -> None:
        authority.load()
        jobs.refresh()
        authority.approve()

        def out_of_order() -> DemoAuthority:
            raise OSError("out of order")

        authority.server.open_authority = out_of_order

    def test_the_copy_counts_until_it_ends_and_the_officer_is_warned(
        self, authority: Authority, clock: Clock
    ) -> None:
        clock.offset = timedelta(hours=20)
        jobs.refresh()

        assert revocation_of(authority.teacher).passed
        levels = {level for level, _ in open_alarms()}
        assert levels == {"wait"}

    def test_afterwards_nothing_is_decided_and_the_alarm_says_until_when_schools_sign(
        self, authority: Authority, clock: Clock
    ) -> None:
        clock.offset = timedelta(hours=26)
        jobs.refresh()

        assert str(revocation_of(authority.teacher).code) == "TRY_LATER"
        level, text = open_alarms()[0]
        assert (level, "các trường ngừng ký từ" in text) == ("stop", True)

    def test_the_first_page_says_so_too(self, authority: Authority, clock: Clock) -> None:
        from tests.integration.city.test_matrix import signed_in

        officer = signed_in("city_administrator")
        assert "phải xử lý về nguồn tin cậy" not in officer.get("/city/").content.decode()
        clock.offset = timedelta(hours=26)
        officer = signed_in("city_officer")
        assert "phải xử lý về nguồn tin cậy" in officer.get("/city/").content.decode()

    def test_it_is_asked_again_after_a_quarter_of_an_hour(self, authority: Authority, clock: Clock) -> None:
        clock.offset = timedelta(hours=20)
        jobs.refresh()
        asked(authority)
        jobs.refresh()
        assert asked(authority) == []

        clock.offset += timedelta(minutes=16)
        authority.server.open_authority = lambda: authority.ca
        assert jobs.refresh() == 2
        assert open_alarms() == []


class Hosts:
    """Fake hosts: what each address does, and what was asked."""

    def __init__(self, **answers: Any) -> None:
        self.answers, self.asked = answers, []  # type: ignore[var-annotated]

    def fetch_list(self, address: str, known: Any = None) -> Any:
        return self._do(address)

    def ask(self, address: str, request: bytes) -> Any:
        return self._do(address)

    def _do(self, address: str) -> Any:
        self.asked.append(address)
        return self.answers[address.partition("//")[2].partition(".")[0]]()


def silent() -> None:
    raise SilentHostError("nobody")


def broken() -> None:
    raise FetchError("status 500")


def with_responders(authority: Authority, *addresses: str) -> None:
    """A trust list on which nobody publishes lists, and the issuing authority answers at these addresses."""
    from dataclasses import replace

    until = authority.founded + timedelta(days=90)
    made = demo_trust.trust_list(authority.ca, version=1, now=authority.founded, next_update=until)
    root, issuing = made.authorities
    authority.load(authorities=(root, replace(issuing, crls=(), ocsp=addresses)))


class TestOneRun:
    def test_waits_for_the_one_before(self) -> None:
        from hocba.tracking.roster import jobs as tracking
        from hocba.transcripts.roster import jobs as transcripts

        for task in (jobs.refresh_revocation, tracking.sync_trust, transcripts.sync_trust):
            assert task.lock == task.name

    def test_leaves_a_slot_for_time_stamps(self) -> None:
        """Refreshing, keeping evidence and renewing it may each hold one for minutes."""
        from hocba.sites import base

        city = base.settings(side="city", apps=[], urls="", roles="")
        assert city["HOCBA_JOB_SLOTS"] == 4

    def test_asks_a_silent_host_once(self, authority: Authority) -> None:
        with_responders(authority, "http://quiet.test/")
        for number in range(3):
            authority.clock.offset += timedelta(seconds=2)
            authority.approve(authority.issue("Nguyễn Thị Ánh", f"07908500001{number}"))
        hosts = Hosts(quiet=silent, loud=broken)

        jobs.refresh(hosts)
        assert hosts.asked.count("http://quiet.test/") == 1

    def test_asks_a_host_with_a_fault_about_everybody(self, authority: Authority) -> None:
        with_responders(authority, "http://loud.test/")
        for number in range(3):
            authority.clock.offset += timedelta(seconds=2)
            authority.approve(authority.issue("Nguyễn Thị Ánh", f"07908500001{number}"))
        hosts = Hosts(loud=broken)

        jobs.refresh(hosts)
        assert hosts.asked.count("http://loud.test/") == 3

    def test_ends_in_time_and_the_next_goes_on(
        self, authority: Authority, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        authority.load()
        monkeypatch.setattr(jobs, "RUN_SECONDS", 0.0)
        assert jobs.refresh() == 0
        assert asked(authority) == []

        monkeypatch.undo()
        monkeypatch.setattr(timezone, "now", authority.clock.now)
        assert jobs.refresh() == 2

    def test_loses_nothing_that_was_answered_when_it_is_killed(
        self, authority: Authority, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        class KilledError(Exception):
            pass

        def killed() -> None:
            raise KilledError

        monkeypatch.setattr(jobs, "KEEP_SECONDS", 0.0)
        with_responders(authority, "http://loud.test/", "http://end.test/")
        authority.approve()
        hosts = Hosts(loud=broken, end=killed)
        jobs.refresh(hosts)
        authority.clock.offset = timedelta(minutes=20)
        authority.approve(authority.issue("Nguyễn Thị Ánh", "079085000019"))
        hosts.answers["loud"], hosts.answers["end"] = killed, broken
        with pytest.raises(KilledError):
            jobs.refresh(hosts)
        with scope.whole_site():
            assert set(SourceCheck.objects.values_list("address", flat=True)) == {
                "http://loud.test/",
                "http://end.test/",
            }


class TestOlderThanTheCopyAtHand:
    """Whoever comes second: a run that overlaps, a mirror that lags, somebody who plays back."""

    def keep(self, name: str, content: bytes) -> Any:
        with scope.whole_site():
            return actions.keep_fetched({name: content}, by="test", at=timezone.now())

    def answer(self, authority: Authority, *, at: datetime) -> bytes:
        issuer = authority.ca.issuing.certificate
        return demo_trust.answer(
            ocsp.build_request(authority.teacher.certificate, issuer),
            authority.ca,
            known=None,
            responder=authority.server.responder,
            now=at,
            next_update=at + timedelta(days=1),
        )

    def test_an_answer_stays(self, authority: Authority, clock: Clock) -> None:
        now = clock.now().replace(microsecond=0)
        old = self.answer(authority, at=now - timedelta(hours=1))
        authority.ca.revoke(authority.teacher.certificate.serial_number, at=now - timedelta(hours=1))
        new = self.answer(authority, at=now - timedelta(minutes=30))

        assert self.keep("fetched-x.ors", new).new == {"fetched-x.ors"}
        kept = self.keep("fetched-x.ors", old)
        assert (kept.new, kept.older) == (frozenset(), {"fetched-x.ors"})
        with scope.whole_site():
            assert queries.trust_file("fetched-x.ors") == new

    def test_a_list_stays(self, authority: Authority, clock: Clock) -> None:
        now = clock.now().replace(microsecond=0)
        old, new = (
            authority.ca.crls(now - timedelta(hours=hours), now + timedelta(days=1))["issuing.crl"]
            for hours in (2, 1)
        )

        assert self.keep("fetched-x.crl", old).new
        assert self.keep("fetched-x.crl", new).new
        assert self.keep("fetched-x.crl", old).older
        with scope.whole_site():
            assert queries.trust_file("fetched-x.crl") == new

    def test_is_written_down_as_a_failure(self, authority: Authority, clock: Clock) -> None:
        authority.without_lists()
        authority.approve()
        jobs.refresh()
        real = clock.now()
        authority.server.clock = lambda: real - timedelta(minutes=40)
        clock.offset = timedelta(hours=13)

        jobs.refresh()
        with scope.whole_site():
            newest = SourceCheck.objects.filter(kind="ANSWER").order_by("-id")[0]
        assert (newest.outcome, newest.problem) == ("FAILED", "older than the one at hand")


class TestRevokedByTheAuthority:
    @pytest.mark.parametrize("with_lists", [True, False])
    def test_is_noticed_told_to_the_officer_and_written_down(
        self, authority: Authority, clock: Clock, with_lists: bool
    ) -> None:
        if with_lists:
            authority.load()
        else:
            authority.without_lists()
        pk = authority.approve()
        jobs.refresh()
        assert open_alarms() == []
        authority.ca.revoke(
            authority.teacher.certificate.serial_number, at=clock.now().replace(microsecond=0)
        )
        clock.offset = timedelta(hours=13)

        jobs.refresh()
        level, text = open_alarms()[0]
        assert level == "stop"
        assert "đã thu hồi chứng thư số của Nguyễn Thị Ánh" in text
        assert not revocation_of(authority.teacher).passed
        with scope.whole_site():
            actions.revoke(certificate_ids=[pk], by="officer", at=timezone.now(), reason="CA thu hồi")
        assert open_alarms() == []

    def test_is_noticed_of_somebody_whose_last_day_lies_ahead(
        self, authority: Authority, clock: Clock
    ) -> None:
        authority.load()
        pk = authority.approve()
        with scope.whole_site():
            leaves_at = timezone.now() + timedelta(days=30)
            actions.end_duty(
                certificate_ids=[pk], leaves_at=leaves_at, by="x", at=timezone.now(), reason="nghỉ"
            )
        revoked_at = clock.now().replace(microsecond=0)
        authority.ca.revoke(authority.teacher.certificate.serial_number, at=revoked_at)
        clock.offset = timedelta(hours=1)

        jobs.refresh()
        assert any("đã thu hồi chứng thư số của Nguyễn Thị Ánh" in text for _, text in open_alarms())


class TestAlarms:
    def test_name_a_list_whose_address_stands_only_in_the_certificate_below(
        self, authority: Authority, clock: Clock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from dataclasses import replace

        below = [f"{authority.server.address}/root.crl"]
        monkeypatch.setattr(revocation_sources, "_addresses_in", lambda _: below)
        until = authority.founded + timedelta(days=90)
        made = demo_trust.trust_list(
            authority.ca, version=1, now=authority.founded, next_update=until, services=True
        )
        root, issuing = made.authorities
        authority.load(authorities=(replace(root, crls=()), issuing))
        assert [level for level, text in open_alarms() if root.name in text] == ["stop"]
        jobs.refresh()
        assert open_alarms() == []

        clock.offset = timedelta(hours=26)
        assert [level for level, text in open_alarms() if f"“{root.name}” đã quá hạn" in text] == ["stop"]

    def test_count_certificates_that_no_answer_covers(self, authority: Authority, clock: Clock) -> None:
        with_responders(authority, "http://loud.test/")
        authority.approve()
        assert [text for _, text in open_alarms() if "OCSP" in text] == []

        clock.offset = timedelta(minutes=16)
        jobs.refresh(Hosts(loud=broken))
        found = [(level, text) for level, text in open_alarms() if "OCSP" in text]
        assert [level for level, _ in found] == ["stop", "wait"]
        assert "cho 1 chứng thư số" in found[0][1]
        assert "http://loud.test/: status 500" in found[1][1]

    def test_end_with_an_answer(self, authority: Authority, clock: Clock) -> None:
        authority.without_lists()
        authority.approve()
        clock.offset = timedelta(minutes=16)
        jobs.refresh()

        assert open_alarms() == []


class TestWhatIsBuilt:
    def test_a_fetched_list_leaves_the_registers_alone(
        self, authority: Authority, clock: Clock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        authority.load()
        authority.approve()
        with scope.whole_site():
            before = trust.current()
        built: list[str] = []
        monkeypatch.setattr(trust, "_register", built.append)
        jobs.refresh()

        with scope.whole_site():
            after = trust.current()
        assert after.version > before.version
        assert (built, after.registers) == ([], before.registers)

    def test_digests_are_read_once_for_all_schools(
        self, authority: Authority, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        authority.load()
        authority.approve()
        read: list[int] = []
        monkeypatch.setattr(queries, "trust_digests", lambda: read.append(1) or [])
        with scope.whole_site():
            known = trust.current()
            for code in ("1", world.SCHOOL.code):
                known.evidence_for(code)
        assert read == [1]

    def test_an_answer_goes_a_week_after_its_certificate(self, authority: Authority, clock: Clock) -> None:
        authority.without_lists()
        pk = authority.approve()
        jobs.refresh()
        with scope.whole_site():
            actions.revoke(certificate_ids=[pk], by="x", at=timezone.now(), reason="nghỉ")
            assert any(name.endswith(".ors") for name in queries.trust_files())
            clock.offset = timedelta(days=8)
            assert not any(name.endswith(".ors") for name in queries.trust_files())
            assert any(name.endswith(".ors") for name in queries.newest_digests())


class TestApproving:
    def test_refuses_what_the_authority_took_back(self, authority: Authority, clock: Clock) -> None:
        authority.load()
        at = clock.now().replace(microsecond=0) - timedelta(minutes=1)
        authority.ca.revoke(authority.teacher.certificate.serial_number, at=at)
        jobs.refresh()

        with pytest.raises(actions.RevokedByAuthorityError, match="Nguyễn Thị Ánh"):
            authority.approve()


class TestTrustList:
    def test_is_kept_in_every_version(self, authority: Authority) -> None:
        authority.load(1)
        authority.load(2)

        with scope.whole_site():
            assert [listed.version for _, listed in queries.trust_list_history()] == [2, 1]

    def test_again_changes_nothing(self, authority: Authority) -> None:
        data, signature = authority.trust_list()
        files = {"a.json": data, "a.sig": signature}
        options: Any = {"by": "x", "at": timezone.now(), "signers": [authority.signer.certificate]}

        with scope.whole_site():
            assert actions.load_trust(files, **options) == 2
            assert actions.load_trust(files, **options) == 0

    @pytest.mark.parametrize("version", [1, 2])
    def test_of_an_older_version_or_the_same_with_other_content_is_refused(
        self, authority: Authority, version: int
    ) -> None:
        authority.load(2)

        with pytest.raises(actions.TrustListRefusedError, match="không mới hơn"):
            authority.load(version, issuer="Nơi khác")

    def test_without_the_pinned_signature_is_refused(self, authority: Authority) -> None:
        data, signature = authority.trust_list()
        options: Any = {"by": "x", "at": timezone.now(), "production": False}
        with scope.whole_site():
            for pinned, signed in (([authority.teacher.certificate], signature), ([], signature)):
                with pytest.raises(actions.TrustListRefusedError):
                    actions.load_trust_list(data, signed, signers=pinned, **options)
            with pytest.raises(actions.TrustListRefusedError):
                actions.load_trust_list(data, b"", signers=[authority.signer.certificate], **options)

    def test_in_production_takes_no_demonstration_and_nothing_without_a_list(
        self, authority: Authority
    ) -> None:
        data, signature = authority.trust_list()
        options: Any = {
            "by": "x",
            "at": timezone.now(),
            "signers": [authority.signer.certificate],
            "production": True,
        }
        with scope.whole_site():
            with pytest.raises(actions.TrustListRefusedError, match="trình diễn"):
                actions.load_trust_list(data, signature, **options)
            with pytest.raises(actions.TrustListRefusedError, match="cần danh sách tin cậy"):
                actions.load_trust(authority.ca.certificate_pems(), **options)

    def test_comes_in_by_command_with_the_configured_signer(
        self, authority: Authority, tmp_path: Any, settings: Any
    ) -> None:
        data, signature = authority.trust_list()
        (tmp_path / "trust").mkdir()
        (tmp_path / "trust" / "list.json").write_bytes(data)
        (tmp_path / "trust" / "list.sig").write_bytes(signature)
        settings.HOCBA_TRUST_LIST_SIGNERS = str(tmp_path / "signers.pem")
        with pytest.raises(CommandError, match="HOCBA_TRUST_LIST_SIGNERS"):
            call_command("load_trust", str(tmp_path / "trust"))

        (tmp_path / "signers.pem").write_bytes(authority.signer.certificate.public_bytes(Encoding.PEM))
        call_command("load_trust", str(tmp_path / "trust"))
        with scope.whole_site():
            assert queries.current_trust_list() is not None

    def test_loading_takes_only_the_suffixes_it_knows(self) -> None:
        assert {".pem", ".crl", ".ors", ".json", ".sig"} == loading.SUFFIXES


class TestPage:
    @pytest.fixture
    def officer(self, settings: Any, tmp_path: Any, authority: Authority) -> Client:
        from tests.integration.city.test_matrix import signed_in

        settings.HOCBA_TRUST_LIST_SIGNERS = str(tmp_path / "signers.pem")
        (tmp_path / "signers.pem").write_bytes(authority.signer.certificate.public_bytes(Encoding.PEM))
        return signed_in("city_officer")

    def test_takes_a_list_and_shows_it_with_its_sources(self, officer: Client, authority: Authority) -> None:
        data, signature = authority.trust_list()
        upload = {
            "list": SimpleUploadedFile("l.json", data),
            "signature": SimpleUploadedFile("l.sig", signature),
        }
        assert officer.post("/city/nguon-tin-cay/nap", upload).status_code == 302
        jobs.refresh()

        page = officer.get("/city/nguon-tin-cay/").content.decode()
        assert "trình diễn, không có giá trị pháp lý" in page
        assert f"{authority.server.address}/issuing.crl" in page
        assert "Có bản mới" in page
        assert "Bình thường" in page

    def test_shows_of_every_source_the_last_question_answer_and_failure(
        self, officer: Client, authority: Authority, clock: Clock
    ) -> None:
        from tests.integration.city.test_matrix import signed_in

        authority.load()
        jobs.refresh()
        answered = SourceCheck.objects.latest("id")
        page = officer.get("/city/nguon-tin-cay/").content.decode()
        assert "Chưa hỏi lần nào" in page  # the responder, for lists reach
        assert f"{authority.server.address}/ocsp" in page
        assert page.count(">không có<") == 3

        def out_of_order() -> DemoAuthority:
            raise OSError("out of order")

        clock.offset = timedelta(minutes=20) + timedelta(hours=7)
        authority.server.open_authority = out_of_order
        jobs.refresh()
        failed = SourceCheck.objects.filter(outcome="FAILED").latest("id")
        page = signed_in("city_officer").get("/city/nguon-tin-cay/").content.decode()
        # Of two lists: the last question, and the failure.
        assert page.count(vietnamese.moment(failed.at)) == 4
        assert page.count(failed.problem) >= 2
        assert page.count(f"<div>{vietnamese.moment(answered.at)}<br>") == 2

    @pytest.mark.parametrize(
        ("files", "reason"),
        [
            ({}, "Cần đủ hai tệp"),
            ({"list": b"{}", "signature": b"x"}, "không phải danh sách tin cậy"),
        ],
    )
    def test_says_why_it_takes_none(self, officer: Client, files: dict[str, bytes], reason: str) -> None:
        upload = {name: SimpleUploadedFile(name, content) for name, content in files.items()}

        page = officer.post("/city/nguon-tin-cay/nap", upload, follow=True).content.decode()
        assert reason in page


class TestHolding:
    """A city that cannot ask holds what arrives; it refuses nobody for it."""

    def test_answers_503_and_takes_it_when_lists_are_fresh_again(self, network: Sides) -> None:
        of = world.keys()
        book = world.sealed_book(of, count=1)
        world.install_trust(of, city=True)
        stale = of.authority.crls(of.founded, of.founded + timedelta(days=1))
        fresh = of.authority.crls(of.founded, of.founded + timedelta(days=30))
        with scope.whole_site():
            actions.load_trust(stale, by="test", at=timezone.now())
            book.store_children()
        path = f"/city/exchange/v1/class-records/{book.record_id}"

        def put() -> Any:
            headers = {HEADER: "tracking", "idempotency-key": str(uuid.uuid4())}
            return Client().put(path, book.year, content_type="application/xml", headers=headers)

        held = put()
        assert (held.status_code, held["Retry-After"]) == (503, "600")
        assert "đã cũ" in held.json()["detail"]
        with scope.whole_site():
            actions.load_trust(fresh, by="test", at=timezone.now())
        assert put().status_code == 201

    def test_refuses_what_has_another_fault_too(self, network: Sides) -> None:
        of = world.keys()
        book = world.sealed_book(of, count=1)
        world.install_trust(of, city=True)
        stale = of.authority.crls(of.founded, of.founded + timedelta(days=1))
        with scope.whole_site():
            actions.load_trust(stale, by="test", at=timezone.now())
            book.store_children()
            with pytest.raises(registration.RefusedError):
                registration.register_class_record(
                    record_id=book.record_id,
                    content=book.year.replace(b"Ngoan", b"Hu"),
                    by="side:tracking",
                    at=timezone.now(),
                )

    def test_lets_a_transcript_wait_in_the_schools_outbox(self, network: Sides) -> None:
        of = world.keys()
        book = world.sealed_book(of, count=1)
        world.install_trust(of, city=True)
        world.install_roster(book.pupils)
        world.give_to_city(book)
        stale = of.authority.crls(of.founded, of.founded + timedelta(days=1))
        fresh = of.authority.crls(of.founded, of.founded + timedelta(days=30))
        compilation = desk.take_in(book)
        with scope.whole_site():
            actions.load_trust(stale, by="test", at=timezone.now())
        desk.sign_up_to(of, compilation, "seal")
        deliver()

        (message,) = OutgoingMessage.objects.filter(recipient="city", path__contains="transcripts")
        assert (message.state, message.last_problem) == ("PENDING", "HTTP 503")
        with scope.whole_site():
            actions.load_trust(fresh, by="test", at=timezone.now())
        delivery.deliver_some(now=timezone.now() + timedelta(minutes=15))
        message.refresh_from_db()
        assert message.state == "DELIVERED"
