"""What was asked, how it stands, and what is due."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import TYPE_CHECKING

from hocba.city.schools import queries as schools
from hocba.city.schools import trust
from hocba.city.trust_sources.models import SourceCheck
from hocba.signing import certificates, revocation_sources

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cryptography import x509
    from django.db.models import QuerySet

    from hocba.signing.trust_list import TrustList

RETRY = timedelta(minutes=15)
"""How soon after a failure the same source is asked again."""
LONGEST_WAIT = timedelta(hours=6)
"""Authorities publish more often than nextUpdate says: a revocation should not wait for it."""
COUNT_AGAIN_SECONDS = 300
"""For how long a process remembers figures for which every approved certificate was read."""
RECENT = 2000
"""How far back a failure is looked for, in attempts at one address."""
MOST_ANSWERS = 500
"""OCSP questions of one run at one address; the rest comes with the next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """One question to ask now: `certificate` only for an answer. `newest` is the thisUpdate of the copy at hand."""

    kind: SourceCheck.Kind
    address: str
    issuer: x509.Certificate
    certificate: x509.Certificate | None = None
    newest: datetime | None = None
    etag: str = ""
    last_modified: str = ""

    @property
    def subject(self) -> str:
        """Whom it is about."""
        return certificates.fingerprint(self.certificate or self.issuer)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """An address with its newest attempt and the newest that was answered, if any; `issuer` is whom it speaks for."""

    kind: SourceCheck.Kind
    address: str
    issuer: x509.Certificate
    last: SourceCheck | None
    good: SourceCheck | None

    def is_due(self, at: datetime) -> bool:
        """Half-way to the next update, a quarter of an hour after a failure, every few hours in any case."""
        if self.last is None:
            return True
        if self.last.outcome == SourceCheck.Outcome.FAILED or self.good is None:
            return at >= self.last.at + RETRY
        return at >= max(_half_way(self.good, self.last.at), self.last.at + RETRY)

    def last_failure(self) -> SourceCheck | None:
        """The newest attempt that failed, among the newest two thousand."""
        recent = _attempts(self.kind, self.address, self.issuer).values("pk")[:RECENT]
        failed = SourceCheck.objects.filter(pk__in=recent, outcome=SourceCheck.Outcome.FAILED)
        return failed.order_by("-id").first()


def states_of(trust_list: TrustList) -> list[SourceState]:
    """How every address of a revocation list stands, in the order of the trust list."""
    return [
        _state(SourceCheck.Kind.LIST, source.address, source.issuer)
        for source in revocation_sources.list_sources(trust_list)
    ]


def responder_states_of(trust_list: TrustList) -> list[SourceState]:
    """How every responder stands, whichever certificate it was asked about, in the order of the trust list."""
    return [
        _state(SourceCheck.Kind.ANSWER, address, entry.certificates[0])
        for entry in trust_list.authorities
        for address in entry.ocsp
    ]


def due_lists(trust_list: TrustList, *, at: datetime, all_of_them: bool = False) -> list[Due]:
    """Lists to fetch now, or all, due or not."""
    return [
        Due(
            kind=SourceCheck.Kind.LIST,
            address=state.address,
            issuer=state.issuer,
            newest=state.good.this_update if state.good else None,
            etag=state.good.etag if state.good else "",
            last_modified=state.good.last_modified if state.good else "",
        )
        for state in states_of(trust_list)
        if all_of_them or state.is_due(at)
    ]


def due_answers(trust_list: TrustList, *, at: datetime) -> list[Due]:
    """Approved certificates to ask responders about now: those that no fresh list of their authority covers.

    Responders take turns, so that none waits behind all the questions of another.
    """
    found: dict[str, list[Due]] = {}
    asking = _issuers_without_list(trust_list, at)
    if not asking:
        return []
    with_lists = {source.issuer for source in revocation_sources.list_sources(trust_list)}
    for certificate, issuer in _approved(asking, at):
        addresses = revocation_sources.responders_for(trust_list, issuer)
        if not addresses or _is_covered(certificate, issuer, has_lists=issuer in with_lists, at=at):
            continue
        subject = certificates.fingerprint(certificate)
        address = _next_address(addresses, subject)
        theirs = found.setdefault(address, [])
        if len(theirs) >= MOST_ANSWERS:
            continue
        last = _newest(SourceCheck.Kind.ANSWER, address, subject)
        if last is not None and at < last.at + RETRY:
            continue
        theirs.append(
            Due(kind=SourceCheck.Kind.ANSWER, address=address, issuer=issuer, certificate=certificate)
        )
    return [due for turn in zip_longest(*found.values()) for due in turn if due is not None]


def newest_good(due: Due) -> SourceCheck | None:
    """The newest attempt at a question that did not fail."""
    return _newest(due.kind, due.address, due.subject, only_good=True)


