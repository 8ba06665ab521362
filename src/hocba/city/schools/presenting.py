"""What an officer compares before approving: the certificate itself, not what the school says of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hocba.city.schools import trust
from hocba.signing import certificates

if TYPE_CHECKING:
    from datetime import datetime

    from hocba.city.schools.models import DeclaredCertificate
    from hocba.signing.checks import Check

_SHOWN_DIGITS = 4
_SCHEMES = {"CCCD": "Căn cước", "CMND": "Chứng minh nhân dân", "HC": "Hộ chiếu", "MST": "Mã số"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Particulars:
    """Of one certificate: `matches` are comparisons with the declaration, each with whether it holds.

    None is for what only the officer can compare, with the papers.
    """

    serial: str
    issuer: str
    fingerprint: str
    valid_from: datetime
    valid_until: datetime
    matches: tuple[tuple[str, bool | None], ...]


def particulars_of(row: DeclaredCertificate) -> Particulars:
    """Read the certificate."""
    certificate = certificates.load(bytes(row.der))
    number = certificates.subject_number(certificate)
    name = certificates.common_name(certificate)
    matches: list[tuple[str, bool | None]] = [
        (f"Tên trong chứng thư: {name}", certificates.same_person_name(name, row.name))
    ]
    if number is None:
        matches.append(("Chứng thư không ghi mã định danh", False))
    elif certificates.names_organisation(certificate):
        same = number.value == row.school_code
        matches.append((f"{_SCHEMES['MST']} {number.value} là mã của trường", same))
    else:
        # The Sở knows staff by code; of a personal number the page shows the end, to be compared by eye.
        scheme = _SCHEMES.get(number.scheme, number.scheme)
        compared = None if certificates.names_person(certificate) else False
        matches.append((f"{scheme} …{number.value[-_SHOWN_DIGITS:]}", compared))
    return Particulars(
        serial=f"{certificate.serial_number:X}",
        issuer=certificates.issuer_name(certificate),
        fingerprint=_in_groups(certificates.fingerprint(certificate)),
        valid_from=certificate.not_valid_before_utc,
        valid_until=certificate.not_valid_after_utc,
        matches=tuple(matches),
    )


def standing_of(row: DeclaredCertificate, *, at: datetime) -> tuple[Check, ...]:
    """What verification would say of the certificate now, apart from the approval: authority, validity, revocation."""
    return trust.material().check_certificate(certificates.load(bytes(row.der)), at=at, now=at)


def _in_groups(digits: str) -> str:
    return " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))
