"""What the form of each level prints, and that nothing on its pages runs into anything else."""

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
from hocba.documents.pdf import SEAL_FIELD, places
from hocba.documents.pdf.form import form_data
from hocba.documents.pdf.words import WORDS
from tests.unit.documents import pdf_material as material
from tests.unit.documents import pdf_primary_material as primary
from tests.unit.documents.test_pdf_rendering import FORMS, pdf_of, words_of

MakeTranscript = Callable[[], AnyTranscript]


def page_words(make: MakeTranscript, number: int) -> str:
    text = pypdf.PdfReader(BytesIO(pdf_of(make).data)).pages[number - 1].extract_text()
    return " ".join(unicodedata.normalize("NFC", text).split())


def pages_of(make: MakeTranscript) -> int:
    return len(pypdf.PdfReader(BytesIO(pdf_of(make).data)).pages)


class TestPrimary:
    def test_prints_everything_of_the_transcript(self) -> None:
        words = words_of(pdf_of(primary.fifth_grade).data)
        for expected in (
            "TIỂU HỌC", "27/2020/TT-BGDĐT", "TRẦN NGỌC DUNG", "16/07/2014", "Quốc tịch: Việt Nam", "Nơi ở hiện nay",
            "Tiểu học Hoa Sen", "2020-2021", "128", "Số ngày nghỉ: 3 Có phép: 2 Không phép: 1", "KTĐK", "Toán T 10",
            "Đạo đức T Đọc", "Nhân ái Đ", "Yêu nước T", "Giải quyết vấn đề và sáng tạo T", "Thẩm mĩ T",
            "Ngoan, lễ phép, biết giúp đỡ bạn bè.", "4. Đánh giá kết quả giáo dục: Hoàn thành tốt",
            "5. Khen thưởng: Học sinh Tiêu biểu hoàn thành tốt trong học tập và rèn luyện",
            "Hoàn thành chương trình tiểu học.", "XÁC NHẬN CỦA HIỆU TRƯỞNG", "Hồ Công Trí", "Phan Thị Thuỳ Linh",
        ):  # fmt: skip
            assert expected in words, expected

    def test_keeps_the_sections_in_the_order_of_the_form(self) -> None:
        words = page_words(primary.fifth_grade, 4) + page_words(primary.fifth_grade, 5)
        places_found = [
            words.index(title)
            for title in (
                "1. Các môn học", "2. Những phẩm chất", "3. Những năng lực cốt lõi", "3.1. Những năng lực chung",
                "3.2. Những năng lực đặc thù", "4. Đánh giá", "5. Khen thưởng", "6. Hoàn thành",
            )
        ]  # fmt: skip
        assert places_found == sorted(places_found)

    def test_moves_the_qualities_to_the_next_page_when_the_subjects_fill_theirs(self) -> None:
        usual = primary.fifth_grade()
        remark = "Em có nhiều tiến bộ trong học tập, cần luyện đọc. " * 5
        full = replace(usual, subjects=tuple(replace(row, remark=remark) for row in usual.subjects))
        pages = pypdf.PdfReader(BytesIO(material.rendered(full).data)).pages
        assert len(pages) == 5
        assert "2. Những phẩm chất" in " ".join(pages[4].extract_text().split())

    def test_prints_one_remark_of_several_qualities_once(self) -> None:
        words = words_of(pdf_of(primary.first_grade).data)
        assert words.count("Biết yêu quý thầy cô, bạn bè.") == 1
        assert words.count("Chủ động hơn trong học tập.") == 1

    @pytest.mark.parametrize(
        ("grade", "completed", "promoted", "expected"),
        [
            (2, True, True, "Hoàn thành chương trình lớp 2; được lên lớp 3."),
            (2, False, True, "Chưa hoàn thành chương trình lớp 2; được lên lớp 3."),
            (4, False, False, "Chưa hoàn thành chương trình lớp 4; chưa được lên lớp."),
            (5, True, True, "Hoàn thành chương trình tiểu học."),
            (5, False, False, "Chưa hoàn thành chương trình tiểu học."),
            (3, None, None, ""),
        ],
    )
    def test_says_what_was_completed(
        self, grade: int, completed: bool | None, promoted: bool | None, expected: str
    ) -> None:
        usual = primary.fifth_grade()
        result = replace(usual.result, completed=completed, promoted=promoted)
        data = form_data(
            replace(usual, grade=grade, result=result),
            record_digest=material.RECORD_DIGEST,
            subject_signatures={},
            verify_url=material.ADDRESS,
        )
        assert data["year"]["page_b"]["lines"][-1][1] == expected

    def test_loses_no_letter_of_a_remark(self) -> None:
        words = words_of(pdf_of(primary.wordy).data).replace(" ", "")
        for trait in primary.wordy().traits:
            assert trait.remark.replace(" ", "") in words


