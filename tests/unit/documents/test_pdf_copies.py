from __future__ import annotations

import shutil
import subprocess
import unicodedata
from dataclasses import replace
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path

import pikepdf
import pypdf
import pytest

from hocba.documents.pdf.copies import CertifiedCopy, NotCopyable, certified_paper_copy
from hocba.documents.verification import Verdict, verify
from hocba.signing import trust
from tests.factories import transcripts

DETAILS = CertifiedCopy(
    number=5,
    symbol="THCSM",
    organisation="Trường THCS Mẫu",
    parent="Uỷ ban nhân dân phường Mẫu",
    place="Phường Mẫu",
    day=date(2026, 9, 3),
    signer_title="Phó Hiệu trưởng",
    signer_name="Đỗ Văn Minh",
    system="Cơ sở dữ liệu học bạ số, Sở Giáo dục và Đào tạo Thành phố Mẫu",
    lookup="https://hocba.example/?ma=7f000000-0000-4000-8000-0000000000a1&pb=1",
    recipients=("Trường THPT Hoa Phượng, tỉnh Ninh Bình", "Lưu: VT"),
)


@cache
def copied() -> bytes:
    return certified_paper_copy(transcripts.pair().pdf, transcript=transcripts.transcript(), copy=DETAILS)


def words(page: pypdf.PageObject) -> str:
    return " ".join(unicodedata.normalize("NFC", page.extract_text()).replace("\u200b", "").split())


def pages() -> list[str]:
    return [words(page) for page in pypdf.PdfReader(BytesIO(copied())).pages]


