"""Renewing time stamps before they end (RFC 4998 5.2): intent, act, result, each in a transaction of its own.

Time-stamp renewal puts one stamp over many tokens: thousands of documents share a token, so this is quick. Hash-tree
renewal, when a digest comes near its end, reads every document again and puts one stamp over ten thousand of them.
An intent without a result is taken up again first, so a kill at any moment costs nothing but time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from hocba.channels import timestamps as channel
from hocba.city.archive import stamping
from hocba.city.preservation import documents, tokens
from hocba.city.preservation.models import ArchiveStamp, RenewalIntent
from hocba.city.schools import trust
from hocba.platform.audit import actions as audit
from hocba.platform.tenancy import scope
from hocba.signing import certificates, digests
from hocba.signing.evidence.judging import UnitJudge
from hocba.signing.evidence.policy import AlgorithmPolicy

if TYPE_CHECKING:
    from collections.abc import Callable

TAG_RENEWED = "preservation:stamp:renewed"
# Any fixed number that nothing else in this database locks.
_LOCK = 4998


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What one run did: stamps made, and tokens and documents below them; `stuck` when no authority answered."""

    stamps: int = 0
    tokens: int = 0
    documents: int = 0
    stuck: bool = False


def margin() -> timedelta:
    """HOCBA_RENEWAL_MARGIN_DAYS: stamps and digests are renewed so long before their end."""
    return timedelta(days=settings.HOCBA_RENEWAL_MARGIN_DAYS)


def next_digest() -> str:
    """HOCBA_EVIDENCE_DIGEST: the digest of archive time stamps over documents. Raises ImproperlyConfigured."""
    name = str(settings.HOCBA_EVIDENCE_DIGEST)
    try:
        digests.require_known(name)
    except ValueError as error:
        raise ImproperlyConfigured(f"HOCBA_EVIDENCE_DIGEST: {error}") from error
    return name


def renew(*, by: str, at: datetime, policy: AlgorithmPolicy | None = None, most: int = 1000) -> Outcome:
    """Renew what comes near its end, at most `most` stamps; opens its own scopes.

    Only one run at a time works: a second one waits for nothing and does nothing.
    """
    if not stamping.addresses() or not _alone():
        return Outcome()
    try:
        return _renew(by=by, at=at, policy=policy or AlgorithmPolicy(), most=most)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("select pg_advisory_unlock(%s)", [_LOCK])


def _renew(*, by: str, at: datetime, policy: AlgorithmPolicy, most: int) -> Outcome:
    soon = at + margin()
    makers: list[Callable[[], RenewalIntent | None]] = [
        _oldest_open,
        lambda: documents.intend(next_digest(), policy=policy, soon=soon, by=by, at=at),
        lambda: tokens.intend(policy=policy, margin=margin(), by=by, at=at),
    ]
    counts = {"TOKENS": 0, "DOCUMENTS": 0}
    for made in range(most):
        with scope.whole_site():
            intent = next((found for maker in makers if (found := maker()) is not None), None)
        if intent is None or not _act(intent, by=by, at=at):
            return _outcome(made, counts, stuck=intent is not None)
        counts[intent.kind] += intent.count
    return _outcome(most, counts, stuck=False)


def _outcome(stamps: int, counts: dict[str, int], *, stuck: bool) -> Outcome:
    return Outcome(stamps=stamps, tokens=counts["TOKENS"], documents=counts["DOCUMENTS"], stuck=stuck)


def _oldest_open() -> RenewalIntent | None:
    return RenewalIntent.objects.filter(stamp__isnull=True).order_by("id").first()


def _act(intent: RenewalIntent, *, by: str, at: datetime) -> bool:
    """Ask for the stamp and keep it; False when no authority gave one."""
    with scope.whole_site():
        judge = UnitJudge(trust.material())
    root = bytes(intent.root)
    try:
        made = channel.stamp(
            root,
            addresses=stamping.addresses(),
            accept=lambda token: judge.accept(token, root, intent.algorithm, at=at),
            algorithm=intent.algorithm,
        )
    except channel.NoTimestampError:
        return False
    with scope.whole_site():
        ArchiveStamp.objects.create(
            intent=intent,
            authority=certificates.common_name(made.stamp.certificate),
            token=made.token,
            stamped_at=made.stamp.at,
            good_until=judge.good_until(made.stamp),
            relies_on=" ".join(sorted(judge.relies_on(made.stamp))),
            units_digest=tokens.keep_units(),
            at=at,
        )
        audit.record(
            tag=TAG_RENEWED,
            target=f"renewal:{intent.pk}",
            by=by,
            at=at,
            details={"kind": intent.kind, "algorithm": intent.algorithm, "count": intent.count},
        )
    return True


def _alone() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(%s)", [_LOCK])
        return bool(cursor.fetchone()[0])
