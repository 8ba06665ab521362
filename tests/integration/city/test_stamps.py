"""Time stamps over the log: asked for when one is due, kept only when they prove it, and what is done without any."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from hocba.channels import timestamps as channel
from hocba.city.archive import log, queries, stamping
from hocba.city.archive.models import CheckpointStamp, StampFailure
from hocba.city.registration import actions as registration
from hocba.city.registration import rest
from hocba.city.schools import actions as schools
from hocba.exchange.transparency import encode_leaf
from hocba.platform.tenancy import scope
from hocba.signing import timestamp_unit
from hocba.signing.errors import TimestampError
from hocba.signing.keys.pkcs12 import SoftwareKey
from tests.fakes.sides import HEADER, Sides
from tests.integration.transcripts import world

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _forgotten() -> None:
    stamping.forget()


@pytest.fixture
def unit(settings, monkeypatch: pytest.MonkeyPatch) -> SoftwareKey:
    """A trusted time-stamp unit that answers at once, past any socket."""
    of = world.keys()
    key = of.authority.issue_timestamp_unit()
    settings.HOCBA_TSA_URL = "http://tsa.test"
    with scope.whole_site():
        schools.load_trust(of.authority.certificate_pems(), by="x", at=of.founded)
    answering(monkeypatch, key)
    return key


def answering(monkeypatch: pytest.MonkeyPatch, key: SoftwareKey) -> None:
    def post(address: str, request: bytes) -> bytes:
        return timestamp_unit.issue(request, key=key, policy="1.2.3", serial=1, at=timezone.now())

    monkeypatch.setattr(channel, "_post", post)


def silent(address: str, request: bytes) -> bytes:
    raise TimestampError("no answer")


def grow() -> None:
    with scope.whole_site():
        log.append(encode_leaf({"v": 1}), at=timezone.now())


def stamp(*, after: timedelta = timedelta()) -> bool:
    return stamping.stamp_newest(by="test", at=timezone.now() + after)


class TestStampNewest:
    def test_stamps_the_newest_checkpoint(self, unit: SoftwareKey) -> None:
        grow()
        grow()

        assert stamp()
        kept = CheckpointStamp.objects.get()
        assert kept.checkpoint_id == 2
        assert queries.stamp_over(0) == kept
        assert kept.good_until == unit.certificate.not_valid_after_utc

    def test_asks_for_nothing_when_nothing_was_logged(self, unit: SoftwareKey) -> None:
        assert not stamp()
        grow()
        stamp()

        assert not stamp(after=timedelta(days=1))
        assert CheckpointStamp.objects.count() == 1

    def test_asks_no_oftener_than_configured(self, unit: SoftwareKey, settings) -> None:
        settings.HOCBA_STAMP_MINUTES = 10
        grow()
        stamp()
        grow()

        assert not stamp(after=timedelta(minutes=9))
        assert stamp(after=timedelta(minutes=11))

    def test_keeps_no_stamp_of_a_unit_that_is_not_trusted(
        self, unit: SoftwareKey, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from hocba.signing.demo_ca import DemoAuthority

        stranger = DemoAuthority.create(timezone.now() - timedelta(days=1), "CA lạ")
        answering(monkeypatch, stranger.issue_timestamp_unit())
        grow()

        assert not stamp()
        assert not CheckpointStamp.objects.exists()
        assert "not to be believed" in StampFailure.objects.get().reason

    def test_keeps_the_refusal_and_goes_on(
        self, unit: SoftwareKey, monkeypatch: pytest.MonkeyPatch, settings
    ) -> None:
        settings.HOCBA_TSA_URL = "http://one.test http://two.test"
        grow()
        monkeypatch.setattr(channel, "_post", silent)

        assert not stamp()
        assert [each.host for each in StampFailure.objects.order_by("id")] == ["one.test", "two.test"]
        answering(monkeypatch, unit)
        assert stamp()

    def test_does_nothing_where_no_unit_is_configured(self, settings) -> None:
        settings.HOCBA_TSA_URL = None
        grow()

        assert not stamp()


class TestRequireGoing:
    def test_lets_on_while_stamps_come(self, unit: SoftwareKey) -> None:
        grow()
        stamp()

        stamping.require_going(timezone.now() + timedelta(days=30))

    def test_stops_after_the_configured_hours_without_a_stamp(self, unit: SoftwareKey, settings) -> None:
        settings.HOCBA_STAMP_STOP_HOURS = 3
        grow()
        stamping.require_going(timezone.now() + timedelta(hours=2))

        with pytest.raises(stamping.StampOverdueError, match="tạm ngừng"):
            stamping.require_going(timezone.now() + timedelta(hours=4))

    def test_counts_from_the_oldest_event_without_a_stamp(self, unit: SoftwareKey) -> None:
        grow()
        stamp()
        grow()
        with scope.whole_site():
            first = stamping.standing().waiting_since
        grow()

        with scope.whole_site():
            assert stamping.standing().waiting_since == first

    def test_asks_the_database_now_and_then_only(
        self, unit: SoftwareKey, django_assert_num_queries: Callable[[int], object]
    ) -> None:
        with django_assert_num_queries(1):  # type: ignore[attr-defined]
            for _ in range(5):
                stamping.require_going(timezone.now())

    def test_never_stops_where_no_unit_is_configured(self, settings) -> None:
        settings.HOCBA_TSA_URL = None
        grow()

        stamping.require_going(timezone.now() + timedelta(days=365))


def test_schools_are_told_to_send_again_later(
    unit: SoftwareKey, network: Sides, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(**_: object) -> None:
        raise stamping.StampOverdueError("tạm ngừng nhận")

    monkeypatch.setattr(registration, "register_transcript", stopped)
    monkeypatch.setattr(rest, "_both_files", lambda request: (b"x", None, "0" * 64))
    answer = Client().generic(
        "PUT",
        f"/city/exchange/v1/transcripts/{uuid.uuid4()}/versions/1",
        b"x",
        headers={HEADER: "transcripts", "idempotency-key": str(uuid.uuid4())},
    )

    assert (answer.status_code, answer["Retry-After"]) == (503, "600")
