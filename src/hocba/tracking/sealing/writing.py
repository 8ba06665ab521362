"""What signing and freezing write, many rows with one statement; who calls holds the locks of the classes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from hocba.platform.tenancy import statements

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hocba.tracking.sealing.models import BatchItem, Document, DocumentSignature, SigningBatch

_CHECKED = """
update tracking_sealing_document set
  state = given.state, problems = given.problems::jsonb, signers = given.signers::jsonb,
  sheet_versions = given.sheet_versions::jsonb, data_digest = given.data_digest, checked_at = given.checked_at
from unnest(%b::bigint[], %t::text[], %t::text[], %t::text[], %t::text[], %t::text[], %t::timestamptz[])
  as given(id, state, problems, signers, sheet_versions, data_digest, checked_at)
where tracking_sealing_document.id = given.id
"""

_SIGNED = """
update tracking_sealing_document set
  state = given.state, file_digest = given.file_digest, completed_at = given.completed_at
from unnest(%b::bigint[], %t::text[], %t::text[], %t::timestamptz[])
  as given(id, state, file_digest, completed_at)
where tracking_sealing_document.id = given.id
"""

_ITEMS = """
update tracking_sealing_batchitem set state = given.state, reason = given.reason
from unnest(%b::bigint[], %t::text[], %t::text[]) as given(id, state, reason)
where tracking_sealing_batchitem.id = given.id
"""

_COMPLETE = """
update tracking_sealing_signingbatch batch set state = 'COMPLETED'
where id = %b and not exists (
    select from tracking_sealing_batchitem item where item.batch_id = batch.id and item.state = 'PENDING'
)
returning exists (
    select from tracking_sealing_batchitem item where item.batch_id = batch.id and item.state = 'REFUSED'
)
"""

_ADD = """
insert into tracking_sealing_documentsignature
    (school_code, document_id, slot, holder, by, signed_at, certificate_sha256, xml)
select %t, fresh.document_id, %t, %t, %t, %t, %t, fresh.xml
from unnest(%b::bigint[], %b::bytea[]) with ordinality as fresh(document_id, xml, place) order by fresh.place
"""


def keep_checked(documents: Sequence[Document]) -> None:
    """What comparing and freezing found: state, problems, signers, versions of sheets, digest of the data."""
    statements.run(
        _CHECKED,
        [
            [document.pk for document in documents],
            [str(document.state) for document in documents],
            [json.dumps(document.problems) for document in documents],
            [json.dumps(document.signers) for document in documents],
            [json.dumps(document.sheet_versions) for document in documents],
            [document.data_digest for document in documents],
            [document.checked_at for document in documents],
        ],
    )


def add_signatures(made: Sequence[DocumentSignature]) -> None:
    """Signatures of one signer in one slot, made with one certificate at one moment."""
    first = made[0]
    statements.run(
        _ADD,
        [
            first.school_code,
            first.slot,
            first.holder,
            first.by,
            first.signed_at,
            first.certificate_sha256,
            [signature.document_id for signature in made],
            [bytes(signature.xml) for signature in made],
        ],
    )


def keep_signed(documents: Sequence[Document]) -> None:
    """What signing made of them: state, digest of the file, and when they were complete."""
    statements.run(
        _SIGNED,
        [
            [document.pk for document in documents],
            [str(document.state) for document in documents],
            [document.file_digest for document in documents],
            [document.completed_at for document in documents],
        ],
    )


def keep_items(items: Sequence[BatchItem]) -> None:
    """What became of items of a batch: state and reason."""
    statements.run(
        _ITEMS,
        [
            [item.pk for item in items],
            [str(item.state) for item in items],
            [item.reason for item in items],
        ],
    )


def complete_batch(batch: SigningBatch) -> bool | None:
    """Complete a batch in which nothing waits any more; whether anything in it was refused.

    None while something waits: the batch stays as it is.
    """
    completed = statements.fetch(_COMPLETE, [batch.pk])
    return bool(completed[0][0]) if completed else None