class TestUpperSecondary:
    def test_names_the_subjects_the_pupil_chose(self) -> None:
        page = page_words(material.upper_secondary, 4)
        compulsory, _, chosen = page.partition("Môn học lựa chọn")
        assert "Môn học và hoạt động giáo dục bắt buộc" in compulsory
        assert "Giáo dục quốc phòng" in compulsory
        found = [chosen.index(name) for name in ("Vật lí", "Hoá học", "Sinh học", "Âm nhạc")]
        assert found == sorted(found)
        assert "Môn học tự chọn" not in page

    def test_names_the_group_again_on_every_page_and_never_alone(self) -> None:
        make = material.wordy_upper_secondary
        pages = [page_words(make, number) for number in range(1, pages_of(make) + 1)]
        found = [page for page in pages if "Môn học có tên" in page]
        assert len(found) > 6
        for page in found:
            named = [group for group in ("hoạt động giáo dục bắt buộc", "Môn học lựa chọn") if group in page]
            assert len(named) == 1
            assert page.index(named[0]) < page.index("Môn học có tên")

    def test_is_called_by_its_level(self) -> None:
        words = words_of(pdf_of(material.upper_secondary).data)
        for expected in ("TRUNG HỌC PHỔ THÔNG", "15/THPT", "từ lớp 10 đến lớp 12", "cụm chuyên đề"):
            assert expected in words, expected


class TestContinuing:
    @pytest.mark.parametrize(
        ("make", "level"),
        [
            (material.continuing, "CẤP TRUNG HỌC PHỔ THÔNG"),
            (material.continuing_lower, "CẤP TRUNG HỌC CƠ SỞ"),
        ],
    )
    def test_speaks_of_learners_centre_and_director(self, make: MakeTranscript, level: str) -> None:
        words = words_of(pdf_of(make).data)
        for expected in (
            "GIÁO DỤC THƯỜNG XUYÊN", level, "43/2021/TT-BGDĐT", "Họ và tên học viên", "Mã học viên",
            "Trung tâm: GDNN – GDTX Gò Vấp", "GIÁM ĐỐC", "PHÊ DUYỆT CỦA GIÁM ĐỐC", "Học viên Giỏi",
        ):  # fmt: skip
            assert expected in words, expected
        for alien in ("học sinh", "Học sinh", "nhà trường", "Hiệu trưởng", "HIỆU TRƯỞNG"):
            assert alien not in words, alien


class TestWords:
    def test_are_there_for_every_form_a_class_record_leads_to(self) -> None:
        assert {"TT22-THCS", "TT22-THPT", "TT27-TH", "TT43-THCS", "TT43-THPT"} == set(WORDS)

    @pytest.mark.parametrize(
        ("form", "name", "expected"),
        [
            ("TT22-THCS", "Trường THCS Hoa Phượng", "THCS Hoa Phượng"),
            ("TT22-THCS", "Ánh Dương", "Ánh Dương"),
            ("TT43-THPT", "Trung tâm GDTX Quận 1", "GDTX Quận 1"),
            ("TT43-THPT", "Trường Bồi dưỡng văn hoá", "Trường Bồi dưỡng văn hoá"),
        ],
    )
    def test_do_not_repeat_what_the_form_prints_itself(self, form: str, name: str, expected: str) -> None:
        assert WORDS[form].name_of(name) == expected


@cache
def boxes(make: MakeTranscript, folder: Path) -> list[list[tuple[float, float, float, float]]]:
    """Page by page left, top, right and bottom of every word, in points from the top left corner."""
    path = folder / f"{make.__name__}.pdf"
    path.write_bytes(pdf_of(make).data)
    told = subprocess.run(
        ["pdftotext", "-bbox", path, "-"], capture_output=True, text=True, check=True
    ).stdout
    number = r'="([-0-9.]+)"'
    word = re.compile(f"<word xMin{number} yMin{number} xMax{number} yMax{number}")
    return [
        [(float(a), float(b), float(c), float(d)) for a, b, c, d in word.findall(page)]
        for page in told.split("<page ")[1:]
    ]


