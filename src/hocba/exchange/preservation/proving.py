"""From a document and its bundle to a proven time, and to the material that may be believed of that time.

The newest stamps are judged now, every older one at the time of the one above it (`signing.evidence`). With an
archive record the log, whose tree is made of SHA-256, is judged at that record's first time; so SHA-256 may end.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain

from cryptography import x509

from hocba.exchange import transparency
from hocba.exchange.preservation import bundles
from hocba.exchange.preservation.bundles import Bundle
from hocba.exchange.preservation.evidence import Evidence, Material, TimeEvidence
from hocba.exchange.transparency import NoteKey
from hocba.signing import certificates, digests, trust
from hocba.signing.approvals import ApprovalRegister, read_register
from hocba.signing.chains import ChainFinder
from hocba.signing.checks import Code
from hocba.signing.evidence import verifying
from hocba.signing.evidence.errors import EvidenceError
from hocba.signing.evidence.judging import UnitJudge
from hocba.signing.evidence.policy import AlgorithmPolicy
from hocba.signing.revocation import RevocationLists
from hocba.signing.timestamps import Timestamp
from hocba.signing.trust import TrustMaterial

_LOG_DIGESTS = frozenset({"sha256"})
"""What leaves, tree and notes of the log are made of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proven:
    """The file existed at `existed_at`; `trust` is the caller's, with the material of that time.

    `stamps` are all stamps on the way, oldest first; `notes` say for people what was left aside, and why. `logged`
    says where in which log the document stands, and is empty when no key of a log was given to check it with.
    """

    existed_at: datetime
    trust: TrustMaterial
    stamps: tuple[Timestamp, ...]
    notes: tuple[str, ...] = ()
    logged: str = ""

    @property
    def sentence(self) -> str:
        """What proves it, for people."""
        units = dict.fromkeys(certificates.common_name(stamp.certificate) for stamp in self.stamps)
        renewed = len(self.stamps) - 1
        again = f", đã gia hạn {renewed} lần" if renewed else ""
        return f"dấu thời gian của {', '.join(units)} trên mốc nhật ký của Sở{again}"


def prove(
    data: bytes,
    bundle: Bundle,
    *,
    trust: TrustMaterial,
    at: datetime,
    policy: AlgorithmPolicy | None = None,
    log_keys: Collection[NoteKey] = (),
) -> Proven:
    """What the bundle proves about a file at the moment `at` (aware).

    `log_keys` are the logs that are believed: one of them must have signed the checkpoint over the document, and its
    word on approved certificates is taken. Without any, nobody says whose log it is, and the caller's registers count
    alone. Nothing in a bundle ever becomes an anchor.

    Raises:
        EvidenceError: the bundle is not about this file, or proves nothing at that moment.
    """
    counted = policy or AlgorithmPolicy()
    judge = UnitJudge(_with_material(trust, {**bundle.files, **bundle.units}), counted)
    evidence = bundles.describe(bundle)
    control, above = at, tuple[Timestamp, ...]()
    if bundle.record:
        archived = verifying.verify(bundle.record, objects=[data, *bundle.objects()], judge=judge, at=at)
        control, above = archived.existed_at, archived.stamps
    counted.require_strong(_LOG_DIGESTS, control)
    _require_about(data, evidence)
    logged = _logged(evidence.time, log_keys)
    found = _stamped(evidence.time, judge, control)
    merged, notes = _believed(bundle, evidence, trust, judge, control, log_keys)
    return Proven(
        existed_at=found.existed_at,
        trust=merged,
        stamps=(*found.stamps, *above),
        notes=tuple(notes),
        logged=logged,
    )


def _logged(time: TimeEvidence, log_keys: Collection[NoteKey]) -> str:
    """Where the document stands, once the log signed the checkpoint above it (C2SP tlog-checkpoint, RFC 6962 2.1.1)."""
    if not log_keys:
        return ""
    checkpoint = time.checkpoint()
    # The key of one log does not speak for another.
    if not any(key.name == checkpoint.origin and _signed_by(time.note, key) for key in log_keys):
        raise EvidenceError(
            "the checkpoint is not signed by a log that is known",
            code=Code.SIG_CRYPTO_FAILURE,
            sentence="Mốc nhật ký trong hồ sơ bằng chứng không có chữ ký đúng của nhật ký nào được tin cậy (*.vkey).",
        )
    return (
        f"Việc phát hành là mục {time.index + 1} trong {checkpoint.size} mục của nhật ký {checkpoint.origin}; "
        "mốc nhật ký có chữ ký đúng của nhật ký đó."
    )


