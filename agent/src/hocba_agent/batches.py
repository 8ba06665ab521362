"""One frozen list under one PIN: what was announced is signed, nothing else, and nothing twice."""

from __future__ import annotations

import hashlib
import re
import secrets
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from hocba_agent.problems import Problem
from hocba_agent.prompts import PinQuestion

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from hocba_agent.prompts import Prompter
    from hocba_agent.tokens import Place, SignedIn, Tokens

LARGEST_LIST = 50_000
LARGEST_CHUNK = 500
LARGEST_ITEM = 256 * 1024
LONGEST_TITLE = 300
_DIGEST = re.compile(r"[0-9a-f]{64}")

WARNINGS = {
    "few": "Lần nhập trước đã sai mã PIN. Nhập sai nhiều lần liên tiếp, thiết bị sẽ bị khóa.",
    "last": "CHỈ CÒN MỘT LẦN NHẬP MÃ PIN: nhập sai nữa, thiết bị sẽ bị khóa.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """What a page says it will have signed, before anything is."""

    certificate: str
    title: str
    digest: str
    digests: tuple[str, ...]
    left: tuple[str, ...]
    """Those of the list that are to be signed now: all, or the rest of a list that was begun before."""

    @classmethod
    def checked(
        cls,
        *,
        certificate: str,
        title: str,
        count: int,
        digest: str,
        digests: Sequence[str],
        left: Sequence[str] | None = None,
    ) -> Announcement:
        """Take it if it holds together: the digests are the list whose digest the server published.

        The list's digest is SHA-256 over the digests of all bytes to be signed, in order. It is the whole list's also
        when only a part is `left`, so that what the person sees is what the server's audit trail holds.

        Raises:
            Problem: malformed, digest_mismatch.
        """
        if not (0 < len(digests) <= LARGEST_LIST and 0 < len(title) <= LONGEST_TITLE and title.isprintable()):
            raise Problem("malformed")
        if len(digests) != count or not all(_DIGEST.fullmatch(item) for item in digests):
            raise Problem("digest_mismatch")
        combined = hashlib.sha256(b"".join(bytes.fromhex(item) for item in digests)).hexdigest()
        if digest != f"sha256:{combined}":
            raise Problem("digest_mismatch")
        rest = tuple(digests if left is None else left)
        if not rest or not set(rest) <= set(digests) or len(rest) > len(digests):
            raise Problem("digest_mismatch")
        return cls(certificate=certificate, title=title, digest=digest, digests=tuple(digests), left=rest)


@dataclass(slots=True, kw_only=True)
class Batch:
    """An announcement under way."""

    id: str
    pairing: str
    page: str
    user: str
    announced: Announcement
    deadline: datetime
    signer: SignedIn | None = None
    """None while the token is out."""
    made: dict[str, bytes] = field(default_factory=dict)
    """Signature by digest; kept until the batch ends, so that a lost answer can be asked for again."""

    def body(self, now: datetime) -> dict[str, object]:
        """As the page gets it."""
        return {
            "id": self.id,
            "count": len(self.announced.left),
            "signed": len(self.made),
            "token_is_there": self.signer is not None,
            "expires_in": max(0, int((self.deadline - now).total_seconds())),
        }


class Desk:
    """The one batch of this agent."""

    def __init__(
        self, tokens: Tokens, prompter: Prompter, *, idle: timedelta, clock: Callable[[], datetime]
    ) -> None:
        self._tokens = tokens
        self._prompter = prompter
        self._idle = idle
        self._clock = clock
        self._lock = threading.Lock()
        self._batch: Batch | None = None

    def open(self, announced: Announcement, *, pairing: str, page: str, user: str) -> Batch:
        """Ask for the PIN and sign in. The page's earlier batch ends; that of another page makes this one wait.

        Raises:
            Problem: busy, and what finding, asking and signing in may raise.
        """
        with self._turn():
            if self._batch is not None and self._batch.pairing != pairing:
                raise Problem("busy")
            self._end()
            batch = Batch(
                id=secrets.token_urlsafe(12),
                pairing=pairing,
                page=page,
                user=user,
                announced=announced,
                deadline=self._clock() + self._idle,
            )
            batch.signer = self._sign_in(batch, reason="")
            batch.deadline = self._clock() + self._idle
            self._batch = batch
            return batch

    def resume(self, batch_id: str, *, pairing: str) -> Batch:
        """Go on after the token was out: the same certificate, the PIN again. Raises like `open`, and no_batch."""
        with self._turn():
            batch = self._current(batch_id, pairing)
            self._sign_out(batch)
            batch.signer = self._sign_in(batch, reason="Thiết bị đã được cắm lại: nhập mã PIN để ký tiếp.")
            batch.deadline = self._clock() + self._idle
            return batch

    def sign(
        self, batch_id: str, items: Mapping[str, bytes], *, pairing: str
    ) -> tuple[Batch, dict[str, bytes]]:
        """Sign bytes of the list; what was signed before is given again, unchanged. Nothing if one is foreign.

        Raises:
            Problem: no_batch, malformed, foreign_bytes, token_removed, and what signing may raise.
        """
        with self._turn():
            batch = self._current(batch_id, pairing)
            wanted = {name: hashlib.sha256(data).hexdigest() for name, data in items.items()}
            if foreign := sorted(set(wanted.values()) - set(batch.announced.left)):
                raise Problem("foreign_bytes", items=[n for n, digest in wanted.items() if digest in foreign])
            batch.deadline = self._clock() + self._idle
            for name, digest in wanted.items():
                if digest not in batch.made:
                    batch.made[digest] = self._sign_one(batch, items[name])
            batch.deadline = self._clock() + self._idle  # a slow token may have taken long
            return batch, {name: batch.made[digest] for name, digest in wanted.items()}

    def state(self, batch_id: str, *, pairing: str) -> Batch:
        """How far the batch is. Raises Problem: no_batch, busy."""
        with self._turn():
            return self._current(batch_id, pairing)

    def close(self, batch_id: str, *, pairing: str) -> None:
        """End the batch and sign out. Raises Problem: no_batch, busy."""
        with self._turn():
            self._current(batch_id, pairing)
            self._end()

    def close_idle(self) -> bool:
        """End a batch in which nothing happened for too long; whether one was ended."""
        if not self._lock.acquire(blocking=False):
            return False  # somebody is at work
        try:
            return self._end_overdue()
        finally:
            self._lock.release()

    def stop(self) -> None:
        """End whatever is open: the program ends. Does not wait for a person who is being asked."""
        if self._lock.acquire(timeout=1.0):
            try:
                self._end()
            finally:
                self._lock.release()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """One request at a time; a second one is told so soon, since the first may wait for a person."""
        if not self._lock.acquire(timeout=2.0):
            raise Problem("busy")
        try:
            self._end_overdue()
            yield
        finally:
            self._lock.release()

    def _current(self, batch_id: str, pairing: str) -> Batch:
        if self._batch is None or (self._batch.id, self._batch.pairing) != (batch_id, pairing):
            raise Problem("no_batch")
        return self._batch

    def _sign_in(self, batch: Batch, *, reason: str) -> SignedIn:
        place = self._tokens.place(batch.announced.certificate)
        if not place.certificate.is_usable:
            raise Problem("key_refused")
        if place.attempts == "locked":
            raise Problem("pin_locked")
        pin = None if place.has_pin_pad else self._ask(batch, place, reason)
        return self._tokens.sign_in(place, pin)

    def _ask(self, batch: Batch, place: Place, reason: str) -> str:
        pin = self._prompter.ask_pin(
            PinQuestion(
                page=batch.page,
                user=batch.user,
                title=batch.announced.title,
                count=len(batch.announced.left) - len(batch.made),
                whole=len(batch.announced.digests),
                digest=batch.announced.digest,
                signer=place.certificate.name,
                token=place.token_label,
                warning=WARNINGS.get(place.attempts, ""),
                reason=reason,
            )
        )
        if pin is None:
            raise Problem("cancelled")
        return pin

    def _sign_one(self, batch: Batch, data: bytes) -> bytes:
        if batch.signer is None:
            raise Problem("token_removed")
        pin = None
        if batch.signer.wants_pin_each_time:
            number, count = len(batch.made) + 1, len(batch.announced.left)
            pin = self._ask(
                batch,
                batch.signer.place,
                f"Thiết bị này đòi mã PIN cho từng chữ ký: chữ ký {number}/{count}.",
            )
        try:
            return batch.signer.sign(data, pin)
        except Problem as problem:
            if problem.code == "token_removed":
                self._sign_out(batch)
            raise

    def _sign_out(self, batch: Batch) -> None:
        if batch.signer is not None:
            batch.signer.close()
            batch.signer = None

    def _end(self) -> None:
        if self._batch is not None:
            self._sign_out(self._batch)
            self._batch = None

    def _end_overdue(self) -> bool:
        if self._batch is None or self._clock() < self._batch.deadline:
            return False
        self._end()
        return True
