from __future__ import annotations

import re
import shutil
import subprocess
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdf
import pytest

from hocba.documents.any_level import AnyTranscript
from hocba.documents.pdf import (
    FIELD_ORDER,
    PRINCIPAL_FIELD,
    SEAL_FIELD,
    TypesettingError,
    UnsignedPdf,
    places,
)
from hocba.signing import pades_checking, pdf_structure
from hocba.signing.checks import Code
from tests.unit.documents import pdf_material as material
from tests.unit.documents import pdf_primary_material as primary

FORMS = [
    material.ordinary,
    material.extreme,
    material.minimal,
    material.upper_secondary,
    material.wordy_upper_secondary,
    material.continuing,
    material.continuing_lower,
    primary.fifth_grade,
    primary.first_grade,
    primary.wordy,
    primary.bare,
]
FIVE_PAGES = [make for make in FORMS if "wordy" not in make.__name__ and make is not material.extreme]


@cache
def pdf_of(make: Callable[[], AnyTranscript]) -> UnsignedPdf:
    return material.rendered(make())


def words_of(pdf: bytes) -> str:
    text = " ".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(pdf)).pages)
    return " ".join(unicodedata.normalize("NFC", text).replace("\u200b", "").split())


class TestRender:
    def test_gives_the_same_bytes_every_time(self) -> None:
        assert material.rendered(material.ordinary()).data == pdf_of(material.ordinary).data

    @pytest.mark.parametrize("make", FORMS)
    def test_makes_what_the_strict_check_explains(self, make: Callable[[], AnyTranscript]) -> None:
        found = pades_checking.check(pdf_of(make).data, expected_fields=FIELD_ORDER)
        assert [problem.code for problem in found.problems] == [Code.NO_SIGNATURE_FOUND]
        assert found.attachment == f"<HoSo>{make().pupil.name}</HoSo>".encode()
        assert found.unsigned == pdf_of(make).data

    @pytest.mark.parametrize("make", FIVE_PAGES)
    def test_has_the_five_pages_of_the_form(self, make: Callable[[], AnyTranscript]) -> None:
        pages = pypdf.PdfReader(BytesIO(pdf_of(make).data)).pages
        assert len(pages) == 5
        assert [round(float(size)) for size in pages[0].mediabox[2:]] == [595, 842]

    def test_prints_everything_of_the_transcript(self) -> None:
        words = words_of(pdf_of(material.ordinary).data)
        for expected in (
            "TRẦN NGỌC DUNG", "16/07/2013", "079313224404", "Phường Gò Vấp", "15/THCS", "7,5", "10,0", "CĐ",
            "Được lên lớp", "Học sinh Giỏi", "có phép: 2; không phép: 1", "Trung thực, có trách nhiệm.",
            "Khá Đạt", "Tốt Chưa đạt", "HIỆU TRƯỞNG", "Hồ Công Trí", "2024-2025",
        ):  # fmt: skip
            assert expected in words, expected

    def test_names_who_signed_a_subject_and_when(self) -> None:
        words = words_of(pdf_of(material.ordinary).data)
        assert words.count("Nguyễn Đức Anh – đã ký số 28/05/2025 10:11:12") == 12
        assert words.count("Lê Thị Cẩm Tú – đã ký số") == 1

    def test_claims_no_subject_signature_that_was_not_made(self) -> None:
        words = words_of(material.rendered(material.ordinary(), signed=False).data)
        assert "đã ký số" not in words
        assert words.count("Giáo viên: Nguyễn Đức Anh") == 12

    def test_prints_identity_and_digest_on_every_page(self) -> None:
        for page in pypdf.PdfReader(BytesIO(pdf_of(material.extreme).data)).pages:
            text = page.extract_text()
            assert f"{material.ordinary().id} – phiên bản 2" in text
            assert material.RECORD_DIGEST in text

    @pytest.mark.parametrize("make", FORMS)
    def test_numbers_the_pages(self, make: Callable[[], AnyTranscript]) -> None:
        pages = pypdf.PdfReader(BytesIO(pdf_of(make).data)).pages
        found = [re.findall(r"Trang (\d+)", page.extract_text()) for page in pages]
        assert found == [[str(number)] for number in range(1, len(pages) + 1)]

    def test_repeats_the_head_of_a_broken_table(self) -> None:
        pages = [
            page.extract_text() for page in pypdf.PdfReader(BytesIO(pdf_of(material.extreme).data)).pages
        ]
        with_rows = [text for text in pages if "Môn học có tên" in text]
        assert len(with_rows) > 2
        assert all("Học kì" in text for text in with_rows)

    @pytest.mark.parametrize("make", FORMS)
    def test_loses_no_letter_of_a_remark(self, make: Callable[[], AnyTranscript]) -> None:
        words = words_of(pdf_of(make).data).replace(" ", "")
        for row in make().subjects:
            assert row.remark.replace(" ", "") in words

    def test_refuses_a_letter_the_font_does_not_have(self) -> None:
        usual = material.ordinary()
        odd = replace(usual, result=replace(usual.result, homeroom_remark="Giỏi 🎓"))
        with pytest.raises(TypesettingError, match="🎓"):
            material.rendered(odd)

    def test_refuses_a_form_it_has_no_layout_for(self) -> None:
        with pytest.raises(ValueError, match="no layout"):
            material.rendered(replace(material.ordinary(), form="TT58-THPT"))

    def test_takes_texts_that_mean_something_to_the_typesetter(self) -> None:
        tricky = '"#panic("x")\\ $x$ *a* _b_ <c> @d // e [f] {g}'
        usual = material.ordinary()
        pdf = material.rendered(replace(usual, result=replace(usual.result, awards=tricky))).data
        assert tricky in words_of(pdf)


