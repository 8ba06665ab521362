"""What verification rests on, built once per process and again when its version changed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from cryptography import x509
from django.conf import settings

from hocba.city.schools import queries
from hocba.exchange import messages
from hocba.platform.files import store
from hocba.signing import trust
from hocba.signing.approvals import ApprovalRegister, read_register
from hocba.signing.trust_list import rules_for

if TYPE_CHECKING:
    from hocba.signing.approvals import Approval
    from hocba.signing.trust import TrustMaterial

_lock = Lock()


@dataclass(slots=True)
class Known:
    """One version of everything trusted; chains and lists keep their caches as long as no file changes."""

    version: int
    material: TrustMaterial
    registers: dict[str, tuple[Approval, ...]]
    _evidence: dict[str, dict[str, object]] = field(default_factory=dict)
    _files: list[dict[str, str]] | None = None

    def evidence_for(self, school_code: str) -> dict[str, object]:
        """Digests of everything a validation for the school rests on; the files themselves are kept.

        Authorities and revocation lists are rows that are never removed; the register of approved certificates
        goes into the file store, so that what was approved at acceptance can be shown for ever.
        """
        if school_code not in self._evidence:
            approved = queries.approved_certificates_of(school_code)
            register = store.put(messages.to_bytes(approved)) if approved else ""
            self._evidence[school_code] = {
                "trust": self._digests(),
                "approved_certificates": register,
            }
        return dict(self._evidence[school_code])

    def _digests(self) -> list[dict[str, str]]:
        if self._files is None:
            self._files = queries.trust_digests()
        return self._files


_built: Known | None = None


def material() -> TrustMaterial:
    """The material of now; needs the scope of the whole site."""
    return current().material


def current() -> Known:
    """The material of now with its version, for what asks for evidence too."""
    global _built
    version = queries.trust_version()
    with _lock:
        if _built is None or _built.version != version:
            _built = _rebuilt(_built, version)
        return _built


def list_signers() -> tuple[x509.Certificate, ...]:
    """The pinned signers of trust lists: certificates in the file that HOCBA_TRUST_LIST_SIGNERS names, if any."""
    path = Path(str(settings.HOCBA_TRUST_LIST_SIGNERS))
    if not path.is_file():
        return ()
    return tuple(x509.load_pem_x509_certificates(path.read_bytes()))


def forget() -> None:
    """Drop what was built, e.g. when the database behind it is another one."""
    global _built
    with _lock:
        _built = None


def _rebuilt(before: Known | None, version: int) -> Known:
    """Build only what changed: a fetched list touches no register, an approval no authority."""
    changes = [] if before is None else queries.changes_since(before.version)
    if (
        before is not None
        and version > before.version
        and {reason for reason, _ in changes} <= {"declarations"}
    ):
        return replace(before, version=version)  # told to the schools, and nothing verification rests on
    # A version below the known one was rolled back: nothing remembered can be relied upon.
    if before is None or version < before.version:
        registers = {school.school_code: _register(school.school_code) for school in queries.list_schools()}
    else:
        changed = {school_code for _, school_code in changes if school_code}
        registers = before.registers | {school_code: _register(school_code) for school_code in changed}
    if before is None or version < before.version or any(reason == "authorities" for reason, _ in changes):
        fresh = trust.load(queries.trust_files(), rules=rules_for(production=settings.HOCBA_PRODUCTION))
    else:
        fresh = before.material
    material = replace(fresh, approvals=ApprovalRegister(registers.items()))
    return Known(version=version, material=material, registers=registers)


def _register(school_code: str) -> tuple[Approval, ...]:
    approved = queries.approved_certificates_of(school_code)
    return () if approved is None else read_register(messages.to_bytes(approved))[1]
