"""Certified copies with their register, and several years in one file, of really signed and archived transcripts."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pypdf
import pytest
from django.db import DatabaseError, OperationalError, connection, transaction
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from hocba.documents.pdf import copies as paper
from hocba.platform.accounts.actor import Actor
from hocba.platform.audit import queries as trail
from hocba.platform.files import store
from hocba.platform.tenancy import scope
from hocba.signing.instants import VIETNAM
from hocba.transcripts.copies import actions, book, forms, queries
from hocba.transcripts.copies.errors import BookRefusedError, CopyRefusedError
from hocba.transcripts.copies.models import CertifiedCopyEntry
from hocba.transcripts.records import queries as records
from hocba.transcripts.records.models import Compilation, TranscriptVersion
from hocba.transcripts.roles import ROLES
from tests.fakes.sides import deliver
from tests.integration.transcripts import desk, world
from tests.integration.transcripts.test_matrix import signed_in

if TYPE_CHECKING:
    from tests.fakes.sides import Sides

pytestmark = pytest.mark.django_db

LOOKUP = "https://portal.example/?ma=1&pb=1"
FORM = {
    "requester": "Trần Văn Ba (cha học sinh)",
    "purpose": "Nộp hồ sơ chuyển trường",
    "quantity": "2",
    "signer": world.PRINCIPAL,
    "symbol": "THCSHP",
    "parent": "Uỷ ban nhân dân phường Gò Vấp",
    "place": "Phường Gò Vấp",
    "recipients": "- Người đề nghị sao;\n- Trường THCS Ánh Dương;\n- Lưu: VT.",
}


def wanted(**changes: Any) -> actions.Wanted:
    usual = actions.Wanted(
        request_id=uuid.uuid4(),
        symbol="THCSHP",
        parent="",
        place="Phường Gò Vấp",
        signer_code=world.PRINCIPAL,
        signer_title="Hiệu trưởng",
        signer_name="Đỗ Văn Minh",
        requester="Trần Văn Ba",
        purpose="Chuyển trường",
        recipients=("Người đề nghị sao", "Lưu: VT"),
    )
    return replace(usual, **changes)


def lose_revocation_lists() -> None:
    """The city's trust bundle comes without them: what was signed can no longer be judged."""
    now = timezone.now()
    world.install_bundle(world.keys().authority.certificate_pems(), version=2, at=now)


def archive(of: world.Keys, *, count: int = 1, class_name: str = "6A1") -> Compilation:
    found = world.sealed_book(of, count=count, class_name=class_name)
    world.install_roster(found.pupils, class_name=class_name)
    world.give_to_city(found)
    compilation = desk.take_in(found)
    desk.sign_up_to(of, compilation, "seal")
    deliver()
    return compilation


@pytest.fixture
def archived(network: Sides) -> TranscriptVersion:
    """The transcript of a class of one, archived by the city."""
    world.install_trust(world.keys(), city=True)
    compilation = archive(world.keys())
    with scope.whole_site():
        row = records.list_versions(compilation.pk)[0]
        return records.get_version(row.transcript_id, 1) or row


def make(version: TranscriptVersion, at: datetime | None = None, **changes: Any) -> CertifiedCopyEntry:
    with scope.acting_for(world.SCHOOL.code):
        return actions.make_copy(
            version=version, wanted=wanted(**changes), lookup=LOOKUP, by="clerk", at=at or timezone.now()
        )


def text_of(content: bytes, page: int) -> str:
    return " ".join(
        pypdf.PdfReader(BytesIO(content)).pages[page].extract_text().replace("\u200b", "").split()
    )


