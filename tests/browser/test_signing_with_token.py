"""The whole way with nothing in between: the desk's page, hocba-agent, a token that speaks PKCS#11 (SoftHSM2)."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from selenium.webdriver.common.by import By

from hocba.documents.verification import signers
from hocba.exchange import messages
from hocba.platform.web import agent as pages
from hocba.signing import certificates
from hocba.tracking.roster import sync
from hocba.tracking.sealing.models import BatchItem, DocumentSignature
from hocba_agent import libraries
from hocba_agent.api import Api
from hocba_agent.config import Config
from hocba_agent.server import Listening
from hocba_agent.tokens import Tokens
from tests.browser.page import Browser
from tests.browser.signing import DeskPage
from tests.factories import authorities, transcripts
from tests.factories import small_school as school
from tests.factories import soft_tokens as tokens
from tests.fakes.sides import Sides, sides  # noqa: F401 (a fixture)
from tests.integration.tracking.desk import Desk
from tests.unit.agent.conftest import Clock, Person

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

pytestmark = [
    pytest.mark.browser,
    pytest.mark.external,
    pytest.mark.xdist_group("agent"),
    pytest.mark.urls("hocba.sites.tracking_urls"),
]
TASK = f"/ky-so/viec/{school.YEAR}.subject_teacher.1/"
TEACHER = "GV0006"


@pytest.fixture
def person(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Person]:
    """Who sits before the agent's window; the tokens are plugged in."""
    monkeypatch.setattr(libraries, "candidates", lambda *_: iter(()))
    config = Config(libraries=(tokens.soft_tokens().agent_library,))
    found = Person()
    api = Api(config, tmp_path, tokens=Tokens(config.libraries), prompter=found, clock=Clock())
    agent = Listening(api, list(pages.PORTS), poll=0.02)
    yield found
    agent.stop()


@pytest.fixture
def desk(db: None, sides: Sides) -> Desk:  # noqa: F811
    """A school where GV0006's approved certificate is the one in the token."""
    found = Desk.compared(sides)
    issuer = transcripts.school().authority
    far = school.AT + timedelta(days=36_500)
    crls = (found.root.crl(next_update=far), *issuer.crls(school.AT, far).values())
    anchors = (found.root.pem, *issuer.certificate_pems().values())
    found.trust_bundle = messages.to_bytes(
        messages.TrustBundle(
            version=2,
            issued_at=school.AT,
            anchors=tuple(each.decode() for each in anchors),
            crls=tuple(b64encode(each).decode() for each in crls),
        )
    )
    row = authorities.approval(found.holders[TEACHER], TEACHER, signers.POSITIONS["subject_teacher"])
    row["sha256"] = certificates.fingerprint(tokens.soft_tokens().rsa.certificate)
    found.register = authorities.register(row, school=found.code)
    sync.sync_certificates(found.code, by="test", at=school.AT)
    found.client(TEACHER)
    return found


class TestTeacher:
    def test_signs_with_the_token_under_one_pin(
        self, browser: Browser, person: Person, desk: Desk, server: str, settings: SettingsWrapper
    ) -> None:
        settings.HOCBA_SIDE = "tracking"
        page = DeskPage(browser.at(), server)
        page.sign_in(desk.client(TEACHER))
        page.open(TASK)
        page.press("Ghép nối")
        page.wait_for(".desk-certificate")

        # Not every certificate in the token is the teacher's approved one: the page says so, and takes the one that is.
        said = []
        for label in browser.driver.find_elements(By.CSS_SELECTOR, ".desk-certificate"):
            label.click()
            page.wait_for(".findings")
            page.wait_for("signing-desk .button-main, signing-desk .notice-error")
            if "Lập danh sách ký" in browser.text():
                break
            said.append(browser.text())
        page.press("Lập danh sách ký")
        page.wait_for_text("Nội dung của lượt ký")
        page.press("Ký 2 văn bản")
        page.wait_for_text("Kết quả của lượt ký")

        assert all("chưa được cấp quản lý phê duyệt" in words for words in said)
        assert "Đã ký: 2/2" in browser.text()
        assert len(person.questions) == 1
        assert set(BatchItem._base_manager.values_list("state", flat=True)) == {"SIGNED"}
        used = set(DocumentSignature._base_manager.values_list("certificate_sha256", flat=True))
        assert used == {certificates.fingerprint(tokens.soft_tokens().rsa.certificate)}
        browser.driver.execute_script("localStorage.clear()")
        browser.driver.delete_all_cookies()
