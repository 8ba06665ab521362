"""What a side believes from its copies of published messages, built once and again when a copy is newer."""

from __future__ import annotations

import base64
from dataclasses import dataclass, replace
from datetime import timedelta
from threading import Lock
from typing import TYPE_CHECKING

from hocba.exchange import messages
from hocba.signing import trust
from hocba.signing.approvals import ApprovalRegister, read_register
from hocba.signing.trust_list import DEMONSTRATION_RULES, ClassRule

if TYPE_CHECKING:
    from collections.abc import Callable

    from hocba.signing.trust import TrustMaterial

MOST_SCHOOLS = 4096


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy of a message by its number, 0 when there is none; `read` gives its octets."""

    number: int
    read: Callable[[], bytes]


class KnownTrust:
    """Authorities and lists of one bundle, with their caches, shared by all schools; safe in threads.

    `rules` say which class of authority may sign what; `grace` is how long a desk goes on with lists that are too old.
    """

    def __init__(
        self, *, rules: tuple[ClassRule, ...] = DEMONSTRATION_RULES, grace: timedelta = timedelta()
    ) -> None:
        self._lock = Lock()
        self._rules, self._grace = rules, grace
        self._bundle = -1
        self._authorities = trust.load({})
        self._schools: dict[str, tuple[int, TrustMaterial]] = {}

    def material(self, school_code: str, *, bundle: Copy, register: Copy) -> TrustMaterial:
        """Authorities, revocation lists, and the approved certificates of one school."""
        with self._lock:
            if self._bundle != bundle.number:
                found = load_bundle(bundle.read()) if bundle.number else trust.load({})
                self._authorities = replace(found, rules=self._rules, grace=self._grace)
                self._bundle, self._schools = bundle.number, {}
            known = self._schools.get(school_code)
            if known is None or known[0] != register.number:
                if len(self._schools) >= MOST_SCHOOLS:
                    self._schools.clear()
                approved = [read_register(register.read())] if register.number else []
                material = replace(self._authorities, approvals=ApprovalRegister(approved))
                known = self._schools[school_code] = (register.number, material)
            return known[1]

    def forget(self) -> None:
        """Drop what was built, e.g. when the database behind it is another one."""
        with self._lock:
            self._bundle, self._schools = -1, {}


def load_bundle(content: bytes) -> TrustMaterial:
    """The authorities and lists of a trust bundle. Raises MessageError, TrustError, ValueError."""
    return trust.load(files_of_bundle(messages.from_bytes(messages.TrustBundle, content)))


def files_of_bundle(bundle: messages.TrustBundle) -> dict[str, bytes]:
    """Files by name, as `signing.trust.load` reads them. Raises ValueError for a list that is no base64."""
    files = {f"authority-{number}.pem": pem.encode() for number, pem in enumerate(bundle.anchors)}
    for number, text in enumerate(bundle.crls):
        files[f"list-{number}.crl"] = base64.b64decode(text, validate=True)
    for number, text in enumerate(bundle.ocsp):
        files[f"answer-{number}.ors"] = base64.b64decode(text, validate=True)
    if bundle.trust_list is not None:
        files["trust-list.json"] = base64.b64decode(bundle.trust_list, validate=True)
    return files
