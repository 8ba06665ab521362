"""Builds what the sides need from outside once per process: keys, peers, addresses."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from django.conf import settings

from hocba.exchange import http_signatures
from hocba.exchange.errors import MessageSignatureError
from hocba.platform.messages import ports
from hocba.signing.keys.pkcs12 import SoftwareKey
from hocba.sites import environment

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


def message_directory() -> Path:
    """Folder of message keys: `<side>.pem` certificates of all sides, `<side>.key` of this one."""
    return Path(environment.text("HOCBA_MESSAGE_KEYS", str(environment.state_directory() / "messages")))


def seals() -> CertificateSeals:
    """The setting HOCBA_SEALS names this factory."""
    return CertificateSeals(settings.HOCBA_SIDE, message_directory())


class CertificateSeals:
    """Signs messages with this side's certificate and knows the certificates of the others (`ports.Seals`)."""

    def __init__(self, side: str, directory: Path) -> None:
        self.side = side
        self.directory = directory

    def seal_request(self, request: ports.Request, *, at: datetime) -> Mapping[str, str]:
        """See `ports.Seals`."""
        return http_signatures.sign_request(_request(request), key=self._key, key_id=self.side, created=at)

    def check_request(self, request: ports.Request, *, at: datetime) -> str:
        """See `ports.Seals`.

        The signature covers whom the message is for; a message for another side is none for this one, though its
        recipient may pass it on (all sides of one machine share a host name and differ by port).
        """
        if _authority(request.url) != _authority(self.address_of(self.side)):
            raise ports.SignatureRefusedError("the message is for another address")
        try:
            return http_signatures.verify_request(_request(request), find_key=self._peers.get, now=at).key_id
        except MessageSignatureError as error:
            raise ports.SignatureRefusedError(str(error)) from error

    def seal_answer(self, answer: ports.Answer, *, request: ports.Request, at: datetime) -> Mapping[str, str]:
        """See `ports.Seals`."""
        return http_signatures.sign_response(
            _answer(answer), request=_request(request), key=self._key, key_id=self.side, created=at
        )

    def check_answer(
        self, answer: ports.Answer, *, request: ports.Request, sender: str, at: datetime
    ) -> None:
        """See `ports.Seals`."""
        try:
            http_signatures.verify_response(
                _answer(answer),
                request=_request(request),
                find_key=lambda key_id: self._peers.get(key_id) if key_id == sender else None,
                now=at,
            )
        except MessageSignatureError as error:
            raise ports.SignatureRefusedError(f"answer of {sender}: {error}") from error

    def address_of(self, side: str) -> str:
        """See `ports.Seals`."""
        return environment.address(side)

    @cached_property
    def _key(self) -> SoftwareKey:
        private_key = serialization.load_pem_private_key(
            (self.directory / f"{self.side}.key").read_bytes(), password=None
        )
        if not isinstance(private_key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
            raise environment.SettingError(f"{self.side}.key must be an RSA or EC key")
        return SoftwareKey(self._peers[self.side], private_key)

    @cached_property
    def _peers(self) -> Mapping[str, x509.Certificate]:
        return {
            path.stem: x509.load_pem_x509_certificate(path.read_bytes())
            for path in sorted(self.directory.glob("*.pem"))
            if path.stem in environment.SIDES
        }


def _authority(url: str) -> tuple[str, int | None]:
    """Host and port; a standard port is the same as none, since a proxy may have ended TLS before us."""
    parts = urlsplit(url)
    return (parts.hostname or "").lower(), None if parts.port in (80, 443) else parts.port


def _request(request: ports.Request) -> http_signatures.HttpRequest:
    return http_signatures.HttpRequest(
        request.method, request.url, request.headers, http_signatures.digest_of(request.body)
    )


def _answer(answer: ports.Answer) -> http_signatures.HttpResponse:
    return http_signatures.HttpResponse(answer.status, answer.headers, http_signatures.digest_of(answer.body))
