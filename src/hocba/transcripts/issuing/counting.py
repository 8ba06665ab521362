"""What is signed so far, counted by the database: of classes, of versions, of a batch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocba.platform.tenancy import statements
from hocba.transcripts.issuing.workflow import SlotName

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime
    from uuid import UUID

    from hocba.transcripts.issuing.workflow import Slot

# Which way the database goes must not hang on what it knows of the tables: while a school signs for the first time it
# knows nothing. So every item is reached by its batch or its version.
_ROWS_SIGNED = """
select batch.compilation_id, count(*) filter (where item.status = 'SIGNED')
from transcripts_issuing_signingbatch batch join transcripts_issuing_signingitem item on item.batch_id = batch.id
where batch.compilation_id = any(%b::bigint[]) and batch.slot = %t and batch.holder = %t
group by batch.compilation_id
"""

_SIGNED_ALREADY = """
select version_id, kind, region from transcripts_issuing_signingitem
where version_id = any(%b::bigint[]) and slot = %t and holder = %t and status = 'SIGNED'
"""

_COMPLETE = """
select id from transcripts_records_transcriptversion version
where id = any(%b::bigint[]) and coalesce(%b::int, jsonb_array_length(duties)) = (
    select count(*) from transcripts_issuing_signingitem
    where version_id = version.id and slot = %t and status = 'SIGNED'
)
"""

_FINISH_BATCH = """
update transcripts_issuing_signingbatch set status = 'COMPLETED', completed_at = %t
where id = %b and status = 'OPEN'
    and not exists (select from transcripts_issuing_signingitem where batch_id = %b and status <> 'SIGNED')
"""

_PROBLEMS = """
select version.compilation_id, count(*) from transcripts_issuing_renderingproblem problem
join transcripts_records_transcriptversion version on version.id = problem.version_id
where version.compilation_id = any(%b::bigint[]) and version.status = 'SUBJECTS_SIGNED'
group by version.compilation_id
"""


def rows_signed(compilation_ids: Collection[int], teacher: str) -> dict[int, int]:
    """How many rows a subject teacher has signed, by compilation; those without a batch are left out."""
    if not compilation_ids:
        return {}
    return dict(statements.fetch(_ROWS_SIGNED, [list(compilation_ids), str(SlotName.SUBJECT), teacher]))


def problems(compilation_ids: Collection[int]) -> dict[int, int]:
    """How many transcripts wait for a PDF that could not be made, by compilation; those without any are left out."""
    return dict(statements.fetch(_PROBLEMS, [list(compilation_ids)])) if compilation_ids else {}


def signed_already(version_ids: Iterable[int], slot: Slot, holder: str) -> set[tuple[int, str, str]]:
    """Version, kind and region of what a holder signed in a slot: signed once and for all.

    A batch may be left half done (a token was pulled out, one value was refused); the next one holds the rest.
    """
    return set(statements.fetch(_SIGNED_ALREADY, [list(version_ids), str(slot.name), holder]))


def complete_versions(version_ids: Iterable[int], slot: Slot) -> set[int]:
    """Those of the versions that have every signature of the slot: all rows, or XML and PDF."""
    needed = None if slot.name is SlotName.SUBJECT else len(slot.kinds)
    return {pk for (pk,) in statements.fetch(_COMPLETE, [list(version_ids), needed, str(slot.name)])}


def finish_batch(batch_id: UUID, *, at: datetime) -> bool:
    """Call an open batch completed if everything in it is signed; whether it is now."""
    return statements.run(_FINISH_BATCH, [at, batch_id, batch_id]) == 1
