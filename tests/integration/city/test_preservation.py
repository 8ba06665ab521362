"""Documents that were really registered: what is kept as their evidence, and what is given out of it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from hocba.city.archive import queries as archive
from hocba.city.archive import stamping
from hocba.city.archive.models import LogLeaf
from hocba.city.preservation import collecting, queries, renewing
from hocba.city.preservation.models import ArchiveStamp, Material, PreservedTranscript
from hocba.city.schools import actions as schools
from hocba.documents.verification import Verdict, verify
from hocba.exchange.preservation import bundles
from hocba.exchange.preservation.verifying import verify_with
from hocba.platform.files import store
from hocba.platform.tenancy import scope
from hocba.signing.evidence.policy import AlgorithmPolicy
from tests.factories.evidence import year
from tests.integration.city.preserving import (
    SECOND,
    THIRD,
    Clock,
    bundle_of,
    collect,
    preserved,
    receivers_trust,
    renew,
    verdict,
)
from tests.integration.city.test_matrix import signed_in
from tests.integration.transcripts import world

pytestmark = pytest.mark.django_db


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
