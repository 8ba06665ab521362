"""What the desk says before anything is frozen, and refuses when asked all the same."""

from __future__ import annotations

from base64 import b64encode
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.utils import timezone

from hocba.desk import signers
from tests.factories import authorities
from tests.integration.desk.benches import Bench

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

pytestmark = pytest.mark.django_db
FAR = {(year, "Hạn ký"): date(2098, 5, 31) for year in ("2024-2025", "2025-2026")}


def levels(found: dict[str, Any]) -> dict[str, str]:
    return {each["code"]: each["level"] for each in found["findings"]}


class TestPreflight:
    def test_finds_everything_at_once(self, bench: Bench) -> None:
        clock = (timezone.now() - timedelta(minutes=3)).isoformat()
        order = bench.order(holder=bench.colleague, clock=clock)

        found = bench.post("preflight", order).json()

        stops = {code for code, level in levels(found).items() if level == "stop"}
        assert stops == {"clock", "approved_certificate"}
        assert not found["may_open"]
        assert "3 phút" in next(each["detail"] for each in found["findings"] if each["code"] == "clock")

    def test_freezes_nothing(self, bench: Bench) -> None:
        found = bench.post("preflight", bench.order()).json()

        assert found["may_open"]
        assert found["documents"] == bench.count
        assert bench.get("/ky-so/").content.decode().count("Lượt ký đang mở") == 0

    @pytest.mark.parametrize(("seconds", "level"), [(0, "ok"), (45, "warn"), (130, "stop")])
    def test_compares_the_clocks(self, bench: Bench, seconds: int, level: str) -> None:
        clock = (timezone.now() + timedelta(seconds=seconds)).isoformat()

        found = bench.post("preflight", bench.order(clock=clock)).json()

        assert levels(found)["clock"] == level
        assert found["may_open"] is (level != "stop")

    def test_looks_without_a_certificate_at_everything_else(self, bench: Bench) -> None:
        found = bench.post("preflight", {"task": bench.task}).json()

        assert levels(found) == {"order": "ok"}

    def test_says_of_a_key_that_nothing_can_be_signed_with_what_opening_says(self, bench: Bench) -> None:
        person = authorities.root().person("Trần Thị Ánh", key=ec.generate_private_key(ec.SECP384R1()))
        order = bench.order() | {"certificate": b64encode(person.pem).decode()}

        findings = bench.post("preflight", order).json()["findings"]
        refused = bench.post("batches", order)

        assert signers.KEY_REFUSED in {each["detail"] for each in findings if each["level"] == "stop"}
        assert refused.status_code == 422
        assert signers.KEY_REFUSED in refused.content.decode()

    def test_of_a_task_that_is_another_persons_is_not_found(self, bench: Bench) -> None:
        order = bench.order() | {"task": "seal:1"}

        assert bench.post("preflight", order).status_code == 404

    @pytest.mark.parametrize("clock", [1, "gestern", "2026-11-22T10:00:00", ""])
    def test_refuses_a_clock_that_is_none(self, bench: Bench, clock: object) -> None:
        assert bench.post("preflight", bench.order(clock=clock)).status_code == 400

    def test_stops_a_certificate_that_ends_before_the_day_the_operator_set(
        self, bench: Bench, settings: SettingsWrapper
    ) -> None:
        settings.HOCBA_DEADLINES = FAR

        found = bench.post("preflight", bench.order()).json()
        opened = bench.post("batches", bench.order())

        assert levels(found)["deadline"] == "stop"
        assert opened.status_code == 422
        assert "31/05/2098" in opened.json()["errors"][0]["detail"]


class TestOpening:
    def test_with_a_wrong_clock_is_refused(self, bench: Bench) -> None:
        clock = (timezone.now() - timedelta(hours=1)).isoformat()

        refused = bench.post("batches", bench.order(clock=clock))

        assert refused.status_code == 422
        assert "Đồng hồ" in refused.json()["errors"][0]["detail"]

    @pytest.mark.parametrize("channel", ["hsm", "remote", "pigeon", 1])
    def test_for_a_channel_that_only_the_server_opens_is_refused(self, bench: Bench, channel: object) -> None:
        assert bench.post("batches", bench.order(channel=channel)).status_code == 400

    def test_says_how_it_will_be_signed(self, bench: Bench) -> None:
        batch = bench.open(channel="token")

        assert batch["channel"] == "token"
        assert "signing-desk.js" in bench.get(batch["page"]).content.decode()
        assert "http://127.0.0.1:27640" in bench.get(batch["page"]).headers["content-security-policy"]


class TestPageOfATask:
    def test_shows_the_ways_to_sign(self, bench: Bench) -> None:
        page = bench.get(f"/ky-so/viec/{bench.task}/").content.decode()

        assert "<signing-desk" in page
        assert "Gói ký ngoại tuyến" in page
        assert "Con dấu trong thiết bị" not in page

    def test_of_another_person_is_not_found(self, bench: Bench) -> None:
        assert bench.get("/ky-so/viec/seal:1/").status_code == 404
        assert bench.get("/ky-so/viec/2024-2025.seal.0/").status_code == 404

    def test_goes_back_to_the_list_when_nothing_is_left(self, bench: Bench) -> None:
        batch = bench.open()
        bench.give(batch, bench.values(batch["items"]))

        answer = bench.get(f"/ky-so/viec/{bench.task}/")

        assert answer.status_code in {302, 404}
