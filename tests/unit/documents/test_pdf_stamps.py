from __future__ import annotations

import struct
import zlib
from datetime import timedelta
from functools import cache
from io import BytesIO

import pikepdf
import pypdf
import pytest

from hocba.documents.pdf import (
    FIELD_ORDER,
    TypesettingError,
    copy_appearance,
    person_appearance,
    places,
    seal_appearance,
)
from hocba.signing import pades, pades_checking
from hocba.signing.pdf_appearance import Appearance
from tests.unit.documents import pdf_material
from tests.unit.signing.pades_material import keys

SIGNED_AT = pdf_material.SIGNED_AT
NAMES = ("Phan Thị Thuỳ Linh", "Hồ Công Trí", "Trường THCS Hoa Phượng")


def appearances() -> list[Appearance]:
    return [
        person_appearance(name=NAMES[0], signed_at=SIGNED_AT, field=FIELD_ORDER[0]),
        person_appearance(name=NAMES[1], signed_at=SIGNED_AT + timedelta(hours=1), field=FIELD_ORDER[1]),
        seal_appearance(organisation=NAMES[2], signed_at=SIGNED_AT + timedelta(hours=2)),
    ]


@cache
def signed() -> bytes:
    pdf = pdf_material.rendered(pdf_material.ordinary()).data
    for index, (field, appearance) in enumerate(zip(FIELD_ORDER, appearances(), strict=True)):
        key = keys()[field]
        waiting = pades.prepare(
            pdf,
            field=field,
            certificate=key.certificate,
            chain=key.chain,
            signed_at=SIGNED_AT + timedelta(hours=index),
            appearance=appearance,
            certify=index == 0,
        )
        pdf = pades.complete(waiting, key.sign(waiting.to_be_signed))
    return pdf


def text_of(appearance: Appearance) -> str:
    """What a reader finds in the picture, put on a page of its own."""
    source = b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
    source += b"2 0 obj\n<</Type/Pages/Count 1/Kids[3 0 R]>>\nendobj\n"
    source += (
        b"3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 %d %d]/Contents 4 0 R/Resources<</XObject<</A 9 0 R>>>>>>"
        b"\nendobj\n4 0 obj\n<</Length 5>>\nstream\n/A Do\nendstream\nendobj\n"
        % (appearance.width, appearance.height)
    )
    source += b"".join(b"%d 0 obj\n%b\nendobj\n" % item for item in appearance.objects(9).items())
    out = BytesIO()
    with pikepdf.open(BytesIO(source + b"trailer\n<</Root 1 0 R/Size 99>>\n%%EOF")) as pdf:
        pdf.save(out)
    return pypdf.PdfReader(out).pages[0].extract_text()


class TestPersonAppearance:
    def test_shows_name_and_time_with_its_zone(self) -> None:
        text = text_of(appearances()[0])
        assert "Phan Thị Thuỳ Linh" in text
        assert "Ký số: 28/05/2025 10:11:12 +07:00" in text

    def test_takes_a_png_of_the_hand(self) -> None:
        objects = self._with(png(4, 2)).objects(1)
        assert any(b"/Subtype/Image" in body and b"/SMask" in body for body in objects.values())

    def test_takes_an_svg_of_the_hand(self) -> None:
        plain = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z" fill="#00f"/></svg>'
        assert "Ký số" in text_of(self._with(plain))

    @pytest.mark.parametrize("image", [b"GIF89a", b"\x89PNG\r\n\x1a\n" + b"\0" * 300_000, b"<svg"])
    def test_refuses_another_picture(self, image: bytes) -> None:
        with pytest.raises(ValueError, match=r".+"):
            self._with(image)

    def test_takes_a_long_name(self) -> None:
        long_name = "Tôn Nữ Công Tằng Hoàng Nguyễn Thị Ngọc Phương Thảo Nguyên Quỳnh Anh"
        words = text_of(person_appearance(name=long_name, signed_at=SIGNED_AT)).split()
        assert set(long_name.split()) <= set(words)

    def test_names_a_letter_it_cannot_print(self) -> None:
        with pytest.raises(TypesettingError, match="漢"):
            person_appearance(name="漢", signed_at=SIGNED_AT)

    def _with(self, image: bytes) -> Appearance:
        return person_appearance(name="A", signed_at=SIGNED_AT, image=image)


class TestSealAppearance:
    def test_shows_organisation_and_time_with_its_zone(self) -> None:
        text = " ".join(text_of(appearances()[2]).split())
        assert "Trường THCS Hoa Phượng Ngày ký: 28/05/2025 12:11:12 +07:00" in text

    def test_lets_the_signature_under_it_show_through(self) -> None:
        assert any(b"/ca 0.85" in body for body in appearances()[2].objects(1).values())


class TestSigned:
    """The whole form with all three signatures."""

    def test_passes_the_strict_check(self) -> None:
        found = pades_checking.check(signed(), expected_fields=FIELD_ORDER)
        assert found.passed, found
        assert found.unsigned == pdf_material.rendered(pdf_material.ordinary()).data

    def test_needs_less_than_a_quarter_of_a_megabyte(self) -> None:
        assert len(signed()) < 250_000


def png(width: int, height: int) -> bytes:
    """A half-transparent blue picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + b"\x10\x30\xb0\x80" * width for _ in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


class TestCopyMark:
    def test_says_form_organisation_and_time_in_black(self) -> None:
        mark = copy_appearance(organisation=NAMES[2], signed_at=SIGNED_AT)
        assert " ".join(text_of(mark).split()) == f"Sao y {NAMES[2]} 2025-05-28T10:11:12+07:00"
        for body in mark.objects(1).values():
            assert b"/Subtype/Image" not in body

    def test_fits_the_upper_right_corner(self) -> None:
        mark = copy_appearance(organisation=NAMES[2], signed_at=SIGNED_AT)
        x, y, width, height = places.copy_rectangle()
        assert mark.fits(width, height)
        assert x > places.PAGE_WIDTH / 2 * places.POINTS_PER_MM
        assert y + height == pytest.approx((places.PAGE_HEIGHT - 4) * places.POINTS_PER_MM, abs=0.1)
        assert x + width == pytest.approx((places.PAGE_WIDTH - 10) * places.POINTS_PER_MM, abs=0.1)
