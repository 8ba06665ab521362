"""Apply row-level security, append-only triggers and grants after a migration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.management.base import BaseCommand

from hocba.platform.tenancy import protection

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    """hocba <side> protect --role hocba_<side>."""

    help = "Apply row-level security, append-only triggers and grants."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One option: the application role to grant to."""
        parser.add_argument("--role", default=None)

    def handle(self, *args: object, **options: object) -> None:
        """Run as the owner of the tables."""
        role = options["role"]
        protection.apply(application_role=str(role) if role else None)
