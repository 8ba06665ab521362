"""Background work of the archive: time stamps over the log."""

from __future__ import annotations

import logging
import secrets
from hashlib import sha256
from typing import TYPE_CHECKING

import urllib3
from django.conf import settings
from django.utils import timezone
from procrastinate.contrib.django import app

from hocba.city.archive import actions, queries
from hocba.city.schools import queries as schools
from hocba.platform.tenancy import scope
from hocba.signing import certificates, timestamps
from hocba.signing.errors import TimestampError

if TYPE_CHECKING:
    from cryptography import x509

logger = logging.getLogger(__name__)

_pool = urllib3.PoolManager(retries=False, timeout=urllib3.Timeout(connect=5, read=30))


@app.periodic(cron="* * * * *")
@app.task(name="city.stamp_log", queue="default", queueing_lock="city.stamp_log", pass_context=False)
def stamp_log(timestamp: int) -> None:
    """Every minute: have the newest checkpoint stamped unless nothing was logged since the last stamp."""
    del timestamp  # of the schedule; what counts is the log
    stamp_newest()


def stamp_newest() -> bool:
    """Stamp the newest checkpoint; False when there is nothing to stamp or no authority is configured.

    A failure is logged and tried again by the next run: the log itself does not depend on the authority.
    """
    address = str(getattr(settings, "HOCBA_TSA_URL", "") or "")
    with scope.whole_site():
        checkpoint = queries.newest_checkpoint()
        if not address or checkpoint is None or checkpoint.size <= queries.newest_stamped_size():
            return False
        digest = sha256(checkpoint.note.encode()).digest()
        try:
            token = _ask(address, digest)
            stamped = timestamps.read(token, digest, _trusted())
        except (urllib3.exceptions.HTTPError, TimestampError) as error:
            logger.warning("no time stamp for checkpoint %s: %s", checkpoint.size, error)
            return False
        actions.keep_stamp(
            size=checkpoint.size,
            authority=certificates.common_name(stamped.certificate),
            token=token,
            stamped_at=stamped.at,
            by="job:stamp_log",
            at=timezone.now(),
        )
    return True


def _ask(address: str, digest: bytes) -> bytes:
    request = timestamps.build_request(digest, nonce=secrets.randbits(63))
    response = _pool.request(
        "POST",
        address,
        body=request,
        headers={"content-type": "application/timestamp-query", "accept": "application/timestamp-reply"},
    )
    if response.status != 200:
        raise TimestampError(f"the time-stamp unit answered with status {response.status}")
    return timestamps.token_of(response.data, request=request)


def _trusted() -> list[x509.Certificate]:
    found: list[x509.Certificate] = []
    for pem in schools.trust_bundle().anchors:
        found.append(certificates.load(pem.encode()))
    return found
