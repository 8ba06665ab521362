"""The same people at another school see nothing of a batch: same staff codes, same tasks, another tenant."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from hocba.tracking.roster import trust
from tests.factories import small_school as school
from tests.fakes.sides import Sides
from tests.integration.tracking.desk import Desk

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

pytestmark = [pytest.mark.django_db, pytest.mark.urls("hocba.sites.tracking_urls")]
OTHER = "79764599"
TASK = f"{school.YEAR}.subject_teacher.1"


def test_a_batch_of_one_school_is_not_found_at_another(sides: Sides, settings: SettingsWrapper) -> None:
    settings.HOCBA_SIDE = "tracking"
    trust.forget()
    theirs, ours = Desk.of_school(sides, OTHER), Desk.of_school(sides)
    ours.enter()
    ours.compare()
    batch = ours.open("GV0006", TASK).json()
    stranger = theirs.client("GV0006")
    values = json.dumps({"signatures": ours.signatures(batch, "GV0006")})

    item = batch["items"][0]
    api = f"/api/signing/batches/{batch['batch']}"
    read = [api, f"{api}/list", f"{api}/report", batch["page"], item["page"], item["file"]]
    read += [f"{batch['page']}goi-ky.zip", f"{batch['page']}bao-cao.csv"]
    change = [
        f"{api}/signatures",
        f"{api}/stop",
        f"{api}/seal",
        f"{batch['page']}dung",
        f"{batch['page']}ket-qua",
    ]

    assert {address: stranger.get(address).status_code for address in read} == dict.fromkeys(read, 404)
    found = {
        address: stranger.post(address, values, content_type="application/json").status_code
        for address in change
    }
    assert found == dict.fromkeys(change, 404)
    assert batch["batch"] not in stranger.get("/ky-so/").content.decode()
    report = ours.client("GV0006").get(f"{api}/report").json()
    assert (report["state"], report["signed"]) == ("OPEN", 0)
