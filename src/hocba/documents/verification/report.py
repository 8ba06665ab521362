"""What verification says: the verdict, every check behind it, every signature, the values that were signed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from hocba.documents.verification import wording
from hocba.signing import certificates, instants
from hocba.signing.checks import Check, Code, Status, Verdict, failed, not_checked, passed, verdict_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from cryptography import x509

    from hocba.documents.any_level import AnyClassRecord, AnyTranscript
    from hocba.documents.transcript import Digest

# What each item of Điều 10.2 is made of; the sixth, the structure, is of XML only (10.2a).
ITEMS = {
    "signer": ("signer_name", "assigned_signer"),
    "signing_time": ("signing_time",),
    "status": ("integrity", "certificate_validity", "revocation"),
    "integrity": ("integrity",),
    "certificate": (
        "certificate_validity",
        "key_usage",
        "certificate_chain",
        "revocation",
        "approved_certificate",
    ),
    "xml_structure": ("structure", "signature_profile"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureReport:
    """One signature. `signer` is whom the certificate names, `signed_at` the moment the signer claims."""

    signer: str
    role: str
    covers: tuple[str, ...]
    signed_at: datetime | None
    checks: tuple[Check, ...]
    certificate: x509.Certificate | None
    structure: Check | None = None  # of the whole XML file; a PDF has none

    @property
    def items(self) -> tuple[Check, ...]:
        """The items of Quy chế Điều 10.2 for this signature: six for XML (a), five for PDF (b)."""
        return _items_of(self)

    @property
    def verdict(self) -> Verdict:
        """The verdict over this signature alone; the document's may be worse."""
        return verdict_of(self.checks)

    @property
    def detail(self) -> str:
        """What is wrong with it, or that nothing is."""
        problems = [check.detail for check in self.checks if not check.passed]
        return " ".join(dict.fromkeys(problems)) or "Chữ ký hợp lệ."

    def to_json(self) -> dict[str, Any]:
        """The signature as `hocba verify --json` writes it."""
        return {
            "signer": self.signer,
            "role": self.role,
            "covers": list(self.covers),
            "signed_at": None if self.signed_at is None else instants.iso(self.signed_at),
            "verdict": str(self.verdict),
            "detail": self.detail,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The outcome for one file.

    `kind` is "transcript_xml", "transcript_pdf", "class_record_xml" or None when the file is neither. Values
    (`transcript`, `class_record`) are there only when a good signature covers them. `file_digest` is of the
    bytes, `meaning_digest` of the canonical root: two files that differ only in blanks around the root, in a
    byte-order mark or in how base64 is wrapped may share what they mean and not their bytes.
    """

    kind: str | None
    checks: tuple[Check, ...]
    signatures: tuple[SignatureReport, ...] = ()
    file_digest: Digest | None = None
    meaning_digest: Digest | None = None
    record_digest: Digest | None = None
    pdf_digest: Digest | None = None
    pdf_length: int | None = None
    transcript: AnyTranscript | None = None
    class_record: AnyClassRecord | None = None
    notes: tuple[str, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """The worst of everything: one wrong item and the document has no value (Quy chế Điều 10.2)."""
        if self.kind is None:
            return Verdict.UNREADABLE
        return verdict_of(self.checks)

    @property
    def transcript_id(self) -> str | None:
        """UUID of the transcript, when its values are covered by a signature."""
        return None if self.transcript is None else self.transcript.id

    @property
    def version(self) -> int | None:
        """Version of the transcript, when its values are covered by a signature."""
        return None if self.transcript is None else self.transcript.version

    @property
    def problems(self) -> tuple[Check, ...]:
        """The checks that did not pass, the failed ones first."""
        open_ones = [check for check in self.checks if not check.passed]
        return tuple(sorted(open_ones, key=lambda check: check.status is not Status.FAILED))

    def with_check(self, check: Check) -> Report:
        """The same report with one more check."""
        return replace(self, checks=(*self.checks, check))

    def to_json(self) -> dict[str, Any]:
        """The report as `hocba verify --json` writes it, but for the file's name."""
        return {
            "verdict": str(self.verdict),
            "checks": [
                {"name": check.name, "status": str(check.status), "detail": _with_code(check)}
                for check in self.checks
            ],
            "signatures": [signature.to_json() for signature in self.signatures],
        }


def unreadable(sentence: str, *, file_digest: Digest | None = None) -> Report:
    """The report about a file that is no document of ours, or too damaged to tell."""
    check = failed("readable", Code.UNREADABLE, sentence)
    return Report(kind=None, checks=(check,), file_digest=file_digest)


def gathered(names: Iterable[str], signatures: Sequence[SignatureReport]) -> tuple[Check, ...]:
    """One check for the whole file out of the same check of every signature: the worst, saying whose."""
    return tuple(_gather(name, signatures) for name in names)


def _gather(name: str, signatures: Sequence[SignatureReport]) -> Check:
    found = [(item, check) for item in signatures for check in item.checks if check.name == name]
    for status in (Status.FAILED, Status.NOT_CHECKED):
        worst = [(item, check) for item, check in found if check.status is status]
        if worst:
            return Check(name, status, _whose(worst, of=len(signatures)), worst[0][1].code)
    if not found:
        return not_checked(name, Code.NO_SIGNATURE_FOUND, "Không có chữ ký nào để kiểm tra.")
    return passed(name, f"Đúng với cả {len(found)} chữ ký." if len(found) > 1 else found[0][1].detail)


def _whose(worst: list[tuple[SignatureReport, Check]], *, of: int) -> str:
    """The sentences, each once, with the signers it is about."""
    by_detail: dict[str, list[str]] = {}
    for item, check in worst:
        by_detail.setdefault(check.detail, []).append(_who(item))
    return " ".join(f"{_names(names, of)}: {detail}" for detail, names in by_detail.items())


def _names(names: list[str], of: int) -> str:
    if len(names) > 1 and len(names) == of:
        return f"Cả {of} chữ ký"
    different = list(dict.fromkeys(names))
    shown = ", ".join(different[:3])
    return shown if len(different) <= 3 else f"{shown} và {len(different) - 3} người khác"


def _who(item: SignatureReport) -> str:
    role = wording.ROLES.get(item.role, item.role)
    return f"{role} {item.signer}" if item.signer else role


def _items_of(report: SignatureReport) -> tuple[Check, ...]:
    own = {check.name: check for check in report.checks}
    if report.structure is not None:
        own["structure"] = report.structure
    return tuple(
        _item(name, [own[part] for part in parts if part in own], report)
        for name, parts in ITEMS.items()
        if name != "xml_structure" or report.structure is not None
    )


def _item(name: str, parts: list[Check], report: SignatureReport) -> Check:
    worst = sorted(
        (part for part in parts if not part.passed), key=lambda part: part.status is not Status.FAILED
    )
    if worst:
        detail = " ".join(dict.fromkeys(part.detail for part in worst))
        return Check(name, worst[0].status, detail, worst[0].code)
    if not parts:
        return not_checked(name, Code.SIGNED_DATA_NOT_FOUND, "Chưa kiểm tra được.")
    return passed(name, _item_detail(name, parts, report))


def _item_detail(name: str, parts: list[Check], report: SignatureReport) -> str:
    certificate = report.certificate
    if certificate is None or name not in {"signer", "signing_time", "status", "certificate"}:
        return parts[0].detail
    issuer = certificates.issuer_name(certificate)
    if name == "signer":
        return f"{report.signer}; chứng thư số do {issuer} cấp."
    if name == "signing_time":
        return "" if report.signed_at is None else f"{instants.moment(report.signed_at)}."
    if name == "status":
        return "Có hiệu lực."
    start, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    return (
        f"Chủ sở hữu: {report.signer}; có hiệu lực {instants.day(start)}–{instants.day(end)}; "
        f"không bị thu hồi; đơn vị cấp: {issuer}."
    )


def _with_code(check: Check) -> str:
    return check.detail if check.code is None else f"{check.detail} [{check.code}]"
