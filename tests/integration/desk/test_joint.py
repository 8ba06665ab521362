"""Several tasks as one list: one authorisation, each task with its own batch, locks and trail as ever."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest

from hocba.desk import channels
from hocba.platform.audit.models import AuditEvent
from hocba.platform.tenancy import scope
from tests.factories import small_school as school
from tests.integration.desk.benches import Bench
from tests.integration.desk.test_packages import answer_of, fetch, open_package, send
from tests.integration.transcripts import desk as transcripts_desk
from tests.integration.transcripts import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def single(bench: Bench) -> str:
    """A second task of the signer."""
    if bench.side == "tracking":
        return f"{school.YEAR}.subject_teacher.2"
    book = world.sealed_book(world.keys(), class_name="6A2", count=1, first=10)
    world.install_roster(book.pupils, class_name="6A2", version=2)
    transcripts_desk.take_in(book)
    with scope.acting_for(world.SCHOOL.code):
        from hocba.transcripts.issuing import tasks

        names = [task.id for task in tasks.list_tasks(world.actor(bench.signer))]
    (found,) = [name for name in names if name != bench.task]
    return found


@pytest.fixture
def joint(bench: Bench, single: str) -> Bench:
    """The same bench, its task both together."""
    bench.task = f"{bench.task},{single}"
    bench.count += 2
    return bench


def parts(joint: Bench) -> list[str]:
    return joint.task.split(",")


class TestList:
    def test_is_one_and_in_the_trail_beside_those_of_its_tasks(self, joint: Bench) -> None:
        batch = joint.open()

        kept = joint.get(batch["list"]).json()
        assert batch["count"] == len(batch["items"]) == joint.count
        whole = hashlib.sha256(b"".join(bytes.fromhex(item["digest"]) for item in kept["items"]))
        assert batch["digest"] == kept["digest"] == f"sha256:{whole.hexdigest()}"
        assert [item["id"] for item in kept["items"]] == [item["id"] for item in batch["items"]]
        assert len({item["group"] for item in kept["items"]}) == 2
        (event,) = AuditEvent.objects.filter(tag="desk:joint:opened")
        assert (event.target, event.details["digest"]) == (f"batch:{batch['batch']}", batch["digest"])
        opened = AuditEvent.objects.filter(tag__endswith=":batch:opened")
        assert len({str(each.details["digest"]) for each in opened}) == 2

    def test_is_signed_at_once_and_reported_task_by_task(self, joint: Bench) -> None:
        batch = joint.open()

        answer = joint.give(batch, joint.values(batch["items"])).json()

        assert answer == {"signed": joint.count, "refused": []}
        report = joint.get(f"batches/{batch['batch']}/report").json()
        assert (report["state"], report["signed"]) == ("COMPLETED", joint.count)
        assert sum(group["signed"] for group in report["groups"]) == joint.count
        page = joint.get(batch["page"]).content.decode()
        assert page.count("Theo từng việc") == 1
        assert page.count('class="desk-group"') == 2
        assert all(group["title"] in page for group in report["groups"])
        assert all(item["page"] in page for item in batch["items"])
        assert joint.give(batch, joint.values(batch["items"])).json() == answer

    def test_goes_out_in_pages_over_its_tasks(self, joint: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
        from hocba.desk import rest

        monkeypatch.setattr(channels, "PAGE", 1)
        monkeypatch.setattr(rest, "PAGE", 1)
        page = batch = joint.open()
        seen = []
        while True:
            seen += [item["id"] for item in page["items"]]
            if not page["next"]:
                break
            page = joint.get(page["next"]).json()

        assert seen == [item["id"] for item in joint.get(batch["list"]).json()["items"]]

    def test_lives_as_long_as_all_of_it_takes(self, joint: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(channels, "PAGE", joint.count - 1)
        from hocba.signing.instants import iso

        batch = joint.open()

        (event,) = AuditEvent.objects.filter(tag="desk:joint:opened")
        assert batch["expires_at"] == iso(event.at + channels.LIFE + channels.PER_DOCUMENT)

    def test_goes_on_after_a_crash(self, joint: Bench) -> None:
        batch = joint.open()
        first = batch["items"][:1]
        joint.give(batch, joint.values(first))

        assert batch["page"] in joint.get("/ky-so/").content.decode()
        found = joint.get(f"batches/{batch['batch']}").json()

        assert found["items"] == batch["items"][1:]
        assert joint.give(batch, joint.values(found["items"])).json()["refused"] == []
        assert joint.get(f"batches/{batch['batch']}").json()["state"] == "COMPLETED"
        tasks = joint.get("/ky-so/").content.decode()
        assert tasks.count(batch["page"]) == 1
        assert "Đã ký xong" in tasks

    def test_takes_everything_but_the_wrong_value(self, joint: Bench) -> None:
        batch = joint.open()
        values = joint.values(batch["items"])
        last = batch["items"][-1]["id"]
        values[last] = next(iter(values.values()))

        answer = joint.give(batch, values | {"x": values[last]}).json()

        assert answer["signed"] == joint.count - 1
        assert {each["id"] for each in answer["refused"]} == {last, "x"}

    def test_stops_as_a_whole(self, joint: Bench) -> None:
        batch = joint.open()
        joint.give(batch, joint.values(batch["items"][:1]))

        report = joint.post(f"batches/{batch['batch']}/stop", {}).json()

        assert (report["state"], report["signed"], report["skipped"]) == ("STOPPED", 1, joint.count - 1)
        assert joint.give(batch, joint.values(batch["items"][1:])).status_code == 409

    def test_is_nobody_elses(self, joint: Bench) -> None:
        batch = joint.open()
        address = f"batches/{batch['batch']}"

        for place in ("", "/list", "/report"):
            assert joint.get(address + place, joint.colleague).status_code == 404, place
        assert joint.post(f"{address}/stop", {}, joint.colleague).status_code == 404
        assert joint.give(batch, joint.values(batch["items"]), joint.colleague).status_code == 404
        assert joint.get(batch["items"][0]["page"], joint.colleague).status_code == 404

    def test_can_be_read_before_it_is_signed(self, joint: Bench) -> None:
        batch = joint.open()

        for item in (batch["items"][0], batch["items"][-1]):
            assert joint.get(item["page"]).status_code == 200
            assert joint.get(item["file"]).status_code == 200

    def test_travels_as_one_package(self, joint: Bench) -> None:
        page = open_package(joint)
        manifest, octets = fetch(joint, page)

        shown = send(joint, page, answer_of(joint, manifest, octets))

        assert len(octets) == joint.count
        assert f"Đã ký: {joint.count}/{joint.count}" in shown


class TestTask:
    def test_that_is_replaced_leaves_the_rest_of_the_list(self, joint: Bench) -> None:
        batch = joint.open()
        joint.task = parts(joint)[0]
        joint.open()

        answer = joint.give(batch, joint.values(batch["items"])).json()
        report = joint.get(f"batches/{batch['batch']}/report").json()

        assert answer["signed"] == report["signed"] == 2
        assert len(answer["refused"]) == joint.count - 2
        assert {each["reason"] for each in answer["refused"]} <= {
            "Lượt ký này đã được thay bằng lượt ký mới hơn.",
            "Lượt ký này đã được thay bằng một lượt mới hơn.",
        }
        assert report["skipped"] == joint.count - 2

    def test_of_somebody_else_is_not_taken_in(self, joint: Bench) -> None:
        joint.task += ",seal:1" if joint.side == "transcripts" else f",{school.YEAR}.seal.0"

        refused = joint.post("batches", joint.order())

        assert refused.status_code in {404, 409}
        assert (
            not AuditEvent.objects.filter(tag__endswith=":opened").exclude(tag__startswith="sector").exists()
        )

    def test_is_chosen_with_others_on_the_first_page(self, joint: Bench) -> None:
        first = joint.get("/ky-so/").content.decode()
        chosen = joint.client().get("/ky-so/chon", {"viec": parts(joint)}, follow=True)

        assert all(f'name="viec" value="{name}" checked' in first for name in parts(joint))
        assert "Ký 2 việc trong một lượt" in chosen.content.decode()
        assert joint.client().get("/ky-so/chon").headers["location"] == "/ky-so/"

    def test_is_asked_about_when_a_list_has_it_already(self, joint: Bench) -> None:
        joint.open(channel="offline")
        joint.task = parts(joint)[0]

        assert joint.post("batches", joint.order()).status_code == 409
        shown: Any = joint.get(f"/ky-so/viec/{joint.task}/").content.decode()
        assert "Đang có lượt ký mở" in shown
