"""Reads what a school declares: the certificate itself must say the same."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocba.city.schools.errors import DeclarationError
from hocba.exchange.declared_certificates import contradictions
from hocba.signing import certificates

if TYPE_CHECKING:
    from datetime import datetime

    from hocba.exchange import messages


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """One certificate of a declaration, read and compared."""

    sha256: str
    der: bytes
    holder: str
    name: str
    kind: str
    positions: tuple[str, ...]
    valid_until: datetime


def read_declaration(declaration: messages.CertificateDeclaration) -> list[Declared]:
    """Every certificate, compared with what is said of it. Raises DeclarationError with all problems."""
    found: list[Declared] = []
    problems: list[str] = []
    for number, item in enumerate(declaration.certificates, start=1):
        who = f"Chứng thư thứ {number} ({item.holder})"
        try:
            der = base64.b64decode(item.der, validate=True)
            certificate = certificates.load(der)
            if not certificates.is_readable(certificate):
                raise ValueError("a part of it cannot be read")
        except (ValueError, binascii.Error):
            problems.append(f"{who}: không đọc được chứng thư số.")
            continue
        problems += [
            f"{who}: {problem}" for problem in contradictions(item, certificate, school=declaration.school)
        ]
        found.append(
            Declared(
                sha256=certificates.fingerprint(certificate),
                der=certificates.to_der(certificate),
                holder=item.holder,
                name=item.name,
                kind=item.kind,
                positions=tuple(item.positions),
                valid_until=certificate.not_valid_after_utc,
            )
        )
    pairs = [(item.sha256, item.holder) for item in found]
    problems += [f"{holder}: khai báo cùng một chứng thư nhiều lần." for _, holder in _repeated(pairs)]
    if problems:
        raise DeclarationError(problems)
    return found


def _repeated(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [pair for pair in dict.fromkeys(pairs) if pairs.count(pair) > 1]
