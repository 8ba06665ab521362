"""Time-stamp renewal: one new stamp over tokens whose units come near their end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection

from hocba.city.preservation import collecting
from hocba.city.preservation.models import RenewalIntent, RenewedToken
from hocba.city.preservation.shapes import write_lists
from hocba.exchange.preservation.evidence import Material
from hocba.platform.files import store
from hocba.signing.evidence import records, trees

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, timedelta

    from hocba.signing.evidence.policy import AlgorithmPolicy

BATCH = 10_000

# A stamp is due the margin before its end, or half of its life before when that is less: a stamp by a unit that ends
# soon itself must not be due again at once. One of which nobody knows how long it is good is due now.
_DUE = """
select source, id, token from (
    select 'CHECKPOINT' as source, id, algorithm, token, stamped_at, good_until, '' as relies_on
    from city_archive_checkpointstamp
    union all
    select 'ARCHIVE', stamp.id, intent.algorithm, stamp.token, stamp.stamped_at, stamp.good_until, stamp.relies_on
    from city_preservation_archivestamp stamp
    join city_preservation_renewalintent intent on intent.id = stamp.intent_id
) due
where algorithm = %(algorithm)s
  and (good_until is null or good_until < %(soon)s
           and %(at)s >= good_until - least(%(margin)s, (good_until - stamped_at) / 2)
       or exists (select 1 from unnest(%(names)s::text[], %(ends)s::timestamptz[]) as ending(name, ends_at)
                  where ending.name = any(string_to_array(relies_on, ' '))
                    and %(at)s >= ends_at - least(%(margin)s, (ends_at - stamped_at) / 2)))
  and not exists (select 1 from city_preservation_renewedtoken renewed
                  where renewed.source = due.source and renewed.source_id = due.id)
order by good_until nulls first, id limit %(limit)s
"""


_LATE = """
select count(*), min(good_until) from (
    select 'CHECKPOINT' as source, id, good_until from city_archive_checkpointstamp where good_until < %(soon)s
    union all
    select 'ARCHIVE', id, good_until from city_preservation_archivestamp where good_until < %(soon)s
) ending
where not exists (select 1 from city_preservation_renewedtoken renewed
                  join city_preservation_archivestamp stamp on stamp.intent_id = renewed.intent_id
                  where renewed.source = ending.source and renewed.source_id = ending.id)
"""


def late(soon: datetime) -> tuple[int, datetime | None]:
    """How many stamps end before `soon` and are under no other, and when the first of them does."""
    with connection.cursor() as cursor:
        cursor.execute(_LATE, {"soon": soon})
        count, first = cursor.fetchone()
    return int(count), first


def intend(*, policy: AlgorithmPolicy, margin: timedelta, by: str, at: datetime) -> RenewalIntent | None:
    """The intent of the next stamp over tokens that are due; None when none is.

    A chain keeps its digest (RFC 4998 5.2), so tokens of one digest go together, and those of a digest that is weak
    already are left: no stamp helps them any more.
    """
    ends = {name: end for name, end in policy.digest_ends.items() if end is not None and end < at + margin}
    for algorithm in policy.digest_ends:
        if not policy.is_strong(algorithm, at):
            continue
        # A chain whose own digest ends is left to the documents' renewal; another one may have a unit that ends.
        due = _due(algorithm, margin, {} if algorithm in ends else ends, at)
        if due:
            return _intend(algorithm, due, by=by, at=at)
    return None


def _due(
    algorithm: str, margin: timedelta, ends: Mapping[str, datetime], at: datetime
) -> list[tuple[str, int, bytes]]:
    values: dict[str, Any] = {
        "algorithm": algorithm,
        "at": at,
        "margin": margin,
        "soon": at + margin,
        "names": list(ends),
        "ends": list(ends.values()),
        "limit": BATCH,
    }
    with connection.cursor() as cursor:
        cursor.execute(_DUE, values)
        return [(source, pk, bytes(token)) for source, pk, token in cursor.fetchall()]


def _intend(algorithm: str, due: list[tuple[str, int, bytes]], *, by: str, at: datetime) -> RenewalIntent:
    tree = trees.build(algorithm, ([records.token_digest(algorithm, token)] for _, _, token in due))
    intent: RenewalIntent = RenewalIntent.objects.create(
        kind="TOKENS",
        algorithm=algorithm,
        root=tree.root,
        count=len(due),
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
    """The list of authorities and revocation lists of now, by which the stamps below one made now are judged."""
    return store.put(Material(school="", files=collecting.keep_trust_files()).to_bytes())
