"""Transcript to the words of the form: everything the layout prints, ready made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hocba.documents.pdf import particulars, places, primary, secondary, texts
from hocba.documents.pdf.qr import qr_svg
from hocba.documents.pdf.words import WORDS
from hocba.documents.primary import PrimaryTranscript

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from hocba.documents.any_level import AnyTranscript
    from hocba.documents.pdf.words import Words

FONT: Final = "Libertinus Serif"


def form_data(
    transcript: AnyTranscript,
    *,
    record_digest: str,
    subject_signatures: Mapping[str, Sequence[tuple[str, datetime]]],
    verify_url: str,
    counted: bool = False,
) -> dict[str, Any]:
    """All texts and sizes the layout prints, as one JSON-ready dictionary.

    `counted` is for a form of more than `places.PAGES` pages, whose numbers only the typesetter knows.
    Raises KeyError for a form that there are no words for.
    """
    words = WORDS[transcript.form]
    return {
        "font": FONT,
        "title": title(transcript),
        "author": transcript.school.name,
        "description": f"Học bạ số {transcript.id}, phiên bản {transcript.version}",
        "keywords": ["học bạ số", transcript.id, record_digest],
        "attachment": "Dữ liệu học bạ (XML chuẩn tắc) mà tệp PDF này thể hiện",
        "counted": counted,
        "page": places.MARGINS | {"text_height": places.TEXT_HEIGHT},
        "places": places.layout_numbers(),
        "footer": _footer(transcript, record_digest),
        "cover": cover(transcript, words),
        "qr": qr(verify_url),
        "particulars": particulars.page(transcript, words),
        "course": particulars.course(transcript),
        "year": year(transcript, words, subject_signatures),
    }


def title(transcript: AnyTranscript) -> str:
    """What the file is called."""
    name, year = transcript.pupil.name, transcript.school_year
    return f"Học bạ của {name}, lớp {transcript.class_name}, năm học {year}"


def year(
    transcript: AnyTranscript, words: Words, signatures: Mapping[str, Sequence[tuple[str, datetime]]]
) -> dict[str, Any]:
    """What the pages of the year print."""
    homeroom, principal = transcript.homeroom_teacher, transcript.principal
    own = (
        primary.pages(transcript, signatures)
        if isinstance(transcript, PrimaryTranscript)
        else secondary.pages(transcript, words, signatures)
    )
    return own | {
        "name": particulars.printed_name(transcript.pupil),
        "signature_size": places.SIGNATURE_LINE_SIZE,
        "notes": {
            "homeroom": f"{homeroom.name}\nXác nhận bằng chữ ký số – xem trang cuối",
            "principal": f"{principal.name}\nXác nhận bằng chữ ký số, dấu số – xem trang cuối",
        },
        "signatures": {
            "homeroom_title": "GIÁO VIÊN CHỦ NHIỆM",
            "homeroom_name": texts.breakable(homeroom.name),
            "principal_title": f"{words.confirms}{principal.title or words.head}".upper(),
            "principal_name": texts.breakable(principal.name),
        },
    }


def _footer(transcript: AnyTranscript, record_digest: str) -> dict[str, str]:
    return {
        "identity": f"Mã học bạ: {transcript.id} – phiên bản {transcript.version}",
        "digest": f"Giá trị băm của dữ liệu: {record_digest}",
        "pupil": f"{transcript.pupil.name} – lớp {transcript.class_name} – năm học {transcript.school_year}",
    }


def cover(transcript: AnyTranscript, words: Words) -> dict[str, Any]:
    """What the cover prints."""
    school, pupil = transcript.school, transcript.pupil
    number = transcript.register_number or "……………"
    lines = [(words.school, words.name_of(school.name))]
    lines += [("Xã/Phường/Đặc khu", school.ward)] if school.ward else []
    lines += [("Tỉnh/Thành phố", school.province)] if school.province else []
    lines += [("Năm học – Lớp", f"{transcript.school_year} – {transcript.class_name}")]
    return {
        "level": "\n".join(words.level),
        "level_size": 24 if len(words.level) == 1 else 20,
        "form": words.circular,
        "pupil": f"Họ và tên {words.pupil}",
        "name": texts.breakable(pupil.name.upper()),
        "name_size": 22 if len(pupil.name) <= 30 else 17,
        "lines": [(label, texts.breakable(text)) for label, text in lines],
        "number": _number(number, words.register),
    }


def _number(number: str, register: str | None) -> str:
    if register is None:
        return ""
    return number if "/" in number else f"{number}/{register}"


def qr(verify_url: str) -> dict[str, str]:
    """The code that leads to the portal, and what stands beside it."""
    return {
        "svg": qr_svg(verify_url),
        "alt": f"Mã QR dẫn tới trang xác minh học bạ: {verify_url}",
        "caption": "Quét mã QR để tra cứu và xác minh học bạ trên cổng của Sở Giáo dục và Đào tạo.",
        "address": texts.breakable(verify_url),
    }
