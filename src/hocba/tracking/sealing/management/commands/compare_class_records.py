"""Fetches results from the sector database, compares, and freezes what may be signed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from hocba.desk.other_sides import TROUBLES
from hocba.tracking.sealing import fetching

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    """hocba tracking compare_class_records --school CODE --school-year 2024-2025 [--class 6A1]."""

    help = "Compare what was entered with what the sector database gives back; freeze what agrees."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """School, year, and one class if wanted."""
        parser.add_argument("--school", required=True)
        parser.add_argument("--school-year", required=True)
        parser.add_argument("--class", dest="class_name", default=None)

    def handle(self, *args: object, **options: object) -> None:
        """Say how many sheets can be signed; a difference is no failure of the command."""
        name = options["class_name"]
        try:
            counts = fetching.compare_classes(
                str(options["school"]),
                str(options["school_year"]),
                by="compare",
                at=timezone.now(),
                class_name=str(name) if name else None,
            )
        except TROUBLES as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"{counts['ready']} sổ khớp, {counts['blocked']} sổ có sai lệch hoặc còn thiếu, "
            f"{counts['not_reported']} sổ chưa gửi xong, {counts['passed_over']} sổ bỏ qua."
        )
