"""What a side gives to the desk: its tasks and documents, in the words of somebody who signs.

A side implements `Side` once; pages, JSON addresses, packages and reports are the desk's and the same everywhere.
Every method takes the actor and raises `NotYoursError` for what is another person's.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from hocba.desk.channels import Channel
    from hocba.documents.outline import Outline
    from hocba.platform.accounts.actor import Actor
    from hocba.signing.trust import TrustMaterial


class State(StrEnum):
    """The life of a batch, the same word on both sides."""

    OPEN = "OPEN"
    COMPLETED = "COMPLETED"
    STOPPED = "STOPPED"
    SUPERSEDED = "SUPERSEDED"
    EXPIRED = "EXPIRED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What one person signs with one authorisation. `holder` is whose certificate signs, `unit` what is counted.

    `documents` can be signed now, which takes so many `signatures`. `parts` are the tasks that were put together.
    """

    id: str
    title: str
    slot: str
    position: str
    school_code: str
    school_year: str
    holder: str
    documents: int
    signatures: int
    waiting: int
    waiting_for: str
    unit: str
    parts: tuple[Task, ...] = ()

    @property
    def ready(self) -> bool:
        """Whether anything can be signed now."""
        return self.documents > 0

    @property
    def positions(self) -> frozenset[str]:
        """Every position that the certificate must be approved for."""
        return frozenset(each.position for each in self.parts or (self,))


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What somebody asks for who opens a batch. `certificate` is DER; `replace` gives a package under way up.

    `signatures` are those of the whole list where the task is a part of one: a long list has more time.
    """

    task: str
    certificate: bytes
    channel: Channel
    replace: bool = False
    signatures: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One signature to be made; `place` grows along the frozen list."""

    id: str
    place: int
    title: str
    kind: str
    to_be_signed: bytes

    @property
    def digest(self) -> str:
        """SHA-256 of the bytes to be signed, hex: as lists and packages name it."""
        return hashlib.sha256(self.to_be_signed).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """A frozen list. `digest` is what one authorisation covers, `listing` names the stored list (`frozen`).

    `parts` are the batches that were put together.
    """

    id: UUID
    task: str
    title: str
    slot: str
    position: str
    school_code: str
    holder: str
    by: str
    certificate: bytes
    channel: Channel
    state: State
    digest: str
    listing: str
    opened_at: datetime
    expires_at: datetime
    parts: tuple[Batch, ...] = ()

    @property
    def open_parts(self) -> tuple[Batch, ...]:
        """What still waits for signatures, task by task: of a joint list some parts may be over."""
        return tuple(each for each in self.parts or (self,) if each.state is State.OPEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A batch as the signer gets it: the first page of its items, and how many there are."""

    batch: Batch
    items: Sequence[Item]
    count: int

    @property
    def after(self) -> int | None:
        """Where the next page begins; None when this is all."""
        return self.items[-1].place if self.items and self.count > len(self.items) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How many of the given signatures stand now, and why the others do not, by item."""

    signed: int
    refused: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """An item afterwards; `reason` is why it is not signed, `ended` how its part of a joint list ended before that."""

    is_signed: bool
    reason: str = ""
    ended: State | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A document before signing: what is covered, for the eyes and as octets; `note` says what a signature confirms."""

    title: str
    kind: str
    note: str
    octets: bytes
    outline: Outline
    further: tuple[tuple[str, Outline], ...] = ()


class Desk(Protocol):
    """One side's signing desk. `name` begins the names of its addresses, `home` is the side's first page."""

    @property
    def name(self) -> str: ...

    @property
    def home(self) -> str: ...

    @property
    def permission(self) -> str: ...

    def tasks(self, actor: Actor) -> list[Task]:
        """What the actor has to sign, now or later."""

    def task(self, actor: Actor, task_id: str) -> Task:
        """One of them. Raises NotYoursError, NotReadyError (nothing is left, or others come first)."""

    def trust(self, school_code: str) -> TrustMaterial:
        """Authorities, revocations and approvals that certificates are judged by."""

    def school_name(self, school_code: str) -> str:
        """What the school is called; its code where that is not known."""

    def hold_batches(self, batches: Sequence[Batch]) -> None:
        """Take, in the order in which everybody takes them, the locks that completing or stopping these takes.

        Called before several are completed or stopped in one transaction, whatever became of them meanwhile.
        """

    def open(self, actor: Actor, order: Order, *, at: datetime) -> Opened:
        """Freeze what a task covers, store it, supersede an open batch of it.

        Raises NotYoursError, NotReadyError, CertificateRefusedError, StandingBatchError.
        """

    def open_batches(self, actor: Actor, *, at: datetime) -> list[Batch]:
        """Batches of the actor that still wait for signatures."""

    def ended_batches(self, actor: Actor, *, limit: int, at: datetime) -> list[Batch]:
        """The actor's newest batches that wait for nothing any more, newest first."""

    def batch(self, actor: Actor, batch_id: UUID, *, at: datetime) -> Batch:
        """One of the actor's batches, whatever became of it."""

    def pending(self, actor: Actor, batch_id: UUID, *, after: int, limit: int, at: datetime) -> list[Item]:
        """Items that wait, beyond a place in the list. Raises BatchOverError when the batch is not open."""

    def complete(
        self, actor: Actor, batch_id: UUID, signatures: Mapping[str, bytes], *, at: datetime
    ) -> Outcome:
        """Verify, then embed; again, it gives the same answer. Raises BatchOverError."""

    def stop(self, actor: Actor, batch_id: UUID, *, at: datetime) -> None:
        """End an open batch: what is signed stays signed. A batch that is over stays as it is."""

    def results(self, actor: Actor, batch_id: UUID) -> Mapping[str, Result]:
        """What became of every item, by its id."""

    def read(self, actor: Actor, batch_id: UUID, item_id: str, *, at: datetime) -> Reading:
        """A document for reading before signing and after it, whatever became of the batch; audited.

        Raises NotReadyError, BatchOverError for what changed under an open batch.
        """


class Side(Desk, Protocol):
    """What a side implements, which is more than the desk's pages need: `joint.desk.JointDesk` stands between."""

    def hold(self, actor: Actor, tasks: Sequence[str]) -> None:
        """Take, in the order in which everybody takes them, the locks that opening these tasks takes.

        Called before several are opened in one transaction.
        """

    def batches(self, actor: Actor, batch_ids: Iterable[UUID], *, at: datetime) -> list[Batch]:
        """Those of these batches that are the actor's, in no order, in one query."""
