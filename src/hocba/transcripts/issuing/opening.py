"""Opening a batch: freeze what a task covers and store the exact bytes to be signed before anybody sees them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.serialization import Encoding
from django.db import transaction

from hocba.desk import channels, frozen, ports, signers, standing
from hocba.desk.channels import Channel
from hocba.platform.audit import actions as audit
from hocba.platform.tenancy import statements
from hocba.regulations import curriculum
from hocba.signing import certificates
from hocba.transcripts.issuing import counting, signing, tasks, workflow, working_bytes
from hocba.transcripts.issuing.errors import NotReadyError, NotYoursError
from hocba.transcripts.issuing.materials import materials_for
from hocba.transcripts.issuing.models import RenderingProblem, SigningBatch
from hocba.transcripts.issuing.workflow import BatchStatus
from hocba.transcripts.issuing.working_bytes import Item
from hocba.transcripts.records import queries as records
from hocba.transcripts.records.workflow import TITLES, Status
from hocba.transcripts.roster import trust

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime
    from uuid import UUID

    from cryptography import x509

    from hocba.platform.accounts.actor import Actor
    from hocba.transcripts.issuing.models import SigningItem
    from hocba.transcripts.issuing.tasks import Task
    from hocba.transcripts.records.models import TranscriptVersion

VERSIONS_AT_ONCE = 100
"""Versions prepared in one go: more than a class has, and as many PDFs as are in memory at a time."""


@dataclass(slots=True, kw_only=True)
class OpenedBatch:
    """A frozen list, stored before the signer sees it.

    `items` are its first page, of `count` in all; `shown` are the same as the desk shows them.
    """

    batch: SigningBatch
    items: list[Item] = field(default_factory=list)
    shown: list[ports.Item] = field(default_factory=list)
    count: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Locked:
    """A task behind the lock of its class: the versions it covers, and what of them its holder signed before."""

    task: Task
    versions: Sequence[TranscriptVersion]
    signed: Collection[tuple[int, str, str]]


def open_batch(*, order: ports.Order, actor: Actor, at: datetime) -> OpenedBatch:
    """Freeze what a task covers and store the exact bytes to be signed; an open batch of it is superseded.

    Raises NotYoursError, NotReadyError, CertificateRefusedError, StandingBatchError (a package is under way that the
    order does not give up): all of them before anything is written.
    """
    locked = _locked_task(order.task, actor)
    signer = _signer(locked.task, order.certificate, at=at)
    superseded = _standing(locked.task, replace=order.replace, at=at)
    return _freeze(locked, signer, order, superseded=superseded, by=actor.name, at=at)


@transaction.atomic(savepoint=False)
def _freeze(
    locked: _Locked,
    signer: signing.Signer,
    order: ports.Order,
    *,
    superseded: Sequence[UUID],
    by: str,
    at: datetime,
) -> OpenedBatch:
    task, versions = locked.task, locked.versions
    if superseded:
        SigningBatch.objects.filter(pk__in=superseded).update(status=BatchStatus.SUPERSEDED)
    batch = _batch(task, signer, by=by, channel=order.channel, at=at)
    opened = OpenedBatch(batch=batch)
    listing = frozen.Listing(skipped=_skipped(task))
    for start in range(0, len(versions), VERSIONS_AT_ONCE):
        some = versions[start : start + VERSIONS_AT_ONCE]
        _prepare(opened, listing, some, signed=locked.signed, signer=signer, slot=task.slot)
    batch.expires_at = at + channels.life_of(order.channel, max(order.signatures, opened.count))
    batch.digest = listing.digest
    batch.listing = frozen.keep(_head(batch, task), listing)
    # The row of the batch follows its items, which refer to it: the constraint is checked at the end.
    batch.save(force_insert=True)
    audit.record(
        tag=workflow.TAG_OPENED,
        target=f"batch:{batch.pk}",
        by=by,
        at=at,
        school_code=batch.school_code,
        details={
            "slot": batch.slot,
            "items": opened.count,
            "digest": batch.digest,
            "list": f"sha256:{batch.listing}",
            "channel": batch.channel,
        },
    )
    return opened


def _prepare(
    opened: OpenedBatch,
    listing: frozen.Listing,
    versions: Sequence[TranscriptVersion],
    *,
    signed: Collection[tuple[int, str, str]],
    signer: signing.Signer,
    slot: workflow.Slot,
) -> None:
    """Write down the items of some versions; of their bytes only the first page stays in memory."""
    items = [
        _item(material.version, prepared)
        for material in materials_for(slot, versions)
        for prepared in signing.prepare(slot, material, signer)
        if (material.version.pk, prepared.kind, prepared.region) not in signed
    ]
    working_bytes.insert_items(opened.batch, items, signed_at=signer.signed_at)
    names = {version.pk: version.pupil_name for version in versions}
    shown = [item_of(item, names[item.version_id]) for item in items]
    listing.add(shown)
    room = channels.PAGE - len(opened.items)
    opened.items += items[:room]
    opened.shown += shown[:room]
    opened.count += len(items)


def item_of(item: Item | SigningItem, pupil: str) -> ports.Item:
    """An item as the desk shows it."""
    return ports.Item(
        id=str(item.pk),
        place=item.pk,
        title=title_of(item, pupil),
        kind=item.kind,
        to_be_signed=bytes(item.to_be_signed),
    )


def title_of(item: Item | SigningItem, pupil: str) -> str:
    """What an item is, for people: "Trần Thị A: môn Toán"."""
    what = (
        f"môn {curriculum.name_of(item.region)}"
        if item.region
        else ("bản XML" if item.kind == "xml" else "bản PDF")
    )
    return f"{pupil}: {what}"


def _batch(task: Task, signer: signing.Signer, *, by: str, channel: Channel, at: datetime) -> SigningBatch:
    return SigningBatch(
        school_code=task.compilation.school_code,
        compilation=task.compilation,
        slot=task.slot.name,
        holder=task.holder,
        certificate=certificates.to_der(signer.certificate),
        chain=b"".join(item.public_bytes(Encoding.PEM) for item in signer.chain),
        channel=channel,
        status=BatchStatus.OPEN,
        opened_by=by,
        opened_at=at,
        expires_at=at,
    )


def _head(batch: SigningBatch, task: Task) -> frozen.Head:
    return frozen.Head(
        batch=batch.pk,
        task=task.id,
        title=task.title,
        slot=batch.slot,
        school=batch.school_code,
        holder=batch.holder,
        by=batch.opened_by,
        certificate=certificates.fingerprint(certificates.load(bytes(batch.certificate))),
        channel=batch.channel,
        opened_at=batch.opened_at,
        expires_at=batch.expires_at,
    )


def _skipped(task: Task) -> list[frozen.Skipped]:
    """Transcripts of the class that cannot be signed now because no PDF could be made of them."""
    if not task.unrendered:
        return []
    early = workflow.ORDER[: workflow.ORDER.index(task.slot.before)]
    found = RenderingProblem.objects.filter(
        version__compilation_id=task.compilation.pk, version__status__in=early
    )
    rows = found.order_by("version__position").values_list(
        "version__pupil_name", "version__status", "problem"
    )
    return [
        frozen.Skipped(title=name, reason=f"{TITLES[Status(status)]}; không lập được bản PDF: {problem}")
        for name, status, problem in rows
    ]


def _locked_task(task_id: str, actor: Actor) -> _Locked:
    place = tasks.place_of(actor, task_id, lock=True)
    if place is None:
        raise NotYoursError
    versions = records.versions_of(place.compilation.pk)
    signed = counting.signed_already((version.pk for version in versions), place.slot, place.holder)
    counts = Counter(Status(version.status) for version in versions)
    task = tasks.task_at(place, tasks.facts_of(place, counts, signed=len(signed)))
    if task is None:
        raise NotYoursError
    if not task.ready:
        raise NotReadyError(f"Chưa đến lượt ký: {task.waiting_for}.")
    covered = [version for version in versions if version.status == task.slot.before]
    return _Locked(task=task, versions=covered, signed=signed)


def lock_tasks(names: Iterable[str]) -> None:
    """The locks of several tasks at once, in the order of the classes' row ids."""
    for pk in sorted({tasks.compilation_of(name) for name in names}):
        records.lock_compilation(pk)


