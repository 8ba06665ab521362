"""Every address × every role × own school, other school, stranger; and every machine address × every side."""

from __future__ import annotations

import io
import json
import uuid
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from hocba.platform.accounts import actions as accounts
from hocba.platform.audit import queries as trail
from hocba.platform.files import store
from hocba.platform.tenancy import scope
from hocba.sites.environment import SIDES
from hocba.transcripts import urls
from hocba.transcripts.copies.models import CertifiedCopyEntry
from hocba.transcripts.records.models import Compilation, IssuedTranscript, Receipt, TranscriptVersion
from hocba.transcripts.records.workflow import Status
from tests.fakes.sides import HEADER
from tests.integration.transcripts import world
from tests.integration.transcripts.matrix_transcripts import ADDRESSES, READERS, ROLES

if TYPE_CHECKING:
    from tests.fakes.sides import Sides

pytestmark = pytest.mark.django_db

PEOPLE = {name: entry for name, entry in ADDRESSES.items() if "allowed" in entry}
MACHINES = {name: entry for name, entry in ADDRESSES.items() if "machines" in entry}


@pytest.fixture
def ids() -> dict[str, Any]:
    """A class with one archived transcript at the school of the table."""
    with scope.whole_site():
        compilation = Compilation.objects.create(
            school_code=world.SCHOOL.code,
            class_record_id=uuid.uuid4(),
            class_record_version=1,
            class_record_digest="c" * 64,
            school_year=world.YEAR,
            class_name="6A1",
            grade=6,
            homeroom_code=world.HOMEROOM,
            principal_code=world.PRINCIPAL,
            subject_teachers={"GV0002": 1},
            compiled_at=timezone.now(),
        )
        version = TranscriptVersion.objects.create(
            school_code=world.SCHOOL.code,
            compilation=compilation,
            transcript_id=uuid.uuid4(),
            version=1,
            personal_id="079214000001",
            pupil_code="HS00001",
            pupil_name="Trần Thị Học Sinh",
            school_year=world.YEAR,
            position=1,
            record_digest="d" * 64,
            duties=[["GV0002", "TOAN"]],
            status=Status.ARCHIVED,
        )
        IssuedTranscript.objects.create(
            school_code=world.SCHOOL.code,
            version=version,
            xml_digest=store.put(b"<HocBa/>"),
            pdf_digest=store.put(b"%PDF-"),
            issued_at=timezone.now(),
            issued_by="test",
        )
        Receipt.objects.create(
            school_code=world.SCHOOL.code,
            version=version,
            digest=store.put(b"{}"),
            accepted_at=timezone.now(),
        )
        copy = CertifiedCopyEntry.objects.create(
            school_code=world.SCHOOL.code,
            request_id=uuid.uuid4(),
            version=version,
            year=timezone.localtime().year,
            number=1,
            reference="01/SY-THCSHP",
            symbol="THCSHP",
            made_on=timezone.localdate(),
            made_at=timezone.now(),
            made_by="test",
            signer_code=world.PRINCIPAL,
            signer_title="Hiệu trưởng",
            signer_name="Đỗ Văn Minh",
            place="Phường Gò Vấp",
            requester="Trần Văn Ba",
            purpose="Chuyển trường",
            recipients=["Lưu: VT"],
            quantity=1,
            original_digest="e" * 64,
            digest=store.put(b"%PDF-copy"),
        )
    return {"compilation": compilation.pk, "transcript": version.transcript_id, "copy": copy.pk}


def signed_in(role: str, school: str) -> Client:
    """A browser of somebody with one role at one school."""
    holder = {"homeroom_teacher": world.HOMEROOM, "other_homeroom_teacher": "GV0099"}.get(role, "GV0002")
    username = f"{school}.{role}"
    at = timezone.now()
    accounts.ensure_account(username=username, display_name=role, password="x" * 20, by="test", at=at)
    accounts.grant_role(
        username=username,
        school_code=school,
        role=role.removeprefix("other_"),
        holder_code=holder,
        valid_from=timezone.localdate(at),
        by="test",
        at=at,
    )
    from django.contrib.auth import get_user_model

    client = Client()
    client.force_login(get_user_model().objects.get(username=username))
    return client


def ask(client: Client, name: str, ids: dict[str, Any]) -> Any:
    entry = ADDRESSES[name]
    address = reverse(name, kwargs=entry["kwargs"](ids))
    if entry.get("method") == "POST":
        return client.post(address, b"{}", content_type="application/json")
    return client.get(address)


def test_table_names_every_address() -> None:
    named = {entry.name for entry in urls.urlpatterns if hasattr(entry, "name")}
    nested = {
        entry.name
        for part in urls.urlpatterns
        if hasattr(part, "url_patterns")
        for entry in part.url_patterns
    }

    assert named | nested == set(ADDRESSES)


@pytest.mark.parametrize("name", PEOPLE)
class TestPeople:
    def test_get_in_by_role_at_their_own_school(self, name: str, ids: dict[str, Any]) -> None:
        entry = ADDRESSES[name]
        found = {role: ask(signed_in(role, world.SCHOOL.code), name, ids).status_code for role in ROLES}

        assert found == {
            role: entry.get("status", 200) if role in entry["allowed"] else 403 for role in ROLES
        }

    def test_of_another_school_see_nothing_of_this_one(self, name: str, ids: dict[str, Any]) -> None:
        entry = ADDRESSES[name]
        for role in entry["allowed"]:
            answer = ask(signed_in(role, world.OTHER_SCHOOL), name, ids)
            assert answer.status_code == entry.get("elsewhere", 404), role
            assert b"HS00001" not in answer.content
            assert b"6A1" not in answer.content

    def test_who_are_not_signed_in_are_asked_to(self, name: str, ids: dict[str, Any]) -> None:
        assert ask(Client(), name, ids).status_code in {302, 401}


