"""Declares the certificates of a school to the Sở."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from hocba.exchange import messages
from hocba.platform.tenancy import scope
from hocba.signing import certificates
from hocba.transcripts.roster import actions

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from datetime import datetime


class Command(BaseCommand):
    """hocba transcripts declare_certificates FILE."""

    help = (
        "Send certificates for approval: FILE is JSON with school, school_name and certificates "
        "(holder, name, kind, positions, der as base64)."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The list."""
        parser.add_argument("file", type=Path)

    def handle(self, *args: object, **options: object) -> None:
        """Validity is taken from the certificates; the moment makes the version, so it grows."""
        at = timezone.now().replace(microsecond=0)
        try:
            listed = json.loads(Path(str(options["file"])).read_bytes())
            declaration = messages.CertificateDeclaration(
                school=listed["school"],
                school_name=listed["school_name"],
                version=int(at.timestamp()),
                declared_at=at,
                certificates=tuple(_declared(item) for item in listed["certificates"]),
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise CommandError(f"Không đọc được danh sách chứng thư số: {error}") from error
        with scope.acting_for(declaration.school):
            actions.declare_certificates(declaration, by="command", at=at)
        self.stdout.write(f"Đã gửi {len(declaration.certificates)} chứng thư số chờ Sở phê duyệt.")


def _declared(item: dict[str, Any]) -> messages.DeclaredCertificate:
    certificate = certificates.load(base64.b64decode(item["der"], validate=True))
    return messages.DeclaredCertificate(
        der=item["der"],
        holder=item["holder"],
        name=item["name"],
        kind=item["kind"],
        positions=tuple(item["positions"]),
        valid_from=_whole(certificate.not_valid_before_utc),
        valid_until=_whole(certificate.not_valid_after_utc),
    )


def _whole(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)
