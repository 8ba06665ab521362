"""hocba-agent.js in a real browser, against the agent with real PKCS#11 tokens."""

from __future__ import annotations

import base64
import hashlib
import shutil
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

import hocba_agent
from hocba.platform.web import agent as pages
from hocba.signing import algorithms
from hocba_agent import libraries
from hocba_agent.api import Api
from hocba_agent.config import Config
from hocba_agent.server import Listening
from hocba_agent.tokens import Tokens
from tests.browser.conftest import SWITCHES
from tests.browser.page import Browser
from tests.factories import soft_tokens as tokens
from tests.unit.agent.conftest import Clock, Person

pytestmark = [pytest.mark.browser, pytest.mark.external, pytest.mark.xdist_group("agent")]

SCRIPT = (Path(pages.__file__).parent / "static" / "web" / "hocba-agent.js").read_bytes()
SITE_ON_THE_INTERNET = 27651
"""Named in a switch before the browser starts; below every system's range of ephemeral ports."""
RUN = """
const done = arguments[arguments.length - 1], given = arguments[0];
import("/hocba-agent.js").then(async (module) => {
  const {Agent} = module;
  const tell = (error) => ({code: error.code || error.name, message: error.message, details: error.details});
  try { done(await (async () => { %s })()); } catch (error) { done(tell(error)); }
});
"""


class Site(BaseHTTPRequestHandler):
    """A page with our policy, and our module."""

    policy = pages.POLICY_WITH_AGENT

    def do_GET(self) -> None:
        is_script = self.path == "/hocba-agent.js"
        content = SCRIPT if is_script else b"<!doctype html><title>Trang</title><link rel=icon href='data:,'>"
        self.send_response(200)
        self.send_header("Content-Type", "text/javascript" if is_script else "text/html; charset=utf-8")
        self.send_header("Content-Security-Policy", self.policy)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


@dataclass
class Desk:
    """A browser on our page, and the agent beside it."""

    browser: Browser
    person: Person
    port: int
    site: int

    def on(self, host: str) -> Desk:
        self.browser.at().open(f"http://{host}:{self.site}/")
        return self

    def run(self, code: str, **given: Any) -> Any:
        """What a script on the page gives back; `given` is what it gets."""
        driver = self.browser.driver
        driver.set_script_timeout(30)
        return driver.execute_async_script(RUN % code, {"ports": [self.port], **given})


@pytest.fixture
def config() -> Config:
    return Config(libraries=(tokens.soft_tokens().agent_library,))


@pytest.fixture
def site_port() -> int:
    """Any free one."""
    return 0


@pytest.fixture
def desk(
    browser: Browser, config: Config, site_port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Desk]:
    monkeypatch.setattr(libraries, "candidates", lambda *_: iter(()))
    person = Person()
    api = Api(config, tmp_path, tokens=Tokens(config.libraries), prompter=person, clock=Clock())
    agent = Listening(api, list(pages.PORTS), poll=0.02)
    server = ThreadingHTTPServer(("127.0.0.1", site_port), Site)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield Desk(browser, person, agent.port, server.server_port)
    browser.driver.execute_script("localStorage.clear()")
    browser.open("about:blank")
    server.shutdown()
    server.server_close()
    agent.stop()


def items(count: int) -> list[dict[str, str]]:
    return [
        {"id": str(number), "to_be_signed": base64.b64encode(f"văn bản {number}".encode()).decode()}
        for number in range(count)
    ]


def listed(items: list[dict[str, str]]) -> dict[str, Any]:
    """What the server says of a list."""
    digests = [hashlib.sha256(base64.b64decode(item["to_be_signed"])).hexdigest() for item in items]
    whole = hashlib.sha256(b"".join(map(bytes.fromhex, digests))).hexdigest()
    return {"digest": f"sha256:{whole}", "digests": digests}


PAIR = """
const agent = await Agent.find({user: 'gv0006', ports: given.ports});
let shown = null;
if (!agent.paired) await agent.pair('gv0006', {showCode: (code) => { shown = code; }});
"""
STEAL = """
const status = await (await fetch(`http://127.0.0.1:${given.ports[0]}/v1/status`)).json();
const stolen = {instance: status.instance, token: JSON.parse(given.kept).token};
localStorage.setItem('hocba-agent:gv0006', JSON.stringify(stolen));
"""
OPEN = """
const batch = await agent.openBatch({certificate: given.certificate, title: 'Học bạ 9A1', ...given.list});
"""


def certificate_of(key: Any) -> str:
    return hashlib.sha256(key.certificate.public_bytes(Encoding.DER)).hexdigest()


