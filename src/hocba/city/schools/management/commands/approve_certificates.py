"""Approves what a school has declared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.management.base import BaseCommand
from django.utils import timezone

from hocba.city.schools import actions, queries
from hocba.city.schools.workflow import Status
from hocba.platform.tenancy import scope

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    """hocba city approve_certificates --school CODE --by NAME."""

    help = "Approve all certificates of a school that wait for it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which school, and who answers for it in the trail."""
        parser.add_argument("--school", required=True)
        parser.add_argument("--by", required=True)

    def handle(self, *args: object, **options: object) -> None:
        """Approving again changes nothing."""
        school_code = str(options["school"])
        with scope.whole_site():
            waiting = queries.list_certificates(school_code=school_code, status=Status.DECLARED)
            count = actions.approve(
                certificate_ids=list(waiting.values_list("pk", flat=True)),
                by=str(options["by"]),
                at=timezone.now(),
            )
        self.stdout.write(f"Đã phê duyệt {count} chứng thư số.")
