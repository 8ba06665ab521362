"""Every address x every role x own school, other school, stranger."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver, reverse

from hocba.platform.accounts import actions as accounts
from hocba.platform.accounts import roles as role_table
from hocba.platform.accounts.models import User
from hocba.sector.assignments import actions as sector
from hocba.sector.roles import ROLES
from hocba.sector.urls import urlpatterns
from tests.factories import small_school as school
from tests.fakes.sides import HEADER, Sides
from tests.integration.sector.matrix_sector import ADDRESSES

pytestmark = [pytest.mark.django_db, pytest.mark.urls("hocba.sites.sector_urls")]
OTHER = "79000001"
PAGES = {name: row for name, row in ADDRESSES.items() if "allowed" in row}
MACHINES = {name: row for name, row in ADDRESSES.items() if "machines" in row}


@pytest.fixture(autouse=True)
def _schools(sides: Sides, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.HOCBA_SIDE = "sector"
    monkeypatch.setattr(role_table, "table", lambda: ROLES)
    for code in (school.CODE, OTHER):
        sector.apply_import(school.data(code), by="test", at=school.AT)


def client(role: str, code: str) -> Client:
    place = "" if ROLES[role].whole_site else code
    accounts.ensure_account(
        username=f"{role}.{place}", display_name=role, password="-", by="test", at=school.AT
    )
    accounts.grant_role(
        username=f"{role}.{place}",
        school_code=place,
        role=role,
        holder_code="",
        valid_from=date(2024, 1, 1),
        by="test",
        at=school.AT,
    )
    found = Client()
    found.force_login(User.objects.get(username=f"{role}.{place}"))
    return found


def test_every_address_stands_in_the_matrix() -> None:
    names = {name for name in get_resolver().reverse_dict if isinstance(name, str)}

    assert {name for name in names if name.startswith("sector_")} == set(ADDRESSES)
    assert urlpatterns


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("role", ROLES)
def test_own_school(name: str, role: str) -> None:
    answer = client(role, school.CODE).get(reverse(name, kwargs=PAGES[name]["kwargs"](school.CODE)))

    assert answer.status_code == (200 if role in PAGES[name]["allowed"] else 403)


@pytest.mark.parametrize("role", [name for name, role in ROLES.items() if not role.whole_site])
def test_other_school(role: str) -> None:
    visitor = client(role, OTHER)

    page = reverse("sector_class", kwargs=PAGES["sector_class"]["kwargs"](school.CODE))
    assert visitor.get(page).status_code == 404
    assert school.CODE not in visitor.get(reverse("sector_home")).content.decode()


@pytest.mark.parametrize("name", PAGES)
def test_stranger(name: str) -> None:
    answer = Client().get(reverse(name, kwargs=PAGES[name]["kwargs"](school.CODE)))

    assert (answer.status_code, answer.headers["Location"].split("?")[0]) == (302, "/dang-nhap")


@pytest.mark.parametrize("name", MACHINES)
@pytest.mark.parametrize("sender", ["sector", "tracking", "transcripts", "city", "portal", ""])
def test_machines(name: str, sender: str) -> None:
    address = reverse(name, kwargs=MACHINES[name]["kwargs"](school.CODE))
    headers = {HEADER: sender} if sender else {}

    answer = Client().generic(MACHINES[name].get("method", "GET"), address, headers=headers)

    if sender in MACHINES[name]["machines"]:
        assert answer.status_code not in {401, 403}
    else:
        assert answer.status_code == (403 if sender else 401)


def test_the_page_of_a_class_shows_numbers_a_pupil_had_before(sides: Sides) -> None:
    data = school.data()
    renewed = replace(
        data.pupils[0], personal_id="079313999999", birth_date="2013-07", nationality="Hàn Quốc"
    )
    sector.apply_import(
        replace(data, pupils=(renewed, *data.pupils[1:])), by="test", at=school.AT + timedelta(days=1)
    )

    address = f"/truong/{school.CODE}/{school.YEAR}/lop/6A1/"
    page = client("principal", school.CODE).get(address).content.decode()

    assert "079•••••9999" in page
    assert "trước đây 079•••••0001, đến 31/05/2025" in page
    assert "07/2013" in page
    assert "Hàn Quốc" in page
