"""Asking the person: does this page really pair, and the PIN. Never on the page itself.

In a window of the agent's own (a process of its own, since Tk wants the main thread), or in the terminal that the
agent was started from.
"""

from __future__ import annotations

import getpass
import importlib.util
import json
import os
import subprocess
import sys
import threading
from dataclasses import asdict, dataclass
from typing import Protocol

from hocba_agent.problems import Problem

PATIENCE = 120.0
"""Seconds a person may take to answer."""
LONGEST_PIN = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class PairingQuestion:
    """May this page use the tokens for this account? The code must be the one on the page."""

    page: str
    user: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PinQuestion:
    """What will be signed with the PIN, for whom, with what."""

    page: str
    user: str
    title: str
    count: int
    whole: int
    """Documents of the list, of which `count` are still to be signed."""
    digest: str
    signer: str
    token: str
    warning: str = ""
    reason: str = ""
    """Why the PIN is asked for again, where it is."""


class Prompter(Protocol):
    """However the person is asked. Both raise Problem: no_dialog."""

    def confirm_pairing(self, question: PairingQuestion) -> bool:
        """Yes or no; no also when nobody answers."""

    def ask_pin(self, question: PinQuestion) -> str | None:
        """The PIN, or None when cancelled or nobody answers."""


class WindowPrompter:
    """A window, in a process that ends with the answer."""

    def confirm_pairing(self, question: PairingQuestion) -> bool:
        """See `Prompter`."""
        return self._ask("pairing", asdict(question)) == "yes"

    def ask_pin(self, question: PinQuestion) -> str | None:
        """See `Prompter`."""
        return self._ask("pin", asdict(question)) or None

    def _ask(self, kind: str, question: dict[str, object]) -> str:
        program = [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "hocba_agent"]
        try:
            done = subprocess.run(  # the PIN travels in the pipe, never in arguments or environment
                [*program, "window"],
                input=json.dumps({"kind": kind, **question}),
                capture_output=True,
                text=True,
                encoding="utf-8",
                timeout=PATIENCE,
                check=False,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),  # Windows: no console beside it
            )
        except subprocess.TimeoutExpired:
            return ""
        if done.returncode != 0:
            raise Problem("no_dialog")
        return str(json.loads(done.stdout or '""'))[:LONGEST_PIN]


class TerminalPrompter:
    """The terminal the agent was started from; one question at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def confirm_pairing(self, question: PairingQuestion) -> bool:
        """See `Prompter`."""
        with self._lock:
            self._say(f"\nTrang {question.page} xin ghép nối cho tài khoản {question.user}.")
            self._say(f"Mã trên trang phải là {question.code}.")
            return self._read("Đồng ý ghép nối? Gõ «co» để đồng ý: ").strip().lower() in {"co", "có"}

    def ask_pin(self, question: PinQuestion) -> str | None:
        """See `Prompter`."""
        with self._lock:
            for line in described(question):
                self._say(line)
            try:
                return getpass.getpass("Mã PIN (để trống để hủy): ")[:LONGEST_PIN] or None
            except EOFError:
                return None

    def _read(self, question: str) -> str:
        self._say(question)
        return sys.stdin.readline()

    def _say(self, line: str) -> None:
        if not sys.stdin or not sys.stdin.isatty():
            raise Problem("no_dialog")
        sys.stderr.write(line + "\n")
        sys.stderr.flush()


def described(question: PinQuestion) -> list[str]:
    """What a person must know before typing the PIN, line by line."""
    rest = "" if question.count == question.whole else f" còn lại trong danh sách {question.whole} văn bản"
    lines = [
        f"Ký {question.count} văn bản{rest}: {question.title}",
        f"Trang: {question.page}, tài khoản {question.user}",
        f"Chứng thư số: {question.signer} ({question.token})",
        f"Mã danh sách: {question.digest[:23]}…",
    ]
    return [*lines, *filter(None, (question.reason, question.warning))]


def choose(setting: str) -> Prompter:
    """The prompter of a setting `prompt`; `auto` takes a window where there can be one."""
    if setting == "window" or (setting == "auto" and has_window()):
        return WindowPrompter()
    return TerminalPrompter()


def has_window() -> bool:
    """Whether a window can be shown: Tk is there, and on Linux a display."""
    if importlib.util.find_spec("tkinter") is None:
        return False
    return sys.platform in ("win32", "darwin") or bool(
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )
