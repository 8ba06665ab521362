"""A teacher signs with a remote provider: from the task to its consent page and back to the report."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob
from selenium.webdriver.common.by import By

from hocba.desk.remote_sessions import running
from hocba.simulators.remote_signing_provider import RemoteSigningProvider
from hocba.sites.base import REMOTE_SIGNING
from tests.browser.conftest import between_requests
from tests.browser.page import Browser
from tests.browser.signing import DeskPage
from tests.fakes import remote_provider
from tests.fakes.sides import Sides, sides  # noqa: F401 (a fixture)
from tests.integration.desk import benches
from tests.integration.desk.benches import Bench

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("agent"),
    pytest.mark.urls("hocba.sites.tracking_urls"),
]


@pytest.fixture
def bench(db: None, sides: Sides) -> Bench:  # noqa: F811
    """A teacher with two sheets of the class record to sign; ask for it before the server."""
    found = benches.tracking(sides)
    found.client()
    return found


@pytest.fixture
def provider(
    bench: Bench, server: str, settings: SettingsWrapper, tmp_path: Path
) -> Iterator[RemoteSigningProvider]:
    """The simulated provider over the teachers' keys, set up as the demo does."""
    with remote_provider.running(bench.key_of, callbacks=(f"{server}/ky-so/tu-xa",)) as found:
        settings.HOCBA_REMOTE_PROVIDERS = remote_provider.write_profile(
            tmp_path, found, service="client", quirks={"pushed": True}
        )
        settings.HOCBA_REMOTE_SIGNING = REMOTE_SIGNING
        yield found


@pytest.fixture
def page(
    browser: Browser, bench: Bench, provider: RemoteSigningProvider, server: str, settings: SettingsWrapper
) -> Iterator[DeskPage]:
    """The teacher on the provider's page, which asks for consent, in a window as wide as a phone."""
    settings.HOCBA_SIDE = "tracking"
    found = DeskPage(browser.at(width=360), server)
    found.sign_in(bench.client())
    found.open(f"/ky-so/viec/{bench.task}/")
    press(found, "Lập danh sách và xác nhận")
    found.wait_for_text("Trang đó ở địa chỉ")
    assert browser.overflow() <= 0
    assert browser.current_menu() == 1
    browser.driver.find_element(By.LINK_TEXT, "Đến trang của nhà cung cấp").click()
    found.wait_for_text("Cho phép ký số")
    assert browser.driver.current_url.startswith(provider.address)
    yield found
    browser.driver.delete_all_cookies()


def press(page: DeskPage, words: str) -> None:
    page.driver.find_element(By.XPATH, f"//button[.='{words}']").click()


def work() -> None:
    """What a worker does: the job that the return from the provider asked for."""
    with between_requests():
        (job,) = ProcrastinateJob.objects.filter(task_name="desk.sign_remotely")
        running.run(job.args["school_code"], job.args["session"])


class TestTeacher:
    def test_consents_there_and_sees_the_report_here(
        self, page: DeskPage, provider: RemoteSigningProvider
    ) -> None:
        assert "xin ký 2 văn bản bằng chứng thư số của Người GV0006" in page.browser.text()
        assert page.browser.overflow() <= 0
        page.driver.find_element(By.NAME, "password").send_keys(remote_provider.PASSWORD)
        press(page, "Đồng ý ký 2 văn bản")
        page.wait_for("signing-desk progress")

        work()
        page.wait_for_text("Kết quả của lượt ký")

        assert page.driver.current_url.startswith(page.server)
        assert "Đã ký: 2/2" in page.browser.text()
        assert "Ký số từ xa" in page.browser.text()
        assert provider.calls.count("signatures/signHash") == 1
        assert page.browser.overflow() <= 0

    def test_refuses_there_and_can_still_consent_later(
        self, page: DeskPage, provider: RemoteSigningProvider
    ) -> None:
        press(page, "Từ chối")

        page.wait_for_text("Bạn đã không cho phép ký ở trang của nhà cung cấp")

        assert page.driver.current_url.startswith(f"{page.server}/ky-so/")
        assert "Đã ký: 0/2" in page.browser.text()
        assert not ProcrastinateJob.objects.filter(task_name="desk.sign_remotely")
        assert "signatures/signHash" not in provider.calls
        press(page, "Xác nhận ký 2 văn bản")
        page.wait_for_text("Trang đó ở địa chỉ")
