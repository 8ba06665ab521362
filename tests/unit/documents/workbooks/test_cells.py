"""Cells to values."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from hocba.documents.workbooks import cells


def _codes(slips: tuple[cells.Slip, ...]) -> list[str]:
    return [slip.code for slip in slips]


class TestReadDate:
    @pytest.mark.parametrize(
        ("cell", "iso"),
        [
            ("16/07/2013", "2013-07-16"),
            ("1/7/2013", "2013-07-01"),
            ("16-07-2013", "2013-07-16"),
            ("16.07.2013", "2013-07-16"),
            ("2013-07-16", "2013-07-16"),
            ("29/02/2012", "2012-02-29"),
            ("07/2013", "2013-07"),
            ("2013", "2013"),
            (2013.0, "2013"),
        ],
    )
    def test_reads_whole_and_partial_dates(self, cell: Any, iso: str) -> None:
        assert cells.read_date(cell) == (iso, ())

    @pytest.mark.parametrize(
        ("cell", "shift", "iso"),
        [(41471.0, 0, "2013-07-16"), (40009.0, 1462, "2013-07-16"), ("41471", 0, "2013-07-16")],
    )
    def test_reads_serial_numbers_of_both_calendars_and_says_so(
        self, cell: Any, shift: int, iso: str
    ) -> None:
        value, slips = cells.read_date(cell, shift)
        assert value == iso
        assert slips == (cells.Slip("date_serial", "16/07/2013"),)

    def test_reads_date_cells_and_says_so(self) -> None:
        for cell in (datetime.date(2013, 7, 16), datetime.datetime(2013, 7, 16, 0, 0)):
            assert cells.read_date(cell) == ("2013-07-16", (cells.Slip("date_cell", "16/07/2013"),))

    @pytest.mark.parametrize(
        "cell",
        [
            "29/02/2013",
            "31/04/2013",
            "00/01/2013",
            "16/13/2013",
            "13/2013",
            "hôm qua",
            "16/07/13",
            1e9,
            -5.0,
            41471.5,
            True,
            "16/07/1013",
        ],
    )
    def test_refuses_what_is_no_date(self, cell: Any) -> None:
        value, slips = cells.read_date(cell)
        assert value is None
        assert _codes(slips) == ["date_invalid"]

    def test_says_nothing_of_an_empty_cell(self) -> None:
        assert cells.read_date("") == (None, ())


class TestReadScore:
    @pytest.mark.parametrize(
        ("cell", "mark"),
        [
            (8.0, "8.0"),
            (8, "8.0"),
            (0.0, "0.0"),
            (10.0, "10.0"),
            (5.3, "5.3"),
            ("8.5", "8.5"),
            ("9", "9.0"),
            (0.1 + 0.2, "0.3"),
        ],
    )
    def test_reads_marks_exactly(self, cell: Any, mark: str) -> None:
        assert cells.read_score(cell) == (mark, ())

    def test_reads_every_tenth_from_number_and_text_alike(self) -> None:
        for tenths in range(101):
            text = f"{tenths // 10}.{tenths % 10}"
            assert cells.read_score(tenths / 10) == (text, ())
            assert cells.read_score(text.replace(".", ",")) == (text, (cells.Slip("decimal_comma", text),))

    @pytest.mark.parametrize(
        ("cell", "code"),
        [
            (10.1, "mark_out_of_range"),
            (-0.1, "mark_out_of_range"),
            (float("nan"), "mark_out_of_range"),
            ("1e1", "mark_not_a_mark"),
            ("8.25", "mark_decimals"),
            (8.25, "mark_decimals"),
            ("٨", "mark_not_a_mark"),
            ("8;5", "mark_not_a_mark"),
            ("CĐ", "mark_kind"),
            ("Đạt", "mark_kind"),
        ],
    )
    def test_says_why_a_cell_is_no_mark(self, cell: Any, code: str) -> None:
        value, slips = cells.read_score(cell)
        assert value is None
        assert _codes(slips) == [code]


class TestReadComment:
    @pytest.mark.parametrize(
        ("cell", "result"),
        [("Đ", "D"), ("đ", "D"), ("Đạt", "D"), ("CĐ", "CD"), ("Chưa đạt", "CD"), ("cđ", "CD")],
    )
    def test_reads_both_results(self, cell: str, result: str) -> None:
        assert cells.read_comment(cell) == (result, ())

    @pytest.mark.parametrize(
        ("cell", "result"), [("D", "D"), ("CD", "CD"), ("\u00d0", "D"), ("C\u0189", "CD")]
    )
    def test_understands_letters_that_only_look_alike_and_says_so(self, cell: str, result: str) -> None:
        value, slips = cells.read_comment(cell)
        assert value == result
        assert _codes(slips) == ["lookalike_letter"]

    @pytest.mark.parametrize(
        ("cell", "code"), [(8.0, "mark_kind"), ("8,5", "mark_kind"), ("K", "mark_not_a_mark")]
    )
    def test_says_why_a_cell_is_no_result(self, cell: Any, code: str) -> None:
        value, slips = cells.read_comment(cell)
        assert value is None
        assert _codes(slips) == [code]
