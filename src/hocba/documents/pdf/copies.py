"""Sao y: the signed PDF of a transcript made ready to be printed as a certified copy on paper.

NĐ 30/2020/NĐ-CP Điều 25 khoản 1b: a copy on paper of an electronic document is its print, with the parts of a copy
below a solid line after its end (Phụ lục I phần III): SAO Y, organisation, number, place and day, title and name of
who signs, recipients. Luật Giao dịch điện tử 2023 Điều 12: with what leads back to the original and its system.
The printed copy counts once the authorised person signed it by hand and the seal is set (Quy chế Điều 3.3).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, time
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import PdfFileWriter

from hocba.documents import transcript_xml
from hocba.documents.pdf import form, places, texts
from hocba.documents.pdf.typesetting import ARCHIVE, typesetter
from hocba.signing import pades_checking
from hocba.signing.certificates import common_name
from hocba.signing.instants import VIETNAM

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from hocba.documents.any_level import AnyTranscript
    from hocba.signing.pades_checking import PdfCheck

LAYOUT: Final = "sao_y.typ"
KIND: Final = "SAO Y"
_ROLES: Final = {
    places.HOMEROOM_FIELD: "Giáo viên chủ nhiệm",
    places.PRINCIPAL_FIELD: "Người đứng đầu",
    places.SEAL_FIELD: "Cơ quan",
}
# Of a page what is printed; everything else is for screens and for what verifies the original.
_OF_PAGE: Final = ("/Type", "/MediaBox", "/Contents", "/Resources")
_PICTURES: Final = "/SaoY"
_WHERE_IT_IS: Final = (1, 0, 0, 1, 0, 0)
# The library's classes, which it did not annotate.
_name: Any = generic.pdf_name
_Array: Any = generic.ArrayObject
_Dictionary: Any = generic.DictionaryObject
_Number: Any = generic.FloatObject
_Stream: Any = generic.StreamObject


class NotCopyable(ValueError):
    """The file is not the whole, unchanged, signed and sealed PDF of this transcript; the message is Vietnamese."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CertifiedCopy:
    """What the copy says of itself.

    `number` counts the copies of the year from 1, `symbol` is the short name of the organisation ("THCSHP");
    `parent` the organisation above it, if any; `system` names the system that keeps the original and its owner;
    `lookup` is the address where the original is found: ASCII, at most 180 letters.
    """

    number: int
    symbol: str
    organisation: str
    place: str
    day: date
    signer_title: str
    signer_name: str
    system: str
    lookup: str
    parent: str = ""
    recipients: tuple[str, ...] = ("Người đề nghị sao", "Lưu: VT")

    @property
    def reference(self) -> str:
        """Number and symbol: "05/SY-THCSHP"."""
        return f"{self.number:02}/SY-{self.symbol}"


def certified_paper_copy(pdf: bytes, *, transcript: AnyTranscript, copy: CertifiedCopy) -> bytes:
    """A PDF to print: the pages of the original with pictures of its signatures, marked as a copy, and the page of
    the copy. It bears no electronic signature and no record; the same arguments give the same bytes.

    The caller has verified `pdf` with its certificates; here its form, its signatures' values and its record are
    checked once more. `transcript` is what the verification read from it.

    Raises NotCopyable when the PDF is not that transcript, signed, sealed and unchanged; TypesettingError when the
    font lacks a letter.
    """
    found = pades_checking.check(pdf, expected_fields=places.FIELD_ORDER)
    _require_original(found, transcript)
    original = PdfFileReader(BytesIO(pdf))
    writer: Any = _Writer(identity=hashlib.sha256(pdf + repr(copy).encode()).digest()[:16])
    title = f"{KIND} {copy.reference}: {form.title(transcript)}"
    about = _Dictionary({_name("/Title"): generic.TextStringObject(title)})
    writer.set_custom_trailer_entry(_name("/Info"), writer.add_object(about))
    pages = [*_imported(writer, original, [_printed(page) for page in _pages(original)])]
    overlay = PdfFileReader(BytesIO(_overlay(found, pdf, transcript, copy, len(pages))))
    marks = [_form(writer, page) for page in _imported(writer, overlay, list(_pages(overlay)))]
    for page, mark in zip(pages, marks, strict=False):
        pictures = [(form, matrix) for form, matrix in page.pop(_PICTURES)] if _PICTURES in page else []
        _draw(writer, page, [*pictures, (mark, _WHERE_IT_IS)])
        writer.insert_page(page)
    for closing in marks[len(pages) :]:
        writer.insert_page(_page_of(writer, closing))
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


class _Writer(PdfFileWriter):
    """The library's, without its clock and its random numbers: a copy is a function of what it is made of."""

    def __init__(self, *, identity: bytes) -> None:
        super().__init__(stream_xrefs=False)  # type: ignore[no-untyped-call]
        name = generic.ByteStringObject(identity)
        self._document_id = _Array([name, name])

    def _update_meta(self) -> None:
        """Write no moment of writing."""


def _require_original(found: PdfCheck, transcript: AnyTranscript) -> None:
    problems = [*found.problems, *(problem for item in found.signatures for problem in item.problems)]
    if problems:
        raise NotCopyable(f"Không sao y được: {' '.join(dict.fromkeys(each.detail for each in problems))}")
    if found.attachment != transcript_xml.record_xml(transcript):
        raise NotCopyable("Không sao y được: tệp PDF không phải của học bạ này.")


