"""Bring a side's database up to date: migrations, cache table, protection."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.management import call_command
from django.core.management.base import BaseCommand

from hocba.platform.tenancy import protection

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    """HOCBA_AS_OWNER=True hocba <side> provision --role hocba_<side>."""

    help = "Migrate, create the cache table, and apply row-level security, triggers and grants."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One option: the application role to grant to."""
        parser.add_argument("--role", default=None)

    def handle(self, *args: object, **options: object) -> None:
        """Run as the owner of the tables; safe to run again."""
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable")
        role = options["role"]
        protection.apply(application_role=str(role) if role else None)
