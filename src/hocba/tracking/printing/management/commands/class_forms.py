"""Writes the forms of classes into a folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from hocba.platform.audit import actions as audit
from hocba.platform.tenancy import scope
from hocba.tracking.printing import books
from hocba.tracking.printing.forms import forms_of
from hocba.tracking.printing.web import TAG
from hocba.tracking.roster import queries as roster

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from datetime import datetime


class Command(BaseCommand):
    """hocba tracking class_forms --school CODE --school-year 2024-2025 --out DIR [--class 6A1]."""

    help = "Write the official forms of classes as PDF and Excel."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """School, year, folder, and one class if wanted."""
        parser.add_argument("--school", required=True)
        parser.add_argument("--school-year", required=True)
        parser.add_argument("--out", type=Path, required=True)
        parser.add_argument("--class", dest="class_name", default=None)

    def handle(self, *args: object, **options: object) -> None:
        """Every form of every class; a class that cannot be printed stops the command."""
        school, year, name = str(options["school"]), str(options["school_year"]), options["class_name"]
        out, now = Path(str(options["out"])), timezone.now()
        out.mkdir(parents=True, exist_ok=True)
        with scope.acting_for(school):
            groups = [each for each in roster.list_classes(school, year) if name in {None, each.name}]
            if not groups:
                raise CommandError("Không có lớp nào như vậy.")
            for group in groups:
                self._write(group, out, at=now)
        self.stdout.write(f"Đã ghi biểu mẫu của {len(groups)} lớp vào {out}.")

    def _write(self, group: roster.Class, out: Path, *, at: datetime) -> None:
        forms = forms_of(group)
        try:
            values = forms.values(group)
        except books.NotPrintableError as error:
            raise CommandError(f"Lớp {group.name}: {error}") from error
        for form, each in forms.by_name.items():
            for extension, maker in each.makers.items():
                # A class may be called 6/1; it must not choose the folder.
                stem = f"{form}-{group.name}-{group.school_year}".replace("/", "_")
                (out / f"{stem}.{extension}").write_bytes(maker(values, at=at))
        audit.record(
            tag=TAG,
            target=f"class:{group.school_code}:{group.school_year}:{group.name}",
            by="class_forms",
            at=at,
            school_code=group.school_code,
            details={"form": "all"},
        )
