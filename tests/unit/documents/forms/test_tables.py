from __future__ import annotations

from decimal import Decimal

import pytest

from hocba.documents.forms import tables
from hocba.documents.forms.tables import Column, HeadCell, Table


def table(*columns: Column, landscape: bool = False) -> Table:
    return Table(name="T", title="T", columns=columns, rows=(), landscape=landscape)


class TestMark:
    @pytest.mark.parametrize(
        ("value", "cell"), [("8.0", Decimal("8.0")), ("D", "Đ"), ("CD", "CĐ"), (None, "")]
    )
    def test_tells_numbers_from_comments(self, value: str | None, cell: tables.Cell) -> None:
        assert tables.mark(value) == cell

    def test_is_shown_with_a_comma(self) -> None:
        assert tables.shown(tables.mark("10.0")) == "10,0"

    def test_leaves_dots_of_texts(self) -> None:
        assert tables.shown("TP. Hồ Chí Minh") == "TP. Hồ Chí Minh"


class TestWidths:
    def test_share_what_is_left(self) -> None:
        found = tables.widths(
            table(Column(head=("a",), width=30), Column(head=("b",), share=1), Column(head=("c",), share=2))
        )
        assert found == [30, 50, 100]

    def test_refuse_columns_wider_than_the_page(self) -> None:
        with pytest.raises(ValueError, match="take 200"):
            tables.widths(table(Column(head=("a",), width=200)))

    def test_know_the_page_lying_across(self) -> None:
        assert tables.widths(table(Column(head=("a",), share=1), landscape=True)) == [267]


class TestHeadCells:
    def test_run_over_groups_and_down(self) -> None:
        found = tables.head_cells(
            table(
                Column(head=("TT",), width=8),
                Column(head=("Môn", "Toán", "Mức"), width=8),
                Column(head=("Môn", "Toán", "Điểm"), width=8),
                Column(head=("Môn", "Nhạc"), width=8, turned=True),
            )
        )
        assert set(found) == {
            HeadCell(0, 0, 3, 1, "TT", turned=False),
            HeadCell(0, 1, 1, 3, "Môn", turned=False),
            HeadCell(1, 1, 1, 2, "Toán", turned=False),
            HeadCell(2, 1, 1, 1, "Mức", turned=False),
            HeadCell(2, 2, 1, 1, "Điểm", turned=False),
            HeadCell(1, 3, 2, 1, "Nhạc", turned=True),
        }

    def test_keep_columns_of_one_label_apart(self) -> None:
        found = tables.head_cells(table(Column(head=("a",), width=8), Column(head=("a",), width=8)))
        assert [cell.columns for cell in found] == [1, 1]


class TestTurnedHeight:
    def test_grows_until_labels_fit_their_columns(self) -> None:
        label = "Hoạt động trải nghiệm, hướng nghiệp"
        narrow, wide = (
            tables.turned_height(table(Column(head=(label,), width=width, turned=True)), [width], 8.5)
            for width in (5.0, 14.0)
        )
        assert narrow > wide
