"""The archived years of one pupil at one school as one PDF to read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocba.documents import book_years
from hocba.documents.pdf import BookError, TypesettingError, render_book
from hocba.documents.pdf.book import MOST_YEARS
from hocba.documents.verification import verify
from hocba.platform.files import store
from hocba.transcripts.copies.errors import BookRefusedError
from hocba.transcripts.issuing.permissions import can_read
from hocba.transcripts.issuing.rendering import verify_url
from hocba.transcripts.records import queries as records
from hocba.transcripts.roster import trust

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from hocba.platform.accounts.actor import Actor
    from hocba.transcripts.records.models import TranscriptVersion


def years_for(actor: Actor, opened: TranscriptVersion) -> list[TranscriptVersion]:
    """The newest archived version of every year of the pupil that the actor may read, in the order of the years.

    A school of several levels may have more years than a book takes: then only those of the level that was opened.
    """
    found = [row for row in records.list_years_of(opened) if can_read(actor, row.compilation)]
    if len(found) <= MOST_YEARS:
        return found
    level = _level(opened)
    return [row for row in found if _level(row) == level]


def bind(versions: Sequence[TranscriptVersion], *, at: datetime) -> bytes:
    """The book of these versions; every XML file is verified first. Raises BookRefusedError."""
    years = []
    for version in versions:
        report = verify(
            store.get(version.issued.xml_digest),
            trust=trust.material(version.school_code),
            at=at,
            existed_at=version.receipt.accepted_at,
        )
        if not book_years.is_usable(report):
            details = " ".join(dict.fromkeys(check.detail for check in report.problems))
            raise BookRefusedError(
                f"Học bạ năm học {version.school_year} chưa được xác nhận là hợp lệ. {details}"
            )
        years.append(book_years.signed_year(report, address=verify_url(version)))
    try:
        return render_book(years, made_at=at)
    except (BookError, TypesettingError) as error:
        raise BookRefusedError(str(error)) from error


def _level(version: TranscriptVersion) -> int:
    """Grades 1 to 5, 6 to 9, 10 to 12."""
    grade = version.compilation.grade
    return 1 if grade <= 5 else 2 if grade <= 9 else 3
