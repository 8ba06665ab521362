"""The evidence of documents that were really registered, through renewals with a moved clock."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hocba.channels import timestamps as channel
from hocba.city.preservation import documents, queries, renewing, tokens
from hocba.city.preservation.models import (
    ArchiveStamp,
    RenewalIntent,
    RenewedToken,
    RenewedTranscript,
)
from hocba.city.schools import actions as schools
from hocba.documents.verification import Verdict
from hocba.exchange.preservation import bundles
from hocba.platform.tenancy import scope
from hocba.signing.evidence import records
from hocba.signing.evidence.policy import AlgorithmPolicy
from tests.factories.evidence import unit, year
from tests.integration.city.preserving import (
    SECOND,
    THIRD,
    WEAK,
    Clock,
    bundle_of,
    preserved,
    renew,
    verdict,
)
from tests.integration.transcripts import world

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

pytestmark = pytest.mark.django_db


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
