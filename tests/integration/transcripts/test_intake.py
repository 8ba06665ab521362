"""What gets in and what does not: a class record is taken in whole, sealed and consistent, or not at all."""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest
from django.test import Client
from django.utils import timezone

from hocba.platform.files import store
from hocba.platform.tenancy import scope
from hocba.transcripts.intake import actions
from hocba.transcripts.intake.models import ClassRecord
from hocba.transcripts.records.models import Compilation, CompiledRecord, TranscriptVersion
from tests.fakes.sides import HEADER, Sides
from tests.integration.transcripts import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def book() -> world.SealedBook:
    """A sealed class record whose files have arrived, at a school that is known here."""
    of = world.keys()
    made = world.sealed_book(of)
    world.install_trust(of)
    world.install_roster(made.pupils)
    made.store_children()
    return made


def take_in(book: world.SealedBook, content: bytes | None = None) -> bool:
    with scope.whole_site():
        return actions.take_in(
            record_id=book.record_id, content=content or book.year, by="side:tracking", at=timezone.now()
        )


def refusal(book: world.SealedBook, content: bytes | None = None) -> set[str]:
    with pytest.raises(actions.RefusedError) as caught:
        take_in(book, content)
    with scope.whole_site():
        assert not ClassRecord.objects.exists()
        assert not Compilation.objects.exists()
    return {item.code for item in caught.value.items}


class TestTakeIn:
    def test_compiles_one_transcript_for_every_pupil(self, book: world.SealedBook) -> None:
        assert take_in(book)

        with scope.whole_site():
            versions = list(TranscriptVersion.objects.order_by("position"))
        assert [v.personal_id for v in versions] == [p.personal_id for p in book.pupils]
        assert {v.version for v in versions} == {1}
        assert len({v.transcript_id for v in versions}) == len(versions)

    def test_names_the_sealed_class_record_in_every_transcript(self, book: world.SealedBook) -> None:
        take_in(book)

        with scope.whole_site():
            records = [bytes(row.content) for row in CompiledRecord.objects.all()]
        assert records
        assert all(f"sha256:{store.digest_of(book.year)}".encode() in record for record in records)

    def test_of_the_same_record_again_changes_nothing(self, book: world.SealedBook) -> None:
        take_in(book)

        assert not take_in(book)
        with scope.whole_site():
            assert TranscriptVersion.objects.count() == len(book.pupils)

    def test_refuses_a_record_without_its_seal(self, book: world.SealedBook) -> None:
        start, end = book.year.index(b"<CoQuan>"), book.year.index(b"</CoQuan>")

        assert "MISSING_SIGNATURE" in refusal(book, book.year[: start + 8] + book.year[end:])

    def test_refuses_a_changed_record_even_by_one_digit(self, book: world.SealedBook) -> None:
        assert "HASH_FAILURE" in refusal(
            book, book.year.replace(b"<SoBuoiNghiCoPhep>2<", b"<SoBuoiNghiCoPhep>1<", 1)
        )

    def test_tells_every_file_that_has_not_arrived(self, book: world.SealedBook, tmp_path, settings) -> None:
        settings.HOCBA_FILES = tmp_path / "empty"

        with pytest.raises(actions.RefusedError) as caught:
            take_in(book)
        # Without the term files nobody knows which sheets there are.
        assert [item.code for item in caught.value.items] == ["FILE_MISSING", "FILE_MISSING"]

    def test_refuses_a_tree_whose_children_are_of_another_class(self, book: world.SealedBook) -> None:
        of = world.keys()
        other = world.sealed_book(of, class_name="6A2")
        other.store_children()
        mixed = world.sealed_book(of, changed={"terms": other.value.terms})

        with pytest.raises(actions.RefusedError) as caught:
            take_in(mixed)
        assert {item.code for item in caught.value.items} == {"INCONSISTENT"}

    def test_refuses_a_record_under_another_id(self, book: world.SealedBook) -> None:
        assert refusal(replace(book, record_id=uuid.uuid4())) == {"WRONG_ADDRESS"}

    def test_refuses_pupils_whose_particulars_are_unknown(self, book: world.SealedBook) -> None:
        of = world.keys()
        larger = world.sealed_book(of, count=3)
        larger.store_children()

        assert refusal(larger) == {"PARTICULARS"}

    def test_refuses_a_second_record_of_the_same_class(self, book: world.SealedBook) -> None:
        take_in(book)
        second = world.sealed_book(world.keys())
        second.store_children()

        with pytest.raises(actions.AlreadyDifferentError):
            take_in(second)

    def test_refuses_signers_whose_certificates_nobody_approved(self, book: world.SealedBook) -> None:
        strangers = world.keys.__wrapped__()
        foreign = world.sealed_book(strangers)
        foreign.store_children()

        assert {"CERT_NOT_APPROVED", "CHAIN_CONSTRAINTS_FAILURE"} & refusal(foreign)

    def test_leaves_nothing_behind_when_it_is_killed_while_compiling(
        self, book: world.SealedBook, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken(*_: object, **__: object) -> None:
            raise OSError("killed")

        monkeypatch.setattr(CompiledRecord.objects, "bulk_create", broken)
        with pytest.raises(OSError, match="killed"):
            take_in(book)

        with scope.whole_site():
            assert not ClassRecord.objects.exists()
            assert not TranscriptVersion.objects.exists()
        monkeypatch.undo()
        assert take_in(book)


class TestEndpoints:
    def put(self, path: str, body: bytes, side: str = "tracking") -> tuple[int, dict[str, object]]:
        answer = Client().put(
            f"/transcripts/exchange/v1/{path}",
            body,
            content_type="application/xml",
            headers={HEADER: side, "idempotency-key": str(uuid.uuid4())},
        )
        return answer.status_code, answer.json()

    def test_take_a_whole_record_file_by_file(self, book: world.SealedBook, network: Sides) -> None:
        for digest, content in book.files.items():
            assert self.put(f"files/{digest}", content)[0] in {200, 201}

        assert self.put(f"class-records/{book.record_id}", book.year)[0] == 201
        assert self.put(f"class-records/{book.record_id}", book.year)[0] == 200

    def test_refuse_a_file_under_another_digest(self, network: Sides) -> None:
        assert self.put(f"files/{'a' * 64}", b"content")[0] == 422

    def test_answer_with_every_problem(self, book: world.SealedBook, network: Sides) -> None:
        status, problem = self.put(f"class-records/{book.record_id}", b"<SoNamHoc/>")

        assert status == 422
        assert problem["errors"]

    def test_are_closed_to_other_sides(self, book: world.SealedBook, network: Sides) -> None:
        assert self.put(f"class-records/{book.record_id}", book.year, side="portal")[0] == 403
