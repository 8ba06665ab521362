"""From the sealed class record to archived transcripts, with both sides and real signatures."""

from __future__ import annotations

import pytest

from hocba.city.archive import log
from hocba.city.archive.models import ArchivedTranscript, Checkpoint
from hocba.city.schools import trust as city_trust
from hocba.documents.verification import Verdict, verify, verify_pair
from hocba.exchange import messages, transparency
from hocba.platform.files import store
from hocba.platform.tenancy import scope
from hocba.signing import instants
from hocba.transcripts.records import queries as records
from hocba.transcripts.records.models import Compilation
from hocba.transcripts.records.workflow import Status
from tests.fakes.sides import Sides, deliver
from tests.integration.transcripts import desk, world

pytestmark = pytest.mark.django_db


@pytest.fixture
def archived(network: Sides) -> Compilation:
    """A class of two whose transcripts went all the way."""
    of = world.keys()
    book = world.sealed_book(of, count=2)
    world.install_trust(of, city=True)
    world.install_roster(book.pupils)
    world.give_to_city(book)
    compilation = desk.take_in(book)
    desk.sign_up_to(of, compilation, "seal")
    deliver()
    return compilation


class TestChain:
    def test_ends_with_archived_transcripts(self, archived: Compilation) -> None:
        with scope.whole_site():
            assert records.counts_of(archived.pk) == {Status.ARCHIVED: 2}

    def test_leaves_pairs_that_anybody_can_verify(self, archived: Compilation) -> None:
        with scope.whole_site():
            trust = city_trust.material()
            for version in records.list_versions(archived.pk):
                xml = verify(store.get(version.issued.xml_digest), trust=trust, at=desk.later(0))
                pdf = verify(store.get(version.issued.pdf_digest), trust=trust, at=desk.later(0))
                both = verify_pair(xml, pdf)
                assert [report.verdict for report in both] == [Verdict.VALID, Verdict.VALID], both[0].problems

    def test_gives_receipts_whose_inclusion_can_be_proved_by_the_holder(self, archived: Compilation) -> None:
        with scope.whole_site():
            version = records.list_versions(archived.pk)[1]
            receipt = messages.from_bytes(messages.Receipt, store.get(version.receipt.digest))
        leaf = transparency.issued_leaf(
            transcript_id=receipt.transcript_id,
            version=receipt.version,
            school=receipt.school,
            xml=str(receipt.xml),
            pdf=str(receipt.pdf),
            accepted_at=instants.iso(receipt.accepted_at),
        )
        checkpoint = transparency.Checkpoint.read(
            transparency.open_note(receipt.log.checkpoint, log.public_key())
        )

        transparency.verify_inclusion(
            transparency.leaf_hash(leaf),
            receipt.log.index,
            checkpoint.size,
            [bytes.fromhex(step.value) for step in receipt.log.proof],
            checkpoint.root,
        )
        assert checkpoint.size == receipt.log.size == 2

    def test_keeps_personal_data_out_of_the_log(self, archived: Compilation) -> None:
        from hocba.city.archive.models import LogLeaf

        with scope.whole_site():
            leaves = b"".join(bytes(row.content) for row in LogLeaf.objects.all())
            rows = list(ArchivedTranscript.objects.all())

        for row in rows:
            assert row.personal_id.encode() not in leaves
            assert row.pupil_name.encode() not in leaves

    def test_writes_a_checkpoint_for_every_acceptance(self, archived: Compilation) -> None:
        assert list(Checkpoint.objects.order_by("size").values_list("size", flat=True)) == [1, 2]


class TestChainOfYears:
    """A pupil's transcript of the next year at the same school names the one before it."""

    def next_year(self, monkeypatch: pytest.MonkeyPatch) -> Compilation:
        of = world.keys()
        monkeypatch.setattr(world, "YEAR", "2026-2027")
        book = world.sealed_book(of, class_name="7A1", count=1)
        world.install_roster(book.pupils, class_name="7A1", version=2)
        world.give_to_city(book)
        compilation = desk.take_in(book)
        desk.sign_up_to(of, compilation, "seal")
        deliver()
        return compilation

    def test_is_compiled_and_registered(self, archived: Compilation, monkeypatch: pytest.MonkeyPatch) -> None:
        compilation = self.next_year(monkeypatch)

        with scope.whole_site():
            assert records.counts_of(compilation.pk) == {Status.ARCHIVED: 1}
            later = ArchivedTranscript.objects.get(school_year="2026-2027")
            first = ArchivedTranscript.objects.get(school_year="2025-2026", personal_id=later.personal_id)
        assert later.previous_digest == first.xml_digest

    def test_is_not_registered_without_it(
        self, archived: Compilation, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(records, "previous_digests", lambda *_: {})

        compilation = self.next_year(monkeypatch)

        with scope.whole_site():
            assert records.counts_of(compilation.pk) == {Status.REFUSED_BY_CITY: 1}
            (refusal,) = records.list_versions(compilation.pk)[0].refusals.all()
        assert [problem["code"] for problem in refusal.problems] == ["PREVIOUS_MISSING"]
