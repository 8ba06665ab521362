"""Writes a school's register of approved certificates to standard output."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.management.base import BaseCommand, CommandError

from hocba.city.schools import queries
from hocba.exchange import messages
from hocba.platform.tenancy import scope

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    """hocba city export_register --school CODE."""

    help = "Write the register of approved certificates of a school, as `hocba verify --trust` reads it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which school."""
        parser.add_argument("--school", required=True)

    def handle(self, *args: object, **options: object) -> None:
        """One JSON document."""
        with scope.whole_site():
            approved = queries.approved_certificates_of(str(options["school"]))
        if approved is None:
            raise CommandError("Trường chưa khai báo chứng thư số nào.")
        self.stdout.write(messages.to_bytes(approved).decode())
