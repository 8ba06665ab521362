"""Copies people and particulars of a school from the sector side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from hocba.desk.other_sides import TROUBLES
from hocba.transcripts.roster import actions, sync

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    """hocba transcripts sync_roster --school CODE --school-year 2024-2025."""

    help = "Copy people and particulars of a school from the sector side; accounts follow."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which school and year."""
        parser.add_argument("--school", required=True)
        parser.add_argument("--school-year", required=True)

    def handle(self, *args: object, **options: object) -> None:
        """Copying again changes nothing."""
        try:
            news = sync.sync_roster(
                str(options["school"]), str(options["school_year"]), by="command", at=timezone.now()
            )
        except (*TROUBLES, actions.StaleRosterError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write("Đã đồng bộ danh sách mới." if news else "Danh sách không có gì mới.")