def _overlay(
    found: PdfCheck, pdf: bytes, transcript: AnyTranscript, copy: CertifiedCopy, pages: int
) -> bytes:
    data = {
        "font": form.FONT,
        "title": f"{KIND} {copy.reference}",
        "kind": KIND,
        "number": copy.reference,
        "pages": pages,
        "page": places.MARGINS,
        "parent": texts.breakable(copy.parent),
        "organisation": texts.breakable(copy.organisation),
        "dated": f"{copy.place}, ngày {copy.day.day:02} tháng {copy.day.month:02} năm {copy.day.year}",
        "facts": list(_facts(found, pdf, transcript, copy)),
        "qr": form.qr(copy.lookup),
        "recipients": [texts.breakable(recipient) for recipient in copy.recipients],
        "signer_title": texts.breakable(copy.signer_title),
        "signer_name": texts.breakable(copy.signer_name),
    }
    made_at = datetime.combine(copy.day, time(), tzinfo=VIETNAM)
    return typesetter(LAYOUT).pdf(
        json.dumps(data, ensure_ascii=False), created_at=made_at, standards=ARCHIVE, tagged=False
    )


def _facts(
    found: PdfCheck, pdf: bytes, transcript: AnyTranscript, copy: CertifiedCopy
) -> Iterator[tuple[str, str]]:
    pupil = transcript.pupil
    yield "Học bạ số của", texts.breakable(f"{pupil.name}, số định danh cá nhân {pupil.personal_id}")
    year, group = transcript.school_year, transcript.class_name
    yield "Năm học, lớp, trường", texts.breakable(f"{year}, {group}, {transcript.school.name}")
    yield "Mã học bạ", f"{transcript.id} – phiên bản {transcript.version}"
    yield "Giá trị băm của tệp PDF", texts.breakable(f"sha256:{hashlib.sha256(pdf).hexdigest()}")
    record = hashlib.sha256(found.attachment or b"").hexdigest()
    yield "Giá trị băm của dữ liệu", texts.breakable(f"sha256:{record}")
    for item in found.signatures:
        name = "" if item.certificate is None else common_name(item.certificate)
        moment = "" if item.signed_at is None else texts.moment(item.signed_at)
        yield _ROLES.get(item.field, item.field), texts.breakable(f"{name}, ký số {moment}")
    yield "Hệ thống quản lý bản gốc", texts.breakable(copy.system)
    yield "Nơi tra cứu bản gốc", texts.breakable(copy.lookup)


def _pages(file: PdfFileReader) -> Iterator[Any]:
    waiting = [file.root["/Pages"]]
    while waiting:
        node = waiting.pop(0)
        if node["/Type"] == "/Page":
            yield node
        else:
            waiting = [kid.get_object() for kid in node["/Kids"]] + waiting


def _printed(page: Any) -> Any:
    """Of a page what is printed; the pictures of its signatures with where they stand, and no field."""
    found = _Dictionary({_name(key): page.raw_get(key) for key in _OF_PAGE})
    if "/Annots" in page:
        found[_name(_PICTURES)] = _Array(
            [
                _Array([field["/AP"].raw_get("/N"), _Array(_matrix(field))])
                for field in (reference.get_object() for reference in page["/Annots"])
            ]
        )
    return found


def _matrix(field: Any) -> list[Any]:
    """What brings the picture of a field to its rectangle."""
    left, bottom, right, top = (float(edge) for edge in field["/Rect"])
    _, _, width, height = (float(edge) for edge in field["/AP"]["/N"]["/BBox"])
    return [_Number(value) for value in ((right - left) / width, 0, 0, (top - bottom) / height, left, bottom)]


def _imported(writer: Any, source: PdfFileReader, pages: list[Any]) -> Any:
    """The pages as objects of the writer; at once, so that what they share stays one."""
    together = _Array(pages)
    together.container_ref = source.root.get_container_ref()
    return writer.import_object(together)


def _form(writer: Any, page: Any) -> Any:
    """A page as a picture that others can draw."""
    contents = page["/Contents"]
    about = {
        "/Type": _name("/XObject"),
        "/Subtype": _name("/Form"),
        "/BBox": page["/MediaBox"],
        "/Resources": page.raw_get("/Resources"),
    }
    stream = _Stream({_name(key): value for key, value in about.items()}, stream_data=contents.data)
    stream.compress()
    return writer.add_object(stream)


def _draw(writer: Any, page: Any, pictures: Sequence[tuple[Any, Sequence[Any]]]) -> None:
    """Put pictures on top of a page's content, each where its matrix says."""
    resources = _Dictionary(page["/Resources"])
    forms = _Dictionary(resources.get("/XObject", {}))
    steps: list[str] = []
    for picture, matrix in pictures:
        name = f"/SaoY{len(steps)}"
        forms[_name(name)] = picture
        steps.append(f"q {' '.join(f'{float(number):g}' for number in matrix)} cm {name} Do Q")
    resources[_name("/XObject")] = forms
    page[_name("/Resources")] = resources
    after = f"\nQ\n{chr(10).join(steps)}\n".encode()
    contents = [_stream(writer, b"q\n"), page.raw_get("/Contents"), _stream(writer, after)]
    page[_name("/Contents")] = _Array(contents)


def _page_of(writer: Any, picture: Any) -> Any:
    """A page that shows one picture."""
    size = (side * places.POINTS_PER_MM for side in (places.PAGE_WIDTH, places.PAGE_HEIGHT))
    entries = {
        "/Type": _name("/Page"),
        "/MediaBox": _Array([_Number(edge) for edge in (0, 0, *size)]),
        "/Resources": _Dictionary({_name("/XObject"): _Dictionary({_name("/SaoY0"): picture})}),
        "/Contents": _stream(writer, b"/SaoY0 Do\n"),
    }
    return _Dictionary({_name(key): value for key, value in entries.items()})


def _stream(writer: Any, data: bytes) -> Any:
    return writer.add_object(_Stream(stream_data=data))
