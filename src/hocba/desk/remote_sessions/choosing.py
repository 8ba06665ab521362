"""Which certificate at the provider signs: the first one that passes everything the desk asks of any certificate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hocba.channels.csc import credentials, signing
from hocba.channels.csc.profiles import Flow
from hocba.desk import opening, signers
from hocba.desk.channels import Channel
from hocba.desk.errors import CertificateRefusedError
from hocba.desk.ports import Order
from hocba.desk.preflight import Level
from hocba.desk.remote_sessions import words
from hocba.signing import certificates

if TYPE_CHECKING:
    from datetime import datetime

    from hocba.channels.csc.credentials import Credential
    from hocba.channels.csc.transport import Caller
    from hocba.desk.ports import Desk, Task
    from hocba.platform.accounts.actor import Actor


def choose(
    desk: Desk, actor: Actor, task: Task, *, caller: Caller, token: str, user_id: str, at: datetime
) -> tuple[Credential, list[str]]:
    """A credential that may sign the task, and what is to be said about it.

    Raises CertificateRefusedError with what stands against each of them, CscError.
    """
    problems: list[str] = []
    for name in credentials.list_ids(caller, token, user_id=user_id):
        found = credentials.read(caller, token, name)
        try:
            leaf = signers.load(found.certificate)
        except CertificateRefusedError as error:
            problems += error.problems
            continue
        stops = _of_key(found, caller, is_elliptic=certificates.has_elliptic_key(leaf))
        order = Order(task=task.id, certificate=found.certificate, channel=Channel.REMOTE)
        findings = opening.examine(desk, actor, task, order=order, clock=None, at=at).findings
        stops += [each.detail for each in findings if each.level is Level.STOP]
        if not stops:
            return found, [each.detail for each in findings if each.level is Level.WARN]
        problems += [f"{certificates.common_name(leaf)}: {stop}" for stop in stops]
    raise CertificateRefusedError(problems or [words.NO_CERTIFICATE])


def _of_key(found: Credential, caller: Caller, *, is_elliptic: bool) -> list[str]:
    stops = []
    if not found.is_enabled or not signing.fits(caller.profile, found, is_elliptic=is_elliptic):
        stops.append(words.NOT_ENABLED)
    if caller.profile.flow is Flow.EXPLICIT and found.asks_secret:
        stops.append(words.ASKS_PIN)
    return stops
