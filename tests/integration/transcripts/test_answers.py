"""What the city's answers do to a transcript, and what a refused one may do next."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from django.utils import timezone

from hocba.documents.transcript import Digest
from hocba.exchange import messages
from hocba.platform.audit import queries as trail
from hocba.platform.files import store
from hocba.platform.messages import ports
from hocba.platform.messages.models import IncomingMessage, OutgoingMessage
from hocba.platform.tenancy import scope
from hocba.transcripts.issuing import cleaning, resending
from hocba.transcripts.issuing.models import Rendering, SigningItem
from hocba.transcripts.records import queries as records
from hocba.transcripts.records.models import Compilation, Receipt, Refusal
from hocba.transcripts.records.workflow import Status, TransitionError
from tests.fakes.sides import HEADER, Sides, deliver
from tests.integration.transcripts import desk, world

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

pytestmark = pytest.mark.django_db


@pytest.fixture
def sealed(network: Sides) -> Compilation:
    """A sealed class of one, its class record already at the city."""
    of = world.keys()
    book = world.sealed_book(of, count=1)
    world.install_trust(of, city=True)
    world.install_roster(book.pupils)
    world.give_to_city(book)
    compilation = desk.take_in(book)
    desk.sign_up_to(of, compilation, "seal")
    return compilation


def counts(compilation: Compilation) -> dict[Status, int]:
    with scope.whole_site():
        return records.counts_of(compilation.pk)


def refusing(request: ports.Request) -> ports.Answer:
    body = {
        "title": "Học bạ không được chấp nhận.",
        "status": 422,
        "errors": [{"code": "CERT_NOT_APPROVED", "detail": "Chứng thư số chưa được phê duyệt."}],
    }
    return ports.Answer(status=422, headers={}, body=json.dumps(body).encode())


def receipt_of_nothing() -> messages.Receipt:
    """A well-formed receipt for files nobody sent."""
    digest = Digest(algorithm="sha256", value="0" * 64)
    return messages.Receipt(
        transcript_id="0f8fad5b-d9cb-469f-a165-70867728950e",
        version=1,
        school=world.SCHOOL.code,
        xml=digest,
        pdf=digest,
        record=digest,
        class_record=digest,
        accepted_at=timezone.now().replace(microsecond=0),
        status=messages.RegisterStatus.CURRENT,
        log=messages.LogInclusion(index=0, size=1, root=digest, proof=(), checkpoint="log"),
    )


class TestAnswers:
    def test_come_to_one_message_whose_evidence_is_the_two_files(self, sealed: Compilation) -> None:
        deliver()

        sent, received = OutgoingMessage.objects.get(), IncomingMessage.objects.get()
        with scope.whole_site():
            issued = records.list_versions(sealed.pk)[0].issued
        files = [issued.xml_digest, issued.pdf_digest]
        body = b"".join(store.get(digest) for digest in files)
        assert sent.body_files == received.body_files == files
        assert sent.body_digest == received.body_digest == store.digest_of(body)
        assert not store.exists(sent.body_digest)

    def test_archive_it_with_the_receipt(self, sealed: Compilation) -> None:
        deliver()

        assert counts(sealed) == {Status.ARCHIVED: 1}
        with scope.whole_site():
            assert Receipt.objects.count() == 1

    def test_show_what_the_city_found_wrong(self, sealed: Compilation, network: Sides) -> None:
        network.answers["city"] = refusing
        deliver()

        assert counts(sealed) == {Status.REFUSED_BY_CITY: 1}
        with scope.whole_site():
            refusal = Refusal.objects.get()
        assert refusal.problems == [
            {"code": "CERT_NOT_APPROVED", "detail": "Chứng thư số chưa được phê duyệt."}
        ]

    def test_do_not_take_a_receipt_for_other_files(self, sealed: Compilation, network: Sides) -> None:
        network.answers["city"] = lambda request: ports.Answer(
            status=200, headers={}, body=messages.to_bytes(receipt_of_nothing())
        )
        deliver()

        assert counts(sealed) == {Status.REFUSED_BY_CITY: 1}
        with scope.whole_site():
            assert Refusal.objects.get().problems[0]["code"] == "RECEIPT"
            assert not Receipt.objects.exists()

    def test_wait_when_the_city_does_not_answer(self, sealed: Compilation, network: Sides) -> None:
        network.answers["city"] = lambda request: ports.Answer(status=503, headers={}, body=b"")
        deliver()

        assert counts(sealed) == {Status.SEALED: 1}
        assert OutgoingMessage.objects.filter(state="PENDING").count() == 1


class TestTooLarge:
    def test_is_an_end_with_a_reason_and_no_endless_retry(
        self, sealed: Compilation, network: Sides, settings: SettingsWrapper
    ) -> None:
        settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
        deliver()

        assert counts(sealed) == {Status.REFUSED_BY_CITY: 1}
        assert not OutgoingMessage.objects.filter(state="PENDING").exists()
        with scope.whole_site():
            assert "vượt mức" in Refusal.objects.get().title
        assert network.asked == []

    def test_is_said_by_who_receives_it(self, network: Sides, settings: SettingsWrapper) -> None:
        settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
        answer = Client().put(
            f"/city/exchange/v1/files/{'0' * 64}",
            b"x" * 1001,
            content_type="application/pdf",
            headers={HEADER: "transcripts", "idempotency-key": str(uuid.uuid4())},
        )

        assert (answer.status_code, answer["content-type"]) == (413, "application/problem+json")


class TestSendAgain:
    def test_sends_the_same_files_and_archives_them(self, sealed: Compilation, network: Sides) -> None:
        network.answers["city"] = refusing
        deliver()
        network.answers.clear()
        with scope.acting_for(world.SCHOOL.code):
            version = records.list_versions(sealed.pk)[0]
            resending.send_again(version.pk, by="clerk", at=timezone.now())
            newest = trail.list_events_of(f"transcript:{version.transcript_id}:{version.version}").last()
        assert newest is not None
        assert newest.tag == "issuing:transcript:sent_again"

        deliver()
        assert counts(sealed) == {Status.ARCHIVED: 1}

    def test_is_refused_unless_the_city_refused_it(self, sealed: Compilation) -> None:
        with scope.acting_for(world.SCHOOL.code):
            version = records.list_versions(sealed.pk)[0]
            with pytest.raises(TransitionError):
                resending.send_again(version.pk, by="clerk", at=timezone.now())


class TestForgetWorkingBytes:
    def test_empties_what_the_sealed_files_hold_anyway(self, sealed: Compilation) -> None:
        deliver()
        with scope.acting_for(world.SCHOOL.code):
            assert cleaning.forget_working_bytes(sealed.pk) == 1
            assert not Rendering.objects.exists()
            assert all(not item.signed and not item.to_be_signed for item in SigningItem.objects.all())

    def test_spares_what_is_not_archived(self, sealed: Compilation) -> None:
        with scope.acting_for(world.SCHOOL.code):
            assert cleaning.forget_working_bytes(sealed.pk) == 0
            assert Rendering.objects.exists()
