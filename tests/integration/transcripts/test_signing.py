"""The signing desk: order, certificates, frozen lists, and what survives a crash or a second call."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from hocba.platform.audit import queries as trail
from hocba.platform.files import store
from hocba.platform.messages.models import OutgoingMessage
from hocba.platform.tenancy import scope
from hocba.transcripts.issuing import actions, sending, tasks
from hocba.transcripts.issuing.models import SigningBatch, SigningItem
from hocba.transcripts.issuing.workflow import BatchStatus
from hocba.transcripts.records import queries as records
from hocba.transcripts.records.models import Compilation, IssuedTranscript, TranscriptVersion
from hocba.transcripts.records.workflow import Status
from tests.integration.transcripts import desk, world

pytestmark = pytest.mark.django_db


@pytest.fixture
def of() -> world.Keys:
    return world.keys()


@pytest.fixture
def compilation(of: world.Keys) -> Compilation:
    """A class of two, freshly compiled."""
    book = world.sealed_book(of, count=2)
    world.install_trust(of)
    world.install_roster(book.pupils)
    return desk.take_in(book)


def counts(compilation: Compilation) -> dict[Status, int]:
    with scope.whole_site():
        return records.counts_of(compilation.pk)


class TestTasks:
    def test_of_a_teacher_covers_all_own_rows_of_the_class(self, compilation: Compilation) -> None:
        task = desk.task_of("GV0002", "subject_teacher")

        assert task is not None
        assert task.ready
        assert task.documents == 4  # two subjects of two pupils

    def test_of_the_homeroom_teacher_waits_for_the_subject_teachers(self, compilation: Compilation) -> None:
        task = desk.task_of(world.HOMEROOM, "homeroom_teacher")

        assert task is not None
        assert not task.ready
        assert "giáo viên bộ môn" in task.waiting_for

    def test_are_not_shown_to_people_who_do_not_sign_in_the_class(self, compilation: Compilation) -> None:
        with scope.acting_for(world.SCHOOL.code):
            assert (
                tasks.list_tasks(world.actor("GV0099", "subject_teacher", "homeroom_teacher", "principal"))
                == []
            )

    def test_go_once_everything_is_signed(self, of: world.Keys, compilation: Compilation) -> None:
        desk.sign(of, "GV0003", "subject_teacher")

        assert desk.task_of("GV0003", "subject_teacher") is None


class TestOpenBatch:
    def test_stores_the_exact_bytes_before_it_answers(self, of: world.Keys, compilation: Compilation) -> None:
        opened = desk.open_batch(of, "GV0002", "subject_teacher")

        with scope.whole_site():
            stored = {item.pk: bytes(item.to_be_signed) for item in SigningItem.objects.all()}
        assert stored == {item.pk: bytes(item.to_be_signed) for item in opened.items}
        assert len(stored) == 4

    @pytest.mark.parametrize(
        ("code", "slot"),
        [(world.HOMEROOM, "homeroom_teacher"), (world.PRINCIPAL, "principal"), (world.CLERK, "seal")],
    )
    def test_refuses_whoever_is_not_next(
        self, of: world.Keys, compilation: Compilation, code: str, slot: str
    ) -> None:
        with pytest.raises(actions.NotReadyError, match="Chờ giáo viên bộ môn ký"):
            desk.open_batch(of, code, slot)

    def test_refuses_the_principal_before_the_homeroom_teacher(
        self, of: world.Keys, compilation: Compilation
    ) -> None:
        desk.sign_up_to(of, compilation, "subject_teacher")

        with pytest.raises(actions.NotReadyError, match="Chờ giáo viên chủ nhiệm ký"):
            desk.open_batch(of, world.PRINCIPAL, "principal")

    def test_refuses_a_certificate_of_somebody_else(self, of: world.Keys, compilation: Compilation) -> None:
        task = desk.task_of("GV0002", "subject_teacher")
        assert task is not None

        with scope.acting_for(world.SCHOOL.code), pytest.raises(actions.CertificateRefusedError) as caught:
            actions.open_batch(
                order=desk.order(task.id, of.der("GV0003")), actor=world.actor("GV0002"), at=timezone.now()
            )
        assert any("GV0003" in problem for problem in caught.value.problems)

    def test_refuses_a_certificate_of_another_authority(
        self, of: world.Keys, compilation: Compilation
    ) -> None:
        strangers = world.keys.__wrapped__()
        task = desk.task_of("GV0002", "subject_teacher")
        assert task is not None

        with scope.acting_for(world.SCHOOL.code), pytest.raises(actions.CertificateRefusedError):
            actions.open_batch(
                order=desk.order(task.id, strangers.der("GV0002")),
                actor=world.actor("GV0002"),
                at=timezone.now(),
            )

    def test_refuses_the_task_of_another_person_like_one_that_does_not_exist(
        self, of: world.Keys, compilation: Compilation
    ) -> None:
        task = desk.task_of(world.HOMEROOM, "homeroom_teacher")
        assert task is not None

        with scope.acting_for(world.SCHOOL.code), pytest.raises(actions.NotYoursError):
            actions.open_batch(
                order=desk.order(task.id, of.der("GV0002")), actor=world.actor("GV0002"), at=timezone.now()
            )

    def test_supersedes_the_batch_that_was_left_open(self, of: world.Keys, compilation: Compilation) -> None:
        first = desk.open_batch(of, "GV0002", "subject_teacher")
        second = desk.open_batch(of, "GV0002", "subject_teacher")

        with pytest.raises(actions.BatchOverError):
            desk.complete("GV0002", first, desk.signatures(of, first))
        assert desk.complete("GV0002", second, desk.signatures(of, second)).signed == 4


class TestCompleteBatch:
    def test_gives_the_same_answer_again(self, of: world.Keys, compilation: Compilation) -> None:
        opened = desk.open_batch(of, "GV0002", "subject_teacher")
        values = desk.signatures(of, opened)

        first = desk.complete("GV0002", opened, values)
        again = desk.complete("GV0002", opened, values)

        assert (first.signed, first.refused) == (again.signed, again.refused) == (4, [])

    def test_refuses_a_signature_of_another_key_and_keeps_the_others(
        self, of: world.Keys, compilation: Compilation
    ) -> None:
        opened = desk.open_batch(of, "GV0002", "subject_teacher")
        values = desk.signatures(of, opened)
        bad = opened.items[0]
        values[bad.pk] = of.keys["GV0003"].sign(bytes(bad.to_be_signed))

        outcome = desk.complete("GV0002", opened, values)

        assert (outcome.signed, [item for item, _ in outcome.refused]) == (3, [bad.pk])
        task = desk.task_of("GV0002", "subject_teacher")
        assert task is not None
        assert task.documents == 1

    def test_refuses_a_signature_over_another_document(
        self, of: world.Keys, compilation: Compilation
    ) -> None:
        opened = desk.open_batch(of, "GV0002", "subject_teacher")
        values = desk.signatures(of, opened)
        first, second = opened.items[:2]
        values[first.pk], values[second.pk] = values[second.pk], values[first.pk]

        assert desk.complete("GV0002", opened, values).signed == 2

    def test_lets_the_rest_follow_in_a_second_call(self, of: world.Keys, compilation: Compilation) -> None:
        opened = desk.open_batch(of, "GV0002", "subject_teacher")
        values = desk.signatures(of, opened)
        some = dict(list(values.items())[:1])

        desk.complete("GV0002", opened, some)
        desk.complete("GV0002", opened, values)

        with scope.whole_site():
            assert SigningBatch.objects.get(pk=opened.batch.pk).status == BatchStatus.COMPLETED

    def test_refuses_an_expired_batch(self, of: world.Keys, compilation: Compilation) -> None:
        opened = desk.open_batch(of, "GV0002", "subject_teacher")

        with pytest.raises(actions.BatchOverError):
            desk.complete("GV0002", opened, desk.signatures(of, opened), at=desk.later(16))

    def test_refuses_the_batch_of_another_person(self, of: world.Keys, compilation: Compilation) -> None:
        opened = desk.open_batch(of, "GV0002", "subject_teacher")

        with pytest.raises(actions.NotYoursError):
            desk.complete("GV0003", opened, desk.signatures(of, opened))

    def test_moves_versions_on_when_the_last_teacher_has_signed(
        self, of: world.Keys, compilation: Compilation
    ) -> None:
        for teacher in desk.TEACHERS[:-1]:
            desk.sign(of, teacher, "subject_teacher")
        assert counts(compilation) == {Status.COMPILED: 2}

        desk.sign(of, desk.TEACHERS[-1], "subject_teacher")
        assert counts(compilation) == {Status.SUBJECTS_SIGNED: 2}

    def test_seals_a_class_in_two_calls(self, of: world.Keys, compilation: Compilation) -> None:
        desk.sign_up_to(of, compilation, "principal")
        opened = desk.open_batch(of, world.CLERK, "seal")
        values = desk.signatures(of, opened)
        half = {item.pk: values[item.pk] for item in opened.items if item.kind == "pdf"}

        desk.complete(world.CLERK, opened, half)
        assert counts(compilation) == {Status.PRINCIPAL_SIGNED: 2}
        desk.complete(world.CLERK, opened, values)
        assert counts(compilation) == {Status.SEALED: 2}

    @pytest.mark.parametrize("kind", ["xml", "pdf"])
    @pytest.mark.parametrize(
        ("code", "slot", "before", "after"),
        [
            (world.HOMEROOM, "homeroom_teacher", "subject_teacher", Status.HOMEROOM_SIGNED),
            (world.CLERK, "seal", "principal", Status.SEALED),
        ],
    )
    def test_leaves_the_rest_of_a_batch_left_half_done_to_the_next_one(
        self,
        of: world.Keys,
        compilation: Compilation,
        code: str,
        slot: str,
        before: str,
        after: Status,
        kind: str,
    ) -> None:
        desk.sign_up_to(of, compilation, before)
        opened = desk.open_batch(of, code, slot)
        values = desk.signatures(of, opened)
        desk.complete(code, opened, {item.pk: values[item.pk] for item in opened.items if item.kind == kind})

        rest = desk.open_batch(of, code, slot)
        desk.complete(code, rest, desk.signatures(of, rest))

        assert {item.kind for item in rest.items} == {"xml", "pdf"} - {kind}
        assert counts(compilation) == {after: 2}

    def test_leaves_nothing_behind_when_sealing_breaks_after_the_files_were_stored(
        self, of: world.Keys, compilation: Compilation, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        desk.sign_up_to(of, compilation, "principal")
        opened = desk.open_batch(of, world.CLERK, "seal")
        values = desk.signatures(of, opened)
        before = OutgoingMessage.objects.count()

        def broken(*_: object, **__: object) -> None:
            raise OSError("killed")

        monkeypatch.setattr(sending, "send", broken)
        with pytest.raises(OSError, match="killed"):
            desk.complete(world.CLERK, opened, values)
        monkeypatch.undo()

        assert counts(compilation) == {Status.PRINCIPAL_SIGNED: 2}
        assert OutgoingMessage.objects.count() == before
        desk.complete(world.CLERK, opened, values)
        assert counts(compilation) == {Status.SEALED: 2}
        assert OutgoingMessage.objects.count() == before + 2

    def test_writes_who_sealed_into_the_trail(self, of: world.Keys, compilation: Compilation) -> None:
        desk.sign_up_to(of, compilation, "seal")

        with scope.whole_site():
            version = records.list_versions(compilation.pk)[0]
        tags = [event.tag for event in trail.list_events_of(f"transcript:{version.transcript_id}:1")]
        assert tags == [
            "records:transcript:compiled",
            "records:transcript:subjects_signed",
            "records:transcript:rendered",
            "records:transcript:homeroom_signed",
            "records:transcript:principal_signed",
            "records:transcript:sealed",
        ]


class TestRendering:
    def test_again_changes_nothing(self, of: world.Keys, compilation: Compilation) -> None:
        desk.sign_up_to(of, compilation, "subject_teacher")
        desk.render(compilation)

        assert counts(compilation) == {Status.RENDERED: 2}

    def test_of_what_cannot_be_set_holds_nobody_else_up(
        self, of: world.Keys, compilation: Compilation, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from hocba.documents import pdf as forms
        from hocba.transcripts.issuing import rendering

        real = forms.render

        def picky(transcript, **rest):  # type: ignore[no-untyped-def]
            if transcript.pupil.code == "HS00001":
                raise forms.TypesettingError("Không in được ký tự.")
            return real(transcript, **rest)

        monkeypatch.setattr(rendering.forms, "render", picky)
        desk.sign_up_to(of, compilation, "homeroom_teacher")

        assert counts(compilation) == {Status.SUBJECTS_SIGNED: 1, Status.HOMEROOM_SIGNED: 1}


class TestSealedVersion:
    @pytest.fixture
    def version(self, of: world.Keys, compilation: Compilation) -> TranscriptVersion:
        desk.sign_up_to(of, compilation, "seal")
        with scope.whole_site():
            return records.list_versions(compilation.pk)[0]

    def test_has_files_that_the_database_never_lets_change(self, version: TranscriptVersion) -> None:
        with scope.whole_site(), pytest.raises(DatabaseError, match="written once"), transaction.atomic():
            IssuedTranscript.objects.filter(pk=version.pk).update(xml_digest="0" * 64)

    @pytest.mark.parametrize("change", [{"pupil_name": "X"}, {"record_digest": "0" * 64}, {"version": 2}])
    def test_never_changes_but_for_its_state(
        self, version: TranscriptVersion, change: dict[str, object]
    ) -> None:
        with scope.whole_site(), pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
            TranscriptVersion.objects.filter(pk=version.pk).update(**change)

    def test_is_never_deleted(self, version: TranscriptVersion) -> None:
        with scope.whole_site(), pytest.raises(DatabaseError), transaction.atomic():
            TranscriptVersion.objects.filter(pk=version.pk)._raw_delete("default")

    def test_keeps_its_files_in_the_store(self, version: TranscriptVersion) -> None:
        assert store.get(version.issued.xml_digest).startswith(b"<?xml")
        assert store.get(version.issued.pdf_digest).startswith(b"%PDF-")
