"""Documents that were really registered, and their evidence through renewals with a moved clock."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType, SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hocba.channels import timestamps as channel
from hocba.city.archive import queries as archive
from hocba.city.archive import stamping
from hocba.city.archive.models import LogLeaf
from hocba.city.preservation import collecting, documents, queries, renewing, tokens
from hocba.city.preservation.models import (
    ArchiveStamp,
    Material,
    PreservedTranscript,
    RenewalIntent,
    RenewedToken,
    RenewedTranscript,
)
from hocba.city.registration import actions as registration
from hocba.city.schools import actions as schools
from hocba.documents.verification import Verdict, verify
from hocba.documents.verification.validation_policy import VerificationPolicy
from hocba.exchange import messages
from hocba.exchange.preservation import bundles
from hocba.exchange.preservation.verifying import verify_with
from hocba.platform.files import store
from hocba.platform.tenancy import scope
from hocba.signing import timestamp_unit, trust
from hocba.signing.errors import TimestampError
from hocba.signing.evidence import records
from hocba.signing.evidence.policy import AlgorithmPolicy
from hocba.signing.keys.pkcs12 import SoftwareKey
from hocba.transcripts.records import queries as versions
from tests.factories.evidence import Unit, unit, year
from tests.fakes.sides import HEADER, Sides
from tests.integration.city.test_matrix import signed_in
from tests.integration.transcripts import desk, world

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

pytestmark = pytest.mark.django_db

WEAK = AlgorithmPolicy().with_end("sha256", year(2040))
STRICT = VerificationPolicy(digests=MappingProxyType({"SHA-256": year(2040)}))
SECOND = unit("hai", start=year(2028), end=year(2040))
THIRD = unit("ba", start=year(2035), end=year(2060), digest="sha512")


class Clock:
    """The time-stamp authority: whose key, and what time it is there."""

    def __init__(self, key: SoftwareKey) -> None:
        self.key, self.at, self.digest, self.silent = key, None, "sha256", False
        self.asked = 0

    def turn(self, by: Unit, at: datetime) -> None:
        """Years later: another unit, which the city trusts with the revocation list of the day."""
        self.key, self.at, self.digest = by.key, at, by.digest
        with scope.whole_site():
            schools.load_trust(by.trust_files(at - timedelta(days=1)), by="officer", at=at)

    def post(self, address: str, request: bytes) -> bytes:
        self.asked += 1
        if self.silent:
            raise TimestampError("no answer")
        return timestamp_unit.issue(
            request,
            key=self.key,
            policy="1.2.3",
            serial=self.asked,
            at=self.at or timezone.now(),
            signed_with=self.digest,
        )


@pytest.fixture
def clock(settings: SettingsWrapper, monkeypatch: pytest.MonkeyPatch) -> Clock:
    settings.HOCBA_TSA_URL = "http://tsa.test"
    stamping.forget()
    made = Clock(world.keys().authority.issue_timestamp_unit())
    monkeypatch.setattr(channel, "_post", made.post)
    return made


@dataclass(frozen=True)
class Signed:
    """A sealed version as the school sends it."""

    transcript_id: uuid.UUID
    version: int
    xml: bytes
    pdf: bytes

    @property
    def issued(self) -> SimpleNamespace:
        """Digests of its files, as the school's own row has them."""
        return SimpleNamespace(xml_digest=store.digest_of(self.xml), pdf_digest=store.digest_of(self.pdf))


@dataclass(frozen=True)
class ClassOfTwo:
    """A sealed class record and the versions made of it."""

    book: world.SealedBook
    versions: list[Signed]


@pytest.fixture(scope="module")
def signed() -> list[ClassOfTwo]:
    """Signed once, by the first test that asks; rows are gone after each test, octets stay good."""
    return []


def sign_class() -> ClassOfTwo:
    of = world.keys()
    book = world.sealed_book(of, count=2)
    world.install_roster(book.pupils)
    compilation = desk.take_in(book)
    desk.sign_up_to(of, compilation, "seal")
    with scope.whole_site():
        return ClassOfTwo(
            book,
            [
                Signed(
                    each.transcript_id,
                    each.version,
                    store.get(each.issued.xml_digest),
                    store.get(each.issued.pdf_digest),
                )
                for each in versions.list_versions(compilation.pk)
            ],
        )


