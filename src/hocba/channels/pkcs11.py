"""Keys in a hardware security module, or in a token at the server: PKCS#11 (OASIS, 2.40 and 3.x).

Meant for the organisation seal (TT 22/2020, article 8: only the clerk in charge has it applied). A key is named by a
PKCS#11 URI; its PIN lies in a file or in the environment, never in a row or in the URI. Sessions are kept in a pool:
opening one costs more than signing. A session that is lost (network, a restart of the module, a token pulled out
and put back) is opened again, once; a PIN that was refused is never tried again, since three tries lock a token.
"""

from __future__ import annotations

import os
import queue
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import pkcs11
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from pkcs11 import Attribute, Mechanism, ObjectClass

from hocba.channels.key_addresses import KeyAddress
from hocba.channels.pkcs11_errors import (
    KeyNotFoundError,
    ModuleUnavailableError,
    PinRefusedError,
)
from hocba.channels.pkcs11_library import library
from hocba.signing import algorithms, certificates
from hocba.signing.errors import SignatureMismatchError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SESSIONS = 4
"""Sessions kept per key; modules on the network sign side by side."""
PATIENCE = 30.0
"""Seconds to wait for a free session."""

PIN_PROBLEMS = (
    pkcs11.PinIncorrect,
    pkcs11.PinInvalid,
    pkcs11.PinLenRange,
    pkcs11.PinLocked,
    pkcs11.PinExpired,
)
DIGEST_INFO_SHA256 = bytes.fromhex("3031300d060960864801650304020105000420")
"""What comes before a SHA-256 digest in a PKCS#1 v1.5 signature (RFC 8017, 9.2, note 1)."""
_SELF_TEST = b"hocba: does this key belong to this certificate?"


def open_key(address: KeyAddress | str, *, sessions: int = SESSIONS) -> ModuleKey:
    """Open the key and prove once that it belongs to the certificate beside it.

    Raises:
        ValueError: the address is malformed.
        KeyNotFoundError: no such token, key or certificate, or they do not fit.
        PinRefusedError: the PIN is wrong, or the token is locked.
        ModuleUnavailableError: the module cannot be loaded or does not answer.
        UnsupportedKeyError: the key is not on the allow-list.
    """
    parsed = KeyAddress.parse(address) if isinstance(address, str) else address
    return ModuleKey(parsed, sessions=sessions)


class ModuleKey:
    """A `SigningKey` in a module; safe to use from several threads, and after a fork."""

    def __init__(self, address: KeyAddress, *, sessions: int = SESSIONS) -> None:
        self._address = address
        self._size = sessions
        self._lock = threading.Lock()
        self._pool: _Pool | None = None
        self._pin_refused = False
        self._expected: bytes | None = None
        try:
            self._read_and_prove()
        except Exception:
            self.close()
            raise

    @property
    def certificate(self) -> x509.Certificate:
        """See `SigningKey`."""
        return self._certificate

    @property
    def chain(self) -> tuple[x509.Certificate, ...]:
        """See `SigningKey`; the authorities whose certificates lie in the same token."""
        return self._chain

    def sign(self, to_be_signed: bytes) -> bytes:
        """See `SigningKey.sign`. Raises ModuleUnavailableError, PinRefusedError."""
        try:
            return self._sign_once(to_be_signed)
        except ModuleUnavailableError:
            return self._sign_once(to_be_signed)  # over new sessions: the broken ones are dropped

    def sign_many(self, items: Sequence[bytes]) -> list[bytes]:
        """Sign all, in order, over all sessions at once. Raises like `sign`, at the first that cannot be signed."""
        if len(items) < 2 or self._size == 1:
            return [self.sign(item) for item in items]
        with ThreadPoolExecutor(max_workers=min(self._size, len(items))) as threads:
            return list(threads.map(self.sign, items))

    def close(self) -> None:
        """Sign out of the token; the key opens again when it is next used."""
        self._drop(self._pool)

    def _read_and_prove(self) -> None:
        with self._session() as (_, certificate_der, chain_ders):
            self._expected = certificate_der
            self._certificate = certificates.load(certificate_der)
            self._chain = _path_above(self._certificate, [certificates.load(der) for der in chain_ders])
        self._public_key = algorithms.require_allowed(self._certificate)
        try:
            algorithms.verify_raw(self._certificate, self.sign(_SELF_TEST), _SELF_TEST)
        except SignatureMismatchError as error:
            raise KeyNotFoundError("key and certificate of that name do not belong together") from error

    def _sign_once(self, to_be_signed: bytes) -> bytes:
        with self._session() as (private_key, _, _):
            if isinstance(self._public_key, rsa.RSAPublicKey):
                return _sign_rsa(private_key, to_be_signed)
            value = private_key.sign(_sha256(to_be_signed), mechanism=Mechanism.ECDSA)
        return algorithms.ecdsa_der_from_raw(value)

    @contextmanager
    def _session(self) -> Iterator[tuple[Any, bytes, list[bytes]]]:
        pool = self._open_pool()
        try:
            entry = pool.entries.get(timeout=PATIENCE)
        except queue.Empty as error:
            raise ModuleUnavailableError("no session of the module became free in time") from error
        try:
            with library(self._address.module).turn():
                yield entry, pool.certificate, pool.others
        except pkcs11.PKCS11Error as error:
            self._drop(pool)
            raise ModuleUnavailableError(f"the module refused: {type(error).__name__}") from error
        finally:
            pool.entries.put(entry)

    def _open_pool(self) -> _Pool:
        with self._lock:
            if self._pin_refused:
                raise PinRefusedError("the PIN was refused before; mend it and start again")
            if self._pool is not None and self._pool.process != os.getpid():
                self._pool = (
                    None  # sessions do not survive a fork (PKCS#11 2.40, 5.4: C_Initialize per process)
                )
            if self._pool is None:
                try:
                    self._pool = _Pool(self._address, self._size)
                except PinRefusedError:
                    self._pin_refused = True
                    raise
            if self._expected not in (None, self._pool.certificate):
                self._pool.close()
                self._pool = None
                raise KeyNotFoundError("the token now holds another certificate; open the key anew")
            return self._pool

    def _drop(self, pool: _Pool | None) -> None:
        """Close sessions that broke, unless another thread has replaced them already."""
        with self._lock:
            if pool is None or self._pool is not pool:
                return
            self._pool = None
            if pool.process == os.getpid():
                pool.close()  # before anybody opens new ones: signing out counts for the whole process


