"""The officer's page about whom the Sở trusts, where revocation is asked, and how that stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages as notices
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from hocba.city.roles import Permission
from hocba.city.schools import actions as schools_actions
from hocba.city.schools import queries as schools
from hocba.city.schools import trust
from hocba.city.trust_sources import alarms, queries
from hocba.city.trust_sources.models import SourceCheck
from hocba.platform.accounts.guards import actor_of, requires
from hocba.signing import certificates, instants
from hocba.signing.trust import TrustError
from hocba.signing.trust_list import CLASS_NAMES, PURPOSE_NAMES, Standing
from hocba.signing.trust_list_files import LARGEST_LIST

if TYPE_CHECKING:
    from datetime import datetime

    from django.core.files.uploadedfile import UploadedFile
    from django.http import HttpRequest, HttpResponse

    from hocba.signing.trust_list import Authority, TrustList

LARGEST_SIGNATURE = 4096

_STANDINGS = {Standing.GRANTED: "được tin cậy", Standing.WITHDRAWN: "thôi được tin cậy"}
_BADGES = {
    SourceCheck.Outcome.NEW: "ok",
    SourceCheck.Outcome.SAME: "ok",
    SourceCheck.Outcome.FAILED: "stop",
}


@requires(Permission.TRUST_VIEW)
@require_GET
def trusted(request: HttpRequest) -> HttpResponse:
    """The trust list, its sources, their state, and what is wrong."""
    at = timezone.now()
    current = schools.current_trust_list()
    context = {
        "alarms": alarms.list_alarms(at=at),
        "current": current,
        "entries": [_entry(item, at) for item in current.authorities] if current else [],
        "sources": [_source(state) for state in _states(current)] if current else [],
        "history": schools.trust_list_history(),
        "grace": settings.HOCBA_REVOCATION_GRACE_HOURS,
        "may_load": actor_of(request).may(Permission.TRUST_MANAGE),
        "signers": [certificates.common_name(item) for item in trust.list_signers()],
    }
    return render(request, "city_trust_sources/trusted.html", context)


@requires(Permission.TRUST_MANAGE)
@require_POST
def load(request: HttpRequest) -> HttpResponse:
    """Take over an uploaded trust list with its signature; nothing else comes in this way."""
    listed = _content(request.FILES.get("list"), LARGEST_LIST)
    signature = _content(request.FILES.get("signature"), LARGEST_SIGNATURE)
    if listed is None or signature is None:
        notices.error(request, "Cần đủ hai tệp: danh sách tin cậy (.json) và chữ ký của nó (.sig).")
        return redirect("city_trusted")
    try:
        count = schools_actions.load_trust_list(
            listed,
            signature,
            by=actor_of(request).name,
            at=timezone.now(),
            signers=trust.list_signers(),
            production=settings.HOCBA_PRODUCTION,
        )
    except (schools_actions.TrustListRefusedError, TrustError) as error:
        notices.error(request, str(error))
    else:
        notices.success(
            request, "Đã nạp danh sách tin cậy." if count else "Danh sách này đã được nạp từ trước."
        )
    return redirect("city_trusted")


def _content(file: UploadedFile[bytes] | None, largest: int) -> bytes | None:
    if file is None or not 0 < (file.size or 0) <= largest:
        return None
    content: bytes = file.read()
    return content


def _entry(authority: Authority, at: datetime) -> dict[str, Any]:
    standing = authority.standing_at(at)
    lists = trust.material().revocation_lists
    ends = [lists.fresh_until(item) for item in authority.certificates]
    return {
        "name": authority.name,
        "class": CLASS_NAMES[authority.authority_class],
        "purposes": ", ".join(PURPOSE_NAMES[item] for item in sorted(authority.purposes)),
        "granted": standing is not None and standing.standing is Standing.GRANTED,
        "history": [
            f"{_STANDINGS[item.standing]} từ {instants.day(item.since)}" for item in authority.history
        ],
        "certificates": [
            {
                "name": certificates.common_name(item),
                "until": item.not_valid_after_utc,
                "key": certificates.key_words(item),
                "fingerprint": certificates.fingerprint(item)[:16],
            }
            for item in authority.certificates
        ],
        "fresh_until": max((end for end in ends if end is not None), default=None),
        "is_fresh": any(end is not None and end >= at for end in ends),
        "ocsp": authority.ocsp,
    }


def _states(current: TrustList) -> list[queries.SourceState]:
    return [*queries.states_of(current), *queries.responder_states_of(current)]


def _source(state: queries.SourceState) -> dict[str, Any]:
    last = state.last
    return {
        "kind": state.kind.label,
        "failed": state.last_failure(),
        "issuer": certificates.common_name(state.issuer),
        "address": state.address,
        "last": last,
        "outcome": SourceCheck.Outcome(last.outcome).label if last else "Chưa hỏi lần nào",
        "badge": _BADGES[SourceCheck.Outcome(last.outcome)] if last else "wait",
        "good": state.good,
    }