def _stamped(time: TimeEvidence, judge: UnitJudge, control: datetime) -> verifying.Proof:
    time.checkpoint()
    return verifying.verify(time.record, objects=[time.note.encode()], judge=judge, at=control)


def _require_about(data: bytes, evidence: Evidence) -> None:
    event = evidence.time.event()
    digest = f"sha256:{digests.digest('sha256', data).hex()}"
    if event.get("event") != "issued" or digest not in (event.get("xml"), event.get("pdf")):
        raise EvidenceError(
            "the log's entry is about another file",
            code=Code.HASH_FAILURE,
            sentence="Hồ sơ bằng chứng không phải của tệp này, hoặc tệp đã bị thay đổi.",
        )


def _believed(
    bundle: Bundle,
    evidence: Evidence,
    known: TrustMaterial,
    judge: UnitJudge,
    control: datetime,
    log_keys: Collection[NoteKey],
) -> tuple[TrustMaterial, list[str]]:
    """The caller's trust with the material whose time is proven; without proof it is left aside, and said."""
    if evidence.material is None:
        return known, ["Hồ sơ bằng chứng chưa có danh sách thu hồi được lưu kèm."]
    try:
        _stamped(evidence.material, judge, control)
        listed = Material.from_bytes(bundle.material)
        _require_listed(bundle.material, evidence.material)
        files = bundles.listed_files(bundle)
        merged = _with_material(known, files)
    except (EvidenceError, trust.TrustError) as error:
        sentence = getattr(error, "sentence", "") or str(error)
        return known, [f"Không dùng danh sách thu hồi lưu kèm: {sentence}"]
    if not any(_signed_by(evidence.material.note, key) for key in log_keys):
        return merged, [
            "Danh sách chứng thư số được phê duyệt lưu kèm không được dùng: chưa có khóa nhật ký của Sở."
        ]
    return _with_registers(merged, listed.school, files), []


def _require_listed(material: bytes, time: TimeEvidence) -> None:
    event = time.event()
    if event.get("material") != f"sha256:{digests.digest('sha256', material).hex()}":
        raise EvidenceError("the log's entry is about other material")


def _signed_by(note: str, key: NoteKey) -> bool:
    try:
        transparency.open_note(note, key)
    except transparency.NoteError:
        return False
    return True


def _with_material(known: TrustMaterial, files: Mapping[str, bytes]) -> TrustMaterial:
    """More authorities in between and more revocation lists; the anchors stay the caller's own."""
    try:
        found = trust.load({name: data for name, data in files.items() if not name.endswith(".json")})
    except trust.TrustError as error:
        raise EvidenceError(f"{error.file} in the bundle cannot be read") from error
    more = chain(known.chains.authorities, found.chains.authorities)
    return replace(
        known,
        chains=ChainFinder(anchors=known.chains.anchors.values(), intermediates=_others(known, more)),
        revocation_lists=RevocationLists((), [known.revocation_lists, found.revocation_lists]),
    )


def _others(known: TrustMaterial, more: chain[x509.Certificate]) -> list[x509.Certificate]:
    unique = {certificates.fingerprint(each): each for each in more}
    return [each for digest, each in unique.items() if digest not in known.chains.anchors]


def _with_registers(known: TrustMaterial, school: str, files: Mapping[str, bytes]) -> TrustMaterial:
    """The register of approved certificates of that time, where the caller has none of that school."""
    if school in known.approvals.schools:
        return known
    kept = []
    for name, data in files.items():
        if name.endswith(".json"):
            try:
                kept.append(read_register(data))
            except ValueError as error:
                raise EvidenceError(f"{name} is no register of approved certificates") from error
    mine = [(code, approvals) for code, approvals in kept if code == school]
    return replace(known, approvals=ApprovalRegister(mine)) if mine else known
