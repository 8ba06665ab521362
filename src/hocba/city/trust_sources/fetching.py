"""Asks for what is due and judges what comes back; no database."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from hocba.channels.revocation import FetchError, SilentHostError, Validators
from hocba.city.trust_sources.models import SourceCheck
from hocba.signing import ocsp, revocation_sources

if TYPE_CHECKING:
    from datetime import datetime

    from hocba.channels.revocation import Fetched
    from hocba.city.trust_sources.queries import Due


class Hosts(Protocol):
    """What of `channels.revocation.RevocationHosts` is used here."""

    def fetch_list(self, address: str, known: Validators | None = None) -> Fetched:
        """The list at an address, unless it did not change."""
        ...

    def ask(self, address: str, request: bytes) -> bytes:
        """The answer of a responder."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one question came to; `content` only for something new."""

    due: Due
    outcome: SourceCheck.Outcome
    content: bytes = b""
    this_update: datetime | None = None
    next_update: datetime | None = None
    validators: Validators = field(default_factory=Validators)
    problem: str = ""
    is_silent: bool = False
    """Nobody answered at that address: nothing else is asked there in this run."""


def ask(due: Due, hosts: Hosts, *, at: datetime) -> Outcome:
    """Ask one question; whatever goes wrong is the outcome, never an exception of the other side's making."""
    try:
        if due.certificate is not None:
            return _answer(due, hosts, at=at)
        return _list(due, hosts, at=at)
    except (FetchError, ocsp.OcspError, revocation_sources.RevocationListError) as error:
        return Outcome(
            due=due,
            outcome=SourceCheck.Outcome.FAILED,
            problem=str(error)[:200],
            is_silent=isinstance(error, SilentHostError),
        )


def _list(due: Due, hosts: Hosts, *, at: datetime) -> Outcome:
    fetched = hosts.fetch_list(due.address, Validators(etag=due.etag, last_modified=due.last_modified))
    if fetched.content is None:
        return Outcome(due=due, outcome=SourceCheck.Outcome.SAME, validators=fetched.validators)
    found = revocation_sources.judge_list(fetched.content, due.issuer, now=at, newest=due.newest)
    return Outcome(
        due=due,
        outcome=SourceCheck.Outcome.NEW,
        content=fetched.content,
        this_update=found.last_update_utc,
        next_update=found.next_update_utc,
        validators=fetched.validators,
    )


def _answer(due: Due, hosts: Hosts, *, at: datetime) -> Outcome:
    assert due.certificate is not None  # noqa: S101 (the caller's question)
    try:
        content = hosts.ask(due.address, ocsp.build_request(due.certificate, due.issuer))
        listing = ocsp.check_answer(content, due.certificate, due.issuer, now=at)
    except ocsp.OcspError:
        # Many responders know certificates only by the older identifier (RFC 5019 section 2.1.1).
        content = hosts.ask(due.address, ocsp.build_request(due.certificate, due.issuer, sha1=True))
        listing = ocsp.check_answer(content, due.certificate, due.issuer, now=at)
    return Outcome(
        due=due,
        outcome=SourceCheck.Outcome.NEW,
        content=content,
        this_update=listing.this_update,
        next_update=listing.next_update,
    )