def newest_of_responder(address: str) -> SourceCheck | None:
    """The newest attempt to ask a responder, about whomever."""
    return SourceCheck.objects.filter(kind=SourceCheck.Kind.ANSWER, address=address).order_by("-id").first()


def count_uncovered(issuers: Sequence[x509.Certificate], *, at: datetime) -> Counter[x509.Certificate]:
    """How many approved certificates of authorities nothing fresh speaks of; those just approved have a little time."""
    global _counted
    key = (trust.current().version, tuple(issuers), at.timestamp() // COUNT_AGAIN_SECONDS)
    if _counted is None or _counted[0] != key:
        _counted = key, _count_uncovered(issuers, at)
    return _counted[1]


_counted: tuple[object, Counter[x509.Certificate]] | None = None


def _count_uncovered(issuers: Sequence[x509.Certificate], at: datetime) -> Counter[x509.Certificate]:
    lists = trust.material().revocation_lists
    found: Counter[x509.Certificate] = Counter()
    for certificate, issuer in _approved(issuers, at, approved_before=at - RETRY):
        ends = [listing.next_update for listing in lists.listings(certificate, issuer)]
        if not any(end is not None and end >= at for end in ends):
            found[issuer] += 1
    return found


def _issuers_without_list(trust_list: TrustList, at: datetime) -> list[x509.Certificate]:
    """Authorities that have a responder, and no list that counts a while longer."""
    lists = trust.material().revocation_lists
    return [
        issuer
        for entry in trust_list.authorities
        if entry.ocsp
        for issuer in entry.certificates
        if (end := lists.fresh_until(issuer)) is None or end <= at + RETRY
    ]


def _approved(
    issuers: Sequence[x509.Certificate], at: datetime, *, approved_before: datetime | None = None
) -> Iterator[tuple[x509.Certificate, x509.Certificate]]:
    """Certificates that count now and bear the name of one of these authorities, each with it."""
    if not issuers:
        return
    chains = trust.material().chains
    rows = schools.list_counting(at=at).filter(valid_until__gt=at, approved_at__lte=approved_before or at)
    for der in rows.values_list("der", flat=True).order_by("id").iterator(chunk_size=500):
        certificate = certificates.load(bytes(der))
        yield from ((certificate, issuer) for issuer in chains.issuers_of(certificate) if issuer in issuers)


def _is_covered(
    certificate: x509.Certificate, issuer: x509.Certificate, *, has_lists: bool, at: datetime
) -> bool:
    """Whether something speaks of it long enough.

    Where there are lists, until a retry before they end; without, until half-way, so that a failure has time to mend.
    """
    for listing in trust.material().revocation_lists.listings(certificate, issuer):
        if listing.next_update is None:
            continue
        half_way = listing.this_update + (listing.next_update - listing.this_update) / 2
        if at < (listing.next_update - RETRY if has_lists else half_way):
            return True
    return False


def _next_address(addresses: tuple[str, ...], subject: str) -> str:
    """The responder after the one that failed last, so that a second one is of use."""
    for number, address in enumerate(addresses):
        last = _newest(SourceCheck.Kind.ANSWER, address, subject)
        if last is None or last.outcome != SourceCheck.Outcome.FAILED:
            return addresses[number]
    return addresses[0]


def _half_way(good: SourceCheck, last: datetime) -> datetime:
    if good.this_update is None or good.next_update is None:
        return last + RETRY
    half_way = good.this_update + (good.next_update - good.this_update) / 2
    # Past the middle an unchanged list is asked for every quarter of an hour, until the next one is there.
    return min(half_way, last + LONGEST_WAIT)


def _state(kind: SourceCheck.Kind, address: str, issuer: x509.Certificate) -> SourceState:
    rows = _attempts(kind, address, issuer)
    return SourceState(
        kind=kind,
        address=address,
        issuer=issuer,
        last=rows.first(),
        good=rows.exclude(outcome=SourceCheck.Outcome.FAILED).first(),
    )


def _attempts(kind: SourceCheck.Kind, address: str, issuer: x509.Certificate) -> QuerySet[SourceCheck]:
    """Of a list those about its authority; of a responder all, for each is about another certificate."""
    rows = SourceCheck.objects.filter(kind=kind, address=address).order_by("-id")
    if kind is SourceCheck.Kind.LIST:
        rows = rows.filter(subject=certificates.fingerprint(issuer))
    return rows


def _newest(
    kind: SourceCheck.Kind, address: str, subject: str, *, only_good: bool = False
) -> SourceCheck | None:
    rows = SourceCheck.objects.filter(kind=kind, address=address, subject=subject)
    if only_good:
        rows = rows.exclude(outcome=SourceCheck.Outcome.FAILED)
    return rows.order_by("-id").first()
