"""Enters marks and class summaries from a school's workbooks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from hocba.documents.workbooks import reading
from hocba.documents.workbooks.folder import read_folder
from hocba.platform.tenancy import scope
from hocba.tracking.gradebook import actions, entries, primary_actions, primary_entries
from hocba.tracking.gradebook.errors import GradebookError

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    """hocba tracking import_marks DIR."""

    help = "Enter marks and class summaries from a folder of workbooks."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The folder."""
        parser.add_argument("directory", type=Path)

    def handle(self, *args: object, **options: object) -> None:
        """Refuse blocking problems; then enter everything in one transaction."""
        found = reading.read_school(_files(Path(str(options["directory"]))))
        if found.data is None or found.blocked:
            lines = [problem.message for problem in found.problems if problem.blocking]
            raise CommandError("Chưa nhập được:\n" + "\n".join(lines))
        school, now = found.data.school, timezone.now()
        place = {"school_code": school.code, "school_year": school.school_year}
        try:
            with scope.acting_for(school.code):
                marks = entries.marks_from(found.data.marks)
                changed = actions.enter_marks(**place, entries=marks, by="import", at=now)
                summaries = entries.summaries_from(found.data.summaries)
                summarised = actions.enter_summaries(**place, entries=summaries, by="import", at=now)
                of_primary = primary_entries.marks_from(found.data.primary)
                changed += primary_actions.enter_primary_marks(
                    **place, entries=of_primary, by="import", at=now
                )
                year_ends = primary_entries.summaries_from(found.data.primary)
                summarised += primary_actions.enter_primary_summaries(
                    **place, entries=year_ends, by="import", at=now
                )
        except GradebookError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{changed} dòng điểm và {summarised} dòng tổng hợp có thay đổi.")


def _files(directory: Path) -> dict[str, bytes]:
    try:
        return read_folder(directory)
    except (ValueError, OSError) as error:
        raise CommandError(str(error)) from error
