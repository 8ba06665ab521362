"""Reading the register of copies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Max

from hocba.transcripts.copies.models import CertifiedCopyEntry

if TYPE_CHECKING:
    import uuid

    from django.db.models import QuerySet


def list_entries(year: int) -> QuerySet[CertifiedCopyEntry]:
    """Entries of a calendar year in scope, the newest first."""
    rows: QuerySet[CertifiedCopyEntry] = (
        CertifiedCopyEntry.objects.filter(year=year)
        .select_related("version", "version__compilation")
        .order_by("school_code", "-number")
    )
    return rows


def list_years() -> list[int]:
    """Calendar years that have entries, the newest first."""
    return list(CertifiedCopyEntry.objects.order_by("-year").values_list("year", flat=True).distinct())


def get_entry(pk: int) -> CertifiedCopyEntry | None:
    """An entry in scope with its transcript."""
    row: CertifiedCopyEntry | None = (
        CertifiedCopyEntry.objects.select_related("version", "version__compilation").filter(pk=pk).first()
    )
    return row


def find_request(school_code: str, request_id: uuid.UUID) -> CertifiedCopyEntry | None:
    """What a form made when it was sent before."""
    row: CertifiedCopyEntry | None = CertifiedCopyEntry.objects.filter(
        school_code=school_code, request_id=request_id
    ).first()
    return row


def newest_entry(school_code: str) -> CertifiedCopyEntry | None:
    """The school's newest entry: what the next form proposes."""
    row: CertifiedCopyEntry | None = (
        CertifiedCopyEntry.objects.filter(school_code=school_code).order_by("-id").first()
    )
    return row


def last_number(school_code: str, year: int) -> int:
    """The last number given in a school and year; 0 when there is none."""
    rows = CertifiedCopyEntry.objects.filter(school_code=school_code, year=year)
    return rows.aggregate(last=Max("number"))["last"] or 0
