"""Time-stamp units of any decade, and the trust in them: for tests that move the clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import ExtendedKeyUsageOID

from hocba.signing import timestamp_unit, timestamps
from hocba.signing.keys.pkcs12 import SoftwareKey
from tests.factories import authorities
from tests.factories.authorities import VIETNAM, Holder

POLICY = "1.3.6.1.4.1.99999.1.1"
_STAMPING = ((x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), True),)
_DIGESTS: dict[str, hashes.HashAlgorithm] = {"sha256": hashes.SHA256(), "sha512": hashes.SHA512()}


def year(number: int, month: int = 1) -> datetime:
    return datetime(number, month, 1, tzinfo=VIETNAM)


@dataclass
class Unit:
    """A time-stamp unit under an authority of its own; everything signed with `digest`."""

    authority: Holder
    holder: Holder
    digest: str = "sha256"

    @property
    def key(self) -> SoftwareKey:
        return SoftwareKey(self.holder.certificate, self.holder.key, (self.authority.certificate,))

    def stamp(self, value: bytes, *, at: datetime, algorithm: str = "sha256") -> bytes:
        request = timestamps.build_request(value, nonce=7, algorithm=algorithm)
        answer = timestamp_unit.issue(
            request, key=self.key, policy=POLICY, serial=1, at=at, signed_with=self.digest
        )
        return timestamps.token_of(answer, request=request)

    def trust_files(self, *lists_at: datetime) -> dict[str, bytes]:
        """The authority, and its revocation lists as they were at these moments, each good for a month."""
        name = self.authority.sha256[:8]
        return {f"{name}.pem": self.authority.pem} | {
            f"{name}-{at:%Y%m%d}.crl": self.authority.crl(this_update=at, next_update=at + timedelta(days=30))
            for at in lists_at
        }


def unit(
    name: str,
    *,
    start: datetime,
    end: datetime,
    digest: str = "sha256",
    key: authorities.Key | None = None,
) -> Unit:
    """A unit valid from `start` to `end`, under a root valid for ten years more."""
    using = _DIGESTS[digest]
    authority = authorities.root(f"Gốc {name}", start=start, end=end + timedelta(days=3650), digest=using)
    holder = authority.issue(
        authorities.name(f"Dấu thời gian {name}"),
        start=start,
        end=end,
        digest=using,
        extensions=_STAMPING,
        key=key,
    )
    return Unit(authority, holder, digest)
