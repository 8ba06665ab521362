from __future__ import annotations

import io
import sys

import pytest

from hocba.cli.verify_output import FROM_FILES, InOrder, Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class TestInOrder:
    @pytest.mark.parametrize("coming", [[0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1]])
    def test_writes_in_order_whatever_order_things_come_in(self, coming: list[int]) -> None:
        written: list[str] = []
        order = InOrder(written.append)

        for number in coming:
            order.put(number, f"tệp {number}\n")
        order.close()

        assert written == [f"tệp {number}\n" for number in range(4)]

    def test_writes_at_once_what_is_next(self) -> None:
        written: list[str] = []

        InOrder(written.append).put(0, "a")

        assert written == ["a"]


class TestProgress:
    def shown(self, monkeypatch: pytest.MonkeyPatch, stream: io.StringIO, total: int) -> str:
        monkeypatch.setattr(sys, "stderr", stream)
        monkeypatch.setattr("hocba.cli.verify_output._EVERY", 0.000001)
        with Progress(total) as progress:
            for _ in range(total):
                progress.advance(1)
        return stream.getvalue()

    def test_counts_on_a_terminal_and_wipes_its_line(self, monkeypatch: pytest.MonkeyPatch) -> None:
        text = self.shown(monkeypatch, Terminal(), FROM_FILES)

        assert f"{FROM_FILES}/{FROM_FILES} tệp" in text
        assert text.endswith("\r\x1b[K")

    def test_is_silent_elsewhere(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert self.shown(monkeypatch, io.StringIO(), FROM_FILES) == ""

    def test_is_silent_for_few_files(self, monkeypatch: pytest.MonkeyPatch) -> None:
        assert self.shown(monkeypatch, Terminal(), FROM_FILES - 1) == ""