@pytest.fixture
def registered(network: Sides, clock: Clock, signed: list[ClassOfTwo]) -> list[Signed]:
    """Two versions that the city registered."""
    world.install_trust(world.keys(), city=True)
    if not signed:
        signed.append(sign_class())
    (found,) = signed
    world.give_to_city(found.book)
    with scope.whole_site():
        for each in found.versions:
            registration.register_transcript(
                transcript_id=each.transcript_id,
                version=each.version,
                xml=each.xml,
                pdf=each.pdf,
                pdf_digest=each.issued.pdf_digest,
                by="side:transcripts",
                at=timezone.now(),
            )
    return found.versions


def collect() -> int:
    return collecting.collect(by="test", at=timezone.now())


def preserved() -> None:
    """Stamped, collected, and the material's own entry stamped."""
    stamping.stamp_newest(by="test", at=timezone.now())
    assert collect() == 2
    assert stamping.stamp_newest(by="test", at=timezone.now() + timedelta(minutes=5))


def bundle_of(version: Any) -> bytes:
    with scope.whole_site():
        return queries.bundle_of(version.transcript_id, version.version)


def renew(at: datetime, policy: AlgorithmPolicy = WEAK) -> renewing.Outcome:
    return renewing.renew(by="test", at=at, policy=policy)


def receivers_trust(at: datetime, *units: Unit) -> trust.TrustMaterial:
    """What somebody far from the city has: the root, the register, the units' authorities with lists of the day."""
    of = world.keys()
    files = {"root.pem": of.authority.certificate_pems()["root.pem"]}
    files["register.json"] = messages.to_bytes(world.register(of))
    for each in units:
        files |= each.trust_files(at - timedelta(days=1))
    return trust.load(files)


def verdict(version: Any, at: datetime, *units: Unit, kind: str = "xml") -> Verdict:
    data = store.get(getattr(version.issued, f"{kind}_digest"))
    report = verify_with(
        data, bundle_of(version), trust=receivers_trust(at, *units), at=at, algorithms=WEAK, policy=STRICT
    )
    return report.verdict


