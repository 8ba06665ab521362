"""The bundle of evidence on the verdict page: for who has the file, and for nobody else."""

from __future__ import annotations

import hashlib
import re
import time
from contextlib import ExitStack
from typing import Any

import pytest
from django.core import signing
from django.test import Client

from hocba.exchange.messages import RegisterStatus
from hocba.platform.audit.queries import list_events_of
from hocba.portal.verification import evidence, sandbox
from tests.factories import transcripts
from tests.fakes.published_city import PublishedCity
from tests.integration.portal.test_verification import VALUE, _as_portal, drop, text_of

__all__ = ["_as_portal"]

BUNDLE = b"PK the bundle"
BUTTON = "Tải hồ sơ bằng chứng"


@pytest.fixture
def archive(city: PublishedCity, pair: transcripts.Pair) -> PublishedCity:
    """The city with a registered pair and its evidence."""
    city.registers(VALUE, xml=pair.xml, pdf=pair.pdf)
    for data in (pair.xml, pair.pdf):
        city.evidence[VALUE.id, VALUE.version, digest(data)] = BUNDLE
    return city


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def offers(page: Any) -> list[str]:
    return re.findall(r'name="ho_so" value="([^"]+)"', page.content.decode())


def ask(offer: str) -> Any:
    return Client().post("/ho-so-bang-chung", {"ho_so": offer})


class TestEvidence:
    @pytest.mark.parametrize("kind", ["xml", "pdf"])
    def test_is_given_to_who_brought_the_file(
        self, archive: PublishedCity, pair: transcripts.Pair, kind: str
    ) -> None:
        page = drop(getattr(pair, kind))
        assert "vẫn chứng minh học bạ đã được ký" in text_of(page)
        (offer,) = offers(page)

        answer = ask(offer)

        assert (answer.status_code, answer.content) == (200, BUNDLE)
        assert answer["Content-Type"] == "application/zip"
        assert answer["Cache-Control"] == "no-store"
        assert f'filename="{VALUE.id}-v1.bang-chung.zip"' in answer["Content-Disposition"]
        assert archive.asked[-1].endswith(f"?file={digest(getattr(pair, kind))}")

    def test_is_offered_once_for_a_pair(self, archive: PublishedCity, pair: transcripts.Pair) -> None:
        assert len(offers(drop(pair.xml, pair.pdf))) == 1

    def test_is_offered_of_each_of_two_transcripts_by_the_name_of_its_file(
        self, archive: PublishedCity, pair: transcripts.Pair
    ) -> None:
        other = transcripts.another_pupil()
        other_xml = transcripts.sign_xml(transcripts.school(), other)
        archive.registers(other, xml=other_xml)

        page = drop(other_xml, pair.pdf)

        assert len(offers(page)) == 2
        assert f"{BUTTON} của mot.xml" in text_of(page)
        assert f"{BUTTON} của hai.pdf" in text_of(page)

    def test_is_offered_of_a_version_that_was_replaced(
        self, archive: PublishedCity, pair: transcripts.Pair
    ) -> None:
        archive.registers(VALUE, xml=pair.xml, pdf=pair.pdf, status=RegisterStatus.REPLACED, replaced_by=2)

        assert len(offers(drop(pair.xml))) == 1

    def test_is_not_offered_for_another_file_of_that_name(
        self, archive: PublishedCity, pair: transcripts.Pair
    ) -> None:
        edited = pair.xml.replace(b">8.0<", b">9.0<", 1)
        assert edited != pair.xml

        page = drop(edited)

        assert not offers(page)
        assert "hồ sơ bằng chứng" not in text_of(page)

    def test_is_not_offered_of_what_the_register_does_not_know(
        self, city: PublishedCity, pair: transcripts.Pair
    ) -> None:
        assert not offers(drop(pair.xml))

    def test_is_not_offered_while_the_city_is_silent(
        self, archive: PublishedCity, pair: transcripts.Pair
    ) -> None:
        archive.is_reachable = False

        assert not offers(drop(pair.xml))

    def test_is_not_offered_on_the_word_of_the_judging_process(
        self, archive: PublishedCity, pair: transcripts.Pair, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A file that has taken the judging over may claim any digest; ours of the octets counts."""
        (claimed,) = sandbox.judge((pair.xml,), (), at=transcripts.NOW)
        monkeypatch.setattr(sandbox, "judge", lambda *_, **__: [claimed])

        assert len(offers(drop(pair.xml))) == 1
        assert not offers(drop(b"anything"))

    def test_is_refused_to_who_knows_only_names_and_digests(
        self, archive: PublishedCity, pair: transcripts.Pair
    ) -> None:
        known = [VALUE.id, VALUE.version, digest(pair.xml)]

        for text in ("", "x", signing.dumps(known), signing.dumps(known, salt="hocba.portal.result-sheet")):
            assert ask(text).status_code == 410
        assert not archive.asked

    def test_is_refused_after_an_hour(
        self, archive: PublishedCity, pair: transcripts.Pair, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (offer,) = offers(drop(pair.xml))
        now = time.time()
        monkeypatch.setattr(time, "time", lambda: now + 3700)

        answer = ask(offer)

        assert answer.status_code == 410
        assert "quá một giờ" in text_of(answer)

    def test_that_is_not_there_yet_is_said(self, archive: PublishedCity, pair: transcripts.Pair) -> None:
        archive.evidence.clear()

        answer = ask(offers(drop(pair.xml))[0])

        assert answer.status_code == 404
        assert "Sở chưa lập xong hồ sơ bằng chứng" in text_of(answer)

    def test_that_the_city_does_not_answer_for_may_be_asked_for_again(
        self, archive: PublishedCity, pair: transcripts.Pair
    ) -> None:
        (offer,) = offers(drop(pair.xml))
        archive.is_reachable = False

        answer = ask(offer)

        assert (answer.status_code, answer["Retry-After"]) == (503, "60")
        assert "Chưa hỏi được cơ sở dữ liệu" in text_of(answer)

    def test_waits_its_turn_with_the_checking_of_files(
        self, archive: PublishedCity, pair: transcripts.Pair, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (offer,) = offers(drop(pair.xml))
        monkeypatch.setattr(sandbox, "WAIT_SECONDS", 0.01)

        with ExitStack() as others:
            for _ in range(sandbox.CHILDREN):
                others.enter_context(sandbox.turn())
            refused = ask(offer)

        assert (refused.status_code, refused["Retry-After"]) == (503, "60")
        assert ask(offer).status_code == 200

    def test_leaves_a_trace_without_a_name(self, archive: PublishedCity, pair: transcripts.Pair) -> None:
        ask(offers(drop(pair.xml))[0])

        given = [
            event
            for event in list_events_of(f"sha256:{digest(pair.xml)}")
            if event.tag == "portal:evidence:given"
        ]
        assert len(given) == 1
        assert not given[0].details

    def test_is_not_given_to_get(self, city: PublishedCity) -> None:
        assert Client().get("/ho-so-bang-chung").status_code == 405


class TestOffer:
    def test_comes_back_as_it_was(self) -> None:
        offer = evidence.Offer(transcript_id=VALUE.id, version=2, file="ab" * 32)

        assert evidence.opened(offer.sealed()) == offer
