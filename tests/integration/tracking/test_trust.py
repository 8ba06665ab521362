"""What the class book's desk refuses because of whom the Sở trusts, and how it learns of it."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from hocba.desk import other_sides
from hocba.exchange import messages
from hocba.platform.messages import feeds
from hocba.platform.tenancy import scope
from hocba.signing import trust_list_files
from hocba.signing.trust_list import (
    Authority,
    AuthorityClass,
    Purpose,
    Standing,
    StatusChange,
    TrustList,
)
from hocba.tracking.roster import actions, sync, trust
from tests.factories import authorities
from tests.factories import small_school as school
from tests.fakes.sides import Sides
from tests.integration.tracking.desk import Desk

pytestmark = [pytest.mark.django_db, pytest.mark.urls("hocba.sites.tracking_urls")]


@pytest.fixture
def compared(db: None, sides: Sides) -> Desk:
    return Desk.compared(sides)


def listed(desk: Desk, *history: tuple[Standing, datetime], **changes: Any) -> bytes:
    """The Sở's bundle with a trust list."""
    known = history or ((Standing.GRANTED, authorities.START),)
    entry = Authority(
        name="CA Mẫu",
        authority_class=AuthorityClass.PUBLIC,
        purposes=frozenset({Purpose.PERSON, Purpose.ORGANISATION}),
        certificates=(desk.root.certificate,),
        history=tuple(StatusChange(standing=standing, since=since) for standing, since in known),
    )
    made = TrustList(
        version=1,
        issuer="Sở",
        issued_at=authorities.START,
        next_update=datetime(2099, 1, 1, tzinfo=authorities.VIETNAM),
        authorities=(replace(entry, **changes),),
    )
    bundle = messages.from_bytes(messages.TrustBundle, desk.publish())
    content = b64encode(trust_list_files.write(made)).decode()
    return messages.to_bytes(replace(bundle, version=2, trust_list=content, trust_list_signature="AAAA"))


def answer(desk: Desk) -> tuple[int, str]:
    """What opening a batch comes to."""
    opened = desk.open("GV0006", f"{school.YEAR}.subject_teacher.1")
    return opened.status_code, opened.content.decode()


class TestDesk:
    def publish(self, desk: Desk, bundle: bytes) -> None:
        desk.trust_bundle = bundle
        sync.sync_certificates(desk.code, by="test", at=school.AT)

    def test_signs_with_a_listed_authority(self, compared: Desk) -> None:
        self.publish(compared, listed(compared))

        assert answer(compared)[0] == 201

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"purposes": frozenset({Purpose.ORGANISATION})}, "không được tin cậy để cấp"),
            ({"authority_class": AuthorityClass.FOREIGN}, "không được dùng để ký"),
        ],
    )
    def test_refuses_a_class_or_purpose_that_may_not(
        self, compared: Desk, changes: dict[str, Any], words: str
    ) -> None:
        self.publish(compared, listed(compared, **changes))

        status, said = answer(compared)
        assert (status, words in said) == (422, True), said

    def test_refuses_an_authority_that_was_withdrawn(self, compared: Desk) -> None:
        withdrawn = (Standing.WITHDRAWN, authorities.START + timedelta(days=1))
        self.publish(compared, listed(compared, (Standing.GRANTED, authorities.START), withdrawn))

        status, said = answer(compared)
        assert (status, "thôi được tin cậy" in said) == (422, True), said

    def test_refuses_demonstrations_in_production(self, compared: Desk, settings: Any) -> None:
        settings.HOCBA_PRODUCTION = True
        trust.forget()
        self.publish(compared, listed(compared, authority_class=AuthorityClass.DEMONSTRATION))

        status, said = answer(compared)
        assert (status, "trình diễn" in said) == (422, True), said


class TestSyncTrust:
    def test_brings_news_to_every_school_and_asks_again_for_nothing(
        self, compared: Desk, sides: Sides
    ) -> None:
        assert sync.sync_trust(by="sync", at=school.AT) == 0
        compared.trust_bundle = listed(compared)

        assert sync.sync_trust(by="sync", at=school.AT) == 1
        with scope.acting_for(compared.code):
            assert trust.material(compared.code).trust_list is not None

    def test_asks_again_for_what_was_copied_past_it(
        self, compared: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        sync.sync_trust(by="sync", at=school.AT)
        sync.sync_certificates(compared.code, by="sync", at=school.AT)
        asked: list[str] = []
        fetch = sync.fetch
        monkeypatch.setattr(sync, "fetch", lambda side, path: asked.append(path) or fetch(side, path))

        sync.sync_trust(by="sync", at=school.AT)
        assert "/exchange/v1/trust" in asked
        assert f"/exchange/v1/schools/{compared.code}/certificates" in asked

    def test_says_what_could_not_be_copied(self, compared: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        def lost(*_: object, **__: object) -> bool:
            raise other_sides.SyncError("không trả lời")

        said: list[str] = []
        monkeypatch.setattr(actions, "take_over_trust", lost)
        monkeypatch.setattr(feeds.logger, "warning", lambda form, *values: said.append(form % values))
        sync.sync_trust(by="sync", at=school.AT)

        assert said == ["certificates: trust bundle is not copied: không trả lời"]
