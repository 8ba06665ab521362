"""The organisation's seal from a key in a module at the server (PKCS#11): the clerk asks, the module signs.

One call signs one chunk: the page, or a form, calls again until nothing is left, so it can be stopped between calls,
and a crash loses one chunk at most.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings

from hocba.channels import seal_keys
from hocba.channels.pkcs11_errors import ModuleError
from hocba.desk.channels import Channel
from hocba.desk.errors import BatchOverError, ChannelError, NotYoursError
from hocba.desk.ports import State
from hocba.signing import certificates
from hocba.signing.errors import SigningError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from hocba.desk.ports import Batch, Desk
    from hocba.platform.accounts.actor import Actor
    from hocba.signing.keys.api import SigningKey

CHUNK = 200
"""Documents a call seals: some seconds with a module, below the patience of browsers and proxies."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """What one call did; `after` is where the next one goes on, None when the list is through."""

    signed: int
    refused: tuple[tuple[str, str], ...] = ()
    after: int | None = None


def key_of(school_code: str) -> SigningKey | None:
    """The school's key in a module (setting HOCBA_SEAL_KEYS), None where it has none.

    Raises ChannelError when the module does not answer, or the file of addresses is no longer what it was at the start.
    """
    try:
        keys = seal_keys.of(settings.HOCBA_SEAL_KEYS)
        return keys.key(school_code) if school_code in keys else None
    except (ModuleError, SigningError, ValueError) as error:
        raise ChannelError(
            "Thiết bị giữ con dấu số của nhà trường không trả lời. Hãy báo quản trị viên rồi thử lại."
        ) from error


def sign_next(desk: Desk, actor: Actor, batch_id: UUID, *, after: int = 0, at: datetime) -> Progress:
    """Sign the next chunk beyond a place. Raises NotYoursError, BatchOverError, ChannelError."""
    batch = desk.batch(actor, batch_id, at=at)
    if batch.channel is not Channel.HSM:
        raise NotYoursError
    if batch.state is State.COMPLETED:
        return Progress(signed=0)
    if batch.state is not State.OPEN:
        raise BatchOverError("Lượt ký này đã kết thúc, hãy mở lượt ký mới.")
    key = _key_of_batch(batch)
    items = desk.pending(actor, batch_id, after=after, limit=CHUNK, at=at)
    if not items:
        return Progress(signed=0)
    values = _sign(key, [item.to_be_signed for item in items])
    named = {item.id: value for item, value in zip(items, values, strict=True)}
    outcome = desk.complete(actor, batch_id, named, at=at)
    further = items[-1].place if len(items) == CHUNK else None
    return Progress(signed=outcome.signed, refused=outcome.refused, after=further)


def _key_of_batch(batch: Batch) -> SigningKey:
    key = key_of(batch.school_code)
    if key is None or certificates.to_der(key.certificate) != batch.certificate:
        raise ChannelError(
            "Con dấu trong thiết bị không còn là con dấu mà lượt ký này đã mở, hãy mở lượt ký mới."
        )
    return key


def _sign(key: SigningKey, items: Sequence[bytes]) -> list[bytes]:
    # A module signs several at once over its sessions; a plain key signs one after the other.
    many = getattr(key, "sign_many", None)
    try:
        return list(many(items)) if many else [key.sign(item) for item in items]
    except (ModuleError, SigningError) as error:
        raise ChannelError(
            "Thiết bị giữ con dấu số không ký được. Phần đã ký vẫn có hiệu lực; hãy báo quản trị viên rồi ký tiếp."
        ) from error
