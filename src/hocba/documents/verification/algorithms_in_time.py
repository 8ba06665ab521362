"""Whether key and digest of a signature counted when it was made (ETSI EN 319 102-1 clause 5.2.8).

What never counts (SHA-1, RSA below 2048 bits, other curves) is refused by the profiles before anything is computed.
What counts until a day is judged here, at the best signature time: a proven moment if there is one, else now.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric import rsa

from hocba.signing import algorithms, certificates, instants
from hocba.signing.checks import Check, Code, failed, not_checked, passed
from hocba.signing.errors import UnsupportedKeyError

if TYPE_CHECKING:
    from datetime import datetime

    from cryptography import x509

    from hocba.documents.verification.validation_policy import VerificationPolicy

NAME = "algorithm"
DIGEST = "SHA-256"
"""The only digest that the profiles of XML and PDF signatures let through."""


@certificates.remembered
def key_of(certificate: x509.Certificate) -> tuple[str, int] | None:
    """Family ("RSA", "EC") and bits of a certificate's key; None when it is of another kind or unreadable."""
    try:
        key = algorithms.public_key_of(certificate)
    except UnsupportedKeyError:
        return None
    return ("RSA" if isinstance(key, rsa.RSAPublicKey) else "EC"), key.key_size


def algorithm_name(certificate: x509.Certificate) -> str:
    """Signature algorithm and key for people: "RSA 2048 bit, SHA-256"."""
    key = key_of(certificate)
    if key is None:
        return "không rõ"
    family, bits = key
    return f"{'ECDSA' if family == 'EC' else family} {bits} bit, {DIGEST}"


def check(
    certificate: x509.Certificate,
    policy: VerificationPolicy,
    *,
    signed_at: datetime,
    now: datetime,
    existed_at: datetime | None,
) -> Check:
    """Whether the policy lets key and digest count for a signature made at `signed_at`, as its signer says."""
    key = key_of(certificate)
    rows = [row for row in policy.keys if key is not None and row.family == key[0] and key[1] >= row.bits]
    name = algorithm_name(certificate)
    if not rows or DIGEST not in policy.digests:
        return failed(
            NAME, Code.CRYPTO_CONSTRAINTS_FAILURE, f"Thuật toán yếu, không được chấp nhận ({name})."
        )
    end = _earlier(_latest([row.until for row in rows]), policy.digests[DIGEST])
    best = now if existed_at is None else min(existed_at, now)
    if end is None or best < end:
        return passed(NAME, f"Thuật toán ký đủ an toàn ({name}).")
    since = instants.day(end)
    if signed_at >= end:
        return failed(
            NAME, Code.CRYPTO_CONSTRAINTS_FAILURE, f"Ký bằng thuật toán đã bị loại từ ngày {since} ({name})."
        )
    return not_checked(
        NAME,
        Code.CRYPTO_CONSTRAINTS_FAILURE_NO_POE,
        f"Thuật toán ký không còn đủ an toàn từ ngày {since} ({name}); "
        "không chứng minh được chữ ký có trước ngày đó.",
    )


def _latest(ends: list[datetime | None]) -> datetime | None:
    known = [end for end in ends if end is not None]
    return max(known) if len(known) == len(ends) else None


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    known = [end for end in (one, other) if end is not None]
    return min(known, default=None)
