"""Working bytes in and out of the database in binary, many rows per statement.

The object-relational layer writes bytes as text literals: for signatures and PDFs of a whole class that costs
three to four times as much (benchmarks). Row-level security binds these statements like all others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg
from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hocba.transcripts.issuing.models import Rendering, SigningItem

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

_PRESENTATIONS = """
select version_id, presentation from transcripts_issuing_rendering where version_id = any(%b::bigint[])
"""


def insert_items(items: Sequence[SigningItem]) -> None:
    """Insert the items of one batch and set their row ids, in the order given."""
    if not items:
        return
    first = items[0]
    columns = [
        [item.version_id for item in items],
        [str(item.kind) for item in items],
        [item.region for item in items],
        [bytes(item.to_be_signed) for item in items],
        [bytes(item.prepared) for item in items],
        [item.contents for item in items],
        [item.reserved for item in items],
    ]
    head = [
        first.school_code,
        first.batch_id,
        str(first.slot),
        first.holder,
        str(first.status),
        first.signed_at,
    ]
    rows = _fetch(_INSERT_ITEMS, [*head, *columns])
    # Ids come from one sequence within one statement, in the order of its rows.
    for item, (pk,) in zip(items, sorted(rows), strict=True):
        item.pk = pk


def insert_renderings(rows: Sequence[Rendering]) -> None:
    """Insert renderings of one school, made at one moment."""
    if rows:
        _run(
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
    _run(_FINISH_ITEMS, [list(signed), list(signed.values())])


def finished(version_ids: Iterable[int], kinds: Iterable[str]) -> list[tuple[Any, ...]]:
    """(version, slot, kind, region, holder, signed) of every finished signature."""
    return _fetch(_FINISHED, [list(version_ids), [str(kind) for kind in kinds]])


def renderings(version_ids: Iterable[int]) -> dict[int, tuple[bytes, bytes]]:
    """Unsigned PDF and <BanTheHien>, by version."""
    return {pk: (pdf, presentation) for pk, pdf, presentation in _fetch(_RENDERINGS, [list(version_ids)])}


def presentations(version_ids: Iterable[int]) -> dict[int, bytes]:
    """<BanTheHien>, by version."""
    return dict(_fetch(_PRESENTATIONS, [list(version_ids)]))


def _fetch(query: str, values: list[Any]) -> list[tuple[Any, ...]]:
    return _cursor().execute(query, values, binary=True).fetchall()


def _run(query: str, values: list[Any]) -> None:
    _cursor().execute(query, values)


def _cursor() -> psycopg.Cursor[tuple[Any, ...]]:
    """A cursor that binds on the server, in the transaction of this thread's connection."""
    connection.ensure_connection()
    return psycopg.Cursor(connection.connection, row_factory=psycopg.rows.tuple_row)