@pytest.mark.parametrize("name", MACHINES)
def test_machine_address_is_open_to_its_sides_only(name: str, network: Sides, ids: dict[str, Any]) -> None:
    address = reverse(name, kwargs=ADDRESSES[name]["kwargs"](ids))
    for side in SIDES:
        answer = Client().put(
            address,
            b"x",
            content_type="application/xml",
            headers={HEADER: side, "idempotency-key": str(uuid.uuid4())},
        )
        assert (answer.status_code != 403) == (side in ADDRESSES[name]["machines"]), side
    assert Client().put(address, b"x", content_type="application/xml").status_code == 401


class TestPages:
    def test_show_the_administrator_counts_and_no_pupil(self, ids: dict[str, Any]) -> None:
        page = signed_in("administrator", world.SCHOOL.code).get(reverse("transcripts_home")).content.decode()

        assert "Đã lưu trữ: 1" in page
        assert "Trần Thị" not in page
        assert reverse("transcripts_class", args=[ids["compilation"]]) not in page

    @pytest.mark.parametrize("role", sorted(READERS))
    def test_list_the_transcripts_of_a_class_with_their_files(self, role: str, ids: dict[str, Any]) -> None:
        client = signed_in(role, world.SCHOOL.code)
        page = client.get(reverse("transcripts_class", args=[ids["compilation"]])).content.decode()

        assert "Trần Thị Học Sinh" in page
        for name in ("transcripts_xml", "transcripts_pdf", "transcripts_receipt"):
            assert reverse(name, args=[ids["transcript"], 1]) in page

    def test_leave_a_trace_of_every_reading(self, ids: dict[str, Any]) -> None:
        client = signed_in("principal", world.SCHOOL.code)
        client.get(reverse("transcripts_xml", args=[ids["transcript"], 1]))

        events = list(trail.list_events_of(f"transcript:{ids['transcript']}:1"))
        assert [(event.tag, event.details) for event in events] == [
            ("records:transcript:read", {"file": "xml"})
        ]

    def test_give_the_stored_octets(self, ids: dict[str, Any]) -> None:
        client = signed_in("clerk", world.SCHOOL.code)

        assert client.get(reverse("transcripts_xml", args=[ids["transcript"], 1])).content == b"<HocBa/>"
        assert client.get(reverse("transcripts_pdf", args=[ids["transcript"], 1])).content == b"%PDF-"

    def test_give_all_files_of_a_class_as_stored_and_leave_a_trace(self, ids: dict[str, Any]) -> None:
        client = signed_in("clerk", world.SCHOOL.code)
        (found,) = client.get(reverse("transcripts_list")).json()["classes"]

        with zipfile.ZipFile(io.BytesIO(client.get(found["files"]).content)) as files:
            stored = {name.partition("/")[0]: files.read(name) for name in files.namelist()}

        assert stored["xml"] == b"<HocBa/>"
        assert stored["pdf"] == b"%PDF-"
        assert set(stored) == {"xml", "pdf", "receipts"}
        events = list(trail.list_events_of(f"transcript:{ids['transcript']}:1"))
        assert [event.details for event in events] == [{"file": "zip"}]

    def test_list_transcripts_for_programs(self, ids: dict[str, Any]) -> None:
        client = signed_in("clerk", world.SCHOOL.code)
        (row,) = client.get(reverse("transcripts_list")).json()["transcripts"]

        assert row["status"] == "ARCHIVED"
        assert row["pupil_code"] == "HS00001"
        assert client.get(row["receipt"]).content == b"{}"


class TestRequests:
    @pytest.mark.parametrize(
        "body",
        [
            b"",
            b"[]",
            b"\xff",
            b"[" * 100_000,
            b'{"task": 1, "certificate": "AA=="}',
            b'{"signatures": {"x": 1}}',
        ],
    )
    @pytest.mark.parametrize("place", ["batches", f"batches/{uuid.UUID(int=1)}/signatures"])
    def test_that_are_none_are_refused(self, body: bytes, place: str) -> None:
        client = signed_in("clerk", world.SCHOOL.code)

        answer = client.post(f"/transcripts/api/signing/{place}", body, content_type="application/json")

        assert answer.status_code == 400
        assert answer.headers["content-type"] == "application/problem+json"

    @pytest.mark.parametrize(
        "task", ["seal:" + "9" * 5000, "seal:" + "9" * 30, "seal:\u0663", "seal:-1", "x:1"]
    )
    def test_for_tasks_that_are_none_find_nothing(self, task: str) -> None:
        client = signed_in("clerk", world.SCHOOL.code)

        answer = client.post(
            "/transcripts/api/signing/batches",
            json.dumps({"task": task, "certificate": "AA=="}),
            content_type="application/json",
        )

        assert answer.status_code == 404

    def test_for_addresses_no_text_can_name_find_nothing(self) -> None:
        client = signed_in("clerk", world.SCHOOL.code)

        assert client.get("/transcripts/lop/%00/").status_code == 404
        assert client.get("/transcripts/?x=%00").status_code == 404
