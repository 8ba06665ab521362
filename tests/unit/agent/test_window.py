"""The window's questions and answers, with a stand-in for Tk: there is no display where the tests run."""

from __future__ import annotations

import io
import json
import sys
import types
from dataclasses import asdict
from typing import Any

import pytest

from hocba_agent import window
from tests.unit.agent.test_prompts import PAIRING, QUESTION


class Screen:
    """What was shown, and a person who types and presses a button."""

    def __init__(self, types_: str, presses: str | None) -> None:
        self.types, self.presses = types_, presses
        self.labels: list[str] = []
        self.secret: str | None = None
        self.buttons: dict[str, Any] = {}

    def modules(self) -> dict[str, types.ModuleType]:
        screen = self

        class Widget:
            def __init__(self, _: object = None, **how: Any) -> None:
                if "command" in how:
                    screen.buttons[how["text"]] = how["command"]
                elif "text" in how:
                    screen.labels.append(how["text"])
                if "show" in how:
                    screen.secret = how["show"]

            def __getattr__(self, _: str) -> Any:
                return lambda *_, **__: None

            def get(self) -> str:
                return screen.types

            def mainloop(self) -> None:
                if screen.presses is not None:
                    screen.buttons[screen.presses]()

        class NoDisplayError(Exception):
            pass

        tkinter, ttk = types.ModuleType("tkinter"), types.ModuleType("tkinter.ttk")
        for name in ("Frame", "Label", "Entry", "Button"):
            setattr(ttk, name, Widget)
        tkinter.Tk, tkinter.TclError, tkinter.ttk = Widget, NoDisplayError, ttk  # type: ignore[attr-defined]
        return {"tkinter": tkinter, "tkinter.ttk": ttk}


def answered(monkeypatch: pytest.MonkeyPatch, screen: Screen, question: dict[str, object]) -> tuple[int, Any]:
    for name, module in screen.modules().items():
        monkeypatch.setitem(sys.modules, name, module)
    out = io.StringIO()
    monkeypatch.setattr(sys, "stdin", io.StringIO(json.dumps(question)))
    monkeypatch.setattr(sys, "stdout", out)
    return window.main(), json.loads(out.getvalue())


class TestPin:
    def test_is_typed_unseen_below_what_will_be_signed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        screen = Screen("123456", "Ký")

        assert answered(monkeypatch, screen, {"kind": "pin", **asdict(QUESTION)}) == (0, "123456")
        assert screen.secret == "●"
        assert any("45 văn bản" in label for label in screen.labels)
        assert QUESTION.warning in screen.labels

    @pytest.mark.parametrize("presses", ["Hủy", None])
    def test_is_not_given_when_the_window_is_closed(
        self, monkeypatch: pytest.MonkeyPatch, presses: str | None
    ) -> None:
        assert answered(monkeypatch, Screen("123456", presses), {"kind": "pin", **asdict(QUESTION)}) == (
            0,
            "",
        )


class TestPairing:
    @pytest.mark.parametrize(("presses", "answer"), [("Đồng ý", "yes"), ("Hủy", ""), (None, "")])
    def test_needs_a_yes_beside_the_code(
        self, monkeypatch: pytest.MonkeyPatch, presses: str | None, answer: str
    ) -> None:
        screen = Screen("", presses)

        assert answered(monkeypatch, screen, {"kind": "pairing", **asdict(PAIRING)}) == (0, answer)
        assert "012 345" in screen.labels