class TestMakeCopy:
    def test_prints_its_number_and_keeps_an_entry(self, archived: TranscriptVersion) -> None:
        entry = make(archived)

        content = store.get(entry.digest)
        assert "Số: 01/SY-THCSHP" in text_of(content, -1)
        assert "TRƯỜNG THCS HOA PHƯỢNG" in text_of(content, -1)
        assert entry.original_digest == archived.issued.pdf_digest
        assert (entry.number, entry.reference) == (1, "01/SY-THCSHP")
        events = trail.list_events_of(f"transcript:{archived.transcript_id}:1").filter(
            tag="copies:certified:made"
        )
        assert [(event.by, event.details["number"]) for event in events] == [("clerk", "01/SY-THCSHP")]

    def test_counts_without_gaps_also_after_a_refusal(
        self, archived: TranscriptVersion, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def broken(*_: object, **__: object) -> bytes:
            raise paper.NotCopyable("Hỏng.")

        first = make(archived)
        with monkeypatch.context() as patch:
            patch.setattr(actions, "certified_paper_copy", broken)
            with pytest.raises(CopyRefusedError, match="Hỏng"):
                make(archived)
        second = make(archived)

        assert [first.number, second.number] == [1, 2]

    def test_starts_again_with_the_calendar_year_of_vietnam(self, archived: TranscriptVersion) -> None:
        year = timezone.localtime().year + 1
        new_year = datetime(year, 1, 1, 0, 30, tzinfo=VIETNAM)

        make(archived, at=new_year - timedelta(hours=1))
        late = make(archived, at=new_year)

        assert (late.year, late.number) == (year, 1)
        with scope.whole_site():
            assert queries.list_years() == [year, year - 1]

    def test_makes_one_copy_of_a_form_that_is_sent_twice(self, archived: TranscriptVersion) -> None:
        form = uuid.uuid4()

        assert make(archived, request_id=form).pk == make(archived, request_id=form).pk
        assert make(archived).number == 2

    def test_waits_while_another_number_is_given(self, archived: TranscriptVersion) -> None:
        other = connection.copy()
        key = f"{world.SCHOOL.code}:{timezone.localtime().year}"
        try:
            with other.cursor() as cursor, transaction.atomic():
                cursor.execute("begin")
                cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 30))", [key])
                with connection.cursor() as own:
                    own.execute("set local lock_timeout = '200ms'")
                with pytest.raises(OperationalError, match="lock timeout"), transaction.atomic():
                    make(archived)
                cursor.execute("rollback")
                assert make(archived).number == 1
        finally:
            other.close()

    def test_refuses_what_is_not_archived(self, network: Sides) -> None:
        world.install_trust(world.keys(), city=True)
        found = world.sealed_book(world.keys(), count=1)
        world.install_roster(found.pupils)
        compilation = desk.take_in(found)
        desk.sign_up_to(world.keys(), compilation, "seal")
        with scope.whole_site():
            version = records.list_versions(compilation.pk)[0]

        with pytest.raises(CopyRefusedError, match="lưu trữ"):
            make(version)

    def test_refuses_a_version_that_was_replaced(self, archived: TranscriptVersion) -> None:
        with scope.whole_site():
            later = TranscriptVersion.objects.get(pk=archived.pk)
            later.pk, later.version = None, 2
            later.save()

        with pytest.raises(CopyRefusedError, match="phiên bản mới hơn"):
            make(archived)

    def test_refuses_what_cannot_be_verified_now(self, archived: TranscriptVersion) -> None:
        lose_revocation_lists()
        with pytest.raises(CopyRefusedError, match="chưa được xác nhận là hợp lệ"):
            make(archived)

        with scope.whole_site():
            assert not CertifiedCopyEntry.objects.exists()

    def test_serves_when_all_certificates_have_expired(self, archived: TranscriptVersion) -> None:
        """The city's receipt says that the signed files were there while the certificates were valid."""
        assert make(archived, at=timezone.now() + timedelta(days=4000)).number == 1

    def test_entries_are_never_changed_or_deleted(self, archived: TranscriptVersion) -> None:
        entry = make(archived)
        with scope.whole_site():
            rows = CertifiedCopyEntry.objects.filter(pk=entry.pk)
            with pytest.raises(DatabaseError, match="written once"), transaction.atomic():
                rows.update(purpose="khác")
            with pytest.raises(DatabaseError, match="written once"), transaction.atomic():
                rows.delete()


class TestPages:
    def sent(self, client: Client, version: TranscriptVersion, **changes: str) -> Any:
        address = reverse("transcripts_copy", args=[version.transcript_id, version.version])
        page = client.get(address)
        assert page.status_code == 200
        form = {"request_id": str(page.context["form"].initial["request_id"]), **FORM, **changes}
        return client.post(address, form, follow=True)

    def test_give_the_clerk_a_copy_and_the_leaders_the_register(self, archived: TranscriptVersion) -> None:
        clerk = signed_in("clerk", world.SCHOOL.code)
        page = self.sent(clerk, archived).content.decode()

        assert "Đã lập bản sao y số 01/SY-THCSHP" in page
        (entry,) = self.register(signed_in("principal", world.SCHOOL.code))
        assert entry.recipients == ["Người đề nghị sao", "Trường THCS Ánh Dương", "Lưu: VT"]
        assert (entry.signer_name, entry.signer_title) == ("Đỗ Văn Minh", "Hiệu trưởng")
        answer = clerk.get(reverse("transcripts_copy_file", args=[entry.pk]))
        assert store.digest_of(answer.content) == entry.digest
        assert "Trường THCS Ánh Dương" in text_of(answer.content, -1)

    def register(self, client: Client) -> list[CertifiedCopyEntry]:
        page = client.get(reverse("transcripts_copies"))
        for word in ("01/SY-THCSHP", "Nộp hồ sơ chuyển trường", "2 bản in"):
            assert word in page.content.decode()
        return list(page.context["entries"])

    def test_say_what_is_wrong_in_a_form(self, archived: TranscriptVersion) -> None:
        client = signed_in("clerk", world.SCHOOL.code)
        for field, value in {
            "requester": "",
            "quantity": "0",
            "signer": world.CLERK,
            "symbol": "thcs hp",
            "recipients": " \n - \n",
            "request_id": "x",
        }.items():
            page = self.sent(client, archived, **{field: value})
            assert page.context["form"].errors.keys() == {field}

        with scope.whole_site():
            assert not CertifiedCopyEntry.objects.exists()

    def test_propose_what_the_last_copy_said(self, archived: TranscriptVersion) -> None:
        make(archived, symbol="HP", place="Gò Vấp", parent="UBND phường")
        page = signed_in("clerk", world.SCHOOL.code).get(
            reverse("transcripts_copy", args=[archived.transcript_id, 1])
        )

        found = page.context["form"].initial
        assert (found["symbol"], found["place"], found["parent"]) == ("HP", "Gò Vấp", "UBND phường")

    def test_offer_copies_to_the_clerk_only(self, archived: TranscriptVersion) -> None:
        address = reverse("transcripts_copy", args=[archived.transcript_id, 1])
        pages = {
            role: signed_in(role, world.SCHOOL.code)
            .get(reverse("transcripts_class", args=[archived.compilation_id]))
            .content.decode()
            for role in ("clerk", "principal")
        }

        assert address in pages["clerk"]
        assert address not in pages["principal"]
        assert all(
            reverse("transcripts_years", args=[archived.transcript_id, 1]) in page for page in pages.values()
        )

    def test_of_another_school_have_a_register_of_their_own(self, archived: TranscriptVersion) -> None:
        make(archived)
        page = signed_in("clerk", world.OTHER_SCHOOL).get(reverse("transcripts_copies"))

        assert list(page.context["entries"]) == []


