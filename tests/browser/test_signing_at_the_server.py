"""Where the server has the values made: the seal in a module, and a remote provider, watched by the page."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from django.test import Client
from selenium.webdriver.common.by import By

from hocba.desk import sealing
from hocba.desk.ports import Desk, State
from hocba.desk.remote import Status, Step
from hocba.platform.accounts.actor import Actor
from tests.browser.page import Browser
from tests.browser.signing import DeskPage
from tests.integration.desk import test_remote
from tests.integration.desk.benches import Bench, transcripts
from tests.integration.desk.test_sealing import (  # noqa: F401 (fixtures)
    Module,
    clerk,
    module,
    of,
    task,
)

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("agent"),
    pytest.mark.django_db,
    pytest.mark.urls("hocba.sites.transcripts_urls"),
]


class TestClerk:
    def test_has_the_module_seal_everything(
        self,
        browser: Browser,
        clerk: Client,  # noqa: F811
        task: str,  # noqa: F811
        module: Module,  # noqa: F811
        server: str,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(sealing, "CHUNK", 3)
        page = DeskPage(browser.at(width=360), server)
        page.sign_in(clerk)
        page.open(f"/ky-so/viec/{task}/")
        browser.driver.find_element(By.XPATH, "//button[.='Lập danh sách đóng dấu']").click()

        page.press("Đóng dấu 4 văn bản")
        page.wait_for_text("Kết quả của lượt ký")

        assert "Đã ký: 4/4" in browser.text()
        assert module.asked == [3, 1]
        assert browser.overflow() <= 0
        browser.driver.delete_all_cookies()


class Slow(test_remote.Remote):
    """A provider that has made one more value whenever the page asks."""

    def status(self, desk: Desk, actor: Actor, batch_id: UUID, *, at: datetime) -> Status:
        count = self.bench.count
        items = desk.pending(actor, batch_id, after=0, limit=1, at=at)
        values = {item.id: self.bench.sign_with(self.bench.signer, item.to_be_signed) for item in items}
        desk.complete(actor, batch_id, values, at=at)
        is_over = desk.batch(actor, batch_id, at=at).state is not State.OPEN
        signed = sum(each.is_signed for each in desk.results(actor, batch_id).values())
        step = Step.DONE if is_over else Step.WAIT
        return Status(batch=batch_id, step=step, signed=signed, count=count)


class TestTeacher:
    @pytest.fixture
    def bench(self, settings: SettingsWrapper, monkeypatch: pytest.MonkeyPatch) -> Bench:
        settings.HOCBA_SIDE = "transcripts"
        settings.HOCBA_REMOTE_SIGNING = f"{__name__}.Slow"
        found = transcripts()
        monkeypatch.setattr(test_remote.Remote, "bench", found, raising=False)
        monkeypatch.setattr(test_remote.Remote, "way", Step.WAIT)
        found.client()
        return found

    def test_watches_the_provider_sign(self, browser: Browser, bench: Bench, server: str) -> None:
        page = DeskPage(browser.at(), server)
        page.sign_in(bench.client())
        page.open(f"/ky-so/viec/{bench.task}/")
        browser.driver.find_element(By.XPATH, "//button[.='Lập danh sách và xác nhận']").click()

        page.wait_for_text("Kết quả của lượt ký")

        assert f"Đã ký: {bench.count}/{bench.count}" in browser.text()
        assert "Ký số từ xa" in browser.text()
        browser.driver.delete_all_cookies()
