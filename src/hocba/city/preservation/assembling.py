"""Putting the evidence of a document together from rows and files: records, evidence file, bundle.

A `Bench` reads what documents need together and keeps what they share: stamps, notes, records, files.
"""

from __future__ import annotations

import json
from functools import cached_property
from typing import TYPE_CHECKING

from hocba.city.archive import log
from hocba.city.archive import queries as archive
from hocba.city.preservation.models import RenewedToken, RenewedTranscript
from hocba.city.preservation.shapes import read_lists
from hocba.exchange.preservation.bundles import Bundle
from hocba.exchange.preservation.evidence import Evidence, Material, TimeEvidence
from hocba.platform.files import store
from hocba.signing.evidence import records
from hocba.signing.evidence.records import ArchiveTimeStamp

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from hocba.city.archive.models import CheckpointStamp
    from hocba.city.preservation.models import ArchiveStamp, PreservedTranscript

MOST_REMEMBERED = 4096


class Bench:
    """Assembles documents that stand near each other in the log; make a new one for each batch of some hundreds."""

    def __init__(self, rows: Sequence[PreservedTranscript]) -> None:
        """Reads what all of them need with a statement each. Raises ValueError without any."""
        places = [row.leaf_index for row in rows]
        self._prove = log.prover(min(places), max(places))
        self._leaves = archive.leaf_contents([*places, *(row.material.leaf_index for row in rows)])
        self._reports = archive.reports_of(places)
        self._last: tuple[int, CheckpointStamp] | None = None
        self._materials: dict[int, TimeEvidence | None] = {}
        self._records: dict[int, bytes] = {}
        self._files: dict[str, bytes] = {}
        self._renewals: dict[tuple[int, int | None], list[ArchiveTimeStamp]] = {}

    @cached_property
    def log_key(self) -> str:
        """The key that signs checkpoints, as published."""
        return str(log.public_key())

    def file(self, digest: str) -> bytes:
        """A file that documents share."""
        if digest not in self._files:
            if len(self._files) >= MOST_REMEMBERED:
                self._files.clear()
            self._files[digest] = store.get(digest)
        return self._files[digest]

    def _time_of(self, leaf_index: int) -> TimeEvidence | None:
        """Where an entry of the log stands under its earliest stamp; None while there is none."""
        stamp = self._stamp_over(leaf_index)
        if stamp is None:
            return None
        size = stamp.checkpoint_id
        return TimeEvidence(
            leaf=self._leaves[leaf_index],
            index=leaf_index,
            path=self._prove(leaf_index, size),
            note=stamp.checkpoint.note,
            record=self._record_of(stamp),
        )

    def _stamp_over(self, leaf_index: int) -> CheckpointStamp | None:
        """Documents come in the order of the log, so the stamp of the last one mostly is that of the next."""
        if self._last is None or not self._last[0] <= leaf_index < self._last[1].checkpoint_id:
            stamp = archive.stamp_over(leaf_index)
            if stamp is None:
                return None
            self._last = (leaf_index, stamp)
        return self._last[1]

    def evidence_of(self, row: PreservedTranscript) -> bytes:
        """The evidence file as of now. Raises LookupError while no stamp covers the document."""
        time = self._time_of(row.leaf_index)
        if time is None:
            raise LookupError(f"no stamp over {row}")
        return Evidence(
            transcript=str(row.transcript_id),
            version=row.version,
            school=row.school_code,
            log_key=self.log_key,
            time=time,
            material=self._material_of(row.material.leaf_index),
        ).to_bytes()

    def _material_of(self, leaf_index: int) -> TimeEvidence | None:
        """The same of a list of material, which many documents share and which may stand far away."""
        if leaf_index not in self._materials:
            near, self._last = self._last, None
            self._materials[leaf_index] = self._time_of(leaf_index)
            self._last = near
        return self._materials[leaf_index]

    def parts_of(self, row: PreservedTranscript, *, evidence: bytes) -> Bundle:
        """All that is kept beside the document and under its archive time stamps."""
        listed = Material.from_bytes(self.file(row.material.digest)).files
        return Bundle(
            evidence=evidence,
            material=self.file(row.material.digest),
            files={name: self.file(digest) for name, digest in listed},
            report=self._report_of(row),
        )

    def archive_record(self, entries: list[RenewedTranscript]) -> bytes:
        """A document's evidence record: a chain for each archive time stamp, with that stamp's renewals."""
        record = b""
        for place, entry in enumerate(entries):
            stamp = ArchiveTimeStamp(
                entry.intent.algorithm, read_lists(entry.lists), bytes(entry.intent.stamp.token)
            )
            record = records.renew_hash_tree(record, stamp) if record else records.first(stamp)
            # A later chain was put over the chains as they were then: what came after belongs to that one.
            following = entries[place + 1].intent_id if place + 1 < len(entries) else None
            for renewal in self._renewals_of(entry.intent.stamp.pk, following):
                record = records.renew_time_stamp(record, renewal)
        return record

    def _renewals_of(self, stamp: int, before: int | None) -> list[ArchiveTimeStamp]:
        """Ten thousand documents share an archive stamp, and so its renewals."""
        if (stamp, before) not in self._renewals:
            self._renewals[(stamp, before)] = list(renewals_of("ARCHIVE", stamp, before=before))
        return self._renewals[(stamp, before)]

    def stamps_of(self, row: PreservedTranscript, entries: list[RenewedTranscript]) -> Iterator[ArchiveStamp]:
        """Every stamp that was put over another one of this document."""
        for leaf_index in (row.leaf_index, row.material.leaf_index):
            first = archive.stamp_over(leaf_index)
            if first is not None:
                yield from (entry.intent.stamp for entry in renewing_entries("CHECKPOINT", first.pk))
        for entry in entries:
            yield entry.intent.stamp
            yield from (each.intent.stamp for each in renewing_entries("ARCHIVE", entry.intent.stamp.pk))

    def _report_of(self, row: PreservedTranscript) -> bytes:
        """The validation at acceptance as octets: the row never changes, so they never do."""
        report = self._reports[row.leaf_index]
        return json.dumps(report, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()

    def _record_of(self, stamp: CheckpointStamp) -> bytes:
        if stamp.pk not in self._records:
            first = ArchiveTimeStamp(stamp.algorithm, (), bytes(stamp.token))
            record = records.first(first)
            for renewal in renewals_of("CHECKPOINT", stamp.pk):
                record = records.renew_time_stamp(record, renewal)
            self._records[stamp.pk] = record
        return self._records[stamp.pk]


def renewals_of(source: str, source_id: int, *, before: int | None = None) -> Iterator[ArchiveTimeStamp]:
    """The stamps over a token, over that stamp's token and so on; only those of intents before a given one."""
    for entry in renewing_entries(source, source_id, before=before):
        token = bytes(entry.intent.stamp.token)
        yield ArchiveTimeStamp(entry.intent.algorithm, read_lists(entry.lists), token)


def renewing_entries(source: str, source_id: int, *, before: int | None = None) -> Iterator[RenewedToken]:
    """The rows of the same, each with its intent and stamp."""
    while True:
        entry = (
            RenewedToken.objects.select_related("intent__stamp")
            .filter(source=source, source_id=source_id, intent__stamp__isnull=False)
            .first()
        )
        if entry is None or (before is not None and entry.intent_id >= before):
            return
        yield entry
        source, source_id = "ARCHIVE", entry.intent.stamp.pk


def archive_entries(rows: Iterable[PreservedTranscript]) -> dict[int, list[RenewedTranscript]]:
    """The archive time stamps that were made over documents, oldest first, by the documents' row numbers."""
    found: dict[int, list[RenewedTranscript]] = {}
    entries = (
        RenewedTranscript.objects.select_related("intent__stamp")
        .filter(transcript__in=[row.pk for row in rows], intent__stamp__isnull=False)
        .order_by("intent_id")
    )
    for entry in entries:
        found.setdefault(entry.transcript_id, []).append(entry)
    return found
