"""What the city keeps about a pair of files, made without the city: a log, its stamps, material and renewals.

kept = preservation.keep(transcripts.school(), transcripts.pair())
kept.bundle()                            # octets of the bundle as it was soon after acceptance
kept.renewed(unit, at).bundle()          # after the stamps' tokens were stamped again
kept.rehashed(unit, at).bundle()         # after an archive time stamp with another digest
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from hocba.exchange import transparency
from hocba.exchange.preservation import bundles
from hocba.exchange.preservation.bundles import Bundle
from hocba.exchange.preservation.evidence import Evidence, Material, TimeEvidence, material_leaf
from hocba.signing import digests
from hocba.signing.evidence import records, trees
from hocba.signing.evidence.records import ArchiveTimeStamp
from tests.factories import transcripts
from tests.factories.evidence import Unit, unit, year
from tests.factories.transcripts import Pair, SchoolKeys

STAMPED = year(2026, 6)
RENEWED = year(2029, 6)
REHASHED = year(2039, 6)
FIRST = unit("một", start=year(2025), end=year(2030))
SECOND = unit("hai", start=year(2028), end=year(2040))
THIRD = unit("ba", start=year(2035), end=year(2060), digest="sha512")
LOG_NAME = "log.test/so-dang-bo"
LOG_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC_KEY = transparency.NoteKey.of(LOG_NAME, LOG_KEY)


def units_of(*moments: datetime, units: tuple[Unit, ...] = (FIRST, SECOND, THIRD)) -> dict[str, bytes]:
    """Authorities of the units, and their revocation lists of the day before each moment."""
    found: dict[str, bytes] = {}
    for each in units:
        found |= each.trust_files(*(moment - timedelta(days=1) for moment in moments))
    return found


@dataclass(frozen=True)
class Kept:
    """The evidence of one pair as it stands."""

    pair: Pair
    evidence: Evidence
    material: Material
    files: dict[str, bytes]
    units: dict[str, bytes]
    report: bytes = b'{"validated_at":"2026-06-01T00:00:00+07:00"}'
    record: bytes = b""

    def bundle(self) -> bytes:
        return bundles.write(self.parts())

    def parts(self) -> Bundle:
        return Bundle(
            evidence=self.evidence.to_bytes(),
            material=self.material.to_bytes(),
            files=self.files,
            units=self.units,
            report=self.report,
            record=self.record,
        )

    def renewed(self, by: Unit, at: datetime) -> Kept:
        """The newest token stamped again, together with tokens of other days."""
        if self.record:
            return replace(self, record=_renewed(self.record, by, at))
        return self._timed(_renewed(self.evidence.time.record, by, at))

    def renewed_often(self, by: Unit, moments: list[datetime]) -> Kept:
        """The same at each moment, without encoding a long record again and again."""
        stamps = [records.read(self.evidence.time.record).newest]
        for at in moments:
            below = records.token_digest("sha256", stamps[-1].token)
            stamps.append(_stamped(by, "sha256", {below}, at))
        return self._timed(records._record([stamps]))

    def _timed(self, record: bytes) -> Kept:
        evidence = self.evidence
        time = replace(evidence.time, record=record)
        material = evidence.material and replace(evidence.material, record=record)
        return replace(self, evidence=replace(evidence, time=time, material=material))

    def rehashed(self, by: Unit, at: datetime, algorithm: str = "sha512") -> Kept:
        """An archive time stamp over both files and all evidence, in one tree with other documents."""
        objects = [self.pair.xml, self.pair.pdf, *self.parts().objects()]
        values = {digests.digest(algorithm, each) for each in objects}
        if self.record:
            values = {records.renewed_digest(algorithm, value, self.record) for value in values}
        stamp = _stamped(by, algorithm, values, at)
        record = records.renew_hash_tree(self.record, stamp) if self.record else records.first(stamp)
        return replace(self, record=record)


def keep(
    keys: SchoolKeys,
    pair: Pair,
    *,
    by: Unit = FIRST,
    at: datetime = STAMPED,
    lists: dict[str, bytes] | None = None,
    others: int = 5,
) -> Kept:
    """Register, log and stamp a pair; `lists` are revocation lists instead of the authority's own of that day."""
    day_before = at - timedelta(days=1)
    files = {
        **keys.authority.certificate_pems(),
        **keys.authority.crls(day_before, day_before + timedelta(days=30)),
        **{name: data for name, data in keys.trust_files().items() if name.endswith(".json")},
        **(lists or {}),
    }
    value = transcripts.transcript()
    material = Material(
        school=keys.school.code,
        files=tuple((name, digests.digest("sha256", data).hex()) for name, data in files.items()),
    )
    issued = transparency.issued_leaf(
        transcript_id=value.id,
        version=value.version,
        school=keys.school.code,
        xml=f"sha256:{digests.digest('sha256', pair.xml).hex()}",
        pdf=f"sha256:{digests.digest('sha256', pair.pdf).hex()}",
        accepted_at="2026-05-31T23:00:00+07:00",
    )
    leaves = [transparency.encode_leaf({"n": number}) for number in range(others)]
    leaves += [issued, material_leaf(school=keys.school.code, material=material.to_bytes())]
    of_issued, of_material = _logged(leaves, by, at)
    return Kept(
        pair=pair,
        evidence=Evidence(
            transcript=value.id,
            version=value.version,
            school=keys.school.code,
            log_key=str(PUBLIC_KEY),
            time=of_issued,
            material=of_material,
        ),
        material=material,
        files=files,
        units=units_of(
            at, RENEWED, REHASHED, units=(*{id(u): u for u in (by, FIRST, SECOND, THIRD)}.values(),)
        ),
    )


def _logged(leaves: list[bytes], by: Unit, at: datetime) -> list[TimeEvidence]:
    """The last two leaves under one stamped checkpoint."""
    nodes: dict[tuple[int, int], bytes] = {}
    frontier = transparency.EMPTY
    for leaf in leaves:
        growth = frontier.append(transparency.leaf_hash(leaf))
        nodes |= {(node.level, node.index): node.hash for node in growth.complete}
        frontier = growth.frontier
    size = frontier.size
    text = transparency.Checkpoint(LOG_NAME, size, frontier.root()).text()
    note = transparency.sign_note(text, LOG_NAME, LOG_KEY)
    token = by.stamp(digests.digest("sha256", note.encode()), at=at)
    record = records.first(ArchiveTimeStamp("sha256", (), token))
    return [
        TimeEvidence(
            leaf=leaves[index],
            index=index,
            path=transparency.inclusion_proof(index, size, lambda level, place: nodes[(level, place)]),
            note=note,
            record=record,
        )
        for index in (size - 2, size - 1)
    ]


def _renewed(record: bytes, by: Unit, at: datetime) -> bytes:
    newest = records.read(record).newest
    own = {records.token_digest(newest.algorithm, newest.token)}
    return records.renew_time_stamp(record, _stamped(by, newest.algorithm, own, at))


def _stamped(by: Unit, algorithm: str, group: set[bytes], at: datetime) -> ArchiveTimeStamp:
    others = [{digests.digest(algorithm, b"other %d" % number)} for number in range(3)]
    tree = trees.build(algorithm, [*others, group])
    return ArchiveTimeStamp(
        algorithm, tree.reduced(len(others)), by.stamp(tree.root, at=at, algorithm=algorithm)
    )