class TestAPageOfOurs:
    def test_pairs_chooses_a_certificate_and_has_a_list_signed(self, desk: Desk) -> None:
        key, texts = tokens.soft_tokens().rsa, items(60)

        found = desk.on("127.0.0.1").run(
            PAIR + "const certificates = await agent.certificates();\n" + OPEN +
            "const progress = [];\n"
            "const signatures = await agent.sign(given.items, {onChunk: (_, how) => { progress.push(how.done); }});\n"
            "await agent.close();\n"
            "return {shown, ids: certificates.map(({id}) => id), count: batch.count, progress, signatures};",
            certificate=certificate_of(key), items=texts, list=listed(texts),
        )  # fmt: skip

        assert found["shown"] == desk.person.pairings[0].code
        assert certificate_of(key) in found["ids"]
        assert (found["count"], found["progress"]) == (60, [25, 50, 60])
        assert len(desk.person.questions) == 1
        for item in texts:
            algorithms.verify_raw(
                key.certificate,
                base64.b64decode(found["signatures"][item["id"]]),
                base64.b64decode(item["to_be_signed"]),
            )

    def test_stays_paired_when_it_is_opened_again(self, desk: Desk) -> None:
        desk.on("127.0.0.1").run(PAIR + "return 1;")
        again = desk.on("127.0.0.1").run(PAIR + "return {shown, count: (await agent.certificates()).length};")

        assert again["shown"] is None
        assert again["count"] == 4
        assert len(desk.person.pairings) == 1

    def test_is_told_plainly_what_went_wrong(self, desk: Desk) -> None:
        desk.person.pins = ["000000", None]
        given = {"certificate": certificate_of(tokens.soft_tokens().rsa), "list": listed(items(2))}
        code = PAIR + OPEN + "return batch;"

        wrong, cancelled = (desk.on("127.0.0.1").run(code, **given) for _ in range(2))

        assert (wrong["code"], wrong["details"]["attempts"]) == ("wrong_pin", "few")
        assert "Mã PIN không đúng" in wrong["message"]
        assert cancelled["code"] == "cancelled"

    def test_may_go_on_with_a_list_and_must_name_the_one_of_the_server(self, desk: Desk) -> None:
        given = {"certificate": certificate_of(tokens.soft_tokens().rsa)}
        whole = listed(items(3))
        rest = whole | {"left": whole["digests"][2:]}
        other = whole | {"digest": listed(items(2))["digest"]}
        code = PAIR + OPEN + "return batch;"

        opened, refused = (desk.on("127.0.0.1").run(code, **given, list=each) for each in (rest, other))

        assert opened["count"] == 1
        assert refused["code"] == "digest_mismatch"
        [question] = desk.person.questions
        assert (question.count, question.whole, question.digest) == (1, 3, whole["digest"])

    def test_is_told_that_the_agent_is_missing(self, desk: Desk) -> None:
        found = desk.on("127.0.0.1").run(
            "return await Agent.find({ports: [given.ports[0] === 27644 ? 27640 : 27644]});"
        )

        assert found["code"] == "agent_missing"
        assert "hocba-agent" in found["message"]

    def test_without_our_policy_reaches_nothing(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(Site, "policy", pages.POLICY)

        assert (
            desk.on("127.0.0.1").run("return await Agent.find({ports: given.ports});")["code"]
            == "agent_missing"
        )


class TestAPageOfAnotherOrigin:
    def test_cannot_use_the_pairing_of_ours(self, desk: Desk) -> None:
        kept = desk.on("127.0.0.1").run(PAIR + "return localStorage.getItem('hocba-agent:gv0006');")
        given = {
            "certificate": certificate_of(tokens.soft_tokens().rsa),
            "list": listed(items(1)),
            "kept": kept,
        }

        found = desk.on("localhost").run(STEAL + PAIR + OPEN + "return batch;", **given)

        assert found["code"] == "not_paired"
        assert len(desk.person.pairings) == 1  # ours
        assert desk.person.questions == []


class TestAPageThatIsNotOnTheList:
    @pytest.fixture
    def config(self) -> Config:
        return Config(
            libraries=(tokens.soft_tokens().agent_library,),
            origins=("https://hocba.truong.example",),
            only_listed_origins=True,
        )

    def test_is_refused_and_told_so(self, desk: Desk) -> None:
        found = desk.on("127.0.0.1").run(PAIR + "return 1;")

        assert found["code"] == "origin_refused"
        assert "không nhận yêu cầu từ trang này" in found["message"]
        assert desk.person.pairings == []


class TestAPageOnTheInternet:
    """Local Network Access: Chromium asks before a public page may call loopback (Chrome from 142 on)."""

    @pytest.fixture
    def browser(self, browser: Browser) -> Iterator[Browser]:
        """Another one, for which our site is not on this machine; headless, it answers the question with no."""
        from selenium import webdriver
        from selenium.webdriver.chrome.service import Service

        options = webdriver.ChromeOptions()
        options.binary_location = str(shutil.which("chromium"))
        for switch in (*SWITCHES, f"--ip-address-space-overrides=127.0.0.1:{SITE_ON_THE_INTERNET}=public"):
            options.add_argument(switch)
        driver = webdriver.Chrome(options=options, service=Service(str(shutil.which("chromedriver"))))
        yield Browser(driver)
        driver.quit()

    @pytest.fixture
    def site_port(self) -> int:
        return SITE_ON_THE_INTERNET

    def answer(self, desk: Desk, setting: str) -> None:
        """Set what the person has told the browser."""
        for name in ("loopback-network", "local-network-access"):
            with suppress(Exception):  # browsers know one name or the other
                desk.browser.driver.execute_cdp_cmd(
                    "Browser.setPermission",
                    {
                        "permission": {"name": name},
                        "setting": setting,
                        "origin": f"http://127.0.0.1:{desk.site}",
                    },
                )

    def test_reaches_the_agent_only_when_the_browser_was_told_so(self, desk: Desk) -> None:
        code = "return (await Agent.find({ports: given.ports})).version;"

        unasked = desk.on("127.0.0.1").run(code)
        self.answer(desk, "denied")
        denied = desk.on("127.0.0.1").run(code)
        self.answer(desk, "granted")
        granted = desk.on("127.0.0.1").run(code)

        assert (unasked["code"], denied["code"]) == ("browser_refused", "browser_refused")
        assert "cho phép truy cập" in denied["message"]
        assert granted == hocba_agent.__version__
