"""Copies people, classes, assignments and approved certificates of a school."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from hocba.desk.other_sides import TROUBLES
from hocba.tracking.roster import actions, sync

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    """hocba tracking sync_roster --school CODE --school-year 2024-2025."""

    help = "Copy the roster from the sector side and the approved certificates from the city."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """School and year; certificates may be left out before any is approved."""
        parser.add_argument("--school", required=True)
        parser.add_argument("--school-year", required=True)
        parser.add_argument("--without-certificates", action="store_true")
        parser.add_argument("--only-certificates", action="store_true")

    def handle(self, *args: object, **options: object) -> None:
        """Ask, take over, say what was news."""
        school, year, now = str(options["school"]), str(options["school_year"]), timezone.now()
        try:
            if not options["only_certificates"]:
                news = sync.sync_roster(school, year, by="sync", at=now)
                self.stdout.write("Đã đồng bộ danh sách." if news else "Danh sách không có gì mới.")
            if not options["without_certificates"]:
                news = sync.sync_certificates(school, by="sync", at=now)
                self.stdout.write("Đã đồng bộ chứng thư số." if news else "Chứng thư số không có gì mới.")
        except (*TROUBLES, actions.StaleRosterError) as error:
            raise CommandError(str(error)) from error
