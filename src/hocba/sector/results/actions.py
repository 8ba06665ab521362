"""Taking over a report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from hocba.platform.audit import actions as audit
from hocba.sector.enrolment import queries as enrolment
from hocba.sector.results.models import ReportedResult, ReportedSheet

if TYPE_CHECKING:
    from datetime import datetime

    from hocba.exchange.messages import ReportedResults

__all__ = ["StaleReportError", "UnknownClassError", "take_over"]


class StaleReportError(Exception):
    """A report is older than what is known, or says something else under the same version."""


class UnknownClassError(Exception):
    """The report is about a class the school does not have in that year."""


@transaction.atomic
def take_over(report: ReportedResults, *, digest: str, by: str, at: datetime) -> bool:
    """Keep a report as the newest one; False when exactly this one was taken over before.

    `digest` identifies the message. Raises StaleReportError, UnknownClassError.
    """
    if enrolment.get_class(report.school, report.school_year, report.class_name) is None:
        raise UnknownClassError(
            f"Trường không có lớp {report.class_name} trong năm học {report.school_year}."
        )
    sheet, created = ReportedSheet.objects.select_for_update().get_or_create(
        school_code=report.school,
        school_year=report.school_year,
        class_name=report.class_name,
        subject_code=report.subject_code,
        term=report.term,
        defaults={"version": report.version, "digest": digest, "reported_at": report.updated_at},
    )
    if not created:
        if (sheet.version, sheet.digest) == (report.version, digest):
            return False
        if report.version <= sheet.version:
            raise StaleReportError(
                f"Đã có phiên bản {sheet.version} của kết quả này, không nhận phiên bản {report.version}."
            )
        sheet.version, sheet.digest, sheet.reported_at = report.version, digest, report.updated_at
        sheet.save(update_fields=["version", "digest", "reported_at"])
        ReportedResult.objects.filter(sheet=sheet).delete()
    _write_rows(sheet, report)
    audit.record(
        tag="results:sheet:reported",
        target=f"results:{report.school}:{report.school_year}:{report.class_name}:{report.subject_code}:{report.term}",
        by=by,
        at=at,
        school_code=report.school,
        details={"version": report.version, "pupils": len(report.rows)},
    )
    return True


def _write_rows(sheet: ReportedSheet, report: ReportedResults) -> None:
    ReportedResult.objects.bulk_create(
        ReportedResult(
            school_code=sheet.school_code,
            sheet=sheet,
            position=position,
            pupil_code=row.pupil_code,
            personal_id=row.personal_id,
            name=row.name,
            regular=list(row.regular),
            midterm=row.midterm,
            final=row.final,
            term_result=row.term_result,
            year_result=row.year_result,
            after_retest=row.after_retest,
            remark=row.remark,
        )
        for position, row in enumerate(report.rows, start=1)
    )
