"""Until when algorithms count, as dated data: what is declared weak is one line here, and a parameter in tests.

Dates are those of ETSI TS 119 312 as the reference validator's policy has them; None: no end known. Sizes of keys
with their dates stand in `algorithms.ALLOWED`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from cryptography import x509

from hocba.signing import algorithms, certificates, digests, instants
from hocba.signing.checks import Code
from hocba.signing.errors import UnsupportedKeyError
from hocba.signing.evidence.errors import EvidenceError

DIGESTS: Mapping[str, datetime | None] = MappingProxyType(dict.fromkeys(digests.SIZES))


@dataclass(frozen=True, slots=True)
class AlgorithmPolicy:
    """`digest_ends` has every digest that may be relied upon, with the first moment at which it no longer may."""

    digest_ends: Mapping[str, datetime | None] = field(default_factory=lambda: DIGESTS)

    def with_end(self, algorithm: str, end: datetime) -> AlgorithmPolicy:
        """The same policy with one algorithm declared weak from `end` on."""
        return AlgorithmPolicy(MappingProxyType({**self.digest_ends, algorithm: end}))

    def end_of(self, algorithm: str) -> datetime | None:
        """When the digest stops counting; None while no end is known. Raises KeyError for one off the list."""
        return self.digest_ends[algorithm]

    def is_strong(self, algorithm: str, at: datetime) -> bool:
        """Whether the digest may be relied upon at that moment."""
        end = self.digest_ends.get(algorithm)
        return algorithm in self.digest_ends and (end is None or at < end)

    def require_strong(self, names: Iterable[str], at: datetime) -> None:
        """Raises EvidenceError when one of the digests no longer counts at that moment."""
        for name in sorted(names):
            if not self.is_strong(name, at):
                raise EvidenceError(
                    f"{name} does not count at {at.isoformat()}",
                    code=Code.CRYPTO_CONSTRAINTS_FAILURE,
                    sentence=f"Thuật toán băm {name.upper()} không còn được coi là an toàn vào "
                    f"{instants.moment(at)} và bằng chứng chưa được gia hạn trước đó.",
                )

    def require_strong_key(self, certificate: x509.Certificate, at: datetime) -> None:
        """Raises EvidenceError when the certificate's key is no longer accepted at that moment."""
        try:
            algorithms.require_allowed(certificate, at=at)
        except UnsupportedKeyError as error:
            raise EvidenceError(
                str(error),
                code=Code.CRYPTO_CONSTRAINTS_FAILURE,
                sentence=f"Khóa của “{certificates.common_name(certificate)}” không còn đủ mạnh vào "
                f"{instants.moment(at)} và bằng chứng chưa được gia hạn trước đó.",
            ) from error