class TestCollect:
    def test_waits_for_the_stamp(self, registered: list[Any]) -> None:
        assert collect() == 0
        with pytest.raises(queries.NotPreservedError):
            bundle_of(registered[0])

    def test_keeps_one_list_of_material_for_the_school(self, registered: list[Any]) -> None:
        preserved()

        with scope.whole_site():
            assert Material.objects.count() == 1
            assert PreservedTranscript.objects.count() == 2
            assert LogLeaf.objects.count() == 3
        assert collect() == 0

    def test_keeps_another_list_once_something_changed(
        self, registered: list[Any], clock: Clock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(collecting, "BATCH", 1)
        stamping.stamp_newest(by="test", at=timezone.now())
        assert collect() == 1
        now = timezone.now()
        with scope.whole_site():
            schools.load_trust(world.keys().authority.crls(now, now + timedelta(days=9)), by="x", at=now)
        assert collect() == 1

        with scope.whole_site():
            assert Material.objects.count() == 2
            newest = Material.objects.latest("id")
            assert LogLeaf.objects.filter(index=newest.leaf_index).exists()

    def test_leaves_lists_of_authorities_that_issued_nothing_to_the_school(
        self, registered: list[Any]
    ) -> None:
        with scope.whole_site():
            schools.load_trust(SECOND.trust_files(timezone.now()), by="x", at=timezone.now())
        preserved()

        kept = set(bundles.read(bundle_of(registered[0])).files.values())
        assert not kept & set(SECOND.trust_files().values())
        assert set(world.keys().authority.certificate_pems().values()) <= kept

    def test_goes_on_where_a_kill_left_it(
        self, registered: list[Any], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def killed(*_: object, **__: object) -> None:
            raise OSError("killed")

        stamping.stamp_newest(by="test", at=timezone.now())
        monkeypatch.setattr(collecting, "_preserve", killed)
        with pytest.raises(OSError, match="killed"):
            collect()
        monkeypatch.undo()

        assert collect() == 2
        with scope.whole_site():
            assert Material.objects.count() == 1


class TestBundle:
    def test_lets_both_files_verify_for_who_has_a_root_alone(self, registered: list[Any]) -> None:
        preserved()
        at = timezone.now() + timedelta(days=30)

        for version in registered:
            assert verdict(version, at) is Verdict.VALID
            assert verdict(version, at, kind="pdf") is Verdict.VALID
            xml = store.get(version.issued.xml_digest)
            assert verify(xml, trust=receivers_trust(at), at=at).verdict is Verdict.INDETERMINATE

    def test_is_of_its_own_document_only(self, registered: list[Any]) -> None:
        preserved()
        at = timezone.now() + timedelta(days=30)
        other = bundle_of(registered[1])
        xml = store.get(registered[0].issued.xml_digest)

        assert verify_with(xml, other, trust=receivers_trust(at), at=at).verdict is Verdict.INDETERMINATE

    def test_is_given_to_the_school_and_leaves_a_trace(self, registered: list[Any]) -> None:
        from hocba.platform.audit.models import AuditEvent

        preserved()
        version = registered[0]
        answer = Client().get(
            f"/city/exchange/v1/evidence/{version.transcript_id}/versions/1", headers={HEADER: "transcripts"}
        )

        assert answer.status_code == 200
        assert bundles.read(answer.content) == bundles.read(bundle_of(version))
        assert AuditEvent.objects.filter(tag="preservation:evidence:exported").exists()

    def test_is_given_to_the_portal_for_the_digest_of_one_of_its_files_only(
        self, registered: list[Any]
    ) -> None:
        preserved()
        version, other = registered
        address = f"/city/exchange/v1/evidence/{version.transcript_id}/versions/1"
        own = (version.issued.xml_digest, version.issued.pdf_digest)
        names = ("", "?file=", *(f"?file={each}" for each in (*own, other.issued.xml_digest)))

        answers = [Client().get(address + name, headers={HEADER: "portal"}) for name in names]

        assert [answer.status_code for answer in answers] == [404, 404, 200, 200, 404]
        assert bundles.read(answers[2].content) == bundles.read(bundle_of(version))

    def test_that_would_be_too_large_to_be_read_is_not_given_out(
        self, registered: list[Any], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        preserved()
        monkeypatch.setattr(bundles, "LARGEST_MEMBER", 100)
        version = registered[0]
        answer = Client().get(
            f"/city/exchange/v1/evidence/{version.transcript_id}/versions/1", headers={HEADER: "transcripts"}
        )

        assert answer.status_code == 503

    def test_holds_lists_of_the_units_of_its_own_stamps_only(
        self, registered: list[Any], clock: Clock
    ) -> None:
        preserved()
        at = timezone.now() + timedelta(days=5 * 365 - 60)
        clock.turn(SECOND, at)
        with scope.whole_site():
            schools.load_trust(others := THIRD.trust_files(at - timedelta(days=1)), by="x", at=at)
        assert renew(at).stamps == 1
        later = year(2039, 9)
        clock.turn(THIRD, later)
        with scope.whole_site():
            schools.load_trust(own := SECOND.trust_files(later - timedelta(days=1)), by="x", at=later)
        assert renew(later, AlgorithmPolicy()) == renewing.Outcome(stamps=1, tokens=1)
        with connection.cursor() as cursor:  # a stamp over others' tokens, with lists nobody here needs
            cursor.execute(
                "insert into city_preservation_renewalintent (kind, algorithm, root, count, units_digest, by, at) "
                "values ('TOKENS', 'sha256', 'x', 1, '', 'x', now()) returning id"
            )
            (intent,) = cursor.fetchone()
        ArchiveStamp.objects.create(
            intent_id=intent,
            authority="x",
            token=b"x",
            stamped_at=at,
            good_until=at,
            units_digest=store.put(b"no list of material at all"),
            at=at,
        )

        units = set(bundles.read(bundle_of(registered[0])).units.values())
        assert set(own.values()) <= units
        assert not units & set(others.values())


class TestRenewal:
    def test_is_not_due_while_everything_is_good(self, registered: list[Any], clock: Clock) -> None:
        preserved()
        before = clock.asked

        assert renew(timezone.now()) == renewing.Outcome()
        assert clock.asked == before

    def test_of_tokens_puts_one_stamp_over_all(self, registered: list[Any], clock: Clock) -> None:
        preserved()
        at = timezone.now() + timedelta(days=5 * 365 - 60)
        clock.turn(SECOND, at)

        assert renew(at) == renewing.Outcome(stamps=1, tokens=2)
        assert renew(at) == renewing.Outcome()
        later = year(2039)
        assert verdict(registered[0], later, SECOND) is Verdict.VALID

    def test_goes_on_where_a_kill_left_it(
        self, registered: list[Any], clock: Clock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        preserved()
        at = timezone.now() + timedelta(days=5 * 365 - 60)
        clock.turn(SECOND, at)

        def killed(**_: object) -> None:
            raise OSError("killed")

        monkeypatch.setattr(ArchiveStamp.objects, "create", killed)
        with pytest.raises(OSError, match="killed"):
            renew(at)
        monkeypatch.undo()
        monkeypatch.setattr(channel, "_post", clock.post)
        assert RenewalIntent.objects.count() == 1

        assert renew(at) == renewing.Outcome(stamps=1, tokens=2)
        assert (RenewalIntent.objects.count(), RenewedToken.objects.count()) == (1, 2)

    def test_says_when_no_authority_answers_and_tries_again(
        self, registered: list[Any], clock: Clock
    ) -> None:
        preserved()
        at = timezone.now() + timedelta(days=5 * 365 - 60)
        clock.turn(SECOND, at)
        clock.silent = True
        assert renew(at).stuck
        with scope.whole_site():
            assert queries.figures().open_intents == 1

        clock.silent = False
        assert renew(at) == renewing.Outcome(stamps=1, tokens=2)

    def test_taken_up_later_keeps_the_lists_of_the_day_of_the_stamp(
        self, registered: list[Any], clock: Clock
    ) -> None:
        preserved()
        asked = timezone.now() + timedelta(days=5 * 365 - 170)
        clock.turn(SECOND, asked)
        clock.silent = True
        assert renew(asked).stuck

        answered = asked + timedelta(days=120)
        clock.turn(SECOND, answered)
        now = answered - timedelta(days=1)
        fresh = world.keys().authority.crls(now, now + timedelta(days=9))
        with scope.whole_site():
            schools.load_trust(fresh, by="x", at=answered)
        clock.silent = False
        assert renew(answered) == renewing.Outcome(stamps=1, tokens=2)

        assert set(fresh.values()) & set(bundles.read(bundle_of(registered[0])).units.values())

    def test_that_nobody_made_in_time_is_an_alarm(self, registered: list[Any], clock: Clock) -> None:
        preserved()
        soon = timezone.now() + timedelta(days=5 * 365)
        assert tokens.late(soon - timedelta(days=60)) == (0, None)
        assert tokens.late(soon)[0] == 2

        at = soon - timedelta(days=60)
        clock.turn(SECOND, at)
        clock.silent = True
        assert renew(at).stuck
        assert tokens.late(soon)[0] == 2
        clock.silent = False
        renew(at)
        assert tokens.late(soon)[0] == 0

    def test_of_documents_comes_before_sha256_ends(self, registered: list[Any], clock: Clock) -> None:
        preserved()
        first = timezone.now() + timedelta(days=5 * 365 - 60)
        clock.turn(SECOND, first)
        renew(first)
        second = year(2039, 9)
        clock.turn(THIRD, second)
        with scope.whole_site():
            schools.load_trust(SECOND.trust_files(second - timedelta(days=1)), by="x", at=second)

        outcome = renew(second)
        assert outcome.documents == 2
        assert renew(second) == renewing.Outcome()
        with scope.whole_site():
            assert RenewedTranscript.objects.count() == 2
        for version in registered:
            assert verdict(version, year(2050), SECOND, THIRD) is Verdict.VALID
            assert verdict(version, year(2050), SECOND, THIRD, kind="pdf") is Verdict.VALID

    def test_of_documents_goes_on_after_the_newest_batch(
        self,
        registered: list[Any],
        clock: Clock,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        preserved()
        at = year(2030, 6)
        clock.turn(SECOND, at)
        monkeypatch.setattr(documents, "BATCH", 1)
        policy = AlgorithmPolicy().with_end("sha256", year(2030, 10))
        with scope.whole_site():
            assert documents.intend("sha512", policy=policy, soon=year(2031), by="x", at=at)
            with CaptureQueriesContext(connection) as captured:
                assert documents.intend("sha512", policy=policy, soon=year(2031), by="x", at=at)

        searches = [each["sql"] for each in captured if "newest_digest" in each["sql"]]
        assert len(searches) == 1
        assert '"leaf_index" > ' in searches[0]
        with scope.whole_site():
            assert RenewedTranscript.objects.values("transcript").distinct().count() == 2

    def test_goes_on_to_a_third_digest(
        self, registered: list[Any], clock: Clock, settings: SettingsWrapper
    ) -> None:
        preserved()
        clock.turn(SECOND, year(2031, 6))
        renew(year(2031, 6))
        clock.turn(THIRD, year(2039, 9))
        with scope.whole_site():
            files = SECOND.trust_files(year(2039, 9) - timedelta(days=1))
            schools.load_trust(files, by="x", at=year(2039, 9))
        renew(year(2039, 9))
        settings.HOCBA_EVIDENCE_DIGEST = "sha3_512"
        clock.turn(THIRD, year(2044, 9))
        outcome = renew(year(2044, 9), WEAK.with_end("sha512", year(2045)))

        assert outcome.documents == 2
        record = records.read(bundles.read(bundle_of(registered[0])).record)
        assert [chain[0].algorithm for chain in record.chains] == ["sha512", "sha3_512"]
        assert verdict(registered[0], year(2050), SECOND, THIRD) is Verdict.VALID

    def test_of_tokens_comes_too_when_the_digest_of_their_unit_ends(
        self, registered: list[Any], clock: Clock
    ) -> None:
        """An archive stamp over SHA-512 by a unit that signs with SHA-256 outlives SHA-256 only under another."""
        preserved()
        at = year(2030, 6)
        clock.turn(SECOND, at)
        policy = AlgorithmPolicy().with_end("sha256", year(2030, 10))
        assert renew(at, policy).documents == 2
        first = ArchiveStamp.objects.get(intent__kind="DOCUMENTS")
        assert first.relies_on == "sha256 sha512"

        assert renew(at, policy) == renewing.Outcome()

        later = year(2030, 9)
        clock.turn(unit("bốn", start=year(2030), end=year(2045), digest="sha512"), later)
        renew(later, policy)
        assert RenewedToken.objects.filter(source="ARCHIVE", source_id=first.pk).exists()
        assert renew(later, policy) == renewing.Outcome()

    def test_by_a_unit_that_ends_soon_itself_is_not_due_again_at_once(
        self, registered: list[Any], clock: Clock
    ) -> None:
        preserved()
        at = timezone.now() + timedelta(days=5 * 365 - 60)
        soon = unit("sắp hết", start=year(2028), end=at + timedelta(days=60))
        clock.turn(soon, at)

        assert renew(at).stamps == 1
        assert renew(at + timedelta(days=29)) == renewing.Outcome()
        clock.turn(SECOND, at + timedelta(days=31))
        assert renew(at + timedelta(days=31)) == renewing.Outcome(stamps=1, tokens=1)

    def test_refuses_a_digest_that_ends_itself(
        self, registered: list[Any], clock: Clock, settings: SettingsWrapper
    ) -> None:
        preserved()
        settings.HOCBA_EVIDENCE_DIGEST = "sha256"
        with pytest.raises(ValueError, match="comes to its end itself"):
            renew(year(2039, 9))

    def test_that_was_missed_proves_nothing_any_more(self, registered: list[Any], clock: Clock) -> None:
        preserved()
        late = year(2033)
        clock.turn(SECOND, late)
        renew(late)

        assert verdict(registered[0], year(2039), SECOND) is not Verdict.VALID


class TestPages:
    def test_name_renewals_by_archive_stamps_and_say_that_none_is_needed_yet(self, clock: Clock) -> None:
        page = signed_in("city_officer").get("/city/luu-tru-lau-dai/").content.decode()

        assert "Học bạ đã gia hạn bằng dấu thời gian lưu trữ</dt><dd>0 (chưa cần gia hạn)" in page

    def test_name_every_kind_of_event_of_the_log_and_no_other(
        self, registered: list[Any], clock: Clock
    ) -> None:
        preserved()
        with scope.whole_site():
            kinds = {json.loads(bytes(leaf.content))["event"] for leaf in LogLeaf.objects.all()}
        page = signed_in("city_officer").get("/city/").content.decode()

        assert kinds == {"issued", "evidence"}
        assert "Mỗi lần đăng ký học bạ, kể cả bản thay thế, và mỗi danh mục bằng chứng" in page
        assert "đăng ký, thu hồi" not in page


@pytest.mark.parametrize(
    "table",
    ["material", "preservedtranscript", "renewalintent", "archivestamp", "renewedtoken", "renewedtranscript"],
)
def test_rows_are_written_once(table: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*) from pg_trigger where tgrelid = %s::regclass and tgname = 'append_only'",
            [f"city_preservation_{table}"],
        )
        assert cursor.fetchone() == (1,)


def test_the_newest_stamp_knows_until_when_it_is_good(registered: list[Any], clock: Clock) -> None:
    stamping.stamp_newest(by="test", at=timezone.now())
    with scope.whole_site():
        newest = archive.newest_stamp()
    assert newest is not None
    assert newest.good_until == clock.key.certificate.not_valid_after_utc