class _Pool:
    """Signed-in sessions of one process on one token, each with its own handle of the key."""

    def __init__(self, address: KeyAddress, size: int) -> None:
        self.process = os.getpid()
        self._library = library(address.module)
        self._sessions: list[Any] = []
        self.entries: queue.Queue[Any] = queue.Queue()
        token = _token(address)
        pin = address.pin()
        try:
            with self._library.turn():
                self._open(token, pin, address, size)
        except pkcs11.PKCS11Error as error:
            self.close()
            raise ModuleUnavailableError(f"the module refused: {type(error).__name__}") from error
        except Exception:
            self.close()
            raise

    def _open(self, token: Any, pin: str, address: KeyAddress, size: int) -> None:
        self._sessions.append(_sign_in(token, pin))
        # One sign-in counts for all sessions of a process (PKCS#11 2.40, 5.6.8).
        self._sessions += [token.open() for _ in range(size - 1)]
        self.certificate, self.others = _certificates(self._sessions[0], address)
        for session in self._sessions:
            self.entries.put(_private_key(session, address))

    def close(self) -> None:
        with self._library.alone():
            for session in reversed(self._sessions):
                with suppress(pkcs11.PKCS11Error):  # it may be gone already
                    session.close()


def _token(address: KeyAddress) -> Any:
    found = [
        token
        for token in library(address.module).tokens()
        if address.token in (None, token.label)
        and address.serial in (None, token.serial.decode("ascii", "replace").strip())
    ]
    if not found:
        # A pulled token may come back: whoever signs again later looks again.
        raise ModuleUnavailableError("the token is not in the module")
    if len(found) > 1:
        raise KeyNotFoundError("several tokens answer to the address; name the serial number too")
    return found[0]


def _sign_in(token: Any, pin: str) -> Any:
    try:
        return token.open(user_pin=pin)
    except PIN_PROBLEMS as error:
        raise PinRefusedError(f"the token refused the PIN: {type(error).__name__}") from error
    except pkcs11.UserAlreadyLoggedIn:
        return token.open()  # another key of ours on the same token


def _private_key(session: Any, address: KeyAddress) -> Any:
    found = list(session.get_objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY, **_wanted(address)}))
    if len(found) != 1:
        raise KeyNotFoundError(f"{len(found)} private keys answer to the address")
    return found[0]


def _certificates(session: Any, address: KeyAddress) -> tuple[bytes, list[bytes]]:
    """The certificate of the key, and the other ones in the token."""
    private_key = _private_key(session, address)
    identifier = bytes(private_key[Attribute.ID])
    mine: list[bytes] = []
    others: list[bytes] = []
    for entry in session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE}):
        belongs = bytes(entry[Attribute.ID]) == identifier
        (mine if belongs else others).append(bytes(entry[Attribute.VALUE]))
    if len(mine) != 1:
        raise KeyNotFoundError(f"{len(mine)} certificates in the token belong to the key")
    return mine[0], others


def _wanted(address: KeyAddress) -> dict[Attribute, Any]:
    wanted: dict[Attribute, Any] = {}
    if address.label is not None:
        wanted[Attribute.LABEL] = address.label
    if address.identifier is not None:
        wanted[Attribute.ID] = address.identifier
    return wanted


def _path_above(leaf: x509.Certificate, others: list[x509.Certificate]) -> tuple[x509.Certificate, ...]:
    """The certificates above `leaf` as far as the token holds them, nearest first, without a root."""
    path: list[x509.Certificate] = []
    current = leaf
    while len(path) < len(others):
        above = [item for item in others if item.subject == current.issuer and item.subject != item.issuer]
        if not above or above[0] in path:
            break
        current = above[0]
        path.append(current)
    return tuple(path)


def _sign_rsa(private_key: Any, to_be_signed: bytes) -> bytes:
    try:
        return bytes(private_key.sign(to_be_signed, mechanism=Mechanism.SHA256_RSA_PKCS))
    except pkcs11.MechanismInvalid:
        return bytes(
            private_key.sign(DIGEST_INFO_SHA256 + _sha256(to_be_signed), mechanism=Mechanism.RSA_PKCS)
        )


def _sha256(data: bytes) -> bytes:
    digest = hashes.Hash(hashes.SHA256())
    digest.update(data)
    return digest.finalize()
