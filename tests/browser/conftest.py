"""A real browser, and the portal served to it with a city that answers from memory."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.servers.basehttp import ThreadedWSGIServer
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connections
from django.test.testcases import LiveServerThread
from django.utils import timezone

from hocba.portal.verification import published, sandbox
from tests.browser.page import Browser
from tests.factories import transcripts
from tests.fakes.published_city import PublishedCity

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

PROGRAMS = ("chromium", "chromedriver")
SWITCHES = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--lang=vi",
)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Headless Chromium. Without it the tests are skipped, unless HOCBA_REQUIRE_EXTERNAL=True."""
    missing = [name for name in PROGRAMS if not shutil.which(name)]
    if missing:
        if os.environ.get("HOCBA_REQUIRE_EXTERNAL") == "True":
            pytest.fail(f"{', '.join(missing)} not installed, and HOCBA_REQUIRE_EXTERNAL=True asks for it")
        pytest.skip(f"{', '.join(missing)} not installed")
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = str(shutil.which("chromium"))
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    for switch in SWITCHES:
        options.add_argument(switch)
    driver = webdriver.Chrome(options=options, service=Service(str(shutil.which("chromedriver"))))
    yield Browser(driver)
    driver.quit()


@pytest.fixture
def city(monkeypatch: pytest.MonkeyPatch) -> Iterator[PublishedCity]:
    """The city, on a day when the sample's certificates hold; judging runs in a process of its own."""
    found = PublishedCity()
    monkeypatch.setattr(published.client, "exchange", found.exchange)
    monkeypatch.setattr(timezone, "now", lambda: transcripts.NOW)
    yield found
    sandbox._children.end()


class _Server(ThreadedWSGIServer):
    def _close_connections(self) -> None:
        """Leave the test's connection open: requests work inside its transaction, which is rolled back.

        Tables that are written once cannot be emptied, as a test with transactions of its own would do.
        """


class _OneAtATime(StaticFilesHandler):
    """Requests share the test's one connection: a browser's second request must not come between savepoints."""

    _lock = threading.Lock()

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        with self._lock:
            return super().__call__(*args, **kwargs)


def between_requests() -> AbstractContextManager[object]:
    """While it is held no request is answered: for what a worker does on the same connection."""
    return _OneAtATime._lock


class _ServerThread(LiveServerThread):
    server_class = _Server


@pytest.fixture
def server(db: None) -> Iterator[str]:
    """The address of a web server that works in this test's transaction.

    Ask for it after fixtures that use `django.test.Client`, which connects the signals again.
    """
    connection = connections["default"]
    thread = _ServerThread("127.0.0.1", _OneAtATime, {"default": connection})
    connection.inc_thread_sharing()
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    yield f"http://127.0.0.1:{thread.port}"
    thread.terminate()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)
    connection.dec_thread_sharing()


@pytest.fixture
def portal(city: PublishedCity, server: str, settings: SettingsWrapper) -> str:
    """The address of the portal."""
    settings.ROOT_URLCONF = "hocba.sites.portal_urls"
    settings.HOCBA_SIDE = "portal"
    return server


@pytest.fixture(scope="session")
def pair() -> transcripts.Pair:
    """XML and PDF of `transcripts.transcript()`, really signed."""
    return transcripts.sign_pair(transcripts.school(), transcripts.transcript())


@pytest.fixture
def files(pair: transcripts.Pair, tmp_path: Path) -> dict[str, Path]:
    """The pair as files a person has, and one with a digit changed."""
    contents = {
        "hoc-ba.xml": pair.xml,
        "hoc-ba.pdf": pair.pdf,
        "sua-diem.xml": pair.xml.replace(b">8.0<", b">9.0<", 1),
    }
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    return {name: tmp_path / name for name in contents}
