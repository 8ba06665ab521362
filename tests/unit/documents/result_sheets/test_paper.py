from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pytest
from pypdf import PdfReader

from hocba.documents.result_sheets.paper import pdf
from hocba.documents.verification import wording
from tests.unit.documents.result_sheets.test_sheet import EDITED, PAIR, made


def text_of(data: bytes) -> str:
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(data)).pages).split())


class TestPdf:
    def test_shows_verdict_rows_signers_and_what_was_not_checked(self) -> None:
        sheet = made(EDITED)
        shown = text_of(pdf([sheet]))

        for text in (sheet.conclusion, "Nguyễn Thị Ánh", "Chưa kiểm tra", "HASH_FAILURE", "Cán bộ tiếp nhận"):
            assert text in shown
        for row in sheet.items:
            assert row.title in shown

    def test_is_an_accessible_archive_file(self) -> None:
        data = pdf([made(PAIR.xml)])

        assert b"pdfaid" in data
        assert b"pdfuaid" in data

    def test_is_the_same_for_the_same_sheet(self) -> None:
        assert pdf([made(PAIR.pdf)]) == pdf([made(PAIR.pdf)])

    def test_begins_a_page_for_every_file(self) -> None:
        one, two = (len(PdfReader(BytesIO(pdf([made(b"?")] * count))).pages) for count in (1, 2))

        assert (one, two) == (1, 2)

    def test_prints_names_as_they_are_and_runs_none_of_them(self) -> None:
        sheet = replace(made(b"?"), facts=(("Tệp", '#panic("x") *a* $b$ \\ "'),))

        assert '#panic("x") *a* $b$ \\ "' in text_of(pdf([sheet]))

    def test_breaks_long_words_without_adding_a_character(self) -> None:
        sheet = made(PAIR.xml)
        long = PdfReader(BytesIO(pdf([replace(sheet, facts=(("Tệp", "x" * 400),))]))).pages[0]
        shown = "".join(page.extract_text() for page in PdfReader(BytesIO(pdf([sheet]))).pages)

        assert "\u200b" not in shown
        assert dict(sheet.facts)["Giá trị băm của tệp"] in shown
        lines = [line for line in long.extract_text(extraction_mode="layout").splitlines() if "xxx" in line]
        assert len(lines) > 4
        assert sum(line.count("x") for line in lines) == 400

    def test_keeps_the_place_of_the_officer_with_the_last_line(self) -> None:
        for count in range(26):
            sheet = replace(made(b"?"), facts=tuple((f"Dòng {number}", "x") for number in range(count)))
            last = PdfReader(BytesIO(pdf([sheet]))).pages[-1].extract_text()
            assert "Cán bộ tiếp nhận" in last
            assert "Bản in trên giấy" in last

    def test_says_first_that_certificates_are_for_demonstration(self) -> None:
        sheet = replace(made(PAIR.pdf), warning=wording.DEMONSTRATION)

        assert wording.DEMONSTRATION not in text_of(pdf([made(PAIR.pdf)]))
        shown = text_of(pdf([sheet]))
        assert shown.index(sheet.conclusion) < shown.index(wording.DEMONSTRATION) < shown.index("Tệp an.xml")

    def test_of_nothing_is_refused(self) -> None:
        with pytest.raises(ValueError, match="no sheet"):
            pdf([])
