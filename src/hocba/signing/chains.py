"""Paths from a signer's certificate to a trusted authority (RFC 5280 section 6, the part that is used here).

A path is the certificate itself, its issuer, and so on up to a self-signed anchor that the caller trusts.
Whether every signature on it is right does not depend on time and is remembered; whether it held at a given
moment is asked each time. Steps left to the caller: revocation, and whether this holder may sign this.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature

from hocba.signing import algorithms, certificates
from hocba.signing.checks import Check, Code, failed, not_checked, passed
from hocba.signing.instants import day

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from cryptography import x509

    Path = tuple[x509.Certificate, ...]

LONGEST_PATH = 6
MOST_REMEMBERED = 4096  # certificates; a public page must not let strangers fill the memory

NAME = "certificate_chain"

WEAK = "thuật toán yếu, không được chấp nhận"
"""What is said of SHA-1, short keys and the like, wherever a certificate is refused for it."""

_STRONG = f"RSA từ {certificates.SMALLEST_RSA} hoặc ECDSA từ {certificates.SMALLEST_CURVE} bit"


@dataclass(frozen=True, slots=True)
class Route:
    """A path whose signatures are right, and what is wrong with it at any time, if anything."""

    path: Path
    fault: Check | None


class ChainFinder:
    """Finds and remembers paths to a fixed set of anchors."""

    def __init__(
        self, *, anchors: Iterable[x509.Certificate], intermediates: Iterable[x509.Certificate]
    ) -> None:
        self.anchors = {certificates.fingerprint(item): item for item in anchors}
        self._issuers = _by_subject((*self.anchors.values(), *intermediates))
        self._remembered: dict[tuple[str, ...], tuple[Route, ...]] = {}

    @property
    def authorities(self) -> tuple[x509.Certificate, ...]:
        """Anchors and intermediates."""
        return tuple(item for items in self._issuers.values() for item in items)

    def routes(
        self, certificate: x509.Certificate, extra: Sequence[x509.Certificate] = ()
    ) -> tuple[Route, ...]:
        """All paths to an anchor whose signatures are right; `extra` are certificates that came along."""
        extra = [item for item in extra if certificates.is_readable(item)]
        key = (certificates.fingerprint(certificate), *(certificates.fingerprint(item) for item in extra))
        if key not in self._remembered:
            if len(self._remembered) >= MOST_REMEMBERED:
                self._remembered.pop(next(iter(self._remembered)))
            issuers = self._issuers if not extra else self._with(extra)
            self._remembered[key] = tuple(
                Route(path, _lasting_fault(path)) for path in self._walk((certificate,), issuers)
            )
        return self._remembered[key]

    def issuers_of(self, certificate: x509.Certificate) -> list[x509.Certificate]:
        """Known authorities whose name, and key identifier if stated, the certificate bears as its issuer's.

        Only a look at names, for going through many certificates: no signature is checked.
        """
        return _candidates(certificate, self._issuers)

    def check(
        self, certificate: x509.Certificate, *, extra: Sequence[x509.Certificate], at: datetime
    ) -> tuple[Check, Path | None]:
        """The best path at that moment and what is to be said of it; without any path, None."""
        routes = self.routes(certificate, extra)
        if not routes:
            return self._no_path(certificate, extra), None
        findings = [(route.fault or _fault_at(route.path, at), route.path) for route in routes]
        for fault, path in findings:
            if fault is None:
                root = certificates.common_name(path[-1]) or certificates.organisation(path[-1])
                return passed(NAME, f"Chứng thư số do tổ chức được tin cậy cấp (gốc: {root})."), path
        fault, path = findings[0]
        return fault or self._no_path(certificate, extra), path

    def _no_path(self, certificate: x509.Certificate, extra: Sequence[x509.Certificate]) -> Check:
        issuer = certificates.issuer_name(certificate) or certificate.issuer.rfc4514_string()
        if not self.anchors:
            return not_checked(
                NAME,
                Code.NO_CERTIFICATE_CHAIN_FOUND,
                "Chưa có chứng thư gốc tin cậy để đối chiếu.",
            )
        readable = [item for item in extra if certificates.is_readable(item)]
        candidates = _candidates(certificate, self._with(readable))
        for item in (certificate, *candidates):
            # A signature with SHA-1 is not even computed, so such a path is never found: say why.
            problem = None if certificates.is_signed_strongly(item) else _technical_problem(item)
            if problem is not None:
                return failed(NAME, Code.CRYPTO_CONSTRAINTS_FAILURE, problem)
        for candidate in candidates:
            if not _issued(candidate, certificate):
                return failed(
                    NAME,
                    Code.CHAIN_CONSTRAINTS_FAILURE,
                    f"Chứng thư số mang tên nơi cấp “{issuer}” nhưng không phải do nơi đó ký cấp.",
                )
        return not_checked(
            NAME,
            Code.NO_CERTIFICATE_CHAIN_FOUND,
            f"Chứng thư số không do tổ chức được tin cậy cấp (nơi cấp: {issuer}).",
        )

    def _with(self, extra: Sequence[x509.Certificate]) -> dict[bytes, list[x509.Certificate]]:
        return _by_subject((*self.authorities, *extra))

    def _walk(self, path: Path, issuers: dict[bytes, list[x509.Certificate]]) -> Iterator[Path]:
        if certificates.fingerprint(path[-1]) in self.anchors:
            yield path
            return
        if len(path) >= LONGEST_PATH:
            return
        for candidate in _candidates(path[-1], issuers):
            if candidate not in path and _issued(candidate, path[-1]):
                yield from self._walk((*path, candidate), issuers)


def _lasting_fault(path: Path) -> Check | None:
    """What is wrong with a path at any time, or None. The signatures on it are known to be right."""
    for below, authority in enumerate(path[1:]):
        problem = _authority_problem(authority, below)
        if problem is not None:
            return failed(NAME, Code.CHAIN_CONSTRAINTS_FAILURE, problem)
    for certificate in path:
        problem = _technical_problem(certificate)
        if problem is not None:
            return failed(NAME, Code.CRYPTO_CONSTRAINTS_FAILURE, problem)
    return None


def _fault_at(path: Path, at: datetime) -> Check | None:
    for authority in path[1:]:
        if not certificates.valid_at(authority, at):
            name = certificates.common_name(authority)
            return failed(
                NAME,
                Code.CHAIN_CONSTRAINTS_FAILURE,
                f"Chứng thư của nơi cấp “{name}” không có hiệu lực tại thời điểm ký.",
            )
    return None


def _authority_problem(authority: x509.Certificate, below: int) -> str | None:
    """`below` counts the authorities between this one and the signer's own certificate."""
    name = certificates.common_name(authority)
    if not certificates.may_sign_certificates(authority):
        return f"“{name}” không có quyền cấp chứng thư số cho người khác."
    longest = certificates.path_length(authority)
    if longest is not None and below > longest:
        return f"“{name}” không được phép có thêm cấp chứng thực bên dưới."
    return None


