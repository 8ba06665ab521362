"""Working bytes in and out of the database, many rows per statement."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hocba.platform.tenancy.statements import fetch, run
from hocba.transcripts.issuing.workflow import ItemStatus

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from uuid import UUID

    from hocba.transcripts.issuing.models import Rendering, SigningBatch

_INSERT_ITEMS = """
insert into transcripts_issuing_signingitem
    (school_code, batch_id, version_id, slot, holder, kind, region, to_be_signed, prepared, contents, reserved,
     status, signed, signed_at)
select %t, %b, fresh.version_id, %t, %t, fresh.kind, fresh.region, fresh.to_be_signed, fresh.prepared,
       fresh.contents, fresh.reserved, %t, '', %t
from unnest(%b::bigint[], %t::text[], %t::text[], %b::bytea[], %b::bytea[], %b::int[], %b::int[])
     with ordinality as fresh(version_id, kind, region, to_be_signed, prepared, contents, reserved, place)
order by fresh.place
returning id
"""

_READ = ("version_id", "kind", "region", "to_be_signed", "prepared", "contents", "reserved", "status")
"""Columns of an item, named as in `Item`."""

_ITEMS = f"""
select id, {", ".join(_READ)} from transcripts_issuing_signingitem
where batch_id = %b and id = any(%b::bigint[])
"""  # noqa: S608 (the names above)

_INSERT_RENDERINGS = """
insert into transcripts_issuing_rendering (school_code, version_id, pdf, presentation, rendered_at)
select %t, fresh.version_id, fresh.pdf, fresh.presentation, %t
from unnest(%b::bigint[], %b::bytea[], %b::bytea[]) as fresh(version_id, pdf, presentation)
"""

_FINISH_ITEMS = """
update transcripts_issuing_signingitem item
set status = 'SIGNED', signed = fresh.signed, prepared = '', reason = ''
from unnest(%b::bigint[], %b::bytea[]) as fresh(id, signed)
where item.id = fresh.id
"""

_FINISHED = """
select version_id, slot, kind, region, holder, signed from transcripts_issuing_signingitem
where version_id = any(%b::bigint[]) and kind = any(%t::text[]) and status = 'SIGNED'
"""

_RENDERINGS = """
select version_id, pdf, presentation from transcripts_issuing_rendering where version_id = any(%b::bigint[])
"""

_LENGTHS_BEFORE = """
select rendering.version_id, octet_length(rendering.pdf) + (
    select coalesce(sum(octet_length(item.signed)), 0)::int from transcripts_issuing_signingitem item
    where item.version_id = rendering.version_id and item.kind = 'pdf' and item.status = 'SIGNED'
        and item.slot = any(%t::text[])
)
from transcripts_issuing_rendering rendering where rendering.version_id = any(%b::bigint[])
"""


@dataclass(slots=True, kw_only=True)
class Item:
    """A `models.SigningItem` on its way; `pk` is 0 until it is stored."""

    pk: int = 0
    version_id: int
    kind: str
    region: str
    to_be_signed: bytes
    prepared: bytes
    contents: int | None
    reserved: int | None
    status: str = ItemStatus.PENDING


def insert_items(batch: SigningBatch, items: Sequence[Item], *, signed_at: datetime) -> None:
    """Insert items of a batch and set their row ids, in the order given."""
    if not items:
        return
    head = [batch.school_code, batch.pk, str(batch.slot), batch.holder, str(ItemStatus.PENDING), signed_at]
    columns = [
        [item.version_id for item in items],
        [str(item.kind) for item in items],
        [item.region for item in items],
        [item.to_be_signed for item in items],
        [item.prepared for item in items],
        [item.contents for item in items],
        [item.reserved for item in items],
    ]
    rows = fetch(_INSERT_ITEMS, [*head, *columns])
    # Ids come from one sequence within one statement, in the order of its rows.
    for item, (pk,) in zip(items, sorted(rows), strict=True):
        item.pk = pk


def items_of(batch_id: UUID, item_ids: Iterable[int]) -> dict[int, Item]:
    """Those of the items that are the batch's, by row id."""
    rows = fetch(_ITEMS, [batch_id, list(item_ids)])
    return {pk: Item(pk=pk, **dict(zip(_READ, row, strict=True))) for pk, *row in rows}


def insert_renderings(rows: Sequence[Rendering]) -> None:
    """Insert renderings of one school, made at one moment."""
    if rows:
        run(
            _INSERT_RENDERINGS,
            [
                rows[0].school_code,
                rows[0].rendered_at,
                [row.pk for row in rows],
                [bytes(row.pdf) for row in rows],
                [bytes(row.presentation) for row in rows],
            ],
        )


def finish_items(signed: dict[int, bytes]) -> None:
    """Keep finished signatures, by row id of the item; what they were prepared from goes."""
    run(_FINISH_ITEMS, [list(signed), list(signed.values())])


def finished(version_ids: Iterable[int], kinds: Iterable[str]) -> list[tuple[Any, ...]]:
    """(version, slot, kind, region, holder, signed) of every finished signature."""
    return fetch(_FINISHED, [list(version_ids), [str(kind) for kind in kinds]])


def renderings(version_ids: Iterable[int]) -> dict[int, tuple[bytes, bytes]]:
    """Unsigned PDF and <BanTheHien>, by version."""
    return {pk: (pdf, presentation) for pk, pdf, presentation in fetch(_RENDERINGS, [list(version_ids)])}


def lengths_before(version_ids: Iterable[int], slots: Iterable[str]) -> dict[int, int]:
    """By version, how long the PDF is with the increments of these slots: nothing of it is read."""
    return dict(fetch(_LENGTHS_BEFORE, [[str(slot) for slot in slots], list(version_ids)]))
