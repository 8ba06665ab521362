"""What verification rests on, built once per process and again when its version changed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from threading import Lock
from typing import TYPE_CHECKING

from hocba.city.schools import queries
from hocba.exchange import messages
from hocba.platform.files import store
from hocba.signing import trust
from hocba.signing.approvals import ApprovalRegister, read_register

if TYPE_CHECKING:
    from hocba.signing.approvals import Approval
    from hocba.signing.trust import TrustMaterial

_lock = Lock()


@dataclass(slots=True)
class _Built:
    """The newest material of this process; chains and lists keep their caches as long as no file changes."""

    version: int
    material: TrustMaterial
    registers: dict[str, tuple[Approval, ...]]


_built: _Built | None = None
_evidence: dict[str, tuple[int, dict[str, object]]] = {}


def material() -> TrustMaterial:
    """The material of now; needs the scope of the whole site."""
    global _built
    version = queries.trust_version()
    with _lock:
        if _built is None or _built.version != version:
            _built = _rebuilt(_built, version)
        return _built.material


def evidence_for(school_code: str) -> dict[str, object]:
    """Digests of everything a validation for the school rests on now; the files themselves are kept.

    Authorities and revocation lists are rows that are never removed; the register of approved certificates goes
    into the file store, so that what was approved at acceptance can be shown for ever.
    """
    version = queries.trust_version()
    with _lock:
        known = _evidence.get(school_code)
        if known is None or known[0] != version:
            approved = queries.approved_certificates_of(school_code)
            register = store.put(messages.to_bytes(approved)) if approved else ""
            known = (version, {"trust": queries.trust_digests(), "approved_certificates": register})
            _evidence[school_code] = known
        return dict(known[1])


def forget() -> None:
    """Drop what was built, e.g. when the database behind it is another one."""
    global _built
    with _lock:
        _built = None
        _evidence.clear()


def _rebuilt(before: _Built | None, version: int) -> _Built:
    changes = [] if before is None else queries.changes_since(before.version)
    # A version below the known one was rolled back: nothing remembered can be relied upon.
    if before is None or version < before.version or any(reason == "authorities" for reason, _ in changes):
        registers = {school.school_code: _register(school.school_code) for school in queries.list_schools()}
        fresh = trust.load(queries.trust_files())
    else:
        changed = {school_code for _, school_code in changes}
        registers = before.registers | {school_code: _register(school_code) for school_code in changed}
        fresh = before.material
    material = replace(fresh, approvals=ApprovalRegister(registers.items()))
    return _Built(version=version, material=material, registers=registers)


def _register(school_code: str) -> tuple[Approval, ...]:
    approved = queries.approved_certificates_of(school_code)
    return () if approved is None else read_register(messages.to_bytes(approved))[1]
