"""How each certificate of a school stands: what the Sở says of it, and what is only on its way there."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from hocba.exchange import messages
from hocba.signing import certificates
from hocba.signing.instants import day
from hocba.transcripts.certificates.models import SentCertificate
from hocba.transcripts.roster import queries as roster

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SOON = timedelta(days=60)
"""A renewal takes weeks: so long before its end a certificate is shown as ending."""


class State(StrEnum):
    """How a certificate stands, in the order in which somebody must look at it."""

    NOT_TAKEN = "NOT_TAKEN"
    REVOKED = "REVOKED"
    REFUSED = "REFUSED"
    EXPIRING = "EXPIRING"
    SENT = "SENT"
    WAITING = "WAITING"
    APPROVED = "APPROVED"
    RENEWED = "RENEWED"
    WITHDRAWN = "WITHDRAWN"
    EXPIRED = "EXPIRED"


TITLES = {
    State.NOT_TAKEN: "Sở không nhận",
    State.REVOKED: "Nơi cấp đã thu hồi",
    State.REFUSED: "Sở không phê duyệt",
    State.EXPIRING: "Sắp hết hạn",
    State.SENT: "Đang gửi Sở",
    State.WAITING: "Chờ Sở phê duyệt",
    State.APPROVED: "Đã phê duyệt",
    State.RENEWED: "Đã gia hạn",
    State.WITHDRAWN: "Hết phê duyệt",
    State.EXPIRED: "Đã hết hạn",
}
OPEN = frozenset({State.EXPIRING, State.SENT, State.WAITING, State.APPROVED, State.RENEWED})
"""Who declares such a certificate again says nothing new."""

STATE_BADGES = {
    **dict.fromkeys((State.NOT_TAKEN, State.REVOKED, State.REFUSED, State.WITHDRAWN, State.EXPIRED), "stop"),
    **dict.fromkeys((State.EXPIRING, State.SENT, State.WAITING), "wait"),
    **dict.fromkeys((State.APPROVED, State.RENEWED), "ok"),
}

STEPS = {
    "DECLARED": "Nhà trường khai báo",
    "APPROVED": "Sở phê duyệt",
    "REFUSED": "Sở không phê duyệt",
    "REVOKED": "Sở rút phê duyệt",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One line of a certificate's history."""

    title: str
    at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One certificate of one holder; `note` says more of the state, `renewed_by` is the digest of its successor."""

    sha256: str
    holder: str
    name: str
    kind: str
    positions: tuple[str, ...]
    serial: str
    issuer: str
    valid_from: datetime
    valid_until: datetime
    state: State
    note: str = ""
    follows: str | None = None
    renewed_by: str | None = None
    history: tuple[Step, ...] = ()


def list_standings(school_code: str, *, at: datetime) -> list[Standing]:
    """Every certificate the school declared, once for each holder; those somebody must look at come first."""
    content = roster.newest_declared(school_code)
    told = messages.from_bytes(messages.DeclaredCertificates, content).certificates if content else ()
    sent = SentCertificate.objects.filter(school_code=school_code).order_by("id")
    found = _of_the_city(told, at=at)
    for standing in _not_there_yet(sent, told):
        earlier = found.get((standing.sha256, standing.holder))
        if earlier is None or earlier.state not in OPEN:
            found[standing.sha256, standing.holder] = standing
    order = list(State)
    return sorted(found.values(), key=lambda each: (order.index(each.state), each.holder, each.sha256))


def _of_the_city(
    told: Sequence[messages.DeclaredStanding], *, at: datetime
) -> dict[tuple[str, str], Standing]:
    """By certificate and holder: the newest declaration says the state, the history is that of all of them."""
    rows: dict[tuple[str, str], list[messages.DeclaredStanding]] = defaultdict(list)
    for row in told:  # the newest first
        rows[row.sha256, row.holder].append(row)
    successors = {row.follows: row for row in reversed(told) if row.follows and row.status == "APPROVED"}
    return {
        key: _standing(same[0], history=same[::-1], successor=successors.get(key[0]), at=at)
        for key, same in rows.items()
    }


def _standing(
    row: messages.DeclaredStanding,
    *,
    history: Iterable[messages.DeclaredStanding],
    successor: messages.DeclaredStanding | None,
    at: datetime,
) -> Standing:
    state, note = _state(row, successor, at)
    steps = [
        Step(title=STEPS[step.status], at=step.at, reason=step.reason)
        for each in history
        for step in each.history
    ]
    if row.authority_revoked_at is not None:
        steps.append(Step(title="Nơi cấp thu hồi chứng thư số", at=row.authority_revoked_at))
    return Standing(
        sha256=row.sha256,
        holder=row.holder,
        name=row.name,
        kind=row.kind,
        positions=tuple(row.positions),
        serial=row.serial,
        issuer=row.issuer,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        state=state,
        note=note,
        follows=row.follows,
        renewed_by=successor.sha256 if successor else None,
        history=tuple(steps),
    )


def _state(
    row: messages.DeclaredStanding, successor: messages.DeclaredStanding | None, at: datetime
) -> tuple[State, str]:
    """How a certificate stands, and what there is to say about it."""
    reason = row.history[-1].reason if row.history else ""
    if row.authority_revoked_at is not None:
        return State.REVOKED, f"Từ {day(row.authority_revoked_at)}; không ký được nữa."
    if row.status == "REFUSED":
        return State.REFUSED, reason
    if row.status == "REVOKED" and row.revoked_at is not None:
        return State.WITHDRAWN, f"Từ {day(row.revoked_at)}. {reason}".strip()
    if row.valid_until < at:
        return State.EXPIRED, f"Ngày {day(row.valid_until)}."
    if row.status == "DECLARED":
        return State.WAITING, ""
    if successor is not None:
        return State.RENEWED, f"Chứng thư số thay thế dùng được đến {day(successor.valid_until)}."
    if row.valid_until - at < SOON:
        return State.EXPIRING, "Hãy xin gia hạn và khai báo chứng thư số mới."
    return State.APPROVED, ""


def _not_there_yet(
    sent: Iterable[SentCertificate], told: Sequence[messages.DeclaredStanding]
) -> Iterable[Standing]:
    """Of what was sent, the part that the Sở's account does not have yet, or never will."""
    newest = {(row.sha256, row.holder): row.history[0].at for row in reversed(told) if row.history}
    for row in sent:
        certificate = certificates.load(bytes(row.der))
        sha256 = certificates.fingerprint(certificate)
        there = newest.get((sha256, row.holder))
        if row.outcome == SentCertificate.Outcome.TAKEN and there is not None and there >= row.sent_at:
            continue
        yield Standing(
            sha256=sha256,
            holder=row.holder,
            name=row.name,
            kind="organisation" if row.holder == row.school_code else "person",
            positions=tuple(row.positions),
            serial=f"{certificate.serial_number:X}",
            issuer=certificates.issuer_name(certificate),
            valid_from=certificate.not_valid_before_utc,
            valid_until=certificate.not_valid_after_utc,
            state=_STATES[SentCertificate.Outcome(row.outcome)],
            note=row.problem,
            history=(Step(title=STEPS["DECLARED"], at=row.sent_at),),
        )


_STATES = {
    SentCertificate.Outcome.SENT: State.SENT,
    SentCertificate.Outcome.TAKEN: State.WAITING,
    SentCertificate.Outcome.NOT_TAKEN: State.NOT_TAKEN,
}
