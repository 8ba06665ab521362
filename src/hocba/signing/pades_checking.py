"""Strict check of a signed transcript PDF: every byte is explained, and signed by the one who should.

The file must be: the typesetter's revision; one revision of empty fields; one revision for each signature,
byte for byte what `pades_increment` lays out. That is narrower than what generic validators accept, on
purpose (trust.md 4: overlays, stamps and moved seals passed them). Chains, revocation and approval of the
certificates are judged elsewhere. Foreign PDFs do not pass here.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final

from hocba.signing import algorithms, pades_cms, pdf_structure
from hocba.signing.certificates import common_name
from hocba.signing.checks import Code
from hocba.signing.errors import SignatureMismatchError, UnreadableError, UnsupportedKeyError
from hocba.signing.instants import VIETNAM, is_within_reach
from hocba.signing.pades_increment import CERTIFIES, Claim, EmptyField, empty_fields, lay
from hocba.signing.pdf_fields import number, require_fields_only
from hocba.signing.pdf_first_revision import attachment, require_explained, without_stream
from hocba.signing.pdf_tokens import harmless_later

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cryptography import x509

    from hocba.signing.pdf_structure import PdfFile

ATTACHMENT: Final = "hoc-ba.xml"
_MARKS: Final = (ATTACHMENT.encode(), b"/ETSI.CAdES.detached")  # one of them is in everything we ever wrote
_BEFORE_SIGNATURES = 2  # the typesetter's revision, and the one with the empty fields
_SIGNATURE = re.compile(
    rb"<</Type/Sig/Filter/Adobe\.PPKLite/SubFilter/ETSI\.CAdES\.detached/M\(D:(\d{14})\+07'00'\)"
    rb"/Name<FEFF((?:[0-9A-F]{4}){0,256})>(%b)?/ByteRange\[[0-9 ]{7,42}\] *+/Contents<([0-9a-f]++)>>>"
    % re.escape(CERTIFIES)
)


@dataclass(frozen=True, slots=True)
class PdfProblem:
    """One thing that is wrong; `detail` is a Vietnamese sentence."""

    code: Code
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PdfSignatureCheck:
    """One signature; `signed_at` is what the signer claims, `covered_length` how much of the file it fixes.

    `certificate` is None when the CMS could not be read.
    """

    field: str
    certificate: x509.Certificate | None
    chain: tuple[x509.Certificate, ...]
    signed_at: datetime | None
    covered_length: int
    certifies: bool
    problems: tuple[PdfProblem, ...]

    @property
    def passed(self) -> bool:
        """Whether nothing is wrong with this signature itself."""
        return not self.problems


@dataclass(frozen=True, slots=True, kw_only=True)
class PdfCheck:
    """What came out. `unsigned` is the file before the first signature, `unsigned_digest` its SHA-256 (the XML has it).

    `attachment` is the learning record inside that revision. `unsigned` is empty when the file does not get that far,
    `attachment` is None unless everything up to there is explained.
    """

    revisions: int
    signatures: tuple[PdfSignatureCheck, ...]
    unsigned: bytes
    unsigned_digest: str
    attachment: bytes | None
    problems: tuple[PdfProblem, ...]

    @property
    def passed(self) -> bool:
        """Whether nothing is wrong with the file and all its signatures."""
        return not self.problems and all(signature.passed for signature in self.signatures)


@dataclass(slots=True)
class _Findings:
    """What has been found in the file so far."""

    file: PdfFile
    signatures: list[PdfSignatureCheck] = field(default_factory=list)
    problems: list[PdfProblem] = field(default_factory=list)
    attachment: bytes | None = None
    unsigned: bytes = field(init=False)
    hashed: hashlib._Hash = field(init=False)

    def __post_init__(self) -> None:
        revisions = self.file.revisions
        explained = len(revisions) >= _BEFORE_SIGNATURES
        self.unsigned = self.file.data[: revisions[1].end] if explained else b""
        self.hashed = hashlib.sha256(self.unsigned)

    def add(self, code: Code, detail: str) -> None:
        self.problems.append(PdfProblem(code, detail))

    def conclude(self) -> PdfCheck:
        return PdfCheck(
            revisions=len(self.file.revisions),
            signatures=tuple(self.signatures),
            unsigned=self.unsigned,
            unsigned_digest=self.hashed.hexdigest(),
            attachment=self.attachment,
            problems=tuple(self.problems),
        )


def check(pdf: bytes, *, expected_fields: Sequence[str]) -> PdfCheck:
    """Check a PDF that must bear the signatures of exactly these fields, in this order.

    Raises:
        UnreadableError: empty, over 5 MB, encrypted, cut off, not a PDF, or a PDF that is no transcript.
    """
    try:
        file = pdf_structure.read(pdf)
    except UnreadableError as error:
        if error.code not in ("pdf.structure", "pdf.trailing"):
            raise
        return _refused(pdf, error)
    findings = _Findings(file)
    _before_signatures(findings)
    if not findings.problems:
        _signatures(findings)
        _order(findings, expected_fields)
    return findings.conclude()


def _refused(pdf: bytes, error: UnreadableError) -> PdfCheck:
    """The answer for a PDF of another shape: a transcript that was changed, or not a transcript at all."""
    if b"/Encrypt" in pdf:
        raise UnreadableError("pdf.encrypted", "Tệp PDF đặt mật khẩu, không kiểm tra được.") from error
    if not any(mark in pdf for mark in _MARKS):
        raise UnreadableError("pdf.not_transcript", "Tệp PDF không phải là học bạ số.") from error
    code = Code.UNSIGNED_CONTENT if error.code == "pdf.trailing" else Code.FORMAT_FAILURE
    problem = PdfProblem(code, error.sentence)
    return PdfCheck(
        revisions=0, signatures=(), unsigned=b"", unsigned_digest="", attachment=None, problems=(problem,)
    )


def _before_signatures(findings: _Findings) -> None:
    file = findings.file
    try:
        require_explained(file)
        if len(file.revisions) < _BEFORE_SIGNATURES:
            findings.add(Code.NO_SIGNATURE_FOUND, "Tệp PDF không có chữ ký số.")
            return
        require_fields_only(file.up_to(_BEFORE_SIGNATURES))
        findings.attachment = attachment(file, ATTACHMENT)
    except UnreadableError as error:
        findings.add(Code.FORMAT_FAILURE, error.sentence)
        return
    if findings.attachment is None:
        findings.add(Code.SIGNED_DATA_NOT_FOUND, f"Tệp PDF không đính kèm dữ liệu học bạ {ATTACHMENT}.")


def _signatures(findings: _Findings) -> None:
    """Check each revision after the fields; stops at the first that is not a signature of ours."""
    data, revisions = findings.file.data, findings.file.revisions
    so_far = findings.hashed.copy()
    for count in range(_BEFORE_SIGNATURES, len(revisions)):
        try:
            read = _read(findings.file, count)
        except UnreadableError:
            findings.add(
                Code.UNSIGNED_CONTENT,
                f"Lần cập nhật thứ {count} của tệp PDF không phải là một chữ ký số hợp lệ.",
            )
            return
        start, end = revisions[count].start, revisions[count].end
        digest = so_far.copy()
        digest.update(data[start : read.gap])
        digest.update(data[read.after : end])
        findings.signatures.append(_judge(read, digest.digest(), end, first=count == _BEFORE_SIGNATURES))
        so_far.update(data[start:end])


def _order(findings: _Findings, expected: Sequence[str]) -> None:
    signed = [signature.field for signature in findings.signatures]
    if findings.problems or signed == list(expected):
        return
    missing = [name for name in expected if name not in signed]
    if not signed:
        findings.add(Code.NO_SIGNATURE_FOUND, "Tệp PDF chưa có chữ ký số nào.")
    elif missing:
        findings.add(Code.MISSING_SIGNATURE, f"Tệp PDF thiếu chữ ký số tại: {', '.join(missing)}.")
    else:
        findings.add(Code.FORMAT_FAILURE, f"Thứ tự ký không đúng quy định: {', '.join(signed)}.")


@dataclass(frozen=True, slots=True)
class _Read:
    """A revision that is laid out as a signature: who claims what, and the gap in which the CMS stands."""

    field: EmptyField
    claim: Claim
    cms: bytes
    gap: int
    after: int


def _read(file: PdfFile, count: int) -> _Read:
    """Read the revision with this index and lay it out again; UnreadableError when the bytes differ."""
    before, revision = file.up_to(count), file.revisions[count]
    now = file.up_to(count + 1)
    signature = before.last.size
    fields = [item for item in empty_fields(before).values() if item.widget in revision.offsets]
    found = _SIGNATURE.fullmatch(now.body(signature)) if signature in revision.offsets else None
    if len(fields) != 1 or found is None or len(found[4]) % 2:
        raise pdf_structure.broken("không phải chữ ký")
    cms = bytes.fromhex(found[4].decode())
    claim = Claim(
        name=_text(found[2]), signed_at=_time(found[1]), certifies=found[3] is not None, reserved=len(cms)
    )
    laid = lay(before, fields[0], claim, _picture(now, fields[0], signature + 1))
    start, end = laid.contents, laid.contents + 2 * claim.reserved
    laid.increment[start - before.last.end : end - before.last.end] = found[4]
    if laid.increment != file.data[before.last.end : revision.end]:
        raise pdf_structure.broken("chữ ký có nội dung lạ")
    return _Read(fields[0], claim, cms, start - 1, end + 1)


def _picture(file: PdfFile, place: EmptyField, first: int) -> dict[int, bytes]:
    """The objects of the picture: new ones only, harmless, the first a form as large as the field."""
    numbers = range(first, file.last.size)
    bodies = {item: file.body(item) for item in numbers if item in file.last.offsets}
    box = b"<</Type/XObject/Subtype/Form/BBox[0 0 %b %b]/Resources" % tuple(map(number, place.size))
    heads = [without_stream(body) for body in bodies.values()]
    text = b"\n".join(heads)
    pointed = {int(reference) for reference in re.findall(rb"(\d+) 0 R", text)}
    if len(bodies) != len(numbers) or not bodies or not bodies[first].startswith(box):
        raise pdf_structure.broken("hình chữ ký không khớp ô chữ ký")
    if not pointed <= set(numbers) or not harmless_later(text) or b"/Matrix" in heads[0]:
        raise pdf_structure.broken("hình chữ ký có thành phần không được phép")
    return bodies


def _text(digits: bytes) -> str:
    return bytes.fromhex(digits.decode()).decode("utf-16-be", "replace")


def _time(digits: bytes) -> datetime:
    try:
        text = digits.decode()
        found = datetime.fromisoformat(f"{text[:8]}T{text[8:]}").replace(tzinfo=VIETNAM)
    except ValueError as error:
        raise pdf_structure.broken("thời điểm ký sai") from error
    if not is_within_reach(found):
        raise pdf_structure.broken("thời điểm ký sai")
    return found


def _judge(read: _Read, digest: bytes, end: int, *, first: bool) -> PdfSignatureCheck:
    problems: list[PdfProblem] = []
    certificate: x509.Certificate | None = None
    chain: tuple[x509.Certificate, ...] = ()
    try:
        cms = pades_cms.take_apart(read.cms)
        certificate, chain = cms.certificate, cms.chain
        problems += _cms_problems(cms, digest, read.claim)
    except UnsupportedKeyError:
        problems.append(
            PdfProblem(Code.CRYPTO_CONSTRAINTS_FAILURE, "Thuật toán hoặc độ dài khóa ký không được phép.")
        )
    except ValueError:
        problems.append(PdfProblem(Code.FORMAT_FAILURE, "Cấu trúc chữ ký số (CMS) không đúng quy định."))
    if read.claim.certifies is not first:
        problems.append(
            PdfProblem(Code.FORMAT_FAILURE, "Chỉ chữ ký đầu tiên được và phải khóa nội dung tệp (DocMDP).")
        )
    return PdfSignatureCheck(
        field=read.field.name,
        certificate=certificate,
        chain=chain,
        signed_at=read.claim.signed_at,
        covered_length=end,
        certifies=read.claim.certifies,
        problems=tuple(problems),
    )


def _cms_problems(cms: pades_cms.ReadCms, digest: bytes, claim: Claim) -> list[PdfProblem]:
    problems: list[PdfProblem] = []
    if cms.digest != digest:
        problems.append(PdfProblem(Code.HASH_FAILURE, "Nội dung tệp PDF đã bị thay đổi sau khi ký."))
    try:
        algorithms.verify_raw(cms.certificate, cms.value, cms.attributes)
    except SignatureMismatchError:
        problems.append(PdfProblem(Code.SIG_CRYPTO_FAILURE, "Giá trị chữ ký không khớp với chứng thư số."))
    if common_name(cms.certificate) != claim.name:
        problems.append(
            PdfProblem(Code.FORMAT_FAILURE, "Tên người ký trong tệp khác tên trong chứng thư số.")
        )
    return problems
