"""A batch that stands open is replaced only by somebody who says so, and what is over stays within reach."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.integration.desk.benches import Bench
from tests.integration.desk.test_packages import answer_of, fetch, open_package, send

pytestmark = pytest.mark.django_db


def state_of(bench: Bench, page: str) -> str:
    found: str = bench.get(f"batches/{page.rstrip('/').rpartition('/')[2]}").json()["state"]
    return found


class TestOpenBatch:
    def test_on_a_journey_is_not_replaced_by_a_program_unasked(self, bench: Bench) -> None:
        page = open_package(bench)

        refused = bench.post("batches", bench.order())

        assert refused.status_code == 409
        assert "đang có lượt ký" in refused.json()["title"]
        assert state_of(bench, page) == "OPEN"
        assert bench.post("batches", bench.order(replace="yes")).status_code == 409

    def test_on_a_journey_is_replaced_when_asked(self, bench: Bench) -> None:
        page = open_package(bench)

        bench.open(replace=True)

        assert state_of(bench, page) == "SUPERSEDED"

    def test_of_a_program_is_replaced_at_once(self, bench: Bench) -> None:
        page = bench.open()["page"]

        bench.open()

        assert state_of(bench, page) == "SUPERSEDED"

    def test_is_not_replaced_by_a_form_unasked(self, bench: Bench) -> None:
        page = bench.open()["page"]
        file = SimpleUploadedFile("chung-thu.cer", bench.der(bench.signer))

        answer = bench.client().post(f"/ky-so/viec/{bench.task}/goi-ky", {"chung_thu": file}, follow=True)

        assert answer.redirect_chain[-1][0] == f"/ky-so/viec/{bench.task}/"
        assert "hãy ký tiếp lượt đó, hoặc xác nhận bỏ" in answer.content.decode()
        assert state_of(bench, page) == "OPEN"
        open_package(bench, thay="1")
        assert state_of(bench, page) == "SUPERSEDED"

    def test_is_offered_before_anything_new(self, bench: Bench) -> None:
        page = open_package(bench)

        asked = bench.get(f"/ky-so/viec/{bench.task}/").content.decode()
        meant = bench.get(f"/ky-so/viec/{bench.task}/?thay=1").content.decode()

        assert "Đang có lượt ký mở lúc" in asked
        assert f'href="{page}">Ký tiếp' in asked
        assert "Bỏ lượt đó, lập danh sách mới" in asked
        assert "Lập danh sách và gói ký" not in asked
        assert "signing-desk data-mode" not in asked
        assert "Lập danh sách và gói ký" in meant
        assert 'name="thay" value="1"' in meant
        assert 'data-replace="1"' in meant

    def test_takes_the_place_of_its_task_on_the_first_page(self, bench: Bench) -> None:
        address = f'href="/ky-so/viec/{bench.task}/">Ký'
        assert address in bench.get("/ky-so/").content.decode()

        page = bench.open()["page"]

        shown = bench.get("/ky-so/").content.decode()
        assert address not in shown
        assert f'href="{page}">Ký tiếp' in shown
        assert "Lượt ký đã xong" not in shown


class TestEndedBatch:
    def test_is_found_on_the_first_page(self, bench: Bench) -> None:
        page = open_package(bench)
        send(bench, page, answer_of(bench, *fetch(bench, page)))

        shown = bench.get("/ky-so/").content.decode()

        assert "Lượt ký đã xong" in shown
        assert f'href="{page}"' in shown
        assert "Đã ký xong" in shown
        assert page not in bench.get("/ky-so/", bench.colleague).content.decode()

    def test_keeps_what_was_signed_within_reach(self, bench: Bench) -> None:
        batch = bench.open()
        bench.give(batch, bench.values(batch["items"]))
        first = batch["items"][0]

        shown = bench.get(batch["page"]).content.decode()

        assert first["page"] in shown
        assert bench.get(first["page"]).status_code == 200
        assert bench.get(first["file"]).status_code == 200


class TestTitles:
    def test_name_the_subject_and_not_its_code(self, bench: Bench) -> None:
        titles = [item["title"] for item in bench.open()["items"]]

        assert any("môn Toán" in title for title in titles)
        assert not any("TOAN" in title for title in titles)
