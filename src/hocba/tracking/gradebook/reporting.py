"""Reports to the sector database: every change within seconds, one message per sheet that changed (R183)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocba.desk.other_sides import of_school
from hocba.documents.class_record import PupilMarks
from hocba.exchange import messages
from hocba.exchange.problems import sentences_of
from hocba.platform.audit import actions as audit
from hocba.platform.messages import actions as outbox
from hocba.platform.messages import delivery
from hocba.tracking.gradebook import compile as compiling
from hocba.tracking.gradebook import sheets as sheet_actions
from hocba.tracking.gradebook import workflow
from hocba.tracking.gradebook.models import Sheet
from hocba.tracking.gradebook.primary_books import PrimaryBook, is_primary, primary_books
from hocba.tracking.roster import queries as roster

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

Book = compiling.ClassBook | PrimaryBook

HANDLER = "gradebook.reported"


def report(groups: Sequence[roster.Class], sheets: Iterable[Sheet], *, at: datetime) -> None:
    """Write a report of each sheet to the outbox, in the transaction of the change."""
    books = books_of(groups)
    drafts = [
        outbox.Draft(
            recipient="sector",
            method="PUT",
            path=of_school(
                sheet.school_code,
                "results",
                sheet.school_year,
                sheet.class_name,
                sheet.subject_code,
                str(sheet.term),
            ),
            files=(messages.to_bytes(_message(books[sheet.class_name], sheet, at=at)),),
            content_type="application/json",
            stream=f"results:{sheet.pk}",
            handler=HANDLER,
            context={"sheet": sheet.pk, "version": sheet.version},
            school_code=sheet.school_code,
        )
        for sheet in sheets
    ]
    outbox.enqueue_all(drafts, at=at)


def report_again(group: roster.Class, sheets: Sequence[Sheet], *, at: datetime) -> None:
    """Report (locked) sheets under their next versions though no mark changed: the pupils of the class did."""
    sheet_actions.bump(sheets, at=at)
    report([group], sheets, at=at)


def books_of(groups: Sequence[roster.Class]) -> dict[str, Book]:
    """The books of classes of one school and year, by class name, each as its circular has it."""
    of_primary = [group for group in groups if is_primary(group)]
    others = [group for group in groups if not is_primary(group)]
    return {**compiling.class_books(others), **primary_books(of_primary)}


def rows_of(book: compiling.ClassBook, subject_code: str, term: int) -> tuple[PupilMarks, ...]:
    """What was entered on a sheet and the results it gives, by those who take it, in the order of the class."""
    marks = book.marks.get((subject_code, term), {})
    rows = []
    for pupil in book.takers_of(subject_code):
        entered, result = marks.get(pupil.code), book.subject_results[pupil.code][subject_code]
        rows.append(
            PupilMarks(
                personal_id=pupil.personal_id,
                pupil_code=pupil.code,
                name=pupil.name,
                regular=tuple(entered.regular) if entered else (),
                midterm=entered.midterm if entered else None,
                final=entered.final if entered else None,
                term_result=result["terms"][term - 1],
                year_result=result["year"] if term == 2 else None,
                after_retest=result["after_retest"] if term == 2 else None,
                remark=entered.remark if entered else "",
            )
        )
    return tuple(rows)


def _message(
    book: Book, sheet: Sheet, *, at: datetime
) -> messages.ReportedResults | messages.ReportedPrimaryResults:
    group = book.group
    if isinstance(book, PrimaryBook):
        return messages.ReportedPrimaryResults(
            school=sheet.school_code,
            school_year=sheet.school_year,
            class_name=sheet.class_name,
            subject_code=sheet.subject_code,
            subject_name=roster.subject_name(sheet.subject_code, group.level, group.school_year),
            term=sheet.term,
            version=sheet.version,
            updated_at=at.replace(microsecond=0),
            rows=book.rows_of(sheet.subject_code, sheet.term),
        )
    return messages.ReportedResults(
        school=sheet.school_code,
        school_year=sheet.school_year,
        class_name=sheet.class_name,
        subject_code=sheet.subject_code,
        subject_name=roster.subject_name(sheet.subject_code, group.level, group.school_year),
        kind="comment" if compiling.kind_of(sheet.subject_code, group) == "comment" else "score",
        term=sheet.term,
        version=sheet.version,
        updated_at=at.replace(microsecond=0),
        rows=rows_of(book, sheet.subject_code, sheet.term),
    )


@delivery.on_answer(HANDLER)
def answered(delivered: delivery.Delivered) -> None:
    """Note what the sector database has, or why it refused."""
    sheet = Sheet.objects.select_for_update().get(pk=delivered.context["sheet"])
    version = int(str(delivered.context["version"]))
    if delivered.accepted:
        sheet.reported_version = max(sheet.reported_version, version)
        sheet.report_problem = ""
    else:
        sheet.report_problem = " ".join(sentences_of(delivered.body, status=delivered.status))[:500]
        audit.record(
            tag=workflow.Tag.REPORT_REFUSED,
            target=sheet_actions.target_of(sheet),
            by="side:sector",
            at=delivered.at,
            school_code=sheet.school_code,
            details={"version": version, "status": delivered.status},
        )
    sheet.save(update_fields=["reported_version", "report_problem"])
