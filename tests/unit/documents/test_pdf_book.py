from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pikepdf
import pypdf
import pytest

from hocba.documents.any_level import AnyTranscript
from hocba.documents.pdf import BookError, SignedYear, render_book
from hocba.documents.transcript import Digest
from tests.unit.documents import pdf_material as material
from tests.unit.documents import pdf_primary_material as primary


def signed(transcript: AnyTranscript, number: int = 0) -> SignedYear:
    """The transcript as if verified, signed that many years later; each has digests of its own."""
    at = material.SIGNED_AT + timedelta(days=365 * number)
    return SignedYear(
        transcript=transcript,
        file=Digest(algorithm="sha256", value=f"{number + 1:064x}"),
        record=Digest(algorithm="sha256", value=f"{number + 1000:064x}"),
        subjects={row.code: [(person.name, at) for person in row.teachers] for row in transcript.subjects},
        homeroom=at,
        principal=at + timedelta(minutes=1),
        seal=at + timedelta(minutes=2),
        address=f"https://hocba.example/?ma={transcript.id}&pb={transcript.version}",
    )


def in_year(transcript: AnyTranscript, number: int, **changes: object) -> AnyTranscript:
    year = f"{2021 + number}-{2022 + number}"
    return replace(
        transcript,
        id=f"0b3c1d9e-7a31-4a0e-9c55-{number:012d}",
        school_year=year,
        class_name=f"{6 + number}A1",
        course_of_study=(
            replace(transcript.course_of_study[0], school_year=year, class_name=f"{6 + number}A1"),
        ),
        **changes,  # type: ignore[arg-type]
    )


def seven_years() -> list[SignedYear]:
    lower = [in_year(material.ordinary(), number) for number in range(4)]
    upper = [in_year(material.upper_secondary(), number) for number in range(4, 7)]
    return [signed(transcript, number) for number, transcript in enumerate([*lower, *upper])]


def pages_of(book: bytes) -> list[str]:
    return [
        " ".join(unicodedata.normalize("NFC", page.extract_text()).replace("\u200b", "").split())
        for page in pypdf.PdfReader(BytesIO(book)).pages
    ]


class TestRenderBook:
    def test_has_one_cover_and_two_pages_a_year(self) -> None:
        pages = pages_of(render_book(seven_years(), made_at=material.SIGNED_AT))
        assert len(pages) == 3 + 2 * 7
        assert sum("BỘ GIÁO DỤC VÀ ĐÀO TẠO" in page for page in pages) == 1
        assert sum("QUÁ TRÌNH HỌC TẬP" in page for page in pages) == 1

    def test_says_on_every_page_that_it_is_a_copy_to_read(self) -> None:
        for page in pages_of(render_book(seven_years(), made_at=material.SIGNED_AT)):
            assert "không thay học bạ số gốc" in page

    def test_names_every_original_and_leads_to_it(self) -> None:
        years = seven_years()
        book = render_book(years, made_at=material.SIGNED_AT)
        text = "".join(pages_of(book)).replace(" ", "")
        for year in years:
            # Once in the list of originals, once after the pages of the year.
            for expected in (f"{year.transcript.id}–phiênbản2", str(year.file), str(year.record)):
                assert text.count(expected) == 2, expected
            alternative = f"Mã QR dẫn tới trang xác minh học bạ: {year.address}"
            assert book.count(alternative.encode("utf-16-be").hex().upper().encode()) == 2

    def test_puts_the_years_in_their_order(self) -> None:
        years = seven_years()
        book = render_book(years, made_at=material.SIGNED_AT)
        assert render_book(years[::-1], made_at=material.SIGNED_AT) == book
        found = [number for number, page in enumerate(pages_of(book)) if "THEO MÔN HỌC" in page]
        assert found == [3, 5, 7, 9, 11, 13, 15]

    def test_puts_all_years_into_one_course_of_study(self) -> None:
        page = pages_of(render_book(seven_years(), made_at=material.SIGNED_AT))[2]
        assert page.count("Đã ký số – xem năm học này") == 7

    def test_says_who_signed_each_year_and_when(self) -> None:
        pages = pages_of(render_book(seven_years(), made_at=material.SIGNED_AT))
        assert "Hồ Công Trí, ký số 28/05/2025 10:12:12" in pages[4]
        assert "Hồ Công Trí, ký số 28/05/2026 10:12:12" in pages[6]
        assert "Cơ quan (đóng dấu): Trường THCS Hoa Phượng, ký số 28/05/2025 10:13:12" in pages[4]

    def test_is_archivable_accessible_and_has_no_place_for_signatures(self) -> None:
        with pikepdf.open(BytesIO(render_book(seven_years(), made_at=material.SIGNED_AT))) as pdf:
            metadata = pdf.open_metadata()
            assert (metadata["pdfaid:part"], metadata["pdfuaid:part"]) == ("3", "1")
            assert "/AcroForm" not in pdf.Root
            assert "bản tổng hợp để đọc" in str(pdf.docinfo.Title)

    def test_takes_years_of_primary_school(self) -> None:
        years = [signed(in_year(primary.fifth_grade(), number), number) for number in range(5)]
        pages = pages_of(render_book(years, made_at=material.SIGNED_AT))
        assert len(pages) == 13
        assert "TIỂU HỌC" in pages[0]

    @pytest.mark.parametrize("long", [material.extreme, primary.wordy])
    def test_loses_nothing_of_long_texts(self, long: object) -> None:
        transcript = long()  # type: ignore[operator]
        years = [signed(in_year(transcript, number), number) for number in range(2)]
        text = "".join(pages_of(render_book(years, made_at=material.SIGNED_AT))).replace(" ", "")
        for row in transcript.subjects:
            assert text.count(row.remark.replace(" ", "")) >= 2


class TestRefusals:
    def test_name_what_is_wrong(self) -> None:
        usual = signed(in_year(material.ordinary(), 0))
        stranger = in_year(material.ordinary(), 1)
        stranger = replace(stranger, pupil=replace(stranger.pupil, personal_id="1" * 12, name="Lê Thu Hà"))
        for years, match in (
            ([], "từ 1 đến 7"),
            ([usual] * 8, "từ 1 đến 7"),
            ([usual, usual], "2021-2022"),
            ([usual, signed(stranger)], "Lê Thu Hà"),
            ([signed(in_year(material.ordinary(), 1, form="TT58-THCS"))], "TT58-THCS"),
        ):
            with pytest.raises(BookError, match=match):
                render_book(years, made_at=material.SIGNED_AT)
