from __future__ import annotations

from collections.abc import Iterator

import pytest

from hocba.portal.verification import sandbox
from tests.factories import transcripts


@pytest.fixture(autouse=True)
def _no_child_is_left() -> Iterator[None]:
    yield
    sandbox._children.end()


def judge(content: bytes) -> str:
    return str(sandbox.judge((content,), (), at=transcripts.NOW)[0]["verdict"])


class TestJudge:
    def test_answers_from_a_process_of_its_own(self) -> None:
        sandbox.warm()

        assert judge(b"") == "unreadable"
        assert len(sandbox._children.idle) == 1

    def test_ends_what_takes_too_long_and_works_again_afterwards(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with monkeypatch.context() as context:
            context.setattr(sandbox, "SECONDS", 0.0)
            with pytest.raises(sandbox.JudgingEndedError):
                judge(transcripts.sign_xml(transcripts.school(), transcripts.transcript()))
        assert sandbox._children.idle == []

        assert judge(b"<a/>") == "unreadable"

    def test_says_so_when_all_children_stay_at_work(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sandbox, "WAIT_SECONDS", 0.01)
        for _ in range(sandbox.CHILDREN):
            sandbox._children.slots.acquire()
        try:
            with pytest.raises(sandbox.BusyError):
                judge(b"<a/>")
        finally:
            for _ in range(sandbox.CHILDREN):
                sandbox._children.slots.release()


class TestChild:
    def test_that_died_is_reported_and_leaves_the_others_at_work(self) -> None:
        first, second = sandbox._Child(), sandbox._Child()
        try:
            first.process.kill()
            with pytest.raises(sandbox.JudgingEndedError):
                first.ask(((b"",), (), transcripts.NOW, None))
            assert second.ask(((b"",), (), transcripts.NOW, None))[0]["verdict"] == "unreadable"
        finally:
            first.end()
            second.end()

    def test_reports_an_error_of_ours_instead_of_a_verdict(self) -> None:
        child = sandbox._Child()
        try:
            with pytest.raises(RuntimeError, match="judging failed"):
                child.ask(((b"",), (("root.pem", b"no certificate"),), transcripts.NOW, None))
        finally:
            child.end()
