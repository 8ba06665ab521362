"""The keys of the demo: an authority, a key for every person, the school's seal, the systems' keys.

For demo and training only. In life a person's key is on a token or with a remote-signing provider, and never
on a server (R36); here the "tokens" are PKCS#12 files in one folder.
"""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from hocba.exchange.transparency import NoteKey
from hocba.signing import demo_trust, trust_list_files
from hocba.signing.demo_ca import DemoAuthority, generate_person_keys
from hocba.signing.keys import pkcs12
from hocba.sites.environment import SIDES, is_production

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hocba.signing.keys.pkcs12 import SoftwareKey

AUTHORITY_NAME = "Hocba Demo CA"
CRL_LIFE = timedelta(days=3650)  # offline verification of the demo's files must work for years


class DemoKeysRefusedError(Exception):
    """Keys in files are refused by a production configuration."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Whose key: a person with a staff code, or (seal) a school with its code."""

    code: str
    name: str
    number: str
    organisation: str
    is_seal: bool = False


@dataclass(slots=True)
class DemoKeys:
    """All keys below one folder, made when first asked for and kept."""

    directory: Path
    authority: DemoAuthority
    password: str
    _loaded: dict[str, SoftwareKey] = field(default_factory=dict)

    @classmethod
    def open(cls, directory: Path, *, now: datetime) -> DemoKeys:
        """Open the folder, or make the authority and the systems' keys in it."""
        if is_production():
            raise DemoKeysRefusedError("khoá trong tệp chỉ dùng cho bản trình diễn")
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        password_file, state = directory / "password", directory / "authority.json"
        if not password_file.exists():
            write_secret(password_file, secrets.token_urlsafe(16).encode())
        password = password_file.read_text("utf-8")
        if state.exists():
            return cls(directory, DemoAuthority.from_bytes(state.read_bytes(), password), password)
        # The certificates begin a little before their first use, as clocks differ.
        keys = cls(directory, DemoAuthority.create(now - timedelta(hours=1), AUTHORITY_NAME), password)
        keys._make_system_keys()
        write_secret(state, keys.authority.to_bytes(password))
        return keys

    def ensure(self, holders: Iterable[Holder]) -> None:
        """Issue a key to everybody who has none yet."""
        missing = [holder for holder in holders if not self._path(holder.code).exists()]
        for holder, private_key in zip(missing, generate_person_keys(len(missing)), strict=True):
            if holder.is_seal:
                key = self.authority.issue_organisation(
                    name=holder.name, code=holder.number, private_key=private_key
                )
            else:
                key = self.authority.issue_person(
                    name=holder.name,
                    personal_id=holder.number,
                    organisation=holder.organisation,
                    private_key=private_key,
                )
            self._keep(holder.code, key)

    def key(self, code: str) -> SoftwareKey:
        """The key of a staff code or of a school."""
        if code not in self._loaded:
            self._loaded[code] = pkcs12.load(self._path(code).read_bytes(), self.password)
        return self._loaded[code]

    def certificate(self, code: str) -> str:
        """The certificate of a holder as base64 of its DER form."""
        return base64.b64encode(self.key(code).certificate.public_bytes(Encoding.DER)).decode()

    def write_trust(self, directory: Path, *, now: datetime) -> None:
        """Write the authorities and their revocation lists, as `hocba verify --trust` reads them."""
        directory.mkdir(parents=True, exist_ok=True)
        for name, content in self.authority.certificate_pems().items():
            (directory / name).write_bytes(content)
        for name, content in self.authority.crls(now, now + CRL_LIFE).items():
            (directory / name).write_bytes(content)

    def write_trust_list(self, directory: Path, *, now: datetime, services: str | None = None) -> None:
        """Write the signed trust list, as `hocba city load_trust` takes it.

        `services` is where lists and responder of the authority are. Only this list names it: a port of loopback in a
        certificate would be wrong with the next run (decision 0061).
        """
        listed = trust_list_files.write(
            # The moment makes the version, so it grows.
            demo_trust.trust_list(
                replace(self.authority, services=services),
                version=int(now.timestamp()),
                now=now,
                next_update=now + CRL_LIFE,
                services=services is not None,
            )
        )
        (directory / "trust-list.json").write_bytes(listed)
        (directory / "trust-list.sig").write_bytes(self._list_signer().sign(listed))

    def revoke(self, code: str, *, at: datetime) -> None:
        """Let the authority take a holder's certificate back; whoever publishes its lists reads it anew each time."""
        self.authority.revoke(self.key(code).certificate.serial_number, at=at)
        write_secret(self.directory / "authority.json", self.authority.to_bytes(self.password))

    def write_list_signer(self, directory: Path) -> None:
        """Write whose signature the trust list bears, for who gets the folder and knows no such key."""
        certificate = self._list_signer().certificate
        (directory / "trust-list-signers.pem").write_bytes(certificate.public_bytes(Encoding.PEM))

    def write_log_key(self, directory: Path, *, origin: str) -> None:
        """Write the key that verifies checkpoints of the city's log `origin` (C2SP signed-note: name+hash+key)."""
        key = load_pem_private_key((self.directory / "log.pem").read_bytes(), password=None)
        if not isinstance(key, Ed25519PrivateKey):
            raise TypeError("the log's key is not an Ed25519 key")
        (directory / "log.vkey").write_text(f"{NoteKey.of(origin, key)}\n", "utf-8")

    def _list_signer(self) -> SoftwareKey:
        """Whose signature the city is told to believe under a trust list (HOCBA_TRUST_LIST_SIGNERS)."""
        if not self._path("trust-list").exists():
            key = self.authority.issue_system("Người lập danh sách tin cậy")
            self._keep("trust-list", key)
            write_secret(
                self.directory / "trust-list-signers.pem", key.certificate.public_bytes(Encoding.PEM)
            )
        return self.key("trust-list")

    def write_message_keys(self, directory: Path) -> None:
        """Lay out the systems' certificates and keys as `hocba.sites.wiring` reads them."""
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        for side in SIDES:
            key = self.key(f"system-{side}")
            write_secret(directory / f"{side}.pem", key.certificate.public_bytes(Encoding.PEM))
            write_secret(
                directory / f"{side}.key",
                key.private_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
            )

    def _make_system_keys(self) -> None:
        for side in SIDES:
            self._keep(f"system-{side}", self.authority.issue_system(side))
        self._keep("tsa", self.authority.issue_timestamp_unit())
        log_key = Ed25519PrivateKey.generate()
        write_secret(
            self.directory / "log.pem",
            log_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        )

    def _keep(self, code: str, key: SoftwareKey) -> None:
        write_secret(self._path(code), pkcs12.dump(key, self.password, name=code))
        self._loaded[code] = key

    def _path(self, code: str) -> Path:
        return self.directory / f"{code}.p12"


def demo_password(state: Path) -> str:
    """One password for all demo accounts, made once on this machine."""
    path = state / "secrets" / "demo-password"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_secret(path, f"demo-{secrets.token_hex(5)}".encode())
    return path.read_text("utf-8")


def write_secret(path: Path, content: bytes) -> None:
    """Write a secret whole or not at all, readable by this account only."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.touch(mode=0o600)
    fresh.write_bytes(content)
    fresh.rename(path)
