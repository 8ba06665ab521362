"""What a report shows of a signer's certificate: whose, whose authority's, and its state when signing and today.

Only for showing: the verdict rests on the checks. Read when a report is written out, so that judging thousands of
documents does not pay for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from hocba.documents.verification.algorithms_in_time import algorithm_name
from hocba.signing import certificates, instants
from hocba.signing.checks import Code, Status
from hocba.signing.trust_list import CLASS_NAMES, AuthorityClass

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from cryptography import x509

    from hocba.documents.verification.judging import Question
    from hocba.signing.checks import Check


class State(StrEnum):
    """The state of a certificate at one moment. The values are part of the JSON of `hocba verify`."""

    VALID = "valid"
    NOT_YET_VALID = "not_yet_valid"
    EXPIRED = "expired"
    REVOKED = "revoked"
    UNKNOWN = "unknown"


_WORDS = {
    State.VALID: "còn hiệu lực",
    State.NOT_YET_VALID: "chưa có hiệu lực",
    State.EXPIRED: "đã hết hạn",
    State.REVOKED: "đã bị thu hồi",
    State.UNKNOWN: "chưa biết",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """State at the claimed signing time, and at the moment of judging; `since` when it is over by then."""

    then: State
    now: State
    since: datetime | None = None

    @property
    def sentence(self) -> str:
        """Both states for people."""
        since = f" từ {instants.day(self.since)}" if self.since is not None else ""
        return f"Lúc ký: {_WORDS[self.then]}. Lúc kiểm tra: {_WORDS[self.now]}{since}."


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateFacts:
    """What identifies a certificate. `root` is the anchor's name, empty when no path to one was found.

    `authority_class` is what the trust list says of the nearest authority it lists; empty without a trust list.
    """

    subject: str
    serial: str
    sha256: str
    valid_from: datetime
    valid_until: datetime
    issuer: str
    root: str
    authority_class: str
    algorithm: str


def facts_of(
    certificate: x509.Certificate, chain: Sequence[x509.Certificate], question: Question | None
) -> CertificateFacts:
    """The facts of a readable certificate; `chain` are certificates that came along with it."""
    path = _path(certificate, chain, question)
    return CertificateFacts(
        subject=certificate.subject.rfc4514_string(),
        serial=f"{certificate.serial_number:x}",
        sha256=certificates.fingerprint(certificate),
        valid_from=certificate.not_valid_before_utc,
        valid_until=certificate.not_valid_after_utc,
        issuer=certificates.issuer_name(certificate) or certificate.issuer.rfc4514_string(),
        root=certificates.common_name(path[-1]) if path else "",
        authority_class=_class_of(path, question),
        algorithm=algorithm_name(certificate),
    )


def is_demonstration(certificates_of: Iterable[CertificateFacts | None]) -> bool:
    """Whether any signer's certificate is, by the trust list, for demonstrations only."""
    name = CLASS_NAMES[AuthorityClass.DEMONSTRATION]
    return any(facts is not None and facts.authority_class == name for facts in certificates_of)


def standing_of(
    certificate: x509.Certificate,
    chain: Sequence[x509.Certificate],
    checks: Iterable[Check],
    *,
    signed_at: datetime | None,
    question: Question,
) -> Standing:
    """The states of a readable certificate whose checks were made."""
    by_name = {check.name: check for check in checks}
    revoked_at, is_known = _revocation(certificate, _path(certificate, chain, question), question)
    end = certificate.not_valid_after_utc
    over = [
        (moment, state) for moment, state in ((revoked_at, State.REVOKED), (end, State.EXPIRED)) if moment
    ]
    since, now = min((item for item in over if item[0] <= question.at), default=(None, State.VALID))
    if now is State.VALID and not is_known:
        now = State.UNKNOWN
    return Standing(then=_then(by_name, signed_at), now=now, since=since)


def _class_of(path: Sequence[x509.Certificate], question: Question | None) -> str:
    trust_list = None if question is None else question.trust.trust_list
    if trust_list is None:
        return ""
    listed = (trust_list.find(authority) for authority in path[1:])
    return next((CLASS_NAMES[each.authority_class] for each in listed if each is not None), "")


def _then(by_name: dict[str, Check], signed_at: datetime | None) -> State:
    validity, revocation = by_name.get("certificate_validity"), by_name.get("revocation")
    if signed_at is None or validity is None or revocation is None:
        return State.UNKNOWN
    if validity.status is Status.FAILED:
        return State.NOT_YET_VALID if validity.code is Code.NOT_YET_VALID else State.EXPIRED
    if revocation.status is Status.FAILED:
        return State.REVOKED
    return State.VALID if revocation.passed else State.UNKNOWN


def _revocation(
    certificate: x509.Certificate, path: Sequence[x509.Certificate], question: Question
) -> tuple[datetime | None, bool]:
    """Since when it is revoked, if it is, and whether fresh evidence says anything at all."""
    if len(path) < 2:
        return None, bool(path)
    listings = question.trust.revocation_lists.listings(certificate, path[1])
    moments = [item.revoked_at for item in listings if item.revoked_at is not None]
    is_fresh = any(item.next_update is not None and item.next_update >= question.at for item in listings)
    return min(moments, default=None), bool(moments) or is_fresh


def _path(
    certificate: x509.Certificate, chain: Sequence[x509.Certificate], question: Question | None
) -> tuple[x509.Certificate, ...]:
    """The first path to an anchor."""
    if question is None:
        return ()
    routes = question.trust.chains.routes(certificate, chain)
    return routes[0].path if routes else ()