class TestCertifiedPaperCopy:
    def test_has_the_parts_of_a_copy_below_the_end_of_the_original(self) -> None:
        found = pages()
        assert len(found) == 6
        for expected in (
            "SAO Y", "UỶ BAN NHÂN DÂN PHƯỜNG MẪU", "TRƯỜNG THCS MẪU", "Số: 05/SY-THCSM",
            "Phường Mẫu, ngày 03 tháng 09 năm 2026", "Nơi nhận:", "Trường THPT Hoa Phượng, tỉnh Ninh Bình",
            "Lưu: VT", "PHÓ HIỆU TRƯỞNG", "Đỗ Văn Minh", "5 trang in từ học bạ số",
        ):  # fmt: skip
            assert expected in found[-1], expected

    def test_leads_back_to_the_original(self) -> None:
        last = pages()[-1].replace(" ", "")
        report = verify(
            transcripts.pair().pdf, trust=trust.load(transcripts.school().trust_files()), at=transcripts.NOW
        )
        for expected in (
            f"{transcripts.transcript().id}–phiênbản1",
            str(report.file_digest),
            str(report.record_digest),
            DETAILS.system.replace(" ", ""),
            DETAILS.lookup,
            "ĐỗVănMinh,kýsố28/05/202610:01:00",
            "TrườngTHCSMẫu,kýsố28/05/202610:02:00",
        ):
            assert expected in last, expected

    def test_marks_every_page_as_one_of_the_copy(self) -> None:
        for number, page in enumerate(pages(), start=1):
            assert f"SAO Y – Số: 05/SY-THCSM – Trang {number}/6" in page

    def test_keeps_the_words_of_the_original(self) -> None:
        original = pypdf.PdfReader(BytesIO(transcripts.pair().pdf)).pages
        for before, after in zip(original, pages()[:-1], strict=True):
            assert words(before) in after

    def test_draws_the_signatures_and_keeps_none(self) -> None:
        with pikepdf.open(BytesIO(copied())) as pdf:
            assert "/AcroForm" not in pdf.Root
            assert "/Names" not in pdf.Root
            assert not pdf.attachments
            assert all("/Annots" not in page for page in pdf.pages)
            pictures = [name for name in pdf.pages[4].Resources.XObject if name.startswith("/SaoY")]
        assert len(pictures) == 3 + 1
        for trace in (b"/Sig", b"EmbeddedFile", b"hoc-ba.xml", b"/ByteRange"):
            assert trace not in copied()
        assert "Ngày ký: 28/05/2026" in pages()[4]

    def test_is_no_transcript_to_the_verifier(self) -> None:
        report = verify(copied(), trust=trust.load(transcripts.school().trust_files()), at=transcripts.NOW)
        assert report.verdict is Verdict.UNREADABLE

    def test_gives_the_same_bytes_every_time(self) -> None:
        again = certified_paper_copy(
            transcripts.pair().pdf, transcript=transcripts.transcript(), copy=DETAILS
        )
        assert again == copied()

    @pytest.mark.external
    @pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="poppler is not installed")
    def test_looks_like_the_original_but_for_the_mark(self, tmp_path: Path) -> None:
        pictures = []
        for name, data in (("original", transcripts.pair().pdf), ("copy", copied())):
            (tmp_path / f"{name}.pdf").write_bytes(data)
            picture = subprocess.run(
                ["pdftoppm", "-r", "50", "-f", "5", "-l", "5", tmp_path / f"{name}.pdf"],
                capture_output=True,
                check=True,
            ).stdout
            pictures.append(picture.split(b"\n", 3))
        assert pictures[0][1] == pictures[1][1]
        width, height = map(int, pictures[0][1].split())
        below_mark = 3 * width * (height * 15 // 297)
        differing = sum(
            a != b for a, b in zip(pictures[0][3][below_mark:], pictures[1][3][below_mark:], strict=True)
        )
        assert pictures[0][3] != pictures[1][3]
        assert differing < 50

    def test_keeps_long_names_on_its_page(self) -> None:
        long = "Trường Tiểu học, Trung học cơ sở và Trung học phổ thông Quốc tế Hoa Phượng " * 2
        details = replace(
            DETAILS,
            organisation=long,
            parent=long,
            system=long * 3,
            signer_name=long[:90],
            recipients=(long,) * 4,
        )
        copy = certified_paper_copy(transcripts.pair().pdf, transcript=transcripts.transcript(), copy=details)
        found = pypdf.PdfReader(BytesIO(copy)).pages
        assert len(found) == 6
        assert long[:90].strip() in words(found[-1])
        edges: list[tuple[float, float]] = []

        def note(text: str, cm: list[float], tm: list[float], *_: object) -> None:
            if text.strip():
                edges.append((cm[4] + tm[4], cm[5] + tm[5]))

        found[-1].extract_text(visitor_text=note)
        assert max(x for x, _ in edges) < 195 / 25.4 * 72
        assert min(y for _, y in edges) > 15 / 25.4 * 72


class TestRefusals:
    def test_of_a_file_that_is_not_signed_by_all(self) -> None:
        with pytest.raises(NotCopyable, match="chưa có chữ ký số"):
            certified_paper_copy(
                transcripts.pair().unsigned_pdf, transcript=transcripts.transcript(), copy=DETAILS
            )

    def test_of_a_file_changed_after_signing(self) -> None:
        data = bytearray(transcripts.pair().pdf)
        at = data.index(b"hoc-ba.xml")
        data[at] ^= 1
        with pytest.raises(NotCopyable):
            certified_paper_copy(bytes(data), transcript=transcripts.transcript(), copy=DETAILS)

    def test_of_the_values_of_another_transcript(self) -> None:
        for other in (transcripts.another_pupil(), replace(transcripts.transcript(), version=2)):
            with pytest.raises(NotCopyable, match="không phải của học bạ này"):
                certified_paper_copy(transcripts.pair().pdf, transcript=other, copy=DETAILS)

    def test_of_values_that_the_file_does_not_say(self) -> None:
        value = transcripts.transcript()
        other = replace(value, pupil=replace(value.pupil, name="Người Khác Hẳn"))
        with pytest.raises(NotCopyable, match="không phải của học bạ này"):
            certified_paper_copy(transcripts.pair().pdf, transcript=other, copy=DETAILS)


class TestReference:
    @pytest.mark.parametrize(
        ("number", "expected"), [(1, "01/SY-THCSM"), (99, "99/SY-THCSM"), (123, "123/SY-THCSM")]
    )
    def test_counts_with_two_digits_at_least(self, number: int, expected: str) -> None:
        assert replace(DETAILS, number=number).reference == expected