def _technical_problem(certificate: x509.Certificate) -> str | None:
    name = certificates.common_name(certificate)
    weakness = weakness_of(certificate)
    if weakness is not None:
        return f"Chứng thư “{name}”: {weakness}."
    unknown = certificates.unknown_critical_extensions(certificate)
    if unknown:
        return f"Chứng thư “{name}” có ràng buộc không hiểu được: {', '.join(unknown)}."
    return None


def weakness_of(certificate: x509.Certificate) -> str | None:
    """Why the certificate's own key or the signature on it is too weak at any time, or None."""
    if not certificates.is_signed_strongly(certificate):
        return f"{WEAK} (nơi cấp ký bằng {_digest_words(certificate)}, cần SHA-256 trở lên)"
    if not certificates.has_strong_key(certificate):
        return f"{WEAK} (khóa {certificates.key_words(certificate)}, cần {_STRONG})"
    return None


def _digest_words(certificate: x509.Certificate) -> str:
    try:
        digest = certificate.signature_hash_algorithm
    except certificates.UNREADABLE:
        digest = None
    return "thuật toán không được dùng" if digest is None else digest.name.upper()


def fault_of_age(path: Path, *, at: datetime, now: datetime, existed_at: datetime | None) -> Check | None:
    """Whether a key on the path had left the dated allow-list (`algorithms.ALLOWED`) when the signature existed.

    Judged at the proven moment, as ETSI EN 319 102-1 has cryptographic constraints judged (5.2.8.4, 5.6.2.4).
    """
    for certificate in path:
        until = algorithms.accepted_until(certificate)
        if until is None or (now if existed_at is None else existed_at) < until:
            continue
        what = f"{certificates.key_words(certificate)} chỉ được chấp nhận đến trước ngày {day(until)}"
        if at >= until:
            return failed(NAME, Code.CRYPTO_CONSTRAINTS_FAILURE, f"{WEAK.capitalize()}: {what}.")
        return not_checked(
            NAME,
            Code.CRYPTO_CONSTRAINTS_FAILURE,
            f"{WEAK.capitalize()}: {what}; không chứng minh được chữ ký có trước ngày đó.",
        )
    return None


def is_self_signed(certificate: x509.Certificate) -> bool:
    """Whether the certificate is signed by its own key, as roots are."""
    return certificate.issuer == certificate.subject and _issued(certificate, certificate)


def _by_subject(items: Iterable[x509.Certificate]) -> dict[bytes, list[x509.Certificate]]:
    """Each certificate once, however often it was given: twice the same makes no second path."""
    found: dict[bytes, list[x509.Certificate]] = {}
    for item in {certificates.fingerprint(each): each for each in items}.values():
        found.setdefault(item.subject.public_bytes(), []).append(item)
    return found


def _candidates(
    certificate: x509.Certificate, issuers: dict[bytes, list[x509.Certificate]]
) -> list[x509.Certificate]:
    """Those that bear the issuer's name and, where both say so, the issuer's key identifier."""
    wanted = certificates.issuer_key_identifier(certificate)
    return [
        item
        for item in issuers.get(certificate.issuer.public_bytes(), ())
        if None in (wanted, certificates.key_identifier(item)) or wanted == certificates.key_identifier(item)
    ]


def _issued(issuer: x509.Certificate, certificate: x509.Certificate) -> bool:
    if not certificates.has_quick_key(issuer):
        return False
    try:
        certificate.verify_directly_issued_by(issuer)
    except (*certificates.UNREADABLE, InvalidSignature):
        return False
    return True