def _signer(task: Task, certificate: bytes, *, at: datetime) -> signing.Signer:
    """The signer, once the certificate may sign here and now: every reason against it at once."""
    loaded = signers.load(certificate)
    signed_at = at.replace(microsecond=0)
    material = trust.material(task.compilation.school_code)
    claim = signers.claim_of(
        school_code=task.compilation.school_code, holder=task.holder, position=task.slot.position
    )
    signers.check(loaded, claim, trust=material, at=signed_at)
    _, path = material.chains.check(loaded, extra=(), at=signed_at)
    return signing.Signer(holder=task.holder, certificate=loaded, chain=_between(path), signed_at=signed_at)


def _between(path: tuple[x509.Certificate, ...] | None) -> tuple[x509.Certificate, ...]:
    """Authorities between the signer and the anchor: verifiers have the anchor themselves."""
    return tuple(path[1:-1]) if path else ()


def _standing(task: Task, *, replace: bool, at: datetime) -> list[UUID]:
    """Open batches of the task, which a new one supersedes. Raises StandingBatchError."""
    found = statements.rows(
        SigningBatch,
        "compilation_id = %b and slot = %t and holder = %t and status = 'OPEN'",
        [task.compilation.pk, str(task.slot.name), task.holder],
    )
    living = [(each.channel, each.opened_at) for each in found if each.expires_at >= at]
    standing.check(living, replace=replace)
    return [each.pk for each in found]


def _item(version: TranscriptVersion, prepared: signing.Prepared) -> Item:
    return Item(
        version_id=version.pk,
        kind=prepared.kind,
        region=prepared.region,
        to_be_signed=prepared.to_be_signed,
        prepared=prepared.prepared,
        contents=prepared.contents,
        reserved=prepared.reserved,
    )
