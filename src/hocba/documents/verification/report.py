"""What verification says: the verdict, every check behind it, every signature, the values that were signed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from hocba.documents.verification import article10, standard, standing, unchecked, wording
from hocba.signing import instants
from hocba.signing.checks import (
    Check,
    Code,
    Indication,
    Status,
    Verdict,
    failed,
    indication_of,
    not_checked,
    passed,
    verdict_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from cryptography import x509

    from hocba.documents.any_level import AnyClassRecord, AnyTranscript
    from hocba.documents.transcript import Digest
    from hocba.documents.verification.judging import Question
    from hocba.documents.verification.standing import CertificateFacts, Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureReport:
    """One signature. `signer` is whom the certificate names, `signed_at` the moment the signer claims.

    `chain` are certificates that came along; `question` is by what it was judged, for what is read off later.
    """

    signer: str
    role: str
    covers: tuple[str, ...]
    signed_at: datetime | None
    checks: tuple[Check, ...]
    certificate: x509.Certificate | None
    structure: Check | None = None  # of the whole XML file; a PDF has none
    chain: tuple[x509.Certificate, ...] = ()
    question: Question | None = field(default=None, repr=False, compare=False)

    @property
    def items(self) -> tuple[Check, ...]:
        """The items of Quy chế Điều 10.2 for this signature: six for XML (a), five for PDF (b)."""
        return article10.items_of_signature(self)

    @property
    def verdict(self) -> Verdict:
        """The verdict over this signature alone; the document's may be worse."""
        return verdict_of(self.checks)

    @property
    def indication(self) -> Indication | None:
        """The standard's main status of this signature."""
        return indication_of(self.verdict)

    @property
    def sub_indication(self) -> str | None:
        """Why it is not passed, in the standard's words."""
        return _sub_indication(self.checks)

    @property
    def proven_at(self) -> datetime | None:
        """The proven moment at which the signature existed, if there is one; `signed_at` is only claimed."""
        return None if self.question is None else self.question.existed_at

    @property
    def certificate_facts(self) -> CertificateFacts | None:
        """Whose certificate, by which authority, until when."""
        if self.certificate is None:
            return None
        return standing.facts_of(self.certificate, self.chain, self.question)

    @property
    def standing(self) -> Standing | None:
        """The certificate's state at signing time and now; None when it could not be read."""
        if self.certificate is None or self.question is None:
            return None
        return standing.standing_of(
            self.certificate, self.chain, self.checks, signed_at=self.signed_at, question=self.question
        )

    @property
    def detail(self) -> str:
        """What is wrong with it, or that nothing is."""
        problems = [check.detail for check in self.checks if not check.passed]
        return " ".join(dict.fromkeys(problems)) or "Chữ ký hợp lệ."

    def to_json(self) -> dict[str, Any]:
        """The signature in short, as the city keeps it; `report_json` writes everything."""
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
    question: Question | None = field(default=None, repr=False, compare=False)

    @property
    def verdict(self) -> Verdict:
        """The worst of everything: one wrong item and the document has no value (Quy chế Điều 10.2)."""
        if self.kind is None:
            return Verdict.UNREADABLE
        return verdict_of(self.checks)

    @property
    def indication(self) -> Indication | None:
        """The standard's main status over all signatures and rules; None for a file that is none of ours."""
        return indication_of(self.verdict)

    @property
    def sub_indication(self) -> str | None:
        """Why the document is not passed, in the standard's words."""
        return _sub_indication(self.checks)

    @property
    def deciding(self) -> Check | None:
        """The check that decided the verdict; None when all passed."""
        return standard.deciding(self.checks)

    @property
    def items(self) -> tuple[Check, ...]:
        """A row per item of Quy chế Điều 10.2 over the whole file: six for XML (a), five for PDF (b)."""
        return article10.items_of_document(self)

    @property
    def unchecked(self) -> tuple[Check, ...]:
        """What nobody looked at, or could not; never empty, since no verifier sees everything."""
        return unchecked.of(self)

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
        """The report in short, as the city keeps it for every document; `report_json` writes everything."""
        return {
            "verdict": str(self.verdict),
            "checks": [
                {"name": check.name, "status": str(check.status), "detail": with_code(check)}
                for check in self.checks
            ],
            "signatures": [signature.to_json() for signature in self.signatures],
        }


def _sub_indication(checks: Iterable[Check]) -> str | None:
    check = standard.deciding(checks)
    return None if check is None or check.code is None else standard.sub_indication(check.code)


def unreadable(sentence: str, *, file_digest: Digest | None = None) -> Report:
    """The report about a file that is no document of ours, or too damaged to tell."""
    check = failed("readable", Code.UNREADABLE, sentence)
    return Report(kind=None, checks=(check,), file_digest=file_digest)


def gathered(names: Iterable[str], signatures: Sequence[SignatureReport]) -> tuple[Check, ...]:
    """One check for the whole file out of the same check of every signature: the worst, saying whose."""
    found: dict[str, list[tuple[SignatureReport, Check]]] = {name: [] for name in names}
    for item in signatures:
        for check in item.checks:
            if check.name in found:
                found[check.name].append((item, check))
    return tuple(_gather(name, checks, of=len(signatures)) for name, checks in found.items())


def _gather(name: str, found: Sequence[tuple[SignatureReport, Check]], *, of: int) -> Check:
    for status in (Status.FAILED, Status.NOT_CHECKED):
        worst = [(item, check) for item, check in found if check.status is status]
        if worst:
            return Check(name, status, _whose(worst, of=of), worst[0][1].code)
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


def with_code(check: Check) -> str:
    """The sentence of a check with its code, as the JSON writes it."""
    return check.detail if check.code is None else f"{check.detail} [{check.code}]"
