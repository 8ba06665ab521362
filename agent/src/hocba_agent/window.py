"""One question in one window: JSON in on standard input, JSON out on standard output. `hocba-agent window`."""

from __future__ import annotations

import json
import sys
from typing import Any

from hocba_agent.prompts import LONGEST_PIN, PinQuestion, described

WIDTH = 460
"""Pixels at which lines break."""


def main() -> int:
    """Ask what standard input says; 1 when no window can be shown."""
    question = json.load(sys.stdin)
    kind = question.pop("kind")
    try:
        import tkinter  # noqa: PLC0415 - a machine without Tk must still run the rest
    except ImportError:
        return 1
    try:
        root = tkinter.Tk()
    except tkinter.TclError:
        return 1
    if kind == "pin":
        window = _Window(root, "Nhập mã PIN để ký số", described(PinQuestion(**question)))
        window.ask_secret()
    else:
        window = _Window(root, "Ghép nối với trang Hocba", _pairing_lines(question))
        window.ask_yes(question["code"])
    json.dump(window.run(), sys.stdout)
    return 0


def _pairing_lines(question: dict[str, Any]) -> list[str]:
    return [
        f"Trang {question['page']} xin dùng chương trình ký số cho tài khoản {question['user']}.",
        "Chỉ đồng ý khi chính thầy cô vừa bấm «Ghép nối» và mã dưới đây trùng với mã trên trang.",
    ]


class _Window:
    """A window with lines of text and one answer; closing it answers nothing."""

    def __init__(self, root: Any, title: str, lines: list[str]) -> None:
        import tkinter  # noqa: PLC0415
        from tkinter import ttk  # noqa: PLC0415

        self._tk, self._ttk, self._root, self._answer = tkinter, ttk, root, ""
        root.title(f"Hocba: {title}")
        root.resizable(width=False, height=False)
        root.attributes("-topmost", True)  # noqa: FBT003
        self._frame = ttk.Frame(root, padding=16)
        self._frame.grid()
        for line in lines:
            ttk.Label(self._frame, text=line, wraplength=WIDTH).grid(sticky="w", pady=2)

    def ask_secret(self) -> None:
        entry = self._ttk.Entry(self._frame, show="●", width=24)
        entry.grid(sticky="w", pady=8)
        entry.focus_force()
        self._buttons("Ký", lambda: entry.get()[:LONGEST_PIN])

    def ask_yes(self, code: str) -> None:
        self._ttk.Label(self._frame, text=code, font=("TkDefaultFont", 24, "bold")).grid(pady=8)
        self._buttons("Đồng ý", lambda: "yes", is_default=False)

    def run(self) -> str:
        self._root.mainloop()
        return str(self._answer)

    def _buttons(self, label: str, answer: Any, *, is_default: bool = True) -> None:
        def accept(_: object = None) -> None:
            self._answer = answer()
            self._root.destroy()

        row = self._ttk.Frame(self._frame)
        row.grid(sticky="e", pady=(8, 0))
        self._ttk.Button(row, text="Hủy", command=self._root.destroy).grid(row=0, column=0, padx=4)
        self._ttk.Button(row, text=label, command=accept).grid(row=0, column=1)
        self._root.bind("<Escape>", lambda _: self._root.destroy())
        if is_default:
            self._root.bind("<Return>", accept)
