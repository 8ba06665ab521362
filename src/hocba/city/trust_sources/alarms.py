"""What an officer must know before it stops the schools: computed from how things stand, so it ends by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from django.conf import settings

from hocba.city.schools import queries as schools
from hocba.city.schools import trust
from hocba.city.trust_sources import queries
from hocba.city.trust_sources.models import SourceCheck
from hocba.signing import certificates, instants, revocation_sources
from hocba.signing.trust_list import Standing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cryptography import x509

    from hocba.signing.trust_list import Authority, TrustList

SOON = timedelta(days=14)
"""How long before its next update a trust list is asked for."""


class Level(StrEnum):
    """How bad it is; the values are those of badges."""

    STOP = "stop"
    WAIT = "wait"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """One thing to know, and what to do."""

    level: Level
    text: str
    action: str


def list_alarms(*, at: datetime) -> list[Alarm]:
    """Everything that is wrong now, the worst first."""
    trust_list = schools.current_trust_list()
    found = [*_of_trust_list(trust_list, at), *_of_revoked(at)]
    if trust_list is not None:
        found += [*_of_lists(trust_list, at), *_of_sources(trust_list, at), *_of_responders(trust_list, at)]
    return sorted(found, key=lambda alarm: alarm.level is not Level.STOP)


def count_urgent(*, at: datetime) -> int:
    """How many of them stop somebody."""
    return sum(alarm.level is Level.STOP for alarm in list_alarms(at=at))


def _of_trust_list(trust_list: TrustList | None, at: datetime) -> Iterator[Alarm]:
    action = "Nạp phiên bản mới do người được giao ký."
    if trust_list is None:
        yield Alarm(
            level=Level.STOP if settings.HOCBA_PRODUCTION else Level.WAIT,
            text="Chưa có danh sách tin cậy.",
            action=action,
        )
    elif trust_list.next_update < at + SOON:
        over = trust_list.next_update < at
        yield Alarm(
            level=Level.STOP if over else Level.WAIT,
            text=f"Danh sách tin cậy phiên bản {trust_list.version} "
            + ("đã quá hạn cập nhật" if over else "sắp đến hạn cập nhật")
            + f" ({instants.day(trust_list.next_update)}).",
            action=action,
        )


def _of_revoked(at: datetime) -> Iterator[Alarm]:
    for row in schools.list_revoked_by_authority(at=at):
        yield Alarm(
            level=Level.STOP,
            text=f"Nơi cấp đã thu hồi chứng thư số của {row.name} ({row.holder}, trường {row.school_code}) "
            f"từ {instants.moment(row.authority_revocation.revoked_at)}.",
            action="Rút phê duyệt và yêu cầu trường khai báo chứng thư thay thế.",
        )


def _of_lists(trust_list: TrustList, at: datetime) -> Iterator[Alarm]:
    """Lists that no longer count: nothing signed under them is decided until a new one is here (decision 0047).

    Of every authority whose list is asked for anywhere: a root's address may stand in the certificate below it only.
    """
    grace = timedelta(hours=settings.HOCBA_REVOCATION_GRACE_HOURS)
    published = {source.issuer for source in revocation_sources.list_sources(trust_list)}
    for entry, issuer in _granted(trust_list, at):
        end = trust.material().revocation_lists.fresh_until(issuer)
        if issuer not in published or (end is not None and end >= at):
            continue
        if end is None:
            text = f"Chưa có danh sách thu hồi của “{entry.name}”; chưa thể kết luận về chữ ký nào của nơi cấp này."
        else:
            text = (
                f"Danh sách thu hồi của “{entry.name}” đã quá hạn từ {instants.moment(end)}: Sở tạm giữ học bạ gửi "
                f"tới, các trường ngừng ký từ {instants.moment(end + grace)}."
            )
        yield Alarm(
            level=Level.STOP,
            text=text,
            action="Liên hệ nơi cấp, hoặc nạp danh sách thu hồi bằng lệnh hocba city load_trust.",
        )


def _of_responders(trust_list: TrustList, at: datetime) -> Iterator[Alarm]:
    """Authorities without a list: which approved certificates nobody spoke of, and who does not answer."""
    published = {source.issuer for source in revocation_sources.list_sources(trust_list)}
    alone = [(entry, issuer) for entry, issuer in _granted(trust_list, at) if issuer not in published]
    uncovered = queries.count_uncovered([issuer for _, issuer in alone], at=at)
    for entry, issuer in alone:
        if uncovered[issuer]:
            yield Alarm(
                level=Level.STOP,
                text=f"Không có câu trả lời OCSP hay danh sách thu hồi còn hạn cho {uncovered[issuer]} chứng thư số đã "
                f"phê duyệt của “{entry.name}”: Sở tạm giữ học bạ ký bằng các chứng thư này.",
                action="Liên hệ nơi cấp, hoặc nạp danh sách thu hồi bằng lệnh hocba city load_trust.",
            )
    for address in dict.fromkeys(address for entry, _ in alone for address in entry.ocsp):
        last = queries.newest_of_responder(address)
        if last is not None and last.outcome == SourceCheck.Outcome.FAILED:
            yield Alarm(
                level=Level.WAIT,
                text=f"Lần hỏi OCSP gần nhất không có kết quả ({address}: {last.problem}).",
                action="Hệ thống tự thử lại sau 15 phút.",
            )


def _granted(trust_list: TrustList, at: datetime) -> Iterator[tuple[Authority, x509.Certificate]]:
    """Certificates of the authorities that are trusted now."""
    for entry in trust_list.authorities:
        standing = entry.standing_at(at)
        if standing is not None and standing.standing is Standing.GRANTED:
            yield from ((entry, issuer) for issuer in entry.certificates)


def _of_sources(trust_list: TrustList, at: datetime) -> Iterator[Alarm]:
    for state in queries.states_of(trust_list):
        last = state.last
        if last is None or last.outcome != SourceCheck.Outcome.FAILED:
            continue
        end = trust.material().revocation_lists.fresh_until(state.issuer)
        if end is None or end < at:
            continue  # the list itself is the alarm
        yield Alarm(
            level=Level.WAIT,
            text=f"Không lấy được danh sách thu hồi của “{certificates.common_name(state.issuer)}” "
            f"({state.address}: {last.problem}); bản đang có còn hạn đến {instants.moment(end)}.",
            action="Hệ thống tự thử lại sau 15 phút.",
        )
