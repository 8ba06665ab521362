"""A report as lines of text for people at a terminal; of many files, one that is in order needs one line only."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from hocba.cli.terminal import plain
from hocba.documents.verification import Verdict
from hocba.documents.verification.standing import is_demonstration
from hocba.documents.verification.unchecked import TITLES
from hocba.documents.verification.wording import (
    ADVICE,
    CHECKS,
    DEMONSTRATION,
    ITEMS,
    KINDS,
    ROLES,
    STATUSES,
    VERDICTS,
    meaning,
    reason,
)
from hocba.signing import instants
from hocba.signing.checks import Status

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hocba.documents.verification import Report, SignatureReport

MARKS = {Status.PASSED: "✓", Status.FAILED: "✗", Status.NOT_CHECKED: "?"}


def as_text(file: str, report: Report, *, brief: bool) -> str:
    """The lines about a file, each ended; `brief` lets a valid file have one line."""
    lines = [f"{VERDICTS[report.verdict]}: {file}"]
    if not (brief and report.verdict is Verdict.VALID):
        lines += [*_details(report), ""]
    else:
        lines += _notes(report)
    # Names in files and certificates are whatever their makers wrote: each stays within its line.
    return "".join(f"{plain(line)}\n" for line in lines)


class Unsaid(NamedTuple):
    """What the one line about a valid file leaves out: whose it is, for one of a pair, and what was not checked."""

    about: tuple[str, ...] = ()
    unchecked: tuple[str, ...] = ()


NOTHING = Unsaid()


def unsaid(report: Report) -> Unsaid:
    """What is to be said once after many files; of a file that is not valid everything was said."""
    if report.verdict is not Verdict.VALID:
        return NOTHING
    signed = f"  {KINDS.get(report.kind or '', '')}: {len(report.signatures)} chữ ký hợp lệ"
    about: tuple[str, ...] = ()
    if any(check.name == "pair" for check in report.checks):
        about = (*(line for line in _about(report) if "Giá trị băm" not in line), signed)
    return Unsaid(tuple(map(plain, about)), tuple(map(plain, _unchecked(report))))


def _unchecked(report: Report) -> Iterator[str]:
    for item in report.unchecked:
        yield f"    - {TITLES.get(item.name) or CHECKS.get(item.name, item.name)}: {item.detail}"


def _details(report: Report) -> Iterator[str]:
    if report.kind is None:
        yield from (f"  {check.detail}" for check in report.checks)
        return
    yield f"  {meaning(report)}"
    if is_demonstration(item.certificate_facts for item in report.signatures):
        yield f"  {DEMONSTRATION}"
    yield from _reason(report)
    yield f"  Loại tệp: {KINDS[report.kind]}"
    yield from _about(report)
    yield "  Các nội dung phải kiểm tra (Điều 10 khoản 2 Quy chế):"
    for row in report.items:
        yield f"    {MARKS[row.status]} {ITEMS[row.name]} — {STATUSES[row.status]}. {row.detail}"
    yield "  Các mục kiểm tra:"
    for check in report.checks:
        title = CHECKS.get(check.name, check.name)
        yield f"    {MARKS[check.status]} {title} — {STATUSES[check.status]}. {check.detail}"
    yield from _signers(report)
    yield "  Chưa kiểm tra:"
    yield from _unchecked(report)
    yield from _notes(report)
    advice = dict.fromkeys(ADVICE[check.code] for check in report.problems if check.code in ADVICE)
    if advice:
        yield "  Cần làm để có kết luận:"
        yield from (f"    - {sentence}" for sentence in advice)


def _notes(report: Report) -> Iterator[str]:
    """Further sentences that stand nowhere else."""
    said = {item.detail for item in report.unchecked}
    yield from (f"  Lưu ý: {note}" for note in report.notes if note not in said)


def _reason(report: Report) -> Iterator[str]:
    check = report.deciding
    if check is not None:
        yield f"  Lý do chính: {reason(check)}"
    outcome = " / ".join(str(word) for word in (report.indication, report.sub_indication) if word)
    yield f"  Kết luận theo ETSI EN 319 102-1: {outcome}"


def _about(report: Report) -> Iterator[str]:
    transcript = report.transcript
    if transcript is not None:
        yield f"  Học sinh: {transcript.pupil.name}, số định danh {transcript.pupil.personal_id}"
        yield f"  Năm học {transcript.school_year}, lớp {transcript.class_name}, {transcript.school.name}"
        yield f"  Mã học bạ: {transcript.id}, phiên bản {transcript.version}"
    if report.file_digest is not None:
        yield f"  Giá trị băm của tệp: {report.file_digest}"


def _signers(report: Report) -> Iterator[str]:
    if report.signatures:
        yield "  Chữ ký:"
    for item in report.signatures:
        yield from _signer(item)


def _signer(item: SignatureReport) -> Iterator[str]:
    when = "" if item.signed_at is None else f", {instants.moment(item.signed_at)}"
    covers = f" — {'; '.join(item.covers)}" if item.covers else ""
    yield f"    {VERDICTS[item.verdict]}: {ROLES.get(item.role, item.role)} {item.signer}{when}{covers}"
    if item.verdict is Verdict.INVALID:
        yield f"      {item.detail}"
    facts, standing = item.certificate_facts, item.standing
    if facts is not None:
        period = f"{instants.day(facts.valid_from)}–{instants.day(facts.valid_until)}"
        yield f"      Chứng thư số {facts.serial}, nơi cấp: {facts.issuer}, hạn {period}, {facts.algorithm}"
        if facts.authority_class:
            yield f"      Loại dịch vụ: {facts.authority_class}"
    if standing is not None:
        yield f"      {standing.sentence}"
    if item.proven_at is not None and item.verdict is not Verdict.INVALID:
        yield f"      Có bằng chứng chữ ký đã tồn tại lúc {instants.moment(item.proven_at)}"
