"""What the city registers and what it refuses, whatever the school says it has checked."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.utils import timezone

from hocba.city.archive import log
from hocba.city.archive import queries as archive
from hocba.city.archive.models import ArchivedClassRecord, ArchivedTranscript, Checkpoint, LogLeaf, LogNode
from hocba.city.registration import actions, validation
from hocba.city.schools import actions as schools
from hocba.city.schools import queries as approved
from hocba.city.schools import trust
from hocba.documents import derived
from hocba.documents.transcript import Digest
from hocba.documents.verification import verify
from hocba.exchange import bundles, messages, transparency
from hocba.platform.files import store
from hocba.platform.tenancy import scope
from hocba.transcripts.records import queries as records
from tests.factories import transcripts
from tests.fakes.sides import HEADER, Sides
from tests.integration.transcripts import desk, world

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from hocba.documents.transcript import Transcript

pytestmark = pytest.mark.django_db


@pytest.fixture
def sealed(network: Sides) -> list[Any]:
    """Two sealed versions whose class record the city has, their own messages not sent yet."""
    of = world.keys()
    book = world.sealed_book(of, count=2)
    world.install_trust(of, city=True)
    world.install_roster(book.pupils)
    world.give_to_city(book)
    compilation = desk.take_in(book)
    desk.sign_up_to(of, compilation, "seal")
    with scope.whole_site():
        return list(records.list_versions(compilation.pk))


def register(
    version: Any, *, xml: bytes | None = None, pdf_digest: str | None = None, at: datetime | None = None
) -> tuple[bytes, bool]:
    with scope.whole_site():
        return actions.register_transcript(
            transcript_id=version.transcript_id,
            version=version.version,
            xml=xml if xml is not None else store.get(version.issued.xml_digest),
            pdf_digest=pdf_digest or version.issued.pdf_digest,
            by="side:transcripts",
            at=at or timezone.now(),
        )


def refusal(version: Any, **changes: Any) -> set[str]:
    with pytest.raises(actions.RefusedError) as caught:
        register(version, **changes)
    with scope.whole_site():
        assert not ArchivedTranscript.objects.exists()
        assert not LogLeaf.objects.exists()
    return {item.code for item in caught.value.items}


class TestRegisterTranscript:
    def test_gives_the_same_receipt_again_octet_by_octet(self, sealed: list[Any]) -> None:
        first, is_new = register(sealed[0])
        again, is_new_again = register(sealed[0])

        assert (is_new, is_new_again) == (True, False)
        assert first == again
        with scope.whole_site():
            assert LogLeaf.objects.count() == 1

    def test_refuses_another_file_under_the_same_version(self, sealed: list[Any]) -> None:
        register(sealed[0])

        with pytest.raises(actions.AlreadyDifferentError, match="nội dung khác"):
            register(sealed[0], xml=store.get(sealed[0].issued.xml_digest) + b"\n")

    def test_refuses_a_version_that_would_stand_beside_the_first(self) -> None:
        later = transcripts.transcript(version=2)

        with scope.whole_site():
            codes = {item.code for item in validation.register_problems(later, uuid.UUID(later.id))}
            first = {
                item.code
                for item in validation.register_problems(transcripts.transcript(), uuid.UUID(later.id))
            }

        assert codes - first == {"VERSION_NOT_EXPECTED"}

    def test_refuses_a_changed_mark(self, sealed: list[Any]) -> None:
        xml = store.get(sealed[0].issued.xml_digest).replace(b"<CaNam>8.0<", b"<CaNam>9.0<", 1)

        assert "HASH_FAILURE" in refusal(sealed[0], xml=xml)

    def test_refuses_the_pdf_of_another_pupil(self, sealed: list[Any]) -> None:
        assert "PAIR_MISMATCH" in refusal(sealed[0], pdf_digest=sealed[1].issued.pdf_digest)

    def test_refuses_a_pdf_with_something_added(self, sealed: list[Any]) -> None:
        changed = store.put(store.get(sealed[0].issued.pdf_digest) + b"\n% added")

        assert refusal(sealed[0], pdf_digest=changed)

    def test_refuses_a_pdf_that_never_arrived(self, sealed: list[Any]) -> None:
        assert refusal(sealed[0], pdf_digest="0" * 64) == {"FILE_MISSING"}

    def test_refuses_a_transcript_sent_to_the_address_of_another(self, sealed: list[Any]) -> None:
        assert "WRONG_ADDRESS" in refusal(sealed[0], xml=store.get(sealed[1].issued.xml_digest))

    def test_tells_xml_and_pdf_problems_at_once(self, sealed: list[Any]) -> None:
        xml = store.get(sealed[0].issued.xml_digest).replace(b"<CaNam>8.0<", b"<CaNam>9.0<", 1)
        pdf = store.put(store.get(sealed[0].issued.pdf_digest)[:-100])

        with pytest.raises(actions.RefusedError) as caught:
            register(sealed[0], xml=xml, pdf_digest=pdf)
        assert {item.detail.split(":")[0] for item in caught.value.items} == {"XML", "PDF"}

    def test_refuses_a_certificate_whose_approval_ended_before_it_signed(self, sealed: list[Any]) -> None:
        of = world.keys()
        with scope.whole_site():
            found = approved.list_certificates(school_code=world.SCHOOL.code).get(holder="GV0003")
            schools.revoke(certificate_ids=[found.pk], by="officer", at=of.founded, reason="")

        assert "CERT_NOT_APPROVED" in refusal(sealed[0])

    def test_refuses_a_certificate_whose_approval_was_withdrawn_since(self, sealed: list[Any]) -> None:
        """The signing time is the signer's word: an old signature and a backdated one look the same."""
        with scope.whole_site():
            found = approved.list_certificates(school_code=world.SCHOOL.code).get(holder="GV0003")
            schools.revoke(certificate_ids=[found.pk], by="officer", at=desk.later(1), reason="")

        assert refusal(sealed[0], at=desk.later(2)) == {"REVOKED_NO_POE"}

    def test_keeps_the_receipt_of_what_was_registered_before_the_withdrawal(self, sealed: list[Any]) -> None:
        receipt, _ = register(sealed[0])
        with scope.whole_site():
            found = approved.list_certificates(school_code=world.SCHOOL.code).get(holder="GV0003")
            schools.revoke(certificate_ids=[found.pk], by="officer", at=desk.later(1), reason="")

        assert register(sealed[0], at=desk.later(2)) == (receipt, False)

    def test_waits_for_the_class_record_when_nothing_else_is_wrong(self, network: Sides) -> None:
        of = world.keys()
        book = world.sealed_book(of, count=1)
        world.install_trust(of, city=True)
        world.install_roster(book.pupils)
        compilation = desk.take_in(book)
        desk.sign_up_to(of, compilation, "seal")
        with scope.whole_site():
            version = records.list_versions(compilation.pk)[0]

        with pytest.raises(actions.TooEarlyError):
            register(version)

    def test_keeps_the_validation_with_its_evidence(self, sealed: list[Any]) -> None:
        register(sealed[0])

        with scope.whole_site():
            report = ArchivedTranscript.objects.get().report
        assert {file["verdict"] for file in report["files"]} == {"valid"}
        assert (
            len(report["evidence"]["certificates"]) == len(world.keys().keys) - 1
        )  # the clerk signs nothing
        assert {item["name"] for item in report["evidence"]["trust"]} == {
            "root.pem",
            "issuing.pem",
            "root.crl",
            "issuing.crl",
        }
        assert b"approved-certificates" in store.get(report["evidence"]["approved_certificates"])

    def test_leaves_nothing_behind_when_it_is_killed_before_the_end(
        self, sealed: list[Any], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def killed(*_: object, **__: object) -> None:
            raise OSError("killed")

        # When the receipt is made, the log has grown and the transcript has no row yet.
        monkeypatch.setattr("hocba.city.archive.actions._receipt", killed)
        with pytest.raises(OSError, match="killed"):
            register(sealed[0])
        monkeypatch.undo()

        with scope.whole_site():
            assert not LogLeaf.objects.exists()
            assert not Checkpoint.objects.exists()
        register(sealed[0])
        with scope.whole_site():
            assert list(Checkpoint.objects.values_list("size", flat=True)) == [1]


class TestTheClassRecord:
    """A transcript that everybody signed rightly, but that says something else than the sealed class record."""

    def problems(self, version: Any, change: Callable[[Transcript], Transcript]) -> list[tuple[str, str]]:
        with scope.whole_site():
            report = verify(
                store.get(version.issued.xml_digest), trust=trust.current().material, at=timezone.now()
            )
            assert report.transcript is not None
            found = validation.register_problems(change(report.transcript), version.transcript_id)
            return [(item.code, item.detail) for item in found]

    def test_is_followed_by_a_transcript_compiled_from_it(self, sealed: list[Any]) -> None:
        assert self.problems(sealed[0], lambda value: value) == []

    def test_decides_about_marks(self, sealed: list[Any]) -> None:
        def better(value: Transcript) -> Transcript:
            first = replace(value.subjects[0], year="9.9", remark="Rất giỏi")
            return replace(value, subjects=(first, *value.subjects[1:]))

        found = self.problems(sealed[0], better)

        assert {code for code, _ in found} == {"CLASS_RECORD_MISMATCH"}
        assert len(found) == 2
        assert "học bạ ghi “9,9”" in found[0][1]

    def test_decides_about_levels_decisions_and_absences(self, sealed: list[Any]) -> None:
        def better(value: Transcript) -> Transcript:
            learning = replace(value.result.learning, year="TOT")
            result = replace(value.result, learning=learning, title="GIOI", absences_unexcused=0)
            return replace(value, result=replace(result, absences_excused=40))

        assert len(self.problems(sealed[0], better)) >= 3

    def test_decides_about_names_and_teachers(self, sealed: list[Any]) -> None:
        def other(value: Transcript) -> Transcript:
            return replace(
                value,
                pupil=replace(value.pupil, name="Tên Khác"),
                homeroom_teacher=value.principal,
            )

        assert {code for code, _ in self.problems(sealed[0], other)} == {"CLASS_RECORD_MISMATCH"}

    def test_decides_about_every_sign_of_a_remark(self, sealed: list[Any]) -> None:
        def punctuated(value: Transcript) -> Transcript:
            remark = value.result.homeroom_remark.replace(",", ".")
            assert remark != value.result.homeroom_remark
            return replace(value, result=replace(value.result, homeroom_remark=remark))

        ((code, detail),) = self.problems(sealed[0], punctuated)
        assert code == "CLASS_RECORD_MISMATCH"
        assert "nhận xét của giáo viên chủ nhiệm" in detail

    def test_decides_about_the_current_year_of_the_course_of_study(self, sealed: list[Any]) -> None:
        def elsewhere(value: Transcript) -> Transcript:
            row = replace(value.course_of_study[-1], class_name="9Z9", school_name="Trường khác")
            return replace(value, course_of_study=(row,))

        found = self.problems(sealed[0], elsewhere)
        assert [code for code, _ in found] == ["CLASS_RECORD_MISMATCH"] * 2
        assert all("quá trình học tập" in detail for _, detail in found)

    def test_refuses_what_differs_even_when_nobody_can_say_where(
        self, sealed: list[Any], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def better(value: Transcript) -> Transcript:
            return replace(value, result=replace(value.result, title="GIOI"))

        monkeypatch.setattr(derived, "deviations", lambda *_: ())

        assert [code for code, _ in self.problems(sealed[0], better)] == ["CLASS_RECORD_MISMATCH"]

    def test_says_nothing_about_what_leadership_adds(self, sealed: list[Any]) -> None:
        def awarded(value: Transcript) -> Transcript:
            return replace(value, result=replace(value.result, awards="Giấy khen", principal_remark="Tốt"))

        assert self.problems(sealed[0], awarded) == []

    def test_knows_its_pupils(self, sealed: list[Any]) -> None:
        def stranger(value: Transcript) -> Transcript:
            return replace(value, pupil=replace(value.pupil, personal_id="079214099999"))

        codes = {code for code, _ in self.problems(sealed[0], stranger)}
        assert codes == {"PUPIL_NOT_IN_CLASS_RECORD"}

    def test_counts_in_its_newest_version_only(self, sealed: list[Any]) -> None:
        with scope.whole_site():
            first = ArchivedClassRecord.objects.get()
        identity = replace(world.identity("6A1"), id=str(first.record_id), version=2)
        world.give_to_city(world.sealed_book(world.keys(), count=2, changed={"identity": identity}))

        assert refusal(sealed[0]) == {"CLASS_RECORD_REPLACED"}


class TestPrevious:
    """Which transcript of the pupil another one has to name (decision 0009)."""

    def archive(self, year: str, *, school: str = world.SCHOOL.code, after: int = -3600) -> Digest:
        """A transcript of a year in the register, accepted so many seconds after the class record at hand."""
        digest = hashlib.sha256(f"{year}{school}".encode()).hexdigest()
        with scope.whole_site():
            record = ArchivedClassRecord.objects.get()
            ArchivedTranscript.objects.create(
                school_code=school,
                transcript_id=uuid.uuid4(),
                version=1,
                personal_id=world.pupils(1)[0].personal_id,
                pupil_name="x",
                school_year=year,
                class_name="x",
                grade=5,
                xml_digest=digest,
                pdf_digest=digest,
                report={},
                leaf_index=ArchivedTranscript.objects.count(),
                accepted_at=record.accepted_at + timedelta(seconds=after),
            )
        return Digest(algorithm="sha256", value=digest)

    def problems(self, version: Any, previous: Digest | None) -> list[tuple[str, str]]:
        return TestTheClassRecord().problems(version, lambda value: replace(value, previous=previous))

    def codes(self, version: Any, previous: Digest | None) -> list[str]:
        return [code for code, _ in self.problems(version, previous)]

    def test_is_the_newest_of_the_years_before(self, sealed: list[Any]) -> None:
        older, newest = self.archive("2023-2024"), self.archive("2024-2025")

        assert self.codes(sealed[0], newest) == []
        ((code, detail),) = self.problems(sealed[0], older)
        assert code == "PREVIOUS_WRONG"
        assert "học bạ năm học 2024-2025 (mã " in detail
        assert str(newest) in detail

    def test_is_not_left_out(self, sealed: list[Any]) -> None:
        newest = self.archive("2024-2025")

        ((code, detail),) = self.problems(sealed[0], None)
        assert code == "PREVIOUS_MISSING"
        assert str(newest) in detail

    def test_is_never_of_the_same_or_a_later_year(self, sealed: list[Any]) -> None:
        same, later = self.archive("2025-2026"), self.archive("2026-2027")

        assert self.codes(sealed[0], same) == ["ALREADY_REGISTERED", "PREVIOUS_UNKNOWN"]
        assert self.codes(sealed[0], later) == ["ALREADY_REGISTERED", "PREVIOUS_UNKNOWN"]
        self.archive("2024-2025")
        assert self.codes(sealed[0], later) == ["ALREADY_REGISTERED", "PREVIOUS_WRONG"]

    def test_of_another_school_may_be_named_or_not(self, sealed: list[Any]) -> None:
        elsewhere = self.archive("2024-2025", school=world.OTHER_SCHOOL)

        assert self.codes(sealed[0], elsewhere) == []
        assert self.codes(sealed[0], None) == []

    def test_of_a_pupil_who_came_back_may_be_the_last_one_here(self, sealed: list[Any]) -> None:
        here = self.archive("2023-2024")
        elsewhere = self.archive("2024-2025", school=world.OTHER_SCHOOL)

        assert self.codes(sealed[0], here) == []
        assert self.codes(sealed[0], elsewhere) == []
        assert self.codes(sealed[0], None) == ["PREVIOUS_MISSING"]

    def test_may_be_missing_where_it_came_after_the_class_record(self, sealed: list[Any]) -> None:
        self.archive("2024-2025", after=60)

        assert self.codes(sealed[0], None) == []


class TestRegisterClassRecord:
    @pytest.fixture
    def book(self) -> world.SealedBook:
        of = world.keys()
        world.install_trust(of, city=True)
        return world.sealed_book(of, count=1)

    def refusal(self, book: world.SealedBook, content: bytes) -> set[str]:
        with scope.whole_site(), pytest.raises(actions.RefusedError) as caught:
            actions.register_class_record(
                record_id=book.record_id, content=content, by="x", at=timezone.now()
            )
        return {item.code for item in caught.value.items}

    def test_of_the_same_again_changes_nothing(self, book: world.SealedBook) -> None:
        world.give_to_city(book)
        world.give_to_city(book)

        with scope.whole_site():
            known = archive.get_class_record(store.digest_of(book.year))
        assert known is not None
        assert list(known.expected) == [book.pupils[0].personal_id]

    def test_refuses_a_year_without_its_seal(self, book: world.SealedBook) -> None:
        start, end = book.year.index(b"<CoQuan>"), book.year.index(b"</CoQuan>")

        assert "MISSING_SIGNATURE" in self.refusal(book, book.year[: start + 8] + book.year[end:])

    def test_refuses_a_valid_file_that_is_no_year(self, book: world.SealedBook) -> None:
        assert self.refusal(book, next(iter(book.files.values()))) == {"WRONG_KIND"}

    def test_refuses_a_year_without_the_files_below_it(self, book: world.SealedBook) -> None:
        assert self.refusal(book, book.year) == {"FILE_MISSING"}

    def test_refuses_a_year_sent_under_another_name(self, book: world.SealedBook) -> None:
        book.store_children()
        elsewhere = replace(book, record_id=uuid.uuid4())

        assert self.refusal(elsewhere, book.year) == {"WRONG_ADDRESS"}

    def test_takes_all_files_in_one_body(self, network: Sides, book: world.SealedBook) -> None:
        files = (book.year, *book.files.values())
        answer = Client().put(
            f"/city/exchange/v1/class-records/{book.record_id}",
            b"".join(files),
            content_type=bundles.media_type(files),
            headers={HEADER: "tracking", "idempotency-key": str(uuid.uuid4())},
        )

        assert answer.status_code == 201, answer.content.decode()

    def other(self, book: world.SealedBook, **changes: Any) -> world.SealedBook:
        """A book as well sealed as the first, about as many pupils and one more."""
        identity = replace(book.value.identity, **changes)
        return world.sealed_book(world.keys(), count=2, changed={"identity": identity})

    def refusal_of(self, book: world.SealedBook) -> set[str]:
        with pytest.raises(actions.RefusedError) as caught:
            world.give_to_city(book)
        return {item.code for item in caught.value.items}

    def test_refuses_a_second_record_of_the_same_class(self, book: world.SealedBook) -> None:
        world.give_to_city(book)

        assert self.refusal_of(self.other(book, id=str(uuid.uuid4()))) == {"CLASS_RECORD_EXISTS"}
        assert self.refusal_of(self.other(book, id=str(uuid.uuid4()), version=2)) == {"CLASS_RECORD_EXISTS"}

    def test_refuses_the_id_of_another_class(self, book: world.SealedBook) -> None:
        world.give_to_city(book)
        elsewhere = world.sealed_book(world.keys(), class_name="6A2", count=1)
        identity = replace(elsewhere.value.identity, id=str(book.record_id), version=2)
        taken = world.sealed_book(world.keys(), class_name="6A2", count=1, changed={"identity": identity})

        assert self.refusal_of(taken) == {"CLASS_RECORD_ID_TAKEN"}

    def test_takes_a_later_version_and_the_record_of_another_class(self, book: world.SealedBook) -> None:
        world.give_to_city(book)
        world.give_to_city(self.other(book, version=2))
        world.give_to_city(world.sealed_book(world.keys(), class_name="6A2", count=1))

        with scope.whole_site():
            assert archive.newer_class_record(store.digest_of(book.year)) == 2

    def test_refuses_a_level_that_does_not_have_the_grade(self, book: world.SealedBook) -> None:
        school = replace(book.value.identity.school, level="THPT")

        assert self.refusal_of(self.other(book, school=school)) == {"INCONSISTENT"}

    def test_refuses_another_year_under_the_same_id(self, book: world.SealedBook) -> None:
        world.give_to_city(book)
        identity = book.value.identity
        other = world.sealed_book(world.keys(), count=2, changed={"identity": identity})

        with pytest.raises(actions.AlreadyDifferentError):
            world.give_to_city(other)


class TestEndpoints:
    def put(self, path: str, body: bytes, content_type: str = "application/xml") -> Any:
        return Client().put(
            f"/city/exchange/v1/{path}",
            body,
            content_type=content_type,
            headers={HEADER: "transcripts", "idempotency-key": str(uuid.uuid4())},
        )

    def address(self, version: Any) -> str:
        return (
            f"transcripts/{version.transcript_id}/versions/{version.version}?pdf={version.issued.pdf_digest}"
        )

    def test_answer_a_second_delivery_like_the_first(self, sealed: list[Any]) -> None:
        xml = store.get(sealed[0].issued.xml_digest)
        first, again = self.put(self.address(sealed[0]), xml), self.put(self.address(sealed[0]), xml)

        assert (first.status_code, again.status_code) == (201, 200)
        assert first.content == again.content

    def test_take_both_files_in_one_body(self, sealed: list[Any]) -> None:
        files = tuple(
            store.get(digest) for digest in (sealed[0].issued.xml_digest, sealed[0].issued.pdf_digest)
        )
        path = f"transcripts/{sealed[0].transcript_id}/versions/1"
        answer = self.put(path, b"".join(files), bundles.media_type(files))

        assert answer.status_code == 201
        receipt = messages.from_bytes(messages.Receipt, answer.content)
        assert (receipt.xml.value, receipt.pdf.value) == (
            sealed[0].issued.xml_digest,
            sealed[0].issued.pdf_digest,
        )

    def test_refuse_a_body_cut_at_another_place(self, sealed: list[Any]) -> None:
        files = tuple(
            store.get(digest) for digest in (sealed[0].issued.xml_digest, sealed[0].issued.pdf_digest)
        )
        moved = (files[0] + files[1][:1], files[1][1:])
        answer = self.put(
            f"transcripts/{sealed[0].transcript_id}/versions/1", b"".join(files), bundles.media_type(moved)
        )

        assert answer.status_code == 422

    def test_refuse_a_body_of_another_number_of_files(self, sealed: list[Any]) -> None:
        answer = self.put(
            f"transcripts/{sealed[0].transcript_id}/versions/1", b"x", bundles.media_type((b"x",))
        )

        assert answer.status_code == 422

    def test_answer_a_changed_file_with_the_reason(self, sealed: list[Any]) -> None:
        xml = store.get(sealed[0].issued.xml_digest)
        self.put(self.address(sealed[0]), xml)
        answer = self.put(self.address(sealed[0]), xml + b"\n")

        assert answer.status_code == 409
        assert "nội dung khác" in answer.json()["detail"]

    def test_answer_a_bad_file_with_every_problem(self, sealed: list[Any]) -> None:
        answer = self.put(self.address(sealed[0]), b"<HocBa/>")

        assert answer.status_code == 422
        assert answer.json()["errors"]

    def test_want_the_pdf_named(self, sealed: list[Any]) -> None:
        answer = self.put(f"transcripts/{sealed[0].transcript_id}/versions/1", b"x")

        assert answer.status_code == 422

    def test_tell_the_portal_what_is_registered(self, sealed: list[Any]) -> None:
        issued = sealed[0].issued
        path = f"/city/exchange/v1/register/{sealed[0].transcript_id}/versions/1"

        def ask(query: str) -> messages.RegisterEntry:
            answer = Client().get(f"{path}?{query}", headers={HEADER: "portal"})
            return messages.from_bytes(messages.RegisterEntry, answer.content)

        assert ask("").status is messages.RegisterStatus.UNKNOWN
        register(sealed[0])
        assert (
            ask(f"xml={issued.xml_digest}&pdf={issued.pdf_digest}").status is messages.RegisterStatus.CURRENT
        )
        other = ask(f"xml={'0' * 64}")
        assert other.status is messages.RegisterStatus.UNKNOWN
        assert other.xml == Digest(algorithm="sha256", value=issued.xml_digest)

    def test_tell_the_portal_what_is_replaced(self, sealed: list[Any]) -> None:
        register(sealed[0])
        with scope.whole_site():
            row = ArchivedTranscript.objects.get()
            row.pk, row.version, row.leaf_index = None, 2, 1
            row.xml_digest, row.pdf_digest = "1" * 64, "2" * 64
            row.save(force_insert=True)

        def ask(version: int) -> messages.RegisterEntry:
            path = f"/city/exchange/v1/register/{sealed[0].transcript_id}/versions/{version}"
            answer = Client().get(path, headers={HEADER: "portal"})
            return messages.from_bytes(messages.RegisterEntry, answer.content)

        assert (ask(1).status, ask(1).replaced_by) == (messages.RegisterStatus.REPLACED, 2)
        assert (ask(2).status, ask(2).replaced_by) == (messages.RegisterStatus.CURRENT, None)


class TestLog:
    def test_proves_every_leaf_against_every_later_checkpoint(self) -> None:
        at = timezone.now()
        leaves = [transparency.encode_leaf({"v": 1, "n": number}) for number in range(11)]
        with scope.whole_site():
            for leaf in leaves:
                log.append(leaf, at=at)
            for checkpoint in Checkpoint.objects.all():
                for index in range(checkpoint.size):
                    transparency.verify_inclusion(
                        transparency.leaf_hash(leaves[index]),
                        index,
                        checkpoint.size,
                        log.prove(index, checkpoint.size),
                        bytes(checkpoint.root),
                    )

    def test_stores_every_inner_node_once(self) -> None:
        with scope.whole_site():
            for number in range(9):
                log.append(transparency.encode_leaf({"n": number}), at=timezone.now())

        assert sorted(LogNode.objects.values_list("level", "index")) == [
            (1, 0), (1, 1), (1, 2), (1, 3), (2, 0), (2, 1), (3, 0),
        ]  # fmt: skip

    def test_signs_its_checkpoints(self) -> None:
        with scope.whole_site():
            entry = log.append(transparency.encode_leaf({"n": 1}), at=timezone.now())

        text = transparency.open_note(entry.checkpoint, log.public_key())
        assert transparency.Checkpoint.read(text) == transparency.Checkpoint(log.origin(), 1, entry.root)
