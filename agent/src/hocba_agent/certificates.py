"""What a certificate in a token says, for the person who chooses among several."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from asn1crypto import x509

SMALLEST_RSA = 2048
CURVE = "secp256r1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """A certificate that may sign, in words."""

    der: bytes
    subject: str
    name: str
    issuer: str
    serial: str
    not_before: datetime
    not_after: datetime
    key: str
    """`RSA-2048`, `EC-P256`, …"""
    is_usable: bool
    """Whether the documents accept such a key (RSA from 2048 bits, ECDSA P-256)."""
    modulus: int | None
    """Of an RSA key, to find the private key that belongs to it."""

    @property
    def id(self) -> str:
        """SHA-256 of the DER form, hex: the same on every machine."""
        return hashlib.sha256(self.der).hexdigest()

    @property
    def is_rsa(self) -> bool:
        """RSA, else ECDSA."""
        return self.modulus is not None

    def body(self) -> dict[str, object]:
        """As the page gets it."""
        return {
            "id": self.id,
            "subject": self.subject,
            "name": self.name,
            "issuer": self.issuer,
            "serial": self.serial,
            "not_before": self.not_before.isoformat(),
            "not_after": self.not_after.isoformat(),
            "key": self.key,
            "usable": self.is_usable,
            "certificate": base64.b64encode(self.der).decode(),
        }


def read(der: bytes) -> Certificate | None:
    """Read a certificate of a signer; None for authorities, for keys that do not sign, and for what cannot be read."""
    try:
        parsed = x509.Certificate.load(der, strict=True)
        return _described(der, parsed) if _may_sign(parsed) else None
    except (ValueError, TypeError, KeyError, OverflowError):
        return None  # whatever a token holds, the others must be shown


def _may_sign(parsed: Any) -> bool:
    constraints, usage = parsed.basic_constraints_value, parsed.key_usage_value
    if constraints is not None and constraints.native["ca"]:
        return False
    return usage is None or bool({"digital_signature", "non_repudiation"} & usage.native)


def _described(der: bytes, parsed: Any) -> Certificate:
    names = parsed.subject.native
    key, is_usable, modulus = _key(parsed.public_key)
    validity = parsed["tbs_certificate"]["validity"]
    return Certificate(
        der=der,
        subject=parsed.subject.human_friendly,
        name=str(names.get("common_name", parsed.subject.human_friendly)),
        issuer=str(parsed.issuer.native.get("common_name", parsed.issuer.human_friendly)),
        serial=f"{parsed.serial_number:x}",
        not_before=validity["not_before"].native.astimezone(UTC),
        not_after=validity["not_after"].native.astimezone(UTC),
        key=key,
        is_usable=is_usable,
        modulus=modulus,
    )


def _key(public_key: Any) -> tuple[str, bool, int | None]:
    if public_key.algorithm == "rsa":
        size = public_key.bit_size
        return f"RSA-{size}", size >= SMALLEST_RSA, int(public_key["public_key"].parsed["modulus"].native)
    if public_key.algorithm == "ec":
        kind, curve = public_key.curve
        is_good = kind == "named" and curve == CURVE
        return ("EC-P256" if is_good else f"EC-{curve}"), is_good, None
    return str(public_key.algorithm), False, None
