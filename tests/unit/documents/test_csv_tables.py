from __future__ import annotations

import csv
import io

import pytest

from hocba.documents import csv_tables


class TestToCsv:
    @pytest.mark.parametrize("text", ["=1+1", "+84", "-2", "@cmd", "\t=1", "\r=1"])
    def test_never_starts_a_formula_in_any_column(self, text: str) -> None:
        made = csv_tables.to_csv(["A", "B"], [("x", text), (text, -2)])

        rows = list(csv.reader(io.StringIO(made.decode("utf-8-sig"), newline="")))
        assert rows == [["A", "B"], ["x", f"'{text}"], [f"'{text}", "-2"]]

    def test_is_read_as_utf8_by_excel(self) -> None:
        assert csv_tables.to_csv(["Họ tên"], []) == b"\xef\xbb\xbf" + "Họ tên\r\n".encode()
