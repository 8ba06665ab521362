"""A small tagged PDF with three empty fields, keys of a throw-away authority, and pictures of signatures."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache

import typst

from hocba.signing import pades
from hocba.signing.demo_ca import DemoAuthority
from hocba.signing.instants import VIETNAM
from hocba.signing.keys.pkcs12 import SoftwareKey
from hocba.signing.pdf_appearance import Appearance
from hocba.signing.pdf_fields import FieldPlace, SignatureField, add_fields

FIELDS = ("GiaoVienChuNhiem", "NguoiDungDau", "CoQuan")
PLACES = {
    FIELDS[0]: FieldPlace(2, 60, 100, 150, 70),
    FIELDS[1]: FieldPlace(2, 320, 100, 150, 70),
    FIELDS[2]: FieldPlace(2, 280, 85, 90, 100),
}
RECORD = "<HoSo>Nguyễn Thị Ánh</HoSo>"
BEGIN = datetime(2025, 5, 30, 10, 11, 12, tzinfo=VIETNAM)


def typeset(source: str, *, standards: list[str] | None = None, tags: bool = True) -> bytes:
    compiler = typst.Compiler(font_paths=typst.Fonts(include_system_fonts=False))
    pdf = compiler.compile(
        input=source.encode(),
        format="pdf",
        pdf_standards=standards or ["a-3a", "ua-1"],  # type: ignore[arg-type]
        timestamp=1_748_000_000,
        pdf_tags=tags,
    )
    assert isinstance(pdf, bytes)
    return pdf


@cache
def typeset_form(extra: str = "") -> bytes:
    return typeset(
        f"""
        #set document(title: "Học bạ (bản thử)")
        #set text(lang: "vi")
        #pdf.attach("hoc-ba.xml", bytes("{RECORD}"), relationship: "source",
          mime-type: "application/xml", description: "x")
        = Học bạ
        #table(columns: 2, table.header([Môn], [Điểm]), [Toán], [8,0]) {extra}
        #pagebreak()
        Trang cuối
        """
    )


@cache
def unsigned() -> bytes:
    return add_fields(
        typeset_form(), [SignatureField(name, f"Chữ ký số {name}", place) for name, place in PLACES.items()]
    )


@cache
def picture(width: float, height: float, text: str = "Nguyễn Văn Ký") -> Appearance:
    return Appearance.from_pdf(
        typeset(
            f"""
            #set document(title: "Chữ ký")
            #set page(width: {width}pt, height: {height}pt, margin: 0pt, fill: none)
            #text(size: 9pt, fill: rgb("#1a3fa880"))[{text}]
            """,
            standards=["a-3b"],
            tags=False,
        )
    )


@cache
def authority() -> DemoAuthority:
    return DemoAuthority.create(BEGIN - timedelta(days=30), "CA thử nghiệm")


@cache
def keys() -> dict[str, SoftwareKey]:
    ca, school = authority(), "Trường THCS Hoa Phượng"
    return {
        FIELDS[0]: ca.issue_person(
            name="Phan Thị Thuỳ Linh", personal_id="079186000006", organisation=school
        ),
        FIELDS[1]: ca.issue_person(name="Hồ Công Trí", personal_id="079086337712", organisation=school),
        FIELDS[2]: ca.issue_organisation(name=school, code="79764501"),
    }


def prepared(
    pdf: bytes, field: str, *, certify: bool | None = None, key: SoftwareKey | None = None
) -> pades.PreparedPdfSignature:
    key = key or keys()[field]
    place = PLACES[field]
    return pades.prepare(
        pdf,
        field=field,
        certificate=key.certificate,
        chain=key.chain,
        signed_at=BEGIN + timedelta(minutes=FIELDS.index(field)),
        appearance=picture(place.w, place.h),
        certify=field == FIELDS[0] if certify is None else certify,
    )


def signed_by(
    pdf: bytes, field: str, *, certify: bool | None = None, key: SoftwareKey | None = None
) -> bytes:
    waiting = prepared(pdf, field, certify=certify, key=key)
    return pades.complete(waiting, (key or keys()[field]).sign(waiting.to_be_signed))


@cache
def signed(count: int = 3) -> bytes:
    return signed_by(signed(count - 1), FIELDS[count - 1]) if count else unsigned()
