from __future__ import annotations

import re
from dataclasses import replace

from lxml import etree, html

from hocba.documents.result_sheets import Sheet
from hocba.documents.result_sheets.page import page
from tests.unit.documents.result_sheets.test_sheet import EDITED, PAIR, made


def texts(sheet: Sheet) -> str:
    tree: etree._Element = html.fromstring(page([sheet]))
    return " ".join("".join(tree.itertext()).split())


class TestPage:
    def test_shows_everything_of_the_sheet(self) -> None:
        sheet = made(EDITED)
        shown = texts(sheet)

        wanted = [sheet.conclusion, sheet.meaning, sheet.standard]
        wanted += [text for pair in (*sheet.facts, *sheet.unchecked) for text in pair]
        wanted += [row.detail for row in sheet.items]
        for text in wanted:
            assert " ".join(text.split()) in shown

    def test_needs_nothing_from_outside_and_runs_nothing(self) -> None:
        text = page([made(PAIR.xml)])

        assert not re.search(r"\ssrc=|href=|url\(|<script|https?:", text)
        assert "default-src 'none'" in text

    def test_shows_markup_in_names_as_text(self) -> None:
        sheet = replace(made(PAIR.xml), facts=(("Tệp", "<script>alert(1)</script>"),))

        assert "<script" not in page([sheet])
        assert "<script>alert(1)</script>" in texts(sheet)
