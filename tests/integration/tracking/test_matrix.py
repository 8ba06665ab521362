"""Every address x every role x own school, other school, stranger; and no value for the administrator."""

from __future__ import annotations

import io
import re
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from hocba.platform.accounts import roles as role_table
from hocba.platform.tenancy import scope
from hocba.tracking.roles import ROLES, Permission
from hocba.tracking.sealing import queries
from tests.factories import small_school as school
from tests.fakes.sides import Sides
from tests.integration.tracking.desk import Desk
from tests.integration.tracking.matrix_tracking import ADDRESSES, PEOPLE

pytestmark = [pytest.mark.django_db, pytest.mark.urls("hocba.sites.tracking_urls")]
OTHER = "79000001"


@pytest.fixture
def schools(db: None, sides: Sides, monkeypatch: pytest.MonkeyPatch) -> tuple[Desk, Desk, dict[str, Any]]:
    """A school whose record of 6A1 is sealed, another one, and the ids of documents of the first."""
    monkeypatch.setattr(role_table, "table", lambda: ROLES)
    desk = Desk.sealed(sides)
    with scope.acting_for(desk.code):
        states = queries.list_states(desk.code, school.YEAR, "6A1")
    ids: dict[str, Any] = {
        state.kind.value: state.uuid for state in states if state.subject_code in {"", "NGUVAN"}
    }
    return desk, Desk.of_school(sides, OTHER), ids


def ask(client: Client, row: dict[str, Any], name: str, ids: dict[str, Any]) -> Any:
    address = reverse(row.get("address", name), kwargs=row["kwargs"](ids))
    if row.get("method") == "POST":
        return client.post(address, b"{}", content_type="application/json")
    return client.get(address)


def text_of(answer: Any) -> str:
    """What an answer says: a page as it is, a workbook by its cells."""
    if "spreadsheet" not in answer.headers["Content-Type"]:
        text: str = answer.content.decode()
        return text
    book = openpyxl.load_workbook(io.BytesIO(answer.content), read_only=True)
    rows = [row for sheet in book for row in sheet.iter_rows(values_only=True)]
    return " ".join(str(cell) for row in rows for cell in row)


def test_every_address_stands_in_the_matrix() -> None:
    names = {name for name in get_resolver().reverse_dict if isinstance(name, str)}

    assert {name for name in names if name.startswith("tracking_")} == {
        row.get("address", name) for name, row in ADDRESSES.items()
    }


def test_own_school(schools: tuple[Desk, Desk, dict[str, Any]]) -> None:
    desk, _, ids = schools

    wrong = []
    for name, row in ADDRESSES.items():
        for who, what in PEOPLE.items():
            expected = row.get("status", 200) if who in row["allowed"] else 403
            found = ask(desk.client(who), row, name, ids).status_code
            if found != expected:
                wrong.append(f"{name} as {who} ({what}): {found}, not {expected}")

    assert wrong == []


def test_other_school(schools: tuple[Desk, Desk, dict[str, Any]]) -> None:
    desk, other, ids = schools

    wrong = []
    for name, row in ADDRESSES.items():
        for who in PEOPLE:
            answer = ask(other.client(who), row, name, ids)
            if answer.status_code == 200 and desk.code in text_of(answer):
                wrong.append(f"{name} as {who}: shows the other school")
            refused = {404} if row.get("method") != "POST" else {403, 404}
            if "document_id" in row["kwargs"](ids) and answer.status_code not in refused:
                wrong.append(f"{name} as {who}: {answer.status_code}")

    assert wrong == []


def test_stranger(schools: tuple[Desk, Desk, dict[str, Any]]) -> None:
    _, _, ids = schools

    for name, row in ADDRESSES.items():
        answer = ask(Client(), row, name, ids)
        is_api = reverse(row.get("address", name), kwargs=row["kwargs"](ids)).startswith("/api/")
        assert answer.status_code == (401 if is_api else 302), name


def test_the_administrator_sees_no_value(schools: tuple[Desk, Desk, dict[str, Any]]) -> None:
    desk, _, ids = schools

    for name in ("tracking_home", "tracking_class"):
        page = ask(desk.client("GV0005"), ADDRESSES[name], name, ids).content.decode()
        shown = re.sub(r"<[^>]+>", " ", page)
        assert "Đã ký" in shown
        assert not re.search(r"\b\d,\d\b|Nguyễn Văn|Chưa đạt|Chăm chỉ", shown)


def test_reading_results_is_written_down(schools: tuple[Desk, Desk, dict[str, Any]]) -> None:
    from hocba.platform.audit.models import AuditEvent

    desk, _, ids = schools
    for name in ("tracking_class_results", "tracking_sheet", "tracking_download"):
        ask(desk.client("GV0001"), ADDRESSES[name], name, ids)

    last = AuditEvent.objects.order_by("-id")[:3]
    assert {event.tag for event in last} == {"gradebook:results:read", "sealing:document:downloaded"}
    assert {event.by for event in last} == {f"{desk.code}.gv0001"}


def test_the_administrator_holds_nothing_but_the_list() -> None:
    assert ROLES["administrator"].permissions == {Permission.CLASSES_VIEW}
