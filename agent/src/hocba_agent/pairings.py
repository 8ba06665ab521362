"""Which pages may use the tokens, for which account.

A page asks; page and agent show the same number; the person compares and says yes to the agent. The page then holds a
token that works from its own origin and for its own account only. The agent keeps a digest of it.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from hocba_agent.origins import shown
from hocba_agent.pairing_file import Pairing, PairingFile
from hocba_agent.problems import Problem
from hocba_agent.prompts import PairingQuestion

if TYPE_CHECKING:
    from pathlib import Path

    from hocba_agent.prompts import Prompter

OFFER_LIFE = timedelta(minutes=3)
OFFERS_PER_MINUTE = 5
"""However many pages ask: nobody can wear a person down with windows."""
LONGEST_USER = 150


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A pairing that waits for the person's yes."""

    origin: str
    user: str
    code: str
    expires: datetime


class Pairings:
    """The pairings of this account of the machine. Its file is asked each time: another process may have ended one."""

    def __init__(self, directory: Path, *, days: int) -> None:
        self._file = PairingFile(directory)
        self._days = days
        self._lock = threading.Lock()
        self._asking = threading.Lock()
        self._offers: dict[str, Offer] = {}
        self._asked: list[datetime] = []
        self._file.read()  # so that the secret is kept before anybody asks for an instance

    def instance(self, origin: str) -> str:
        """This agent's name for a page, so that it finds the one it knows among several.

        Another for each origin: it must not tell two sites that they have the same visitor.
        """
        secret = self._file.read().secret
        return hmac.new(secret.encode(), origin.encode(), hashlib.sha256).hexdigest()[:32]

    def all(self) -> list[Pairing]:
        """Every pairing, ended ones too."""
        return list(self._file.read().pairings)

    def offer(self, origin: str, user: str, *, now: datetime) -> tuple[str, str]:
        """Begin: id and the number to show. Raises Problem: malformed, slow_down."""
        if not 0 < len(user) <= LONGEST_USER or not user.isprintable():
            raise Problem("malformed")
        with self._lock:
            self._asked = [at for at in self._asked if now - at < timedelta(minutes=1)]
            if len(self._asked) >= OFFERS_PER_MINUTE:
                raise Problem("slow_down")
            self._asked.append(now)
            self._offers = {key: offer for key, offer in self._offers.items() if now < offer.expires}
            name, number = secrets.token_urlsafe(16), secrets.randbelow(1_000_000)
            code = f"{number // 1000:03} {number % 1000:03}"
            self._offers[name] = Offer(origin=origin, user=user, code=code, expires=now + OFFER_LIFE)
            return name, code

    def confirm(self, name: str, origin: str, prompter: Prompter, *, now: datetime) -> str:
        """Ask the person, once for each offer, and give the page its token.

        Raises:
            Problem: pairing_expired, pairing_refused, busy, no_dialog.
        """
        with self._lock:
            offer = self._offers.pop(name, None)
        if offer is None or offer.origin != origin or now >= offer.expires:
            raise Problem("pairing_expired")
        if not self._asking.acquire(blocking=False):
            raise Problem("busy")
        try:
            question = PairingQuestion(page=shown(origin), user=offer.user, code=offer.code)
            if not prompter.confirm_pairing(question):
                raise Problem("pairing_refused")
        finally:
            self._asking.release()
        return self._keep(offer, now)

    def find(self, token: str, origin: str, user: str, *, now: datetime) -> Pairing:
        """The pairing a request comes under. Raises Problem: not_paired."""
        for pairing in self._file.read().pairings:
            if _holds(pairing, token, origin, user, now):
                return pairing
        raise Problem("not_paired")

    def forget(self, pairing_id: str) -> bool:
        """End a pairing; whether there was one."""
        before = self._file.change(lambda there: tuple(item for item in there if item.id != pairing_id))
        return any(item.id == pairing_id for item in before.pairings)

    def _keep(self, offer: Offer, now: datetime) -> str:
        token = secrets.token_urlsafe(32)
        pairing = Pairing(
            id=secrets.token_hex(4),
            token_sha256=_sha256(token),
            origin=offer.origin,
            user=offer.user,
            created=now.isoformat(timespec="seconds"),
            expires=(now + timedelta(days=self._days)).isoformat(timespec="seconds"),
        )
        same = (offer.origin, offer.user)
        self._file.change(
            lambda there: (*(item for item in there if (item.origin, item.user) != same), pairing)
        )
        return token


def _holds(pairing: Pairing, token: str, origin: str, user: str, now: datetime) -> bool:
    """Whether the token is this pairing's, used by its page for its account in its time."""
    return (
        hmac.compare_digest(_sha256(token), pairing.token_sha256)
        and (origin, user) == (pairing.origin, pairing.user)
        and now < datetime.fromisoformat(pairing.expires)
    )


def _sha256(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
