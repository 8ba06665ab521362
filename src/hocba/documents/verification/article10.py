"""The rows that whoever receives a transcript has to look at (Quy chế Điều 10 khoản 2), made out of our checks.

Six for XML (điểm a), five for PDF (điểm b: without the structure of an XML file). Every check belongs to exactly one
row of the document, so that a failed one always shows; `pair` and what a register says are rows' parts like others.
A signature that is broken fails the status as well, and proves neither who signed nor when: no row passes on its word.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hocba.signing import certificates, instants
from hocba.signing.checks import Check, Code, Status, not_checked, passed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hocba.documents.verification.report import Report, SignatureReport

XML_STRUCTURE: Final = "xml_structure"

OF_SIGNATURE: Final[Mapping[str, tuple[str, ...]]] = {
    "signer": ("signer_name", "assigned_signer"),
    "signing_time": ("signing_time",),
    "status": ("integrity", "signature_profile", "certificate_validity", "revocation", "algorithm"),
    "integrity": ("integrity",),
    "certificate": (
        "certificate_validity",
        "key_usage",
        "certificate_chain",
        "revocation",
        "approved_certificate",
    ),
    XML_STRUCTURE: ("structure", "signature_profile"),
}
"""What each row of one signature is made of."""

OF_DOCUMENT: Final[Mapping[str, tuple[str, ...]]] = {
    "signer": ("signer_name", "assigned_signer", "signatures_present", "distinct_signers"),
    "signing_time": ("signing_time", "signing_order", "time_evidence"),
    "status": ("certificate_validity", "revocation", "algorithm", "register", "log_inclusion"),
    "integrity": ("integrity", "coverage", "pdf_changes", "pdf_digest", "pair"),
    "certificate": ("key_usage", "certificate_chain", "approved_certificate", "trust"),
    XML_STRUCTURE: ("readable", "structure", "signature_profile", "record"),
}
"""What each row of a document is made of; a check of a name unknown here belongs to the integrity."""

_BREAKING: Final = ("integrity", "signature_profile")
"""The checks of a signature without which it proves nothing; over the document they count for the status too."""

_UNPROVEN: Final[Mapping[str, str]] = {
    "signer": "tên người ký chỉ là lời ghi trong tệp",
    "signing_time": "thời điểm ký ghi trong đó không có gì bảo đảm",
}
"""The rows that rest on the signatures, and what is left of each where one is broken."""

_OF_PDF: Final = {"readable", "structure", "signature_profile", "record"}
"""A PDF has no row for its structure; it counts as integrity there."""

_GOOD: Final[Mapping[str, str]] = {
    "signer": "Đủ chữ ký; tên người ký và đơn vị cấp được nêu ở từng chữ ký.",
    "signing_time": "Mọi chữ ký có thời điểm ký nằm trong phần được ký, theo đúng thứ tự.",
    "status": "Mọi chữ ký có hiệu lực tại thời điểm ký.",
    "integrity": "Dữ liệu không thay đổi sau khi ký; không có nội dung nằm ngoài vùng được ký.",
    "certificate": "Mọi chứng thư số do tổ chức được tin cậy cấp để ký văn bản và đã được phê duyệt.",
    XML_STRUCTURE: "Đúng lược đồ, đúng vị trí và quy cách chữ ký.",
}


def items_of_document(report: Report) -> tuple[Check, ...]:
    """The rows over a whole file; none for a file that is no document of ours."""
    if report.kind is None:
        return ()
    is_xml = report.kind != "transcript_pdf"
    parts: dict[str, list[Check]] = {name: [] for name in OF_DOCUMENT if is_xml or name != XML_STRUCTURE}
    for check in report.checks:
        parts[_row(check, is_xml=is_xml)].append(check)
        if check.name in _BREAKING:
            parts["status"].append(check)
    broken = [item for item in report.signatures if _breaks(item.checks) is not None]
    which = f"{len(broken)}/{len(report.signatures)} chữ ký không đúng"
    return tuple(
        _unproven(_merged(name, found, _good(name, report)), broken[0].checks if broken else (), which)
        for name, found in parts.items()
    )


def _row(check: Check, *, is_xml: bool) -> str:
    if check.name == "record" and check.status is Status.NOT_CHECKED:
        return "integrity"  # no good signature covers the values, which says nothing of the file's structure
    if not is_xml and check.name in _OF_PDF:
        return "integrity"
    return next((row for row, names in OF_DOCUMENT.items() if check.name in names), "integrity")


def _breaks(checks: Iterable[Check]) -> Check | None:
    """The check that makes a signature worth nothing, if there is one."""
    return next((check for check in checks if check.name in _BREAKING and not check.passed), None)


def _unproven(row: Check, broken: Iterable[Check], which: str) -> Check:
    """A row that passed by itself, left undecided where it rests on a broken signature."""
    why = _breaks(broken)
    if why is None or not row.passed or row.name not in _UNPROVEN:
        return row
    return Check(row.name, Status.NOT_CHECKED, f"{which} nên {_UNPROVEN[row.name]}.", why.code)


def _good(name: str, report: Report) -> str:
    if name != "status":
        return _GOOD[name]
    over = [
        item for item in report.signatures if item.standing is not None and item.standing.since is not None
    ]
    if not over:
        return _GOOD[name]
    return f"{_GOOD[name]} Đến nay chứng thư số của {len(over)} chữ ký đã hết hạn hoặc bị thu hồi."


def items_of_signature(report: SignatureReport) -> tuple[Check, ...]:
    """The rows of one signature."""
    own = {check.name: check for check in report.checks}
    if report.structure is not None:
        own["structure"] = report.structure
    return tuple(
        _unproven(
            _merged(name, [own[part] for part in parts if part in own], _detail(name, parts, own, report)),
            report.checks,
            "Chữ ký không đúng",
        )
        for name, parts in OF_SIGNATURE.items()
        if name != XML_STRUCTURE or report.structure is not None
    )


def _merged(name: str, parts: Sequence[Check], good: str) -> Check:
    """The worst of the parts, with what is wrong; `good` when nothing is."""
    worst = sorted(
        (part for part in parts if not part.passed), key=lambda part: part.status is not Status.FAILED
    )
    if worst:
        return Check(name, worst[0].status, _sentences(worst), worst[0].code)
    if not parts:
        return not_checked(name, Code.SIGNED_DATA_NOT_FOUND, "Chưa kiểm tra được.")
    return passed(name, good)


def _sentences(checks: Iterable[Check]) -> str:
    """Each sentence once; what another says already with the signers' names is not said again."""
    details = list(dict.fromkeys(check.detail for check in checks))
    return " ".join(
        detail for detail in details if not any(detail in other for other in details if other != detail)
    )


def _detail(name: str, parts: Sequence[str], own: Mapping[str, Check], report: SignatureReport) -> str:
    """What a row says of a signature that is right in it."""
    certificate = report.certificate
    if certificate is None or name not in {"signer", "signing_time", "status", "certificate"}:
        return next((own[part].detail for part in parts if part in own), "")
    issuer = certificates.issuer_name(certificate)
    if name == "signer":
        return f"{report.signer}; chứng thư số do {issuer} cấp."
    if name == "signing_time":
        return _times(report)
    if name == "status":
        return "Có hiệu lực." if report.standing is None else f"Có hiệu lực. {report.standing.sentence}"
    start, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    return (
        f"Chủ sở hữu: {report.signer}; có hiệu lực {instants.day(start)}–{instants.day(end)}; "
        f"đơn vị cấp: {issuer}."
    )


def _times(report: SignatureReport) -> str:
    claimed = "" if report.signed_at is None else f"{instants.moment(report.signed_at)} (người ký ghi)."
    if report.proven_at is None:
        return claimed
    return f"{claimed} Có bằng chứng chữ ký đã tồn tại lúc {instants.moment(report.proven_at)}."
