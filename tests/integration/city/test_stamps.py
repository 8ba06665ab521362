"""Time stamps over the log: asked for when there is something new, kept only when they prove it."""

from __future__ import annotations

import pytest
from django.utils import timezone

from hocba.city.archive import jobs, log, queries
from hocba.city.archive.models import CheckpointStamp
from hocba.city.schools import actions as schools
from hocba.exchange.transparency import encode_leaf
from hocba.platform.tenancy import scope
from hocba.signing import timestamp_unit, timestamps
from hocba.signing.errors import TimestampError
from hocba.signing.keys.pkcs12 import SoftwareKey
from tests.integration.transcripts import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit(settings, monkeypatch: pytest.MonkeyPatch) -> SoftwareKey:
    """A trusted time-stamp unit that answers at once, past any socket."""
    of = world.keys()
    key = of.authority.issue_timestamp_unit()
    settings.HOCBA_TSA_URL = "http://tsa.test"
    with scope.whole_site():
        schools.load_trust(of.authority.certificate_pems(), by="x", at=of.founded)

    def ask(address: str, digest: bytes) -> bytes:
        request = timestamps.build_request(digest, nonce=7)
        answer = timestamp_unit.issue(request, key=key, policy="1.2.3", serial=1, at=timezone.now())
        return timestamps.token_of(answer, request=request)

    monkeypatch.setattr(jobs, "_ask", ask)
    return key


def grow() -> None:
    with scope.whole_site():
        log.append(encode_leaf({"v": 1}), at=timezone.now())


class TestStampNewest:
    def test_stamps_the_newest_checkpoint(self, unit: SoftwareKey) -> None:
        grow()
        grow()

        assert jobs.stamp_newest()
        stamp = CheckpointStamp.objects.get()
        assert stamp.checkpoint_id == 2
        assert queries.stamp_over(0) == stamp

    def test_asks_for_nothing_when_nothing_was_logged(self, unit: SoftwareKey) -> None:
        assert not jobs.stamp_newest()
        grow()
        jobs.stamp_newest()

        assert not jobs.stamp_newest()
        assert CheckpointStamp.objects.count() == 1

    def test_keeps_no_stamp_of_a_unit_that_is_not_trusted(
        self, unit: SoftwareKey, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        grow()
        monkeypatch.setattr(jobs, "_trusted", list)

        assert not jobs.stamp_newest()
        assert not CheckpointStamp.objects.exists()

    def test_goes_on_without_a_unit_that_answers(
        self, unit: SoftwareKey, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def silent(address: str, digest: bytes) -> bytes:
            raise TimestampError("no answer")

        grow()
        monkeypatch.setattr(jobs, "_ask", silent)
        assert not jobs.stamp_newest()

    def test_does_nothing_where_no_unit_is_configured(self, settings) -> None:
        settings.HOCBA_TSA_URL = None
        grow()

        assert not jobs.stamp_newest()
