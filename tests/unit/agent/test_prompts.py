from __future__ import annotations

import io
import sys
from dataclasses import replace

import pytest

from hocba_agent import prompts, window
from hocba_agent.problems import Problem
from hocba_agent.prompts import PairingQuestion, PinQuestion, TerminalPrompter, WindowPrompter

QUESTION = PinQuestion(
    page="hocba.example", user="gv0006", title="Học bạ lớp 9A1", count=45, whole=45, digest="sha256:" + "ab" * 32,
    signer="Vũ Văn Giang", token="Token", warning="CHỈ CÒN MỘT LẦN", reason="Cắm lại.",
)  # fmt: skip
PAIRING = PairingQuestion(page="hocba.example", user="gv0006", code="012 345")


class Typed(io.StringIO):
    """Standard input of a person at a terminal."""

    def isatty(self) -> bool:
        return True


class TestDescribed:
    def test_tells_what_how_many_for_whom_with_what_and_why_again(self) -> None:
        text = "\n".join(prompts.described(QUESTION))

        for part in (
            "45 văn bản",
            "lớp 9A1",
            "hocba.example",
            "gv0006",
            "Vũ Văn Giang",
            "CHỈ CÒN",
            "Cắm lại",
        ):
            assert part in text

    def test_says_of_how_many_the_rest_is(self) -> None:
        first, *_ = prompts.described(replace(QUESTION, count=3))

        assert first == "Ký 3 văn bản còn lại trong danh sách 45 văn bản: Học bạ lớp 9A1"


class TestTerminalPrompter:
    @pytest.mark.parametrize(
        ("typed", "yes"), [("co\n", True), ("Có\n", True), ("\n", False), ("x\n", False), ("", False)]
    )
    def test_takes_only_a_clear_yes(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], typed: str, yes: bool
    ) -> None:
        monkeypatch.setattr(sys, "stdin", Typed(typed))

        assert TerminalPrompter().confirm_pairing(PAIRING) is yes
        assert "012 345" in capsys.readouterr().err

    def test_says_that_nobody_can_be_asked_without_a_terminal(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sys, "stdin", io.StringIO("co\n"))

        with pytest.raises(Problem, match="no_dialog"):
            TerminalPrompter().confirm_pairing(PAIRING)
        with pytest.raises(Problem, match="no_dialog"):
            TerminalPrompter().ask_pin(QUESTION)


class TestWindowPrompter:
    @pytest.mark.skipif(sys.platform == "win32", reason="there is always a display")
    def test_says_that_no_window_can_be_shown(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("DISPLAY", raising=False)
        monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)

        with pytest.raises(Problem, match="no_dialog"):
            WindowPrompter().ask_pin(QUESTION)

    @pytest.mark.parametrize(("answer", "pin"), [('"123456"', "123456"), ('""', None), ("", None)])
    def test_hands_the_question_over_and_takes_the_answer(
        self, monkeypatch: pytest.MonkeyPatch, answer: str, pin: str | None
    ) -> None:
        asked: list[tuple[list[str], str]] = []

        class Done:
            returncode, stdout = 0, answer

        def run(words: list[str], *, input: str, **_: object) -> Done:
            asked.append((words, input))
            return Done()

        monkeypatch.setattr("subprocess.run", run)

        assert WindowPrompter().ask_pin(QUESTION) == pin
        [(words, given)] = asked
        assert words[-1] == "window"
        assert "45" in given


class TestWindow:
    def test_shows_pairings_with_page_and_account(self) -> None:
        assert "hocba.example" in window._pairing_lines({"page": "hocba.example", "user": "gv0006"})[0]


class TestChoose:
    def test_takes_a_window_where_there_is_one(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(prompts, "has_window", lambda: True)
        assert isinstance(prompts.choose("auto"), WindowPrompter)
        assert isinstance(prompts.choose("terminal"), TerminalPrompter)
        monkeypatch.setattr(prompts, "has_window", lambda: False)
        assert isinstance(prompts.choose("auto"), TerminalPrompter)
        assert isinstance(prompts.choose("window"), WindowPrompter)
