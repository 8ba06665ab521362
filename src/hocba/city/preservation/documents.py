"""Archive time stamps over documents: the first when SHA-256 comes near its end, another with every digest after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Max, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from hocba.city.preservation.assembling import Bench, archive_entries
from hocba.city.preservation.models import PreservedTranscript, RenewalIntent, RenewedTranscript
from hocba.city.preservation.shapes import write_lists
from hocba.platform.files import store
from hocba.signing import digests
from hocba.signing.evidence import records, trees

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from django.db.models import QuerySet

    from hocba.exchange.preservation.bundles import Bundle
    from hocba.signing.evidence.policy import AlgorithmPolicy

BATCH = 10_000
"""Documents under one stamp."""
TOGETHER = 500
"""Documents read at a time."""
LOG_DIGEST = "sha256"
"""What proves the time of a document before its first archive time stamp."""


def intend(
    algorithm: str, *, policy: AlgorithmPolicy, soon: datetime, by: str, at: datetime
) -> RenewalIntent | None:
    """The intent of the next archive time stamp over documents whose newest digest ends before `soon`.

    None when there are none. Raises ValueError when the digest to change to ends as soon itself.
    """
    ending = [name for name in policy.digest_ends if not policy.is_strong(name, soon)]
    if not ending:
        return None
    rows = _next(ending)
    if not rows:
        return None
    if algorithm in ending:
        raise ValueError(f"HOCBA_EVIDENCE_DIGEST is {algorithm}, which comes to its end itself")
    groups = list(_groups(algorithm, rows))
    tree = trees.build(algorithm, (values for _, values in groups))
    intent: RenewalIntent = RenewalIntent.objects.create(
        kind="DOCUMENTS",
        algorithm=algorithm,
        root=tree.root,
        count=len(rows),
        by=by,
        at=at,
    )
    RenewedTranscript.objects.bulk_create(
        (
            RenewedTranscript(
                school_code=row.school_code,
                intent=intent,
                transcript=row,
                evidence_digest=evidence,
                lists=write_lists(tree.reduced(place)),
            )
            for place, (row, (evidence, _)) in enumerate(zip(rows, groups, strict=True))
        ),
        batch_size=1000,
    )
    return intent


def _next(ending: list[str]) -> list[PreservedTranscript]:
    """The next batch after the newest one. Only at the end is everything looked at again: a digest may have come to
    its end since, of documents that an earlier round left."""
    due = _due(ending)
    newest = RenewalIntent.objects.filter(kind="DOCUMENTS").order_by("-id").first()
    reached = newest and newest.transcripts.aggregate(reached=Max("transcript__leaf_index"))["reached"]
    further = [] if reached is None else list(due.filter(leaf_index__gt=reached)[:BATCH])
    return further or list(due[:BATCH])


def _due(ending: list[str]) -> QuerySet[PreservedTranscript]:
    newest = (
        RenewedTranscript.objects.filter(transcript=OuterRef("pk"))
        .order_by("-intent_id")
        .values("intent__algorithm")[:1]
    )
    rows: QuerySet[PreservedTranscript] = (
        PreservedTranscript.objects.select_related("material")
        .annotate(newest_digest=Coalesce(Subquery(newest), Value(LOG_DIGEST)))
        .filter(newest_digest__in=ending)
        .order_by("leaf_index")
    )
    return rows


def _groups(algorithm: str, rows: list[PreservedTranscript]) -> Iterator[tuple[str, set[bytes]]]:
    """For each document the digest of its evidence file, and the digests of its group (RFC 4998 4.2, 5.2)."""
    shared = dict[str, set[bytes]]()
    for start in range(0, len(rows), TOGETHER):
        yield from _groups_of(algorithm, rows[start : start + TOGETHER], shared)


def _groups_of(
    algorithm: str, rows: list[PreservedTranscript], shared: dict[str, set[bytes]]
) -> Iterator[tuple[str, set[bytes]]]:
    bench, known = Bench(rows), archive_entries(rows)
    for row in rows:
        entries = known.get(row.pk, [])
        if entries:
            evidence, digest = bench.file(entries[0].evidence_digest), entries[0].evidence_digest
        else:
            evidence = bench.evidence_of(row)
            digest = store.put(evidence)
        parts = bench.parts_of(row, evidence=evidence)
        values = {
            digests.digest(algorithm, store.get(row.xml_digest)),
            digests.digest(algorithm, store.get(row.pdf_digest)),
            digests.digest(algorithm, evidence),
            digests.digest(algorithm, parts.report),
            *_shared(algorithm, row.material.digest, parts, shared),
        }
        if entries:
            before = records.chains_digest(
                algorithm, records.read(bench.archive_record(entries)).encoded_chains
            )
            values = {digests.digest(algorithm, value + before) for value in values}
        yield digest, values


def _shared(algorithm: str, name: str, parts: Bundle, known: dict[str, set[bytes]]) -> set[bytes]:
    """Digests of the material, which many documents share."""
    if name not in known:
        objects = (parts.material, *parts.files.values())
        known[name] = {digests.digest(algorithm, each) for each in objects}
    return known[name]
