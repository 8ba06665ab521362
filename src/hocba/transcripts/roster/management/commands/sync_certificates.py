"""Copies authorities and a school's approved certificates from the city side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from hocba.desk.other_sides import TROUBLES
from hocba.transcripts.roster import sync

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    """hocba transcripts sync_certificates --school CODE."""

    help = "Copy authorities, revocation lists and the approved certificates of a school from the city."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which school."""
        parser.add_argument("--school", required=True)

    def handle(self, *args: object, **options: object) -> None:
        """Copying again changes nothing."""
        try:
            news = sync.sync_certificates(str(options["school"]), by="command", at=timezone.now())
        except TROUBLES as error:
            raise CommandError(str(error)) from error
        self.stdout.write("Đã đồng bộ chứng thư số." if news else "Chứng thư số không có gì mới.")
