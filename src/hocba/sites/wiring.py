"""Builds what the sides need from outside once per process: keys, peers, addresses."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from django.conf import settings

from hocba.exchange import http_signatures
from hocba.platform.messages import ports
from hocba.sites import environment

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes


def message_directory() -> Path:
    """Folder of message keys: `<side>.pem` certificates of all sides, `<side>.key` of this one only."""
    return Path(environment.text("HOCBA_MESSAGE_KEYS", str(environment.state_directory() / "messages")))


class CertificateSeals:
    """Signs messages with this side's certificate and knows the certificates of the others."""

    def __init__(self, side: str, directory: Path) -> None:
        self.side = side
        self.directory = directory

    @cached_property
    def _key(self) -> PrivateKeyTypes:
        return serialization.load_pem_private_key(
            (self.directory / f"{self.side}.key").read_bytes(), password=None
        )

    @cached_property
    def _peers(self) -> Mapping[str, x509.Certificate]:
        return {
            path.stem: x509.load_pem_x509_certificate(path.read_bytes())
            for path in sorted(self.directory.glob("*.pem"))
            if path.stem in environment.SIDES
        }