@pytest.mark.external
@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler is not installed")
@pytest.mark.parametrize("make", FORMS)
class TestPages:
    @pytest.fixture
    def pages(
        self, make: MakeTranscript, tmp_path_factory: pytest.TempPathFactory
    ) -> list[list[tuple[float, float, float, float]]]:
        return boxes(make, tmp_path_factory.getbasetemp())

    def test_print_no_word_over_another(self, pages: list[list[tuple[float, float, float, float]]]) -> None:
        for number, words in enumerate(pages, start=1):
            for index, (left, top, right, bottom) in enumerate(words):
                for other_left, other_top, other_right, other_bottom in words[index + 1 :]:
                    across = min(right, other_right) - max(left, other_left)
                    # Boxes of words reach from the highest accent to the lowest tail: lines may touch there.
                    down = min(bottom, other_bottom) - max(top, other_top)
                    assert across < 1 or down < 0.55 * min(bottom - top, other_bottom - other_top), (
                        number, words[index], (other_left, other_top, other_right, other_bottom)
                    )  # fmt: skip

    def test_print_nothing_into_the_margins(
        self, pages: list[list[tuple[float, float, float, float]]]
    ) -> None:
        points = places.POINTS_PER_MM
        for words in pages:
            assert min(left for left, *_ in words) > (places.MARGINS["left"] - 1) * points
            assert min(top for _, top, *_ in words) > (places.MARGINS["top"] - 3) * points
            assert max(bottom for *_, bottom in words) < (places.PAGE_HEIGHT - 2) * points

    def test_keep_the_place_of_the_seal_free_of_words(
        self, make: MakeTranscript, pages: list[list[tuple[float, float, float, float]]]
    ) -> None:
        seal = pdf_of(make).fields[SEAL_FIELD]
        top = places.PAGE_HEIGHT * places.POINTS_PER_MM - seal.y - seal.h
        # The circle only: above and below it the field reaches under title and name.
        ring = (seal.h - seal.w) / 2
        inside = [
            word
            for word in pages[-1]
            if word[0] < seal.x + seal.w
            and word[2] > seal.x
            and word[1] < top + seal.h - ring
            and word[3] > top + ring
        ]
        assert not inside


class TestRowHeights:
    @pytest.mark.parametrize("make", [make for make in FORMS if "wordy" in make.__name__])
    def test_are_left_to_the_typesetter_only_where_words_must_break(self, make: MakeTranscript) -> None:
        data = form_data(
            make(), record_digest=material.RECORD_DIGEST, subject_signatures={}, verify_url=material.ADDRESS
        )
        for row in data["year"]["page_a"]["rows"]:
            if "remark" in row:
                assert (row["height"] is None) == ("\u200b" in row["remark"] + row["name"])


@pytest.mark.parametrize("make", FORMS)
def test_no_letter_is_bold_and_italic(make: MakeTranscript) -> None:
    """That face of the font has no ơ, no ư and no letters with two accents: they would be printed as gaps."""
    with pikepdf.open(BytesIO(pdf_of(make).data)) as pdf:
        names = {
            str(font.BaseFont) for page in pdf.pages for font in page.Resources.get("/Font", {}).values()
        }
    assert any("Bold" in name for name in names)
    assert not any("BoldItalic" in name for name in names)


def test_pictures_are_readable_without_colour() -> None:
    """Whatever is coloured is a title or a line, dark enough to be read when printed in black and white."""
    with pikepdf.open(BytesIO(pdf_of(primary.fifth_grade).data)) as pdf:
        shades: set[tuple[float, ...]] = set()
        for page in pdf.pages:
            for operands, operator in pikepdf.parse_content_stream(page):
                if str(operator) in {"sc", "scn", "SC", "SCN", "rg", "RG", "g", "G"} and len(operands) in (
                    1,
                    3,
                ):
                    shades.add(tuple(float(value) for value in operands))
    assert shades
    for shade in shades:
        red, green, blue = shade if len(shade) == 3 else shade * 3
        assert 0.299 * red + 0.587 * green + 0.114 * blue < 0.6 or min(shade) > 0.99, shade
