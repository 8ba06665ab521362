"""What every signing channel offers: the certificate, its chain, and one signature value at a time."""

from __future__ import annotations

from typing import Protocol

from cryptography import x509


class SigningKey(Protocol):
    """A key that signs. Whether it lives in a file, a token or at a provider does not show."""

    @property
    def certificate(self) -> x509.Certificate:
        """The signer's own certificate."""

    @property
    def chain(self) -> tuple[x509.Certificate, ...]:
        """The certificates above it, nearest first; may be empty."""

    def sign(self, to_be_signed: bytes) -> bytes:
        """Give the raw value over the bytes with SHA-256: RSA PKCS#1 v1.5, or ECDSA P-256 as DER."""
