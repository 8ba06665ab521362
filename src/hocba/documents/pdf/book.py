"""Several years of one pupil in one PDF that reads as the paper book does: a copy to read, made of signed originals.

One cover, one page of particulars, one course of study, the pages of each year. Nothing in it is signed: it names
the number and the digests of every original, who signed it and when, and leads to each by a QR code.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from hocba.documents.pdf import form, particulars, places, texts
from hocba.documents.pdf.typesetting import typesetter
from hocba.documents.pdf.words import WORDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from hocba.documents.any_level import AnyTranscript
    from hocba.documents.transcript import Digest

LAYOUT: Final = "hoc_ba_tap.typ"
MOST_YEARS: Final = 7
NOTICE: Final = "Bản tổng hợp để đọc – không thay học bạ số gốc đã ký"


class BookError(ValueError):
    """The transcripts do not make a book; the message is Vietnamese and says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedYear:
    """A transcript whose signatures the caller has verified.

    `file` is the digest of the signed XML file, `record` that of the learning record in it. `subjects` says by
    subject code who signed the row and when; the others are the moments of their signatures. `address` is what the
    QR code holds: ASCII, at most 180 letters.
    """

    transcript: AnyTranscript
    file: Digest
    record: Digest
    subjects: Mapping[str, Sequence[tuple[str, datetime]]]
    homeroom: datetime
    principal: datetime
    seal: datetime
    address: str


def render_book(years: Sequence[SignedYear], *, made_at: datetime) -> bytes:
    """The book as PDF/A-3a and PDF/UA-1, years in their order; the same arguments give the same bytes.

    Raises BookError when there are no years or more than seven, two of them are the same school year, or they are not
    all of one pupil; TypesettingError for a letter that the font cannot print.
    """
    _check(years)
    ordered = sorted(years, key=lambda year: year.transcript.school_year)
    words = json.dumps(_data(ordered, made_at), ensure_ascii=False)
    return typesetter(LAYOUT).pdf(words, created_at=made_at)


def _check(years: Sequence[SignedYear]) -> None:
    if not 1 <= len(years) <= MOST_YEARS:
        raise BookError(f"Một tập gồm từ 1 đến {MOST_YEARS} năm học; đang có {len(years)}.")
    if len({year.transcript.pupil.personal_id for year in years}) > 1:
        names = ", ".join(dict.fromkeys(year.transcript.pupil.name for year in years))
        raise BookError(f"Các học bạ không phải của cùng một học sinh (theo số định danh cá nhân): {names}.")
    found = [year.transcript.school_year for year in years]
    twice = sorted({year for year in found if found.count(year) > 1})
    if twice:
        raise BookError(f"Có nhiều học bạ của cùng một năm học: {', '.join(twice)}.")
    unknown = [year.transcript.form for year in years if year.transcript.form not in WORDS]
    if unknown:
        raise BookError(f"Chưa có mẫu in cho học bạ {', '.join(unknown)}.")


def _data(years: Sequence[SignedYear], made_at: datetime) -> dict[str, Any]:
    last = years[-1].transcript
    words = WORDS[last.form]
    made = texts.moment(made_at)
    return {
        "font": form.FONT,
        "title": f"Học bạ của {last.pupil.name}, {_span(years)} (bản tổng hợp để đọc)",
        "author": last.school.name,
        "description": f"{NOTICE}. Lập từ {len(years)} học bạ số",
        "keywords": ["học bạ số", "bản tổng hợp để đọc", *(year.transcript.id for year in years)],
        "counted": True,
        "page": places.MARGINS | {"text_height": places.TEXT_HEIGHT},
        "footer": {
            "identity": NOTICE,
            "digest": f"Lập lúc {made} từ {len(years)} học bạ số đã xác thực chữ ký",
            "pupil": f"{last.pupil.name} – {_span(years)}",
        },
        "cover": _cover(years),
        "notice": NOTICE.partition(" – "),
        "form": last.form,
        "particulars": particulars.page(last, words),
        "course": particulars.course(last, of_book=[year.transcript for year in years]),
        "years": [_year(year) for year in years],
    }


def _span(years: Sequence[SignedYear]) -> str:
    first, last = (years[place].transcript.school_year for place in (0, -1))
    return f"năm học {first}" if first == last else f"các năm học {first} đến {last}"


def _cover(years: Sequence[SignedYear]) -> dict[str, Any]:
    """That of the last year, with the levels and the forms of all, and the years in place of the year."""
    last = years[-1].transcript
    all_words = list(dict.fromkeys(WORDS[year.transcript.form] for year in years))
    levels = list(dict.fromkeys(line for words in all_words for line in words.level))
    cover = form.cover(last, WORDS[last.form])
    span = _span(years).removeprefix("các ")
    label, text = span[:7].capitalize(), span[8:]
    return cover | {
        "level": "\n".join(levels),
        "level_size": 24 if len(levels) == 1 else 20,
        "form": "\n".join(dict.fromkeys(words.circular for words in all_words)),
        "lines": [*cover["lines"][:-1], (label, text)],
    }


def _year(year: SignedYear) -> dict[str, Any]:
    transcript = year.transcript
    words = WORDS[transcript.form]
    homeroom, principal = transcript.homeroom_teacher.name, transcript.principal.name
    data = form.year(transcript, words, year.subjects)
    return data | {
        "form": transcript.form,
        "notes": {
            "homeroom": f"{homeroom}\nĐã ký số {texts.moment(year.homeroom)}",
            "principal": f"{principal}\nĐã ký số {texts.moment(year.principal)}",
        },
        "source": {
            "year": transcript.school_year,
            "class": transcript.class_name,
            "school": texts.breakable(transcript.school.name),
            "number": f"{transcript.id} – phiên bản {transcript.version}",
            "file": str(year.file),
            "record": str(year.record),
            "signed": [
                ("Giáo viên chủ nhiệm", texts.breakable(homeroom), texts.moment(year.homeroom)),
                (
                    transcript.principal.title or words.head,
                    texts.breakable(principal),
                    texts.moment(year.principal),
                ),
                ("Cơ quan (đóng dấu)", texts.breakable(transcript.school.name), texts.moment(year.seal)),
            ],
            "qr": form.qr(year.address),
        },
    }
