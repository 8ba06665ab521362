"""The port of remote signing: a provider keeps the signer's key, the signer authorises one frozen list.

What stands behind it is named by the setting HOCBA_REMOTE_SIGNING; without it the channel is not offered. A session
goes: `begin` (where to send the person, or that a code is asked for) → `authorise` (what came back) → a job of the
service signs chunk by chunk through `Desk.pending` and `Desk.complete` → `status` is polled by the page.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from typing import TYPE_CHECKING, Protocol

from django.conf import settings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from hocba.desk.ports import Desk
    from hocba.platform.accounts.actor import Actor


class Step(StrEnum):
    """What the person does next."""

    REDIRECT = "redirect"
    CODE = "code"
    WAIT = "wait"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """A remote signing provider that the operator set up."""

    id: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """Where a session stands. `address` is the provider's page for REDIRECT, `detail` Vietnamese for the person."""

    session: str
    step: Step
    signed: int = 0
    count: int = 0
    address: str = ""
    detail: str = ""


class RemoteSigning(Protocol):
    """What the desk asks of remote signing. Every method raises ChannelError, and DeskError as the desk does."""

    def providers(self) -> Sequence[Provider]:
        """Which providers a person may choose."""

    def begin(
        self, desk: Desk, actor: Actor, *, task: str, provider: str, return_to: str, at: datetime
    ) -> Status:
        """Find the person's certificate at the provider, open a batch with it, ask for authorisation of its digests."""

    def authorise(
        self, desk: Desk, actor: Actor, session: str, *, given: Mapping[str, str], at: datetime
    ) -> Status:
        """Take what the provider's page sent back, or the code the person typed, and let the job sign."""

    def status(self, actor: Actor, session: str, *, at: datetime) -> Status:
        """How far the job is; asked again and again."""

    def session_of(self, actor: Actor, batch_id: UUID) -> str | None:
        """The session that signs a batch, to go on after a crash."""


def service() -> RemoteSigning | None:
    """What the setting names, made once per call; None where remote signing is not set up."""
    source = str(getattr(settings, "HOCBA_REMOTE_SIGNING", "") or "")
    if not source:
        return None
    module, _, name = source.rpartition(".")
    found: RemoteSigning = getattr(import_module(module), name)()
    return found
