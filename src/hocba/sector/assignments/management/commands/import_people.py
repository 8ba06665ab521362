"""Takes over people, classes and assignments from a school's workbooks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from hocba.documents.workbooks import reading
from hocba.documents.workbooks.folder import read_folder
from hocba.sector.assignments import accounts, actions

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    """hocba sector import_people DIR."""

    help = "Take over people, classes and assignments from a folder of workbooks."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The folder."""
        parser.add_argument("directory", type=Path)

    def handle(self, *args: object, **options: object) -> None:
        """Refuse blocking problems; then take over in one transaction."""
        found = reading.read_school(_files(Path(str(options["directory"]))))
        if found.data is None or found.blocked:
            lines = [problem.message for problem in found.problems if problem.blocking]
            raise CommandError("Chưa nhập được:\n" + "\n".join(lines))
        now = timezone.now()
        try:
            done = actions.apply_import(found.data, by="import", at=now)
        except (actions.UnknownPersonError, actions.ClassNameError) as error:
            raise CommandError(str(error)) from error
        accounts.follow_staff(found.data.school.code, by="import", at=now)
        self.stdout.write(
            f"{done.staff} nhân sự, {done.classes} lớp, {done.pupils} học sinh, "
            f"{done.assignments} phân công có thay đổi; phiên bản {done.version}."
        )


def _files(directory: Path) -> dict[str, bytes]:
    try:
        return read_folder(directory)
    except (ValueError, OSError) as error:
        raise CommandError(str(error)) from error
