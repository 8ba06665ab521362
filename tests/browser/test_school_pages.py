from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.conf import settings as current
from django.test import Client
from django.urls import reverse

from tests.browser.page import Browser
from tests.factories import primary_school as primary
from tests.factories import small_school as school
from tests.fakes.sides import Sides, sides  # noqa: F401 (a fixture)
from tests.integration.tracking.desk import Desk

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

pytestmark = pytest.mark.browser

CLASS = {"school_year": school.YEAR, "name": "6A1"}
PAGES = {
    "tracking": [
        ("tracking_home", {}),
        ("tracking_class", CLASS),
        ("tracking_class_results", CLASS),
        ("tracking_sheet", {**CLASS, "subject_code": "NGUVAN", "term": 1}),
    ],
    "sector": [("sector_home", {}), ("sector_class", {**CLASS, "school_code": school.CODE})],
}


@pytest.fixture
def principal(db: None, sides: Sides) -> Client:  # noqa: F811
    """The principal of a school whose marks are entered and compared, signed in."""
    desk = Desk.compared(sides)
    return desk.client("GV0001")


@pytest.fixture
def principal_of_primary_school(db: None, sides: Sides) -> Client:  # noqa: F811
    """The principal of a primary school whose levels and decisions are entered, signed in."""
    desk = Desk.of_school(sides, data=primary.data())
    desk.enter()
    return desk.client("GV0001")


class TestPagesOfASchool:
    @pytest.mark.parametrize("side", PAGES)
    def test_fit_a_desk_and_a_phone_and_tell_where_one_is(
        self, browser: Browser, principal: Client, server: str, settings: SettingsWrapper, side: str
    ) -> None:
        settings.ROOT_URLCONF = f"hocba.sites.{side}_urls"
        settings.HOCBA_SIDE = side
        browser.at().open(f"{server}/livez")
        cookie = principal.cookies[current.SESSION_COOKIE_NAME]
        browser.driver.add_cookie({"name": cookie.key, "value": cookie.value})

        for name, arguments in PAGES[side]:
            for width in (1280, 320):
                browser.at(width=width).open(server + reverse(name, kwargs=arguments))

                here = f"{name} at {width}"
                assert browser.overflow() <= 0, here
                assert browser.errors() == [], here
                assert browser.language() == "vi", here
                assert browser.heading(), here
                assert browser.current_menu() == 1, here

        browser.driver.delete_all_cookies()

    def test_of_primary_school_fit_a_desk_and_a_phone(
        self,
        browser: Browser,
        principal_of_primary_school: Client,
        server: str,
        settings: SettingsWrapper,
    ) -> None:
        settings.ROOT_URLCONF = "hocba.sites.tracking_urls"
        place = {"school_year": school.YEAR, "name": primary.CLASS}
        cookie = principal_of_primary_school.cookies[current.SESSION_COOKIE_NAME]
        browser.at().open(f"{server}/livez")
        browser.driver.add_cookie({"name": cookie.key, "value": cookie.value})

        for name, arguments in (
            ("tracking_class", place),
            ("tracking_class_results", place),
            ("tracking_sheet", {**place, "subject_code": "TOAN", "term": 2}),
        ):
            for width in (1280, 320):
                browser.at(width=width).open(server + reverse(name, kwargs=arguments))

                here = f"{name} at {width}"
                assert browser.overflow() <= 0, here
                assert browser.errors() == [], here
                assert primary.CLASS in browser.heading(), here

        browser.driver.delete_all_cookies()

    def test_without_permission_says_what_account_and_role_one_has(
        self, browser: Browser, principal: Client, server: str, settings: SettingsWrapper
    ) -> None:
        settings.ROOT_URLCONF = "hocba.sites.tracking_urls"
        clerk = Client()
        clerk.force_login(_user("GV0004"))
        browser.at(width=320).open(f"{server}/livez")
        cookie = clerk.cookies[current.SESSION_COOKIE_NAME]
        browser.driver.add_cookie({"name": cookie.key, "value": cookie.value})

        browser.open(server + reverse("tracking_class_results", kwargs=CLASS))

        assert browser.heading() == "Bạn không có quyền xem trang này"
        assert "Nhân sự văn thư" in browser.text()
        assert browser.overflow() <= 0
        browser.driver.delete_all_cookies()


def _user(staff_code: str) -> object:
    from hocba.platform.accounts.models import User
    from hocba.platform.accounts.staff import username_of

    return User.objects.get(username=username_of(school.CODE, staff_code))
