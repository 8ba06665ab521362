"""Taking over a report."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from django.db import transaction

from hocba.exchange.messages import ReportedPrimaryResults
from hocba.platform.audit import actions as audit
from hocba.platform.tenancy.inserting import insert_rows
from hocba.regulations import curriculum
from hocba.regulations.errors import UnknownSubjectError
from hocba.sector.enrolment import queries as enrolment
from hocba.sector.results.models import ReportedPrimaryResult, ReportedResult, ReportedSheet

if TYPE_CHECKING:
    from datetime import datetime

    from hocba.documents.class_record import PupilMarks
    from hocba.documents.primary import PrimaryMarks
    from hocba.exchange.messages import ReportedResults

    Report = ReportedResults | ReportedPrimaryResults

__all__ = ["StaleReportError", "SubjectNotTaughtError", "UnknownClassError", "take_over"]


class StaleReportError(Exception):
    """A report is older than what is known, or says something else under the same version."""


class UnknownClassError(Exception):
    """The report is about a class the school does not have in that year."""


class SubjectNotTaughtError(Exception):
    """The curriculum of the class has no subject of that code."""


@transaction.atomic
def take_over(report: Report, *, digest: str, by: str, at: datetime) -> bool:
    """Keep a report as the newest one; False when exactly this one was taken over before.

    `digest` identifies the message. Raises StaleReportError, UnknownClassError, SubjectNotTaughtError.
    """
    group = enrolment.get_class(report.school, report.school_year, report.class_name)
    if group is None:
        raise UnknownClassError(
            f"Trường không có lớp {report.class_name} trong năm học {report.school_year}."
        )
    _check_circular(report, group.grade)
    _check_subject(report, group.grade)
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
        _model_of(report).objects.filter(sheet=sheet).delete()
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


def _write_rows(sheet: ReportedSheet, report: Report) -> None:
    """Every column of a row is a field of its value, under the same name."""
    rows: tuple[PupilMarks | PrimaryMarks, ...] = report.rows
    own = {"school_code": sheet.school_code, "sheet_id": sheet.pk}
    insert_rows(
        _model_of(report),
        [
            {**own, "position": position, **{each.name: getattr(row, each.name) for each in fields(row)}}
            for position, row in enumerate(rows, start=1)
        ],
    )


def _model_of(report: Report) -> type[ReportedResult | ReportedPrimaryResult]:
    return ReportedPrimaryResult if isinstance(report, ReportedPrimaryResults) else ReportedResult


def _check_circular(report: Report, grade: int) -> None:
    """Levels are of tiểu học, marks of the other levels; a report of the other kind is a mistake."""
    is_primary = curriculum.level_of(grade) == "TIEUHOC"
    if is_primary is not isinstance(report, ReportedPrimaryResults):
        raise UnknownClassError(
            f"Lớp {report.class_name} không được đánh giá theo loại kết quả của báo cáo này."
        )


def _check_subject(report: Report, grade: int) -> None:
    try:
        curriculum.subject(report.subject_code, curriculum.level_of(grade), report.school_year)
    except UnknownSubjectError as error:
        raise SubjectNotTaughtError(
            f"Chương trình của lớp {report.class_name} không có môn học mang mã {report.subject_code}."
        ) from error
