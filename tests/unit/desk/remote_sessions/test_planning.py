from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from hocba.channels.csc.profiles import Profile
from hocba.desk import frozen
from hocba.desk.errors import BatchOverError
from hocba.desk.frozen import Line
from hocba.desk.ports import Result
from hocba.desk.remote_sessions import planning
from hocba.desk.remote_sessions.models import RemoteChunk, RemoteSession
from hocba.desk.remote_sessions.workflow import ChunkState, State
from hocba.platform.tenancy import scope

SCHOOL = "79764501"
LINES = [Line(id=str(number), title="", kind="xml", digest=f"{number:064x}") for number in range(1, 6)]


def profile(**further: Any) -> Profile:
    return Profile(id="p", title="P", base_url="", oauth_url="", client_id="", client_secret="", **further)


@pytest.fixture
def row(db: None) -> Iterator[RemoteSession]:
    """A session of a credential that signs four hashes at once."""
    at = timezone.now()
    with scope.acting_for(SCHOOL):
        yield RemoteSession.objects.create(
            school_code=SCHOOL, desk="d", provider="p", account=1, by="gv", task="t", state=State.AUTHORISING,
            multisign=4, begun_at=at, changed_at=at,
        )  # fmt: skip


def chunks(row: RemoteSession, authorisation: int) -> list[list[str]]:
    found = row.chunks.filter(authorisation=authorisation).order_by("number")
    return [[name for name, _ in chunk.items] for chunk in found]


class TestPlan:
    def test_cuts_what_one_authorisation_covers_into_calls(self, row: RemoteSession) -> None:
        covered = planning.plan(row, profile(chunk=3), LINES)

        assert (covered, row.authorisation) == (4, 1)
        assert chunks(row, 1) == [["1", "2", "3"], ["4"]]
        assert planning.hashes_of(row) == [bytes.fromhex(line.digest) for line in LINES[:4]]

    def test_leaves_what_an_earlier_authorisation_did_not_come_to(self, row: RemoteSession) -> None:
        planning.plan(row, profile(chunk=2), LINES)
        row.chunks.filter(number=0).update(state=ChunkState.STORED)

        planning.plan(row, profile(chunk=2), LINES[2:])

        states = (
            RemoteChunk.objects.filter(authorisation=1).order_by("number").values_list("state", flat=True)
        )
        assert list(states) == [ChunkState.STORED, ChunkState.LEFT]
        assert chunks(row, 2) == [["3", "4"], ["5"]]
        assert planning.hashes_of(row) == [bytes.fromhex(line.digest) for line in LINES[2:]]


class TestPortion:
    @pytest.mark.parametrize(("multisign", "most", "covered"), [(4, 50, 4), (100, 3, 3), (0, 50, 1)])
    def test_is_what_credential_and_address_allow(self, multisign: int, most: int, covered: int) -> None:
        row = RemoteSession(multisign=multisign)

        assert planning.portion_of(row, profile(most_hashes=most)) == covered


class TestRemaining:
    @pytest.fixture
    def batch(self, monkeypatch: pytest.MonkeyPatch) -> Any:
        """A batch of all lines, whose stored list is what it was."""
        monkeypatch.setattr(frozen, "read", lambda name: (list(LINES), []))
        return SimpleNamespace(
            id="b", listing="sha256:0", digest=frozen.digest_of(line.digest for line in LINES)
        )

    def remaining(self, row: RemoteSession, batch: Any, *signed: str) -> list[str]:
        results = {line.id: Result(is_signed=line.id in signed) for line in LINES}
        desk: Any = SimpleNamespace(results=lambda actor, batch_id: results)
        actor: Any = None
        return [line.id for line in planning.remaining(desk, actor, batch, row)]

    def test_is_everything_at_first(self, row: RemoteSession, batch: Any) -> None:
        assert self.remaining(row, batch) == ["1", "2", "3", "4", "5"]

    def test_leaves_out_what_is_signed(self, row: RemoteSession, batch: Any) -> None:
        assert self.remaining(row, batch, "1", "4") == ["2", "3", "5"]

    def test_leaves_out_what_was_refused_in_this_session(self, row: RemoteSession, batch: Any) -> None:
        planning.plan(row, profile(chunk=2), LINES)
        row.chunks.filter(number=0).update(state=ChunkState.STORED)
        row.chunks.filter(number=1).update(state=ChunkState.LEFT)

        assert self.remaining(row, batch, "1") == ["3", "4", "5"]

    def test_is_not_told_of_a_list_that_was_changed(self, row: RemoteSession, batch: Any) -> None:
        batch.digest = frozen.digest_of(line.digest for line in LINES[1:])

        with pytest.raises(BatchOverError, match="không khớp với lượt ký"):
            self.remaining(row, batch)
