from __future__ import annotations

from dataclasses import replace

import pytest

from hocba.documents.forms import booklets, row_spacing
from hocba.documents.forms.booklets import Booklet
from hocba.documents.forms.tables import Column, Signature, Table
from tests.unit.documents.forms import printed
from tests.unit.documents.forms.material import AT

TABLE = Table(
    name="Bảng",
    title="BẢNG",
    columns=(Column(head=("TT",), width=12), Column(head=("Tên",), share=1, left=True)),
    rows=(),
    signatures=(Signature(title="NGƯỜI LẬP", hint="(Kí)", name="Trần Thị B"),),
)


def pad(count: int) -> float:
    return row_spacing.padding(TABLE, [1] * count, head=5)


class TestPadding:
    def test_is_what_the_table_asks_for_when_there_is_room(self) -> None:
        size = TABLE.size * 0.66 * 25.4 / 72
        assert 2 * pad(10) + size == pytest.approx(TABLE.row_height)

    def test_brings_rows_closer_to_keep_one_page(self) -> None:
        assert pad(45) < pad(10)
        assert pad(45) >= row_spacing.LEAST

    @pytest.mark.external
    @printed.needs_poppler
    @pytest.mark.parametrize("count", [38, 43, 46, 48, 50, 53, 55, 60, 95, 100, 105])
    def test_leaves_no_place_to_sign_alone_on_a_page(self, count: int) -> None:
        rows = tuple((number, f"Dòng{number}") for number in range(1, count + 1))
        booklet = Booklet(title="B", author="B", running="B", pages=(replace(TABLE, rows=rows),))
        last = printed.pages(booklets.pdf(booklet, at=AT))[-1]
        texts = [word.text for word in last.words]
        assert f"Dòng{count}" in texts
        assert "LẬP" in texts
