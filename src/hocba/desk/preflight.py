"""Before anybody signs: everything that stands in the way, at once, and how long it will take.

Only what is certain stops: a certificate that may not sign, a wrong clock, nothing to sign. The rest is said.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from hocba.desk import signers
from hocba.desk.channels import Channel
from hocba.desk.errors import CertificateRefusedError
from hocba.signing import certificates
from hocba.signing.instants import day, moment

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from cryptography import x509

    from hocba.desk.deadlines import Deadline
    from hocba.desk.ports import Task
    from hocba.signing.trust import TrustMaterial

CLOCK_WARNS = timedelta(seconds=30)
CLOCK_STOPS = timedelta(minutes=2)
"""SigningTime is the server's, but a page or an agent with a wrong clock misjudges certificates and time limits."""

SECONDS_EACH = {
    Channel.TOKEN: 0.6,
    Channel.REMOTE: 0.1,
    Channel.HSM: 0.02,
    Channel.PROGRAM: 0.02,
}
"""For the estimate only: a smart card makes one to three RSA signatures a second, a module some fifty."""


class Level(StrEnum):
    """How a finding is shown; one that stops refuses the batch."""

    OK = "ok"
    WARN = "warn"
    STOP = "stop"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at. `detail` is Vietnamese, for the signer."""

    code: str
    level: Level
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Preflight:
    """Everything found, and what is to be done."""

    findings: Sequence[Finding]
    documents: int
    seconds: int

    @property
    def may_open(self) -> bool:
        """Whether nothing stops."""
        return all(each.level is not Level.STOP for each in self.findings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What the findings are made from. `clock` is what the signer's machine says, if it says anything."""

    task: Task
    person: str
    trust: TrustMaterial
    deadline: Deadline | None
    channel: Channel
    at: datetime
    certificate: bytes = b""
    clock: datetime | None = None


def examine(given: Circumstances) -> Preflight:
    """Look at everything; without a certificate, at everything else."""
    findings = [*_of_task(given), *of_clock(given.clock, at=given.at)]
    if given.certificate:
        findings += _of_certificate(given)
    seconds = round(given.task.signatures * SECONDS_EACH.get(given.channel, 0))
    return Preflight(findings=findings, documents=given.task.documents, seconds=max(1, seconds))


def _of_task(given: Circumstances) -> Iterator[Finding]:
    task = given.task
    if not task.ready:
        yield Finding(code="order", level=Level.STOP, detail=f"Chưa đến lượt ký: {task.waiting_for}.")
        return
    yield Finding(
        code="order",
        level=Level.OK,
        detail=f"Đến lượt ký của bạn: {task.documents} {task.unit} ký được ngay.",
    )
    if task.waiting:
        yield Finding(
            code="waiting",
            level=Level.WARN,
            detail=f"{task.waiting} {task.unit} chưa đến lượt, không có trong lần ký này: {task.waiting_for}.",
        )


def of_clock(clock: datetime | None, *, at: datetime) -> Iterator[Finding]:
    """The signer's clock against the server's; nothing where none was told."""
    if clock is None:
        return
    off = abs(clock - at)
    told = f"Đồng hồ máy của bạn lệch {_span(off)} so với máy chủ ({moment(at)})"
    if off > CLOCK_STOPS:
        yield Finding(code="clock", level=Level.STOP, detail=f"{told}. Hãy chỉnh lại giờ của máy rồi ký.")
    elif off > CLOCK_WARNS:
        yield Finding(code="clock", level=Level.WARN, detail=f"{told}; nên chỉnh lại giờ của máy.")
    else:
        yield Finding(code="clock", level=Level.OK, detail="Đồng hồ máy của bạn khớp với máy chủ.")


def _span(off: timedelta) -> str:
    minutes, seconds = divmod(round(off.total_seconds()), 60)
    return f"{minutes} phút {seconds} giây" if minutes else f"{seconds} giây"


def _of_certificate(given: Circumstances) -> Iterator[Finding]:
    try:
        leaf = signers.load(given.certificate)
    except CertificateRefusedError as error:
        yield Finding(code="certificate", level=Level.STOP, detail=str(error))
        return
    task = given.task
    for check in signers.checks(leaf, task, trust=given.trust, at=given.at):
        yield Finding(
            code=check.name, level=Level.OK if check.passed else Level.STOP, detail=signers.said(check, leaf)
        )
    yield from _of_name(leaf, given)
    yield from of_deadline(leaf, given.deadline, trust=given.trust, school_code=task.school_code)


def _of_name(leaf: x509.Certificate, given: Circumstances) -> Iterator[Finding]:
    """The Sở compared the personal number when it approved; here the name is compared once more."""
    if given.task.holder == given.task.school_code or not given.person:
        return
    name = certificates.common_name(leaf)
    if certificates.same_person_name(name, given.person):
        yield Finding(code="name", level=Level.OK, detail=f"Chứng thư số mang tên của bạn: {name}.")
    else:
        detail = (
            f"Không phải tên của thầy cô: chứng thư số mang tên “{name}”, "
            f"tài khoản đang đăng nhập là của “{given.person}”."
        )
        yield Finding(code="name", level=Level.WARN, detail=detail)


def of_deadline(
    leaf: x509.Certificate, deadline: Deadline | None, *, trust: TrustMaterial, school_code: str
) -> Iterator[Finding]:
    """Whether certificate and approval last until the records close; stops where the operator set the day."""
    ends = [leaf.not_valid_after_utc]
    ends += [each.valid_until for each in trust.approvals.find(leaf, school_code) if each.valid_until]
    if deadline is None:
        detail = (
            f"Chứng thư số còn dùng được đến {day(min(ends))}; không còn hạn hoàn thành ký nào ở phía trước."
        )
        yield Finding(code="deadline", level=Level.OK, detail=detail)
        return
    closes = f"{deadline.day:%d/%m/%Y}"
    if min(ends) >= deadline.end:
        yield Finding(
            code="deadline",
            level=Level.OK,
            detail=f"Chứng thư số còn hiệu lực qua hạn hoàn thành ký {closes} (đến {day(min(ends))}).",
        )
        return
    yield Finding(
        code="deadline",
        level=Level.STOP if deadline.is_set else Level.WARN,
        detail=f"Chứng thư số chỉ dùng được đến {day(min(ends))}, trước hạn hoàn thành ký ({closes}): hãy gia hạn.",
    )
