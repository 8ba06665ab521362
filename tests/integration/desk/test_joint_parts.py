"""Parts of a joint list end by themselves: what is over is neither in the way, nor asked, nor in the list twice."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hocba.platform.tenancy import scope
from hocba.tracking.sealing.desk import TrackingDesk
from hocba.tracking.sealing.models import Document
from hocba.transcripts.issuing.desk import TranscriptsDesk
from tests.factories import small_school as school
from tests.integration.desk.benches import Bench
from tests.integration.desk.test_joint import joint, parts, single  # noqa: F401 (fixtures)
from tests.integration.desk.test_packages import answer_of, fetch, open_package, send
from tests.integration.desk.test_standing import state_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from hocba.desk.ports import Result
    from hocba.platform.accounts.actor import Actor

pytestmark = pytest.mark.django_db
only_tracking = pytest.mark.parametrize("bench", ["tracking"], indirect=True)


def sheets_of(term: int) -> list[Document]:
    """The sheets of the signer in a term."""
    with scope.acting_for(school.CODE):
        rows = Document.objects.filter(term=term, signers__contains={"subject_teacher": ["GV0006"]})
        return list(rows.order_by("class_name"))


def give_to(document: Document, teacher: str) -> None:
    """Let another teacher sign the sheet."""
    with scope.acting_for(school.CODE):
        Document.objects.filter(pk=document.pk).update(signers={"subject_teacher": [teacher]})


def first_part_signed(bench: Bench, page: str) -> None:
    """Send back the values of a package but for those of its last two lines, which are the second part."""
    manifest, octets = fetch(bench, page)
    answer = answer_of(bench, manifest, octets)
    first = [item["id"] for item in manifest["items"][:-2]]
    send(bench, page, answer | {"signatures": {name: answer["signatures"][name] for name in first}})


@only_tracking
class TestTaskWhosePartIsSigned:
    @pytest.fixture
    def page(self, joint: Bench) -> str:  # noqa: F811
        """The page of a package whose first part is signed, and of whose first task more is ready since."""
        later = sheets_of(1)[-1]
        give_to(later, "GV0007")
        page = open_package(joint)
        first_part_signed(joint, page)
        give_to(later, "GV0006")
        return page

    def test_is_offered_again_beside_the_rest(self, joint: Bench, page: str) -> None:  # noqa: F811
        first, second = parts(joint)

        shown = joint.get("/ky-so/").content.decode()

        assert f'href="/ky-so/viec/{first}/">Ký' in shown
        assert f'href="/ky-so/viec/{second}/">Ký' not in shown

    def test_is_signed_unasked_and_the_rest_stays_open(self, joint: Bench, page: str) -> None:  # noqa: F811
        joint.task = parts(joint)[0]

        opened = open_package(joint)

        assert state_of(joint, opened) == state_of(joint, page) == "OPEN"


@only_tracking
class TestLocks:
    def test_are_taken_in_the_order_of_everybody_also_for_parts_that_are_over(self, joint: Bench) -> None:  # noqa: F811
        with scope.acting_for(school.CODE):
            Document.objects.filter(pk__in=[each.pk for each in sheets_of(1)]).update(class_name="9Z")
        batch = joint.open()
        values = joint.values(batch["items"])
        answer = joint.give(batch, values).json()

        with CaptureQueriesContext(connection) as queries:
            assert joint.give(batch, values).json() == answer

        asked = [each["sql"] for each in queries if "pg_advisory_xact_lock" in each["sql"]]
        classes = [name for sql in asked for name in re.findall(rf"{school.CODE}:{school.YEAR}:\w+", sql)]
        taken = list(dict.fromkeys(classes))
        assert len(taken) == 2
        assert taken == sorted(taken)


class TestPart:
    def test_is_given_up_alone_for_remote_signing(self, joint: Bench) -> None:  # noqa: F811
        page = joint.open()["page"]
        first, second = parts(joint)

        joint.client().post(f"/ky-so/viec/{first}/tu-xa", {"thay": "1", "nha_cung_cap": "x"})

        assert state_of(joint, page) == "OPEN"
        shown = joint.get("/ky-so/").content.decode()
        assert f'href="/ky-so/viec/{first}/">Ký' in shown
        assert f'href="/ky-so/viec/{second}/">Ký' not in shown

    def test_that_is_over_is_not_asked_for_values_of_another(
        self,
        joint: Bench,  # noqa: F811
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        batch = joint.open()
        joint.give(batch, joint.values(batch["items"][:-2]))
        side = TrackingDesk if joint.side == "tracking" else TranscriptsDesk
        results, asked = side.results, []

        def counted(self: Any, actor: Actor, batch_id: UUID) -> Mapping[str, Result]:
            found = results(self, actor, batch_id)
            asked.append(batch_id)  # the joint list itself is refused before
            return found

        monkeypatch.setattr(side, "results", counted)

        assert joint.give(batch, joint.values(batch["items"][-2:])).json()["signed"] == 2
        assert len(asked) == 1


class TestFirstPage:
    def test_asks_once_for_all_parts_of_all_lists(self, joint: Bench) -> None:  # noqa: F811
        self._leave(joint)
        one = self._queries(joint)

        self._leave(joint)
        self._leave(joint)

        assert self._queries(joint) == one

    def _leave(self, joint: Bench) -> None:  # noqa: F811
        """Open and stop a list."""
        joint.post(f"batches/{joint.open()['batch']}/stop", {})

    def _queries(self, joint: Bench) -> int:  # noqa: F811
        with CaptureQueriesContext(connection) as queries:
            assert joint.get("/ky-so/").status_code == 200
        return len(queries)


@pytest.mark.parametrize("bench", ["transcripts"], indirect=True)
class TestTaskWithTwoNames:
    def test_stands_in_the_list_once(self, joint: Bench) -> None:  # noqa: F811
        slot, _, number = parts(joint)[0].partition(":")
        joint.task += f",{slot}:0{number}"

        batch = joint.open()

        assert batch["count"] == joint.count
        joint.task = f"{slot}:{number},{slot}:0{number}"
        assert joint.open()["count"] == joint.count - 2
