"""The port of remote signing: a provider keeps the signer's key, the signer authorises one frozen list.

What stands behind it is the class that the setting HOCBA_REMOTE_SIGNING names, with no state of its own; empty, the
channel is not offered. `begin` opens a batch and says what the person does next: go to the provider's page (which
sends back to `returned`), or type a code (`code`). Then a job of the service signs chunk by chunk through
`Desk.pending` and `Desk.complete`, while the page asks for `status`. After a crash, or when an authorisation ran out,
`again` asks for one over what is left.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol, cast

from django.conf import settings
from django.utils.module_loading import import_string

from hocba.desk.errors import ChannelError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from hocba.desk.ports import Desk
    from hocba.platform.accounts.actor import Actor


class Step(StrEnum):
    """What the person does next; ASK_AGAIN when the authorisation ended before everything was signed."""

    REDIRECT = "redirect"
    CODE = "code"
    WAIT = "wait"
    DONE = "done"
    ASK_AGAIN = "ask_again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """A remote signing provider that the operator set up."""

    id: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """Where the signing of a batch stands. `address` is the provider's page for REDIRECT, `detail` for the person.

    `batch` is None while the provider only has to show the person's certificates.
    """

    batch: UUID | None
    step: Step
    signed: int = 0
    count: int = 0
    address: str = ""
    detail: str = ""


class RemoteSigning(Protocol):
    """What the desk asks of remote signing; every method raises ChannelError, and what the desk raises."""

    def providers(self) -> Sequence[Provider]:
        """Which providers a person may choose."""

    def begin(
        self, desk: Desk, actor: Actor, *, task: str, provider: str, return_to: str, at: datetime
    ) -> Status:
        """Find the person's certificate at the provider, open a batch, ask for authorisation of its digests."""

    def returned(self, desk: Desk, actor: Actor, given: Mapping[str, str], *, at: datetime) -> Status:
        """Take what the provider's page sent back: it names a session of this very actor, or is refused."""

    def code(self, desk: Desk, actor: Actor, batch_id: UUID, code: str, *, at: datetime) -> Status:
        """Take the code that the person typed."""

    def again(self, desk: Desk, actor: Actor, batch_id: UUID, *, return_to: str, at: datetime) -> Status:
        """Ask for authorisation of what is left of a batch."""

    def status(self, desk: Desk, actor: Actor, batch_id: UUID, *, at: datetime) -> Status:
        """How far the job is; the page asks again and again."""


def implementation() -> type[RemoteSigning] | None:
    """The class that the setting names; None where remote signing is not set up. Raises ImportError."""
    source = settings.HOCBA_REMOTE_SIGNING
    return cast("type[RemoteSigning]", import_string(source)) if source else None


def service() -> RemoteSigning | None:
    """One that a request may use; None where remote signing is not set up."""
    found = implementation()
    return found() if found else None


def required() -> RemoteSigning:
    """The same where it must be. Raises ChannelError."""
    found = service()
    if found is None:
        raise ChannelError("Hệ thống này chưa kết nối nhà cung cấp dịch vụ ký số từ xa.")
    return found