class TestMenu:
    @pytest.mark.parametrize(
        ("role", "expected"), [("clerk", True), ("principal", True), ("academic_office", False)]
    )
    def test_leads_to_the_register_who_may_see_it(self, role: str, expected: bool) -> None:
        actor = Actor(permissions=frozenset(ROLES[role].permissions))

        menu = render_to_string("menus/transcripts.html", {"actor": actor})

        assert (reverse("transcripts_copies") in menu) is expected


class TestYears:
    @pytest.fixture
    def two_years(self, archived: TranscriptVersion, monkeypatch: pytest.MonkeyPatch) -> TranscriptVersion:
        """The transcript of the second year of the pupil of `archived`."""
        monkeypatch.setattr(world, "YEAR", "2026-2027")
        compilation = archive(world.keys(), class_name="7A1")
        with scope.whole_site():
            row = records.list_versions(compilation.pk)[0]
        assert row.personal_id == archived.personal_id
        return row

    def test_are_bound_in_their_order(self, two_years: TranscriptVersion) -> None:
        client = signed_in("clerk", world.SCHOOL.code)
        answer = client.get(reverse("transcripts_years", args=[two_years.transcript_id, 1]))

        assert answer.status_code == 200
        assert len(pypdf.PdfReader(BytesIO(answer.content)).pages) == 3 + 2 * 2
        text = text_of(answer.content, 2)
        assert text.index("2025-2026") < text.index("2026-2027")

    def test_leave_a_trace_at_every_transcript(
        self, archived: TranscriptVersion, two_years: TranscriptVersion
    ) -> None:
        signed_in("principal", world.SCHOOL.code).get(
            reverse("transcripts_years", args=[archived.transcript_id, 1])
        )

        for row in (archived, two_years):
            events = trail.list_events_of(f"transcript:{row.transcript_id}:1").filter(
                tag="records:transcript:read"
            )
            assert [event.details for event in events] == [{"file": "years"}]

    def test_leave_out_what_the_reader_may_not_read(self, two_years: TranscriptVersion) -> None:
        with scope.whole_site():
            Compilation.objects.filter(school_year="2025-2026").update(homeroom_code="GV0099")
            row = records.get_version(two_years.transcript_id, 1)
            assert row is not None
            found = {
                code: [each.school_year for each in book.years_for(world.actor(code), row)]
                for code in (world.HOMEROOM, world.CLERK)
            }

        assert found == {world.HOMEROOM: ["2026-2027"], world.CLERK: ["2025-2026", "2026-2027"]}

    def test_are_not_bound_when_one_cannot_be_verified(self, archived: TranscriptVersion) -> None:
        lose_revocation_lists()
        with scope.whole_site(), pytest.raises(BookRefusedError, match="2025-2026 chưa được xác nhận"):
            book.bind([archived], at=timezone.now())


class TestShortName:
    @pytest.mark.parametrize(
        ("name", "expected"),
        [
            ("Trường THCS Hoa Phượng", "THCSHP"),
            ("Trường Tiểu học Ánh Dương", "THAD"),
            ("Trung tâm GDNN – GDTX Đống Đa", "TTGDNNGDTXĐĐ"),
        ],
    )
    def test_is_made_of_first_letters(self, name: str, expected: str) -> None:
        assert forms.short_name(name) == expected
        assert forms.CopyForm.base_fields["symbol"].clean(expected) == expected
