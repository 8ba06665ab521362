"""A teacher signs in the browser: certificate, pre-flight, frozen list, reading, signing, stopping, going on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from hocba.desk.joint.models import JointBatch
from hocba.tracking.sealing.models import BatchItem, SigningBatch
from tests.browser.page import Browser
from tests.browser.signing import DeskPage
from tests.factories import small_school as school
from tests.fakes.sides import Sides, sides  # noqa: F401 (a fixture)
from tests.integration.tracking.desk import Desk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cryptography import x509
    from pytest_django.fixtures import SettingsWrapper

# Pages look for an agent on fixed ports of this machine: whoever starts one, or needs none to be there, takes turns.
pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("agent"),
    pytest.mark.urls("hocba.sites.tracking_urls"),
]
TASK = f"/ky-so/viec/{school.YEAR}.subject_teacher.1/"
TEACHER = "GV0006"


@pytest.fixture
def desk(db: None, sides: Sides) -> Desk:  # noqa: F811
    """A school whose marks are entered and compared; GV0006 has two sheets to sign."""
    found = Desk.compared(sides)
    found.client(TEACHER)
    return found


@pytest.fixture
def opened(desk: Desk) -> dict[str, Any]:
    """A batch of the teacher; ask for it before `page`: the web server takes the connection over."""
    found: dict[str, Any] = desk.open(TEACHER, f"{school.YEAR}.subject_teacher.1").json()
    return found


@pytest.fixture
def page(browser: Browser, desk: Desk, server: str, settings: SettingsWrapper) -> DeskPage:
    """The teacher, signed in."""
    settings.HOCBA_SIDE = "tracking"
    found = DeskPage(browser.at(), server)
    found.sign_in(desk.client(TEACHER))
    return found


def plug_in(
    page: DeskPage,
    desk: Desk,
    *faults: str,
    holder: str = TEACHER,
    others: Sequence[x509.Certificate] = (),
) -> None:
    key = desk.holders[holder].key
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    page.plug_in(key, desk.holders[holder].certificate, *faults, others=others)


def open_batch(page: DeskPage, desk: Desk) -> None:
    page.open(TASK)
    plug_in(page, desk)
    page.press("Ghép nối")
    page.press("Lập danh sách ký")
    page.wait_for_text("Nội dung của lượt ký")


class TestDesk:
    def test_says_plainly_that_the_agent_is_missing(self, page: DeskPage) -> None:
        page.open(TASK)

        page.wait_for("signing-desk[data-said=error]")

        assert "Không tìm thấy chương trình ký số Hocba" in page.browser.text()
        assert "gói ký ngoại tuyến" in page.browser.text()

    def test_signs_a_list_from_certificate_to_report(self, page: DeskPage, desk: Desk) -> None:
        open_batch(page, desk)
        assert page.browser.text().count("Chưa ký") >= 2
        plug_in(page, desk)
        page.press("Ký 2 văn bản")

        page.wait_for_text("Kết quả của lượt ký")

        assert "Đã ký: 2/2" in page.browser.text()
        assert (len(page.announced()["digests"]), len(page.announced()["left"])) == (2, 2)
        assert page.announced()["digest"] == f"sha256:{SigningBatch._base_manager.get().digest}"
        assert set(BatchItem._base_manager.values_list("state", flat=True)) == {"SIGNED"}

    def test_says_what_stands_against_a_certificate(self, page: DeskPage, desk: Desk) -> None:
        page.open(TASK)
        plug_in(page, desk, holder="GV0007")
        page.press("Ghép nối")

        page.wait_for_text("không phải cho người phải ký")

        assert "Chưa ký được" in page.browser.text()
        assert "Lập danh sách ký" not in page.browser.text()

    def test_prefers_the_certificate_that_may_sign_and_says_what_is_wrong_with_the_others(
        self, page: DeskPage, desk: Desk
    ) -> None:
        now = datetime.now(UTC)
        expired = desk.root.person(
            "Người GV0006", start=now - timedelta(days=900), end=now - timedelta(days=1)
        )
        page.open(TASK)
        others = [desk.holders["GV0007"].certificate, expired.certificate]
        plug_in(page, desk, others=others)
        page.press("Ghép nối")
        page.wait_for_text("1 trong 3 dùng được")

        shown = page.driver.find_elements("css selector", ".desk-certificate")
        chosen = [[box.is_selected() for box in each.find_elements("tag name", "input")] for each in shown]
        assert chosen == [[True], [], []]
        assert [each.text.splitlines()[0] for each in shown] == [
            "Người GV0006",
            "Người GV0007 Không dùng được",
            "Người GV0006 Không dùng được",
        ]
        assert "không phải cho người phải ký" in shown[1].text
        assert "Chứng thư số đã hết hạn" in shown[2].text
        page.press("Lập danh sách ký")
        page.wait_for_text("Nội dung của lượt ký")

    def test_signs_several_tasks_with_one_pin(self, page: DeskPage, desk: Desk) -> None:
        page.open("/ky-so/")
        page.driver.find_element("xpath", "//button[.='Ký tất cả việc đã chọn']").click()
        page.wait_for_text("Ký 2 việc trong một lượt")
        plug_in(page, desk)
        page.press("Ghép nối")
        page.press("Lập danh sách ký")
        page.wait_for_text("Nội dung của lượt ký")
        plug_in(page, desk, "removed")
        page.press("Ký 4 văn bản")
        page.wait_for_text("Token đã bị rút ra")
        page.press("Đã cắm lại")

        page.wait_for_text("Kết quả của lượt ký")

        assert "Đã ký: 4/4" in page.browser.text()
        assert (len(page.announced()["digests"]), len(page.announced()["left"])) == (4, 3)
        assert page.announced()["digest"] == JointBatch._base_manager.get().digest

    @pytest.mark.parametrize(
        ("fault", "words", "button"),
        [("removed", "Token đã bị rút ra", "Đã cắm lại"), ("pause", "Đã tạm dừng", "Ký tiếp")],
    )
    def test_goes_on_after_an_interruption(
        self, page: DeskPage, desk: Desk, fault: str, words: str, button: str
    ) -> None:
        open_batch(page, desk)
        plug_in(page, desk, fault)
        page.press("Ký 2 văn bản")
        page.wait_for_text(words)

        page.press(button)
        page.wait_for_text("Kết quả của lượt ký")

        assert "Đã ký: 2/2" in page.browser.text()
        assert (len(page.announced()["digests"]), len(page.announced()["left"])) == (2, 1)
        assert (
            page.announced()["digest"] == f"sha256:{SigningBatch._base_manager.get().digest}"
        )  # the whole list's, as in the audit

    def test_goes_on_after_the_page_was_closed(self, page: DeskPage, desk: Desk) -> None:
        open_batch(page, desk)
        address = page.driver.current_url
        page.open("/livez")

        page.open("/ky-so/")
        page.driver.find_element("partial link text", "Ký tiếp").click()
        page.wait_for_text("Nội dung của lượt ký")

        assert page.driver.current_url == address
        plug_in(page, desk)
        page.press("Ký 2 văn bản")
        page.wait_for_text("Đã ký: 2/2")

    def test_says_what_was_refused_and_why(self, page: DeskPage, desk: Desk) -> None:
        open_batch(page, desk)
        plug_in(page, desk, "wrong")
        page.press("Ký 2 văn bản")

        page.wait_for_text("Không ký được: 2")

        assert "không khớp với nội dung cần ký" in page.browser.text()


class TestPages:
    @pytest.mark.parametrize("width", [1280, 360, 320])
    def test_fit_their_window(self, opened: dict[str, Any], page: DeskPage, width: int) -> None:
        several = f"{TASK.rstrip('/')},{school.YEAR}.subject_teacher.2/"
        for address in ("/ky-so/", TASK, several, opened["page"], opened["items"][0]["page"]):
            page.browser.at(width=width)
            page.open(address)

            assert page.browser.overflow() <= 0, address
            assert page.browser.heading(), address
            assert page.browser.current_menu() == 1, address
