"""Batches in pages and chunks, stopped, gone on with, and what stays of them: the same on both school sides."""

from __future__ import annotations

import csv
import hashlib
import io
from base64 import b64decode, b64encode
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from hocba.desk import channels
from hocba.platform.audit.models import AuditEvent
from hocba.platform.files import store
from tests.integration.desk.benches import Bench

pytestmark = pytest.mark.django_db


class TestList:
    def test_is_stored_and_named_in_the_trail(self, bench: Bench) -> None:
        batch = bench.open()

        kept = bench.get(batch["list"])
        name = hashlib.sha256(kept.content).hexdigest()
        (event,) = {str(event.details) for event in AuditEvent.objects.filter(tag__endswith=":batch:opened")}
        assert store.get(name) == kept.content
        assert f"sha256:{name}" in event
        digests = [hashlib.sha256(b64decode(item["to_be_signed"])) for item in batch["items"]]
        assert [item["digest"] for item in kept.json()["items"]] == [each.hexdigest() for each in digests]
        whole = hashlib.sha256(b"".join(each.digest() for each in digests)).hexdigest()
        assert batch["digest"] == kept.json()["digest"] == f"sha256:{whole}"

    def test_is_nobody_elses(self, bench: Bench) -> None:
        batch = bench.open()
        address = f"batches/{batch['batch']}"

        for place in ("", "/list", "/report"):
            assert bench.get(address + place, bench.colleague).status_code == 404, place
        for place in ("/stop", "/seal"):
            assert bench.post(address + place, {}, bench.colleague).status_code == 404, place
        assert bench.give(batch, bench.values(batch["items"]), bench.colleague).status_code == 404
        for place in ("", "goi-ky.zip", "bao-cao.csv", f"{batch['items'][0]['id']}/"):
            assert bench.get(batch["page"] + place, bench.colleague).status_code == 404, place
        for place in ("dung", "ket-qua", "con-dau"):
            assert bench.post(batch["page"] + place, {}, bench.colleague).status_code == 404, place
        assert bench.get(f"{address}/report").json()["state"] == "OPEN"


