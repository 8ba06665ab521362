"""Pages about trust and certificates, at a desk and on a phone, with everything on them that can be."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from django.conf import settings as current
from django.test import override_settings
from django.utils import timezone
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

from hocba.city.schools import actions as schools
from hocba.city.schools import queries
from hocba.city.schools import trust as city_trust
from hocba.city.trust_sources import jobs
from hocba.exchange import messages
from hocba.platform.accounts import roles
from hocba.platform.tenancy import scope
from hocba.signing import demo_trust, trust_list_files
from hocba.transcripts.roster import actions as roster
from hocba.transcripts.roster import trust as school_trust
from tests.browser.page import Browser
from tests.integration.transcripts import world

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from django.test import Client
    from pytest_django.fixtures import SettingsWrapper

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def _fresh(db: None) -> Iterator[None]:
    city_trust.forget()
    school_trust.forget()
    yield
    roles.table.cache_clear()


def enter(browser: Browser, client: Client, server: str) -> None:
    browser.at().open(f"{server}/livez")
    cookie = client.cookies[current.SESSION_COOKIE_NAME]
    browser.driver.add_cookie({"name": cookie.key, "value": cookie.value})


def looks_right(browser: Browser, address: str) -> None:
    for width in (1280, 360):
        browser.at(width=width).open(address)
        assert browser.overflow() <= 0, f"{address} is too wide at {width}"
        assert browser.errors() == []
        assert browser.current_menu() == 1


@pytest.fixture
def city() -> list[int]:
    """A city with an expiring trust list, unreachable sources, and certificates in every state; their row ids."""
    of, now = world.keys(), timezone.now()
    authority = replace(of.authority, services="http://127.0.0.1:9")
    listed = trust_list_files.write(
        demo_trust.trust_list(
            authority,
            version=3,
            now=of.founded,
            next_update=now.replace(microsecond=0) + timedelta(days=5),
            services=True,
        )
    )
    signer = of.keys["CB0001"]
    with scope.whole_site():
        schools.load_trust(
            {"list.json": listed, "list.sig": signer.sign(listed), **authority.crls(of.founded, now)},
            by="Trần Văn Chuyên",
            at=now,
            signers=[signer.certificate],
        )
        schools.declare(world.declaration(of), by="side:transcripts", at=now)
        ids = list(queries.list_certificates().order_by("id").values_list("pk", flat=True))
        schools.approve(certificate_ids=ids[:-2], by="Trần Văn Chuyên", at=now)
        schools.revoke(certificate_ids=ids[:1], by="Trần Văn Chuyên", at=now, reason="Lộ khóa")
    jobs.refresh()
    return [int(pk) for pk in ids]


class TestOfTheCity:
    def test_fit_a_desk_and_a_phone(
        self,
        browser: Browser,
        server: str,
        settings: SettingsWrapper,
        city: list[int],
    ) -> None:
        from tests.integration.city.test_matrix import signed_in

        with override_settings(HOCBA_ROLES="hocba.city.roles.ROLES"):
            roles.table.cache_clear()
            officer = signed_in("city_officer")
            settings.ROOT_URLCONF = "hocba.sites.city_urls"
            settings.HOCBA_SIDE = "city"
            enter(browser, officer, server)
            for path in (
                "/nguon-tin-cay/",
                "/chung-thu-so/",
                f"/chung-thu-so/{city[0]}/",
                f"/chung-thu-so/lich?truong={world.SCHOOL.code}",
            ):
                looks_right(browser, server + path)
            browser.driver.delete_all_cookies()


def declared() -> messages.DeclaredCertificates:
    """Certificates of the school in every state."""
    now = timezone.now().replace(microsecond=0)
    with scope.whole_site():
        found = queries.declared_certificates_of(world.SCHOOL.code)
    assert found is not None
    rows = [replace(row, status="APPROVED") for row in found.certificates]
    refused = messages.DeclaredStep(
        status="REFUSED", at=now, reason="Chưa kèm quyết định bổ nhiệm của người ký"
    )
    rows[0] = replace(rows[0], status="REFUSED", history=(*rows[0].history, refused))
    rows[1] = replace(rows[1], valid_until=now + timedelta(days=20))
    rows[2] = replace(rows[2], authority_revoked_at=now - timedelta(days=1))
    rows[3] = replace(rows[3], status="DECLARED")
    rows[4] = replace(rows[4], status="REVOKED", revoked_at=now)
    return replace(found, certificates=tuple(rows))


class TestOfASchool:
    def test_declaring_fits_a_desk_and_a_phone(
        self, browser: Browser, server: str, settings: SettingsWrapper, tmp_path: Path
    ) -> None:
        from tests.integration.transcripts.test_matrix import signed_in

        of = world.keys()
        world.install_trust(of, city=True)
        world.install_roster(world.pupils(1))
        content = messages.to_bytes(declared())
        with scope.acting_for(world.SCHOOL.code):
            roster.take_over_declared(world.SCHOOL.code, content, at=timezone.now())
        stranger = of.authority.issue_person(
            name="Nguyễn Thị Không Có Tên Trong Danh Sách", personal_id="079085000009", organisation="Trường"
        )
        files = [tmp_path / "seal.cer", tmp_path / "stranger.cer"]
        files[0].write_bytes(of.der(world.SCHOOL.code))
        files[1].write_bytes(stranger.certificate.public_bytes(Encoding.DER))
        principal = signed_in("principal", world.SCHOOL.code)
        settings.ROOT_URLCONF = "hocba.sites.transcripts_urls"
        settings.HOCBA_SIDE = "transcripts"
        enter(browser, principal, server)

        looks_right(browser, f"{server}/chung-thu-so/khai-bao")
        for width in (1280, 360):
            browser.at(width=width).open(f"{server}/chung-thu-so/khai-bao")
            browser.driver.find_element(By.ID, "files").send_keys("\n".join(map(str, files)))
            browser.driver.find_element(By.CSS_SELECTOR, ".drop button").click()
            WebDriverWait(browser.driver, 10).until(lambda driver: driver.current_url.endswith("/doc"))
            assert browser.heading() == "Kiểm tra trước khi khai báo"
            assert browser.overflow() <= 0
            assert browser.errors() == []
        browser.driver.delete_all_cookies()

    def test_fit_a_desk_and_a_phone(self, browser: Browser, server: str, settings: SettingsWrapper) -> None:
        from tests.integration.transcripts.test_matrix import signed_in

        of = world.keys()
        world.install_trust(of)
        world.install_roster(world.pupils(1))
        register = world.register(of)
        kept = [item for item in register.certificates if item.holder not in {"GV0002", world.SCHOOL.code}]
        kept[0] = replace(kept[0], valid_until=timezone.now().replace(microsecond=0) + timedelta(days=20))
        with scope.acting_for(world.SCHOOL.code):
            content = messages.to_bytes(replace(register, certificates=tuple(kept)))
            roster.take_over_certificates(world.SCHOOL.code, content, by="x", at=timezone.now())
        principal = signed_in("principal", world.SCHOOL.code)
        settings.ROOT_URLCONF = "hocba.sites.transcripts_urls"
        settings.HOCBA_SIDE = "transcripts"
        enter(browser, principal, server)

        looks_right(browser, f"{server}/chung-thu-so/")
        browser.driver.delete_all_cookies()
