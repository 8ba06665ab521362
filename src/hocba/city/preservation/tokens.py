"""Time-stamp renewal: one new stamp over tokens whose units come near their end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

from hocba.city.preservation import collecting
from hocba.city.preservation.models import RenewalIntent, RenewedToken
from hocba.city.preservation.shapes import write_lists
from hocba.exchange.preservation.evidence import Material
from hocba.platform.files import store
from hocba.signing.evidence import records, trees

if TYPE_CHECKING:
    from datetime import datetime

    from hocba.signing.evidence.policy import AlgorithmPolicy

BATCH = 10_000

# A stamp of which nobody knows how long it is good is renewed at once.
_DUE = """
select source, id, algorithm, token from (
    select 'CHECKPOINT' as source, id, algorithm, token, good_until from city_archive_checkpointstamp
    union all
    select 'ARCHIVE', stamp.id, intent.algorithm, stamp.token, stamp.good_until
    from city_preservation_archivestamp stamp
    join city_preservation_renewalintent intent on intent.id = stamp.intent_id
) due
where (good_until is null or good_until < %s) and algorithm = %s
  and not exists (select 1 from city_preservation_renewedtoken renewed
                  where renewed.source = due.source and renewed.source_id = due.id)
order by good_until nulls first, id limit %s
"""


def intend(*, policy: AlgorithmPolicy, soon: datetime, by: str, at: datetime) -> RenewalIntent | None:
    """The intent of the next stamp over tokens that end before `soon`; None when none does.

    A chain keeps its digest (RFC 4998 5.2), so tokens of one digest go together, and those of a digest that is weak
    already are left: no stamp helps them any more.
    """
    for algorithm in policy.digest_ends:
        if not policy.is_strong(algorithm, at):
            continue
        due = _due(algorithm, soon)
        if due:
            return _intend(algorithm, due, by=by, at=at)
    return None


def _due(algorithm: str, soon: datetime) -> list[tuple[str, int, bytes]]:
    with connection.cursor() as cursor:
        cursor.execute(_DUE, [soon, algorithm, BATCH])
        return [(source, pk, bytes(token)) for source, pk, _, token in cursor.fetchall()]


def _intend(algorithm: str, due: list[tuple[str, int, bytes]], *, by: str, at: datetime) -> RenewalIntent:
    tree = trees.build(algorithm, ([records.token_digest(algorithm, token)] for _, _, token in due))
    intent: RenewalIntent = RenewalIntent.objects.create(
        kind="TOKENS",
        algorithm=algorithm,
        root=tree.root,
        count=len(due),
        units_digest=keep_units(),
        by=by,
        at=at,
    )
    RenewedToken.objects.bulk_create(
        (
            RenewedToken(intent=intent, source=source, source_id=pk, lists=write_lists(tree.reduced(place)))
            for place, (source, pk, _) in enumerate(due)
        ),
        batch_size=1000,
    )
    return intent


def keep_units() -> str:
    """The list of authorities and revocation lists of now, by which stamps before this one are judged."""
    return store.put(Material(school="", files=collecting.keep_trust_files()).to_bytes())
