"""Every address × every role, people of schools, strangers; and every machine address × every side."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from hocba.city import urls
from hocba.city.archive import log
from hocba.city.archive.models import ArchivedTranscript
from hocba.city.roles import ROLES as CITY_ROLES
from hocba.city.schools import actions as schools
from hocba.city.schools import queries as certificates
from hocba.exchange.transparency import encode_leaf
from hocba.platform.accounts import actions as accounts
from hocba.platform.accounts import roles
from hocba.platform.audit.models import AuditEvent
from hocba.platform.files import store
from hocba.platform.tenancy import scope
from hocba.sites.environment import SIDES
from tests.fakes.sides import HEADER
from tests.integration.city.matrix_city import ADDRESSES, ROLES
from tests.integration.transcripts import world

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django.fixtures import SettingsWrapper

    from tests.fakes.sides import Sides

pytestmark = pytest.mark.django_db

PERSONAL_ID = "079214000001"
PEOPLE = {name: entry for name, entry in ADDRESSES.items() if "allowed" in entry}
MACHINES = {name: entry for name, entry in ADDRESSES.items() if "machines" in entry}


@pytest.fixture(autouse=True)
def _roles_of_the_city() -> Iterator[None]:
    """The roles that the real site has; the merged table of the tests knows people of schools too."""
    with override_settings(HOCBA_ROLES="hocba.city.roles.ROLES"):
        roles.table.cache_clear()
        yield
    roles.table.cache_clear()


@pytest.fixture
def ids() -> dict[str, Any]:
    """One archived transcript."""
    with scope.whole_site():
        row = ArchivedTranscript.objects.create(
            school_code=world.SCHOOL.code,
            transcript_id=uuid.uuid4(),
            version=1,
            personal_id=PERSONAL_ID,
            pupil_name="Trần Thị Học Sinh",
            school_year=world.YEAR,
            class_name="6A1",
            grade=6,
            xml_digest="a" * 64,
            pdf_digest="b" * 64,
            meaning_digest="c" * 64,
            record_digest="d" * 64,
            class_record_digest="e" * 64,
            report={"files": [], "evidence": {}},
            leaf_index=0,
            receipt_digest=store.put(b'{"receipt":1}'),
            accepted_at=timezone.now(),
        )
    return {"transcript": row.pk, "uuid": row.transcript_id}


def signed_in(role: str) -> Client:
    """A browser of somebody at the Sở, or (with an unknown role) of somebody without a place here."""
    at = timezone.now()
    accounts.ensure_account(username=role, display_name=role, password="x" * 20, by="test", at=at)
    if role in CITY_ROLES:
        accounts.grant_role(
            username=role,
            school_code="",
            role=role,
            holder_code="",
            valid_from=timezone.localdate(at),
            by="test",
            at=at,
        )
    from django.contrib.auth import get_user_model

    client = Client()
    client.force_login(get_user_model().objects.get(username=role))
    return client


def ask(client: Client, name: str, ids: dict[str, Any]) -> Any:
    entry = ADDRESSES[name]
    address = reverse(name, kwargs=entry["kwargs"](ids))
    return client.post(address) if entry.get("method") == "POST" else client.get(address)


def test_table_names_every_address() -> None:
    named = {entry.name for entry in urls.urlpatterns if hasattr(entry, "name")}
    nested = {
        entry.name
        for part in urls.urlpatterns
        if hasattr(part, "url_patterns")
        for entry in part.url_patterns
    }

    assert named | nested == set(ADDRESSES)


def test_tables_of_roles_agree() -> None:
    assert set(CITY_ROLES) == ROLES


@pytest.mark.parametrize("name", PEOPLE)
class TestPeople:
    def test_get_in_by_role(self, name: str, ids: dict[str, Any]) -> None:
        entry = ADDRESSES[name]
        found = {role: ask(signed_in(role), name, ids).status_code for role in ROLES}

        assert found == {
            role: entry.get("status", 200) if role in entry["allowed"] else 403 for role in ROLES
        }

    def test_without_a_role_here_are_kept_out(self, name: str, ids: dict[str, Any]) -> None:
        assert ask(signed_in("principal"), name, ids).status_code == 403

    def test_who_are_not_signed_in_are_asked_to(self, name: str, ids: dict[str, Any]) -> None:
        assert ask(Client(), name, ids).status_code == 302


@pytest.mark.parametrize("name", MACHINES)
def test_machine_address_is_open_to_its_sides_only(name: str, network: Sides, ids: dict[str, Any]) -> None:
    entry = ADDRESSES[name]
    address = reverse(name, kwargs=entry["kwargs"](ids))
    for side in SIDES:
        answer = Client().generic(
            entry.get("method", "PUT"),
            address,
            b"" if entry.get("method") == "GET" else b"x",
            headers={HEADER: side, "idempotency-key": str(uuid.uuid4())},
        )
        assert (answer.status_code != 403) == (side in entry["machines"]), side
    assert Client().generic(entry.get("method", "PUT"), address).status_code == 401


class TestPages:
    def test_show_the_administrator_figures_and_no_pupil(self, ids: dict[str, Any]) -> None:
        page = signed_in("city_administrator").get(reverse("city_home")).content.decode()

        assert world.SCHOOL.code in page
        assert "Trần Thị" not in page
        assert PERSONAL_ID not in page

    def test_find_a_pupil_masked_and_leave_a_trace(self, ids: dict[str, Any]) -> None:
        answer = signed_in("city_officer").post(reverse("city_search"), {"personal_id": PERSONAL_ID})
        page = answer.content.decode()

        assert reverse("city_entry", args=[ids["transcript"]]) in page
        assert PERSONAL_ID not in page
        assert "Trần Thị" not in page
        event = AuditEvent.objects.get(tag="registration:register:searched")
        assert (event.by, event.details) == ("city_officer", {"found": 1})
        assert PERSONAL_ID not in event.target

    @pytest.mark.parametrize("asked", ["", "123", "07921400000a", "' or 1=1"])
    def test_ask_for_twelve_digits(self, ids: dict[str, Any], asked: str) -> None:
        page = signed_in("city_officer").post(reverse("city_search"), {"personal_id": asked}).content.decode()

        assert "đúng 12 chữ số" in page

    def test_show_an_entry_with_its_receipt_and_leave_a_trace(self, ids: dict[str, Any]) -> None:
        page = signed_in("city_officer").get(reverse("city_entry", args=[ids["transcript"]])).content.decode()

        assert "receipt" in page
        assert AuditEvent.objects.filter(tag="registration:transcript:read", by="city_officer").exists()

    def test_let_an_officer_approve(self, ids: dict[str, Any]) -> None:
        with scope.whole_site():
            schools.declare(world.declaration(world.keys()), by="x", at=timezone.now())
            waiting = list(certificates.list_certificates().values_list("pk", flat=True))

        signed_in("city_officer").post(
            reverse("city_decide_certificates"), {"certificate": waiting[:2], "decision": "approve"}
        )
        with scope.whole_site():
            found = certificates.approved_certificates_of(world.SCHOOL.code)
        assert found is not None
        assert len(found.certificates) == 2


def test_a_choice_that_names_no_row_decides_nothing() -> None:
    client = signed_in("city_officer")

    for chosen in ("9" * 5000, "9" * 30, "\u0663", "-1", "x"):
        answer = client.post(
            reverse("city_decide_certificates"), {"certificate": chosen, "decision": "approve"}
        )
        assert answer.status_code == 302, chosen[:40]


class TestTheAlarm:
    """What the first page says about time stamps."""

    def page(self) -> str:
        return signed_in("city_administrator").get(reverse("city_home")).content.decode()

    def test_says_that_no_unit_is_configured(self) -> None:
        with scope.whole_site():
            log.append(encode_leaf({"v": 1}), at=timezone.now())
        assert "Chưa cấu hình tổ chức cấp dấu thời gian" in self.page()

    def test_warns_and_then_says_that_the_city_stopped(self, settings: SettingsWrapper) -> None:
        settings.HOCBA_TSA_URL = "http://tsa.test"
        with scope.whole_site():
            log.append(encode_leaf({"v": 1}), at=timezone.now() - timedelta(hours=5))
        assert "sẽ tạm ngừng nhận" in self.page()
        settings.HOCBA_STAMP_STOP_HOURS = 4
        assert "đã tạm ngừng nhận" in self.page()