class TestPages:
    @pytest.fixture(autouse=True)
    def _small(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Pages of one item, so that a small school has several."""
        monkeypatch.setattr(channels, "PAGE", 1)
        from hocba.desk import pages, rest

        monkeypatch.setattr(rest, "PAGE", 1)
        monkeypatch.setattr(pages, "PAGE", 1)

    def test_are_handed_out_one_after_the_other_until_all_is_signed(self, bench: Bench) -> None:
        page = bench.open()
        batch, seen = page, []
        assert page["count"] == bench.count

        while True:
            assert len(page["items"]) <= 1
            seen += [item["id"] for item in page["items"]]
            assert bench.give(batch, bench.values(page["items"])).json()["refused"] == []
            if not page["next"]:
                break
            page = bench.get(page["next"]).json()

        kept = bench.get(batch["list"]).json()
        assert seen == [item["id"] for item in kept["items"]]
        assert bench.get(f"batches/{batch['batch']}/report").json()["state"] == "COMPLETED"

    def test_go_on_behind_a_value_that_is_refused(self, bench: Bench) -> None:
        page = bench.open()
        batch = page
        wrong = bench.values(page["items"], bench.colleague)

        assert len(bench.give(batch, wrong).json()["refused"]) == 1
        following = bench.get(page["next"]).json()
        assert following["items"][0]["id"] not in wrong
        again = bench.get(f"batches/{batch['batch']}").json()
        assert again["items"][0]["id"] in wrong


class TestCrash:
    def test_of_the_page_leaves_a_batch_that_goes_on(self, bench: Bench) -> None:
        batch = bench.open()
        first = batch["items"][:1]
        bench.give(batch, bench.values(first))

        found = bench.get(f"batches/{batch['batch']}").json()

        assert found["items"] == [item for item in batch["items"] if item not in first]
        assert bench.give(batch, bench.values(found["items"])).json()["refused"] == []
        assert bench.get(f"batches/{batch['batch']}").json()["state"] == "COMPLETED"

    def test_after_the_last_answer_gives_the_same_answer_again(self, bench: Bench) -> None:
        batch = bench.open()
        values = bench.values(batch["items"])

        first = bench.give(batch, values).json()

        assert bench.give(batch, values).json() == first == {"signed": bench.count, "refused": []}

    def test_is_shown_among_what_was_left_open(self, bench: Bench) -> None:
        batch = bench.open()

        assert batch["page"] in bench.get("/ky-so/").content.decode()


class TestStop:
    def test_keeps_what_is_signed_and_says_what_was_skipped(self, bench: Bench) -> None:
        batch = bench.open()
        first = batch["items"][:1]
        bench.give(batch, bench.values(first))

        report = bench.post(f"batches/{batch['batch']}/stop", {}).json()

        assert (report["state"], report["signed"], report["skipped"]) == ("STOPPED", 1, bench.count - 1)
        assert {row["reason"] for row in report["items"] if row["result"] == "skipped"} == {
            "Lượt ký đã dừng trước khi ký."
        }
        tags = AuditEvent.objects.filter(tag__endswith=":batch:stopped")
        assert tags.count() == 1

    def test_refuses_values_that_come_later_and_leaves_them_to_the_next_batch(self, bench: Bench) -> None:
        batch = bench.open()
        bench.post(f"batches/{batch['batch']}/stop", {})

        late = bench.give(batch, bench.values(batch["items"]))

        assert late.status_code == 409
        assert "đã dừng" in late.json()["title"]
        following = bench.open()
        assert following["count"] == bench.count
        assert bench.give(following, bench.values(batch["items"])).json()["signed"] == 0

    def test_changes_nothing_of_a_batch_that_is_over(self, bench: Bench) -> None:
        batch = bench.open()
        bench.give(batch, bench.values(batch["items"]))

        assert bench.post(f"batches/{batch['batch']}/stop", {}).json()["state"] == "COMPLETED"

    def test_works_without_javascript(self, bench: Bench) -> None:
        batch = bench.open()

        answer = bench.client().post(f"{batch['page']}dung")

        assert (answer.status_code, answer.headers["location"]) == (302, batch["page"])
        assert "Đã dừng" in bench.get(batch["page"]).content.decode()


class TestReport:
    def test_tells_a_wrong_value_from_the_others(self, bench: Bench) -> None:
        batch = bench.open()
        values = bench.values(batch["items"])
        wrong = batch["items"][0]["id"]
        values[wrong] = bench.values(batch["items"][:1], bench.colleague)[wrong]

        given = bench.give(batch, values).json()
        report = bench.get(f"batches/{batch['batch']}/report").json()

        assert (given["signed"], [each["id"] for each in given["refused"]]) == (bench.count - 1, [wrong])
        failed = [row for row in report["items"] if row["result"] == "failed"]
        assert [row["id"] for row in failed] == [wrong]
        assert "không khớp" in failed[0]["reason"]
        assert "không khớp" in bench.get(batch["page"]).content.decode()

    def test_forgets_the_wrong_value_once_the_right_one_came(self, bench: Bench) -> None:
        batch = bench.open()
        bench.give(batch, bench.values(batch["items"], bench.colleague))
        bench.give(batch, bench.values(batch["items"]))

        report = bench.get(f"batches/{batch['batch']}/report").json()

        assert (report["signed"], report["failed"]) == (bench.count, 0)
        assert {row["reason"] for row in report["items"]} == {""}

    def test_stays_on_the_page_of_a_batch_that_is_over(self, bench: Bench) -> None:
        batch = bench.open()
        bench.give(batch, bench.values(batch["items"]))

        page = bench.get(batch["page"])

        assert page.status_code == 200
        assert f"Đã ký: {bench.count}/{bench.count}" in page.content.decode()
        assert "signing-desk.js" not in page.content.decode()

    def test_can_be_kept_as_a_table(self, bench: Bench) -> None:
        batch = bench.open()
        bench.give(batch, bench.values(batch["items"][:1]))

        table = bench.get(f"{batch['page']}bao-cao.csv").content.decode("utf-8-sig")

        rows = list(csv.DictReader(io.StringIO(table)))
        assert [row["Kết quả"] for row in rows[: bench.count]].count("Đã ký") == 1
        assert [row["Văn bản"] for row in rows[: bench.count]] == [item["title"] for item in batch["items"]]


class TestReplay:
    def test_of_values_swapped_between_items_is_refused(self, bench: Bench) -> None:
        batch = bench.open()
        values = bench.values(batch["items"])
        first, second = [item["id"] for item in batch["items"][:2]]
        values[first], values[second] = values[second], values[first]

        given = bench.give(batch, values).json()

        assert {each["id"] for each in given["refused"]} == {first, second}

    def test_into_a_batch_that_was_replaced_is_refused(self, bench: Bench) -> None:
        old = bench.open()
        bench.open()

        answer = bench.give(old, bench.values(old["items"]))

        assert answer.status_code == 409
        assert "mới hơn" in answer.json()["title"]
        assert bench.get(f"batches/{old['batch']}/report").json()["state"] == "SUPERSEDED"

    def test_into_another_batch_under_its_items_is_refused(self, bench: Bench) -> None:
        old = bench.open()
        new = bench.open()
        values = dict(
            zip(
                (item["id"] for item in new["items"]),
                bench.values(old["items"], bench.colleague).values(),
                strict=True,
            )
        )

        assert bench.give(new, values).json()["signed"] == 0

    def test_after_its_time_is_refused(self, bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
        batch = bench.open()
        late = timezone.now() + channels.LIFE + timedelta(minutes=1)
        monkeypatch.setattr(timezone, "now", lambda: late)

        answer = bench.give(batch, bench.values(batch["items"]))

        assert answer.status_code == 409
        assert "hết hạn" in answer.json()["title"]
        assert bench.get(f"batches/{batch['batch']}").json()["state"] == "EXPIRED"

    @pytest.mark.parametrize("name", ["", "0", "-1", "9" * 30, "ck-0", "../x", "1;2"])
    def test_under_a_name_that_is_none_is_refused_alone(self, bench: Bench, name: str) -> None:
        batch = bench.open()
        values: dict[str, Any] = bench.values(batch["items"]) | {name: b64encode(b"x").decode()}

        given = bench.give(batch, values).json()

        assert (given["signed"], [each["id"] for each in given["refused"]]) == (bench.count, [name])
