"""Takes over the trust list, authorities and revocation lists from a folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from hocba.city.schools import actions, loading, trust
from hocba.platform.tenancy import scope
from hocba.signing.trust import TrustError

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    """hocba city load_trust DIR."""

    help = (
        "Take over authorities (*.pem), revocation lists (*.crl), OCSP answers (*.ors) and the trust list "
        "(*.json with its *.sig) from a folder."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The folder."""
        parser.add_argument("directory", type=Path)

    def handle(self, *args: object, **options: object) -> None:
        """Files of other kinds in the folder are left alone."""
        directory = Path(str(options["directory"]))
        if not directory.is_dir():
            raise CommandError(f"Không có thư mục {directory}.")
        files = {
            path.name: path.read_bytes()
            for path in sorted(directory.iterdir())
            if path.suffix in loading.SUFFIXES
        }
        try:
            with scope.whole_site():
                count = actions.load_trust(
                    files,
                    by="command",
                    at=timezone.now(),
                    signers=trust.list_signers(),
                    production=settings.HOCBA_PRODUCTION,
                )
        except (TrustError, actions.TrustListRefusedError) as error:
            raise CommandError(str(error)) from error
        except actions.EmptyTrustFolderError as error:
            raise CommandError(f"{directory} không có tệp tin cậy nào (*.json, *.pem, *.crl).") from error
        self.stdout.write(f"{count} tệp mới hoặc có thay đổi.")
