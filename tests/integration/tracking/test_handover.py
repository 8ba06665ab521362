"""What the other side finds wrong is kept, and can be sent again."""

from __future__ import annotations

import json
import re

import pytest
from django.test import Client

from hocba.platform.messages import ports
from hocba.platform.tenancy import scope
from hocba.tracking.handover import actions, queries
from tests.factories import small_school as school
from tests.fakes.sides import Sides, deliver
from tests.integration.tracking.desk import Desk

pytestmark = [pytest.mark.django_db, pytest.mark.urls("hocba.sites.tracking_urls")]


def refuse(request: ports.Request) -> ports.Answer:
    if "/class-records/" not in request.url:
        return ports.Answer(status=201, headers={}, body=b"{}")
    problem = {"title": "Không nhận sổ.", "status": 422, "errors": [{"code": "x", "detail": "Thiếu tệp."}]}
    return ports.Answer(status=422, headers={}, body=json.dumps(problem).encode())


@pytest.fixture
def refused(db: None, sides: Sides) -> Desk:
    desk = Desk.sealed(sides)
    desk.sides.answers["transcripts"] = refuse
    deliver()
    return desk


def text_of(client: Client, page: str) -> str:
    return client.get(page).content.decode()


class TestHandover:
    def test_keeps_everything_that_was_found_wrong(self, refused: Desk) -> None:
        with scope.acting_for(refused.code):
            rows = {
                (row.class_name, row.recipient): (row.state, row.problems)
                for row in queries.list_handovers(refused.code, school.YEAR)
            }

        assert rows["6A1", "transcripts"] == ("REFUSED", ["Không nhận sổ.", "Thiếu tệp."])
        assert rows["6A1", "city"] == ("ACCEPTED", [])

    def test_can_be_sent_again_once(self, refused: Desk) -> None:
        refused.sides.answers["transcripts"] = lambda _: ports.Answer(status=200, headers={}, body=b"{}")
        with scope.acting_for(refused.code):
            row = queries.list_handovers(refused.code, school.YEAR).filter(state="REFUSED").first()
            assert row is not None
            again = {"document_id": row.document, "school_code": refused.code, "recipient": "transcripts"}
            actions.send_again(**again, by="test", at=school.AT)

            with pytest.raises(actions.OrderError):
                actions.send_again(**again, by="test", at=school.AT)
        deliver()

        with scope.acting_for(refused.code):
            states = queries.list_handovers(refused.code, school.YEAR).filter(document=row.document)
            assert {each.state for each in states} == {"ACCEPTED"}

    def test_is_sent_again_from_the_page_of_the_class(self, refused: Desk) -> None:
        refused.sides.answers["transcripts"] = lambda _: ports.Answer(status=200, headers={}, body=b"{}")
        page = f"/lop/{school.YEAR}/6A1/"
        client = refused.client("GV0004")
        address = re.search(r'action="(/ket-chuyen/[^"]+/transcripts/gui-lai/)"', text_of(client, page))
        assert address is not None

        assert client.post(address[1]).status_code == 302
        assert "Đang gửi lại sổ tới Học bạ số." in text_of(client, page)
        deliver()

        assert "/gui-lai/" not in text_of(client, page)

    def test_offers_nobody_else_to_send_it(self, refused: Desk) -> None:
        page = f"/lop/{school.YEAR}/6A1/"

        assert "/gui-lai/" not in text_of(refused.client("GV0008"), page)

    def test_knows_no_other_recipient(self, refused: Desk) -> None:
        with scope.acting_for(refused.code):
            row = queries.list_handovers(refused.code, school.YEAR).first()
        assert row is not None

        answer = refused.client("GV0004").post(f"/ket-chuyen/{row.document}/portal/gui-lai/")

        assert answer.status_code == 404

    def test_shows_the_reasons_to_leadership_and_not_to_the_administrator(self, refused: Desk) -> None:
        page = f"/lop/{school.YEAR}/6A1/"

        assert "Thiếu tệp." in refused.client("GV0001").get(page).content.decode()
        assert "Thiếu tệp." not in refused.client("GV0005").get(page).content.decode()