class TestAccessibility:
    @pytest.mark.parametrize("make", FORMS)
    def test_declares_archive_and_accessible_form(self, make: Callable[[], AnyTranscript]) -> None:
        with pikepdf.open(BytesIO(pdf_of(make).data)) as pdf:
            metadata = pdf.open_metadata()
            assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"], metadata["pdfuaid:part"]) == (
                "3",
                "A",
                "1",
            )
            assert str(pdf.Root.Lang).startswith("vi")
            assert make().pupil.name in str(pdf.docinfo.Title)
            assert pdf.Root.ViewerPreferences.DisplayDocTitle
            for page in pdf.pages:
                for font in page.Resources.get("/Font", {}).values():
                    descriptor = font.DescendantFonts[0].FontDescriptor
                    assert {"/FontFile2", "/FontFile3"} & set(descriptor.keys())

    def test_heads_of_tables_say_what_they_are_heads_of(self) -> None:
        data = pdf_of(material.ordinary).data
        assert data.count(b"/S/TH/") == data.count(b"/Scope/Column") > 10

    def test_the_qr_code_has_a_text(self) -> None:
        alternative = f"Mã QR dẫn tới trang xác minh học bạ: {material.ADDRESS}"
        assert alternative.encode("utf-16-be").hex().upper().encode() in pdf_of(material.ordinary).data

    @pytest.mark.parametrize("make", FORMS)
    def test_draws_nothing_outside_the_margins(self, make: Callable[[], AnyTranscript]) -> None:
        right = (places.PAGE_WIDTH - places.MARGINS["right"]) * places.POINTS_PER_MM + 3  # commas hang out
        for page in pypdf.PdfReader(BytesIO(pdf_of(make).data)).pages[1:]:
            edges: list[float] = []
            page.extract_text(visitor_text=lambda text, cm, tm, font, size: edges.append(cm[4] + tm[4]))  # noqa: B023
            assert max(edges) < right

    @pytest.mark.external
    @pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler is not installed")
    @pytest.mark.parametrize("make", FORMS)
    def test_no_word_leaves_the_page(self, make: Callable[[], AnyTranscript], tmp_path: Path) -> None:
        path = tmp_path / "a.pdf"
        path.write_bytes(pdf_of(make).data)
        told = subprocess.run(["pdftotext", "-bbox", path, "-"], capture_output=True, text=True, check=True)
        rights = [
            float(line.split('xMax="')[1].split('"')[0])
            for line in told.stdout.splitlines()
            if "<word" in line
        ]
        assert (
            max(rights) < (places.PAGE_WIDTH - places.MARGINS["right"]) * places.POINTS_PER_MM + 3
        )  # commas hang out


class TestPlaces:
    @pytest.mark.parametrize("make", FORMS)
    def test_fields_are_on_the_last_page(self, make: Callable[[], AnyTranscript]) -> None:
        pdf = pdf_of(make)
        count = len(pypdf.PdfReader(BytesIO(pdf.data)).pages)
        assert {place.page for place in pdf.fields.values()} == {count}
        assert list(pdf.fields) == list(FIELD_ORDER)

    def test_the_seal_covers_the_left_third_of_the_principals_signature(self) -> None:
        principal, seal = (pdf_of(material.ordinary).fields[name] for name in (PRINCIPAL_FIELD, SEAL_FIELD))
        assert seal.x + seal.w == pytest.approx(principal.x + principal.w / 3, abs=0.05)
        assert seal.y + seal.h / 2 == pytest.approx(principal.y + principal.h / 2, abs=0.05)
        assert seal.h > principal.h

    @pytest.mark.external
    @pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler is not installed")
    @pytest.mark.parametrize("make", FORMS)
    def test_signatures_stand_between_title_and_name(
        self, make: Callable[[], AnyTranscript], tmp_path: Path
    ) -> None:
        path, pdf = tmp_path / "a.pdf", pdf_of(make)
        path.write_bytes(pdf.data)
        told = subprocess.run(
            ["pdftotext", "-bbox", "-f", str(pdf.fields[PRINCIPAL_FIELD].page), path, "-"],
            capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
        place = pdf.fields[PRINCIPAL_FIELD]
        words = [line for line in told.splitlines() if "<word" in line]
        heights = {
            line.split(">")[1].split("<")[0]: 841.89 - float(line.split('yMin="')[1].split('"')[0])
            for line in words
            if float(line.split('xMin="')[1].split('"')[0]) > place.x - 60
        }
        title = "ĐỐC" if make().level == "GDTX" else "TRƯỞNG"
        assert heights[title] > place.y + place.h
        assert heights[make().principal.name.split()[-1]] < place.y

    def test_the_unsigned_file_is_what_the_typesetter_made_and_the_fields(self) -> None:
        assert len(pdf_structure.read(pdf_of(material.ordinary).data).revisions) == 2
