"""The tokens in this machine, over PKCS#11 (OASIS, 2.40).

One call at a time, whatever thread it comes from: python-pkcs11 initialises libraries for a single thread, and tokens
are no faster with two. A PIN is tried once for every time it was typed, never again by itself.
"""

from __future__ import annotations

import hashlib
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pkcs11
from pkcs11 import Attribute, Mechanism, ObjectClass, TokenFlag
from pkcs11.util.ec import encode_ecdsa_signature

from hocba_agent import certificates, libraries
from hocba_agent.certificates import Certificate
from hocba_agent.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

DIGEST_INFO_SHA256 = bytes.fromhex("3031300d060960864801650304020105000420")
"""What comes before a SHA-256 digest in a PKCS#1 v1.5 signature (RFC 8017, 9.2, note 1)."""

WRONG_PIN = (pkcs11.PinIncorrect, pkcs11.PinInvalid, pkcs11.PinLenRange)
REMOVED = (
    pkcs11.DeviceRemoved, pkcs11.TokenNotPresent, pkcs11.TokenNotRecognised, pkcs11.SessionHandleInvalid,
    pkcs11.SessionClosed, pkcs11.SlotIDInvalid, pkcs11.UserNotLoggedIn, pkcs11.ObjectHandleInvalid,
    pkcs11.KeyHandleInvalid, pkcs11.DeviceError,
)  # fmt: skip
"""What libraries answer for a token that was pulled out; they differ."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A certificate in a token that is plugged in now."""

    certificate: Certificate
    library: str
    token: Any
    identifier: bytes

    @property
    def token_label(self) -> str:
        """What the token calls itself."""
        return str(self.token.label).strip()

    @property
    def attempts(self) -> str:
        """How the PIN stands, as far as tokens say (PKCS#11 2.40, 3.3): many, few, last, or locked."""
        flags = self.token.flags
        if flags & TokenFlag.USER_PIN_LOCKED:
            return "locked"
        if flags & TokenFlag.USER_PIN_FINAL_TRY:
            return "last"
        return "few" if flags & TokenFlag.USER_PIN_COUNT_LOW else "many"

    @property
    def has_pin_pad(self) -> bool:
        """Whether the PIN is typed on the device itself."""
        return bool(self.token.flags & TokenFlag.PROTECTED_AUTHENTICATION_PATH)


class Tokens:
    """All tokens of all libraries."""

    def __init__(self, configured: Sequence[str] = ()) -> None:
        self._configured = configured
        self._lock = threading.RLock()

    def places(self) -> list[Place]:
        """Every certificate that may sign. Raises Problem: no_library, library_broken, no_token."""
        with self._lock:
            paths = libraries.installed(self._configured)
            lists = {path: tokens for path in paths if (tokens := _tokens(path)) is not None}
            found: dict[str, Place] = {}
            for path, tokens in lists.items():
                for token in tokens:
                    with suppress(pkcs11.PKCS11Error):  # the others must be shown
                        for place in _places(path, token):
                            found.setdefault(place.certificate.id, place)
        if not lists:
            raise Problem("library_broken" if paths else "no_library")
        if not any(lists.values()):
            raise Problem("no_token")
        return list(found.values())

    def place(self, certificate_id: str) -> Place:
        """Where a certificate is now. To be called while nobody is signed in: it may start the libraries anew.

        Raises:
            Problem: no_library, library_broken, no_token, no_certificate.
        """
        try:
            return self._find(certificate_id)
        except Problem as problem:
            if problem.code not in ("no_token", "no_certificate"):
                raise
            self._restart()  # some libraries see a token that came back only then
            return self._find(certificate_id)

    def _find(self, certificate_id: str) -> Place:
        for place in self.places():
            if place.certificate.id == certificate_id:
                return place
        raise Problem("no_certificate")

    def _restart(self) -> None:
        with self._lock:
            for path in libraries.installed(self._configured):
                with suppress(pkcs11.PKCS11Error):
                    pkcs11.lib(path).reinitialize()

    def sign_in(self, place: Place, pin: str | None) -> SignedIn:
        """Open a session with the PIN, None where the device has keys of its own for it.

        Raises:
            Problem: wrong_pin (with `attempts`), pin_locked, pin_expired, no_key, token_removed, token_error.
        """
        with self._lock, _translated(place):
            session = place.token.open(user_pin=pkcs11.PROTECTED_AUTH if pin is None else pin)
        try:
            with self._lock, _translated(place):
                return SignedIn(place, session, _private_key(session, place), self._lock)
        except Problem:
            with self._lock, suppress(pkcs11.PKCS11Error):
                session.close()
            raise


class SignedIn:
    """An open session of one token and the private key in it."""

    def __init__(self, place: Place, session: Any, private_key: Any, lock: threading.RLock) -> None:
        self.place = place
        self._session = session
        self._private_key = private_key
        self._lock = lock
        self.wants_pin_each_time = _flag(private_key, Attribute.ALWAYS_AUTHENTICATE)

    def sign(self, to_be_signed: bytes, pin: str | None = None) -> bytes:
        """Sign with SHA-256: RSA PKCS#1 v1.5, or ECDSA as DER. `pin` only where the key wants it each time.

        Raises:
            Problem: token_removed, wrong_pin, pin_locked, token_error.
        """
        with self._lock, _translated(self.place):
            if self.place.certificate.is_rsa:
                return self._sign_rsa(to_be_signed, pin)
            digest = hashlib.sha256(to_be_signed).digest()
            value = self._private_key.sign(digest, mechanism=Mechanism.ECDSA, pin=pin)
            return bytes(encode_ecdsa_signature(value))

    def close(self) -> None:
        """Sign out and end the session, also of a token that is gone."""
        with self._lock, suppress(pkcs11.PKCS11Error):
            self._session.close()

    def _sign_rsa(self, to_be_signed: bytes, pin: str | None) -> bytes:
        try:
            value = self._private_key.sign(to_be_signed, mechanism=Mechanism.SHA256_RSA_PKCS, pin=pin)
        except pkcs11.MechanismInvalid:  # older cards hash nothing themselves
            block = DIGEST_INFO_SHA256 + hashlib.sha256(to_be_signed).digest()
            value = self._private_key.sign(block, mechanism=Mechanism.RSA_PKCS, pin=pin)
        return bytes(value)


def _tokens(library: str) -> list[Any] | None:
    """Tokens of a library that are made ready for a person; None when it does not load (another architecture)."""
    try:
        found = list(pkcs11.lib(library).get_tokens())
    except pkcs11.PKCS11Error:
        return None
    return [token for token in found if token.flags & TokenFlag.TOKEN_INITIALIZED]


def _places(library: str, token: Any) -> Iterator[Place]:
    with token.open() as session:
        for entry in session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE}):
            certificate = certificates.read(bytes(entry[Attribute.VALUE]))
            if certificate is not None:
                yield Place(
                    certificate=certificate,
                    library=library,
                    token=token,
                    identifier=bytes(entry[Attribute.ID]),
                )


def _private_key(session: Any, place: Place) -> Any:
    """The key of the certificate's CKA_ID; where a card leaves that empty, the one that fits, if there is just one."""
    keys = list(session.get_objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY}))
    named = [key for key in keys if place.identifier and bytes(key[Attribute.ID]) == place.identifier]
    fitting = [key for key in named or keys if _fits(key, place.certificate)]
    if len(fitting) != 1:
        raise Problem("no_key")
    return fitting[0]


def _fits(key: Any, certificate: Certificate) -> bool:
    if (key.key_type == pkcs11.KeyType.RSA) != certificate.is_rsa:
        return False
    if not certificate.is_rsa:
        return True
    try:
        return int.from_bytes(bytes(key[Attribute.MODULUS]), "big") == certificate.modulus
    except pkcs11.PKCS11Error:
        return True  # the card does not say; the server verifies every signature anyway


def _flag(key: Any, attribute: Attribute) -> bool:
    try:
        return bool(key[attribute])
    except pkcs11.PKCS11Error:
        return False


@contextmanager
def _translated(place: Place) -> Iterator[None]:
    """Say in our words what the library said in its own."""
    try:
        yield
    except WRONG_PIN as error:
        raise wrong_pin(_attempts_now(place)) from error
    except pkcs11.PinLocked as error:
        raise Problem("pin_locked") from error
    except pkcs11.PinExpired as error:
        raise Problem("pin_expired") from error
    except (pkcs11.FunctionCancelled, pkcs11.FunctionRejected) as error:
        raise Problem("cancelled") from error
    except REMOVED as error:
        raise Problem("token_removed") from error
    except pkcs11.PKCS11Error as error:
        code = "token_error" if _is_there(place) else "token_removed"
        raise Problem(code, cause=type(error).__name__) from error


def wrong_pin(attempts: str) -> Problem:
    """The refusal of a PIN, with what the token says of further tries."""
    if attempts == "locked":
        return Problem("pin_locked")
    more = {
        "last": " CHỈ CÒN MỘT LẦN NHẬP: nhập sai nữa, thiết bị sẽ bị khóa.",
        "few": " Nhập sai nhiều lần liên tiếp, thiết bị sẽ bị khóa.",
    }
    return Problem("wrong_pin", "Mã PIN không đúng." + more.get(attempts, ""), attempts=attempts)


def _attempts_now(place: Place) -> str:
    try:
        token = place.token.slot.get_token()
    except pkcs11.PKCS11Error:
        return "few"
    fresh = Place(
        certificate=place.certificate, library=place.library, token=token, identifier=place.identifier
    )
    return fresh.attempts if fresh.attempts != "many" else "few"


def _is_there(place: Place) -> bool:
    try:
        return bool(place.token.slot.get_token().serial == place.token.serial)
    except pkcs11.PKCS11Error:
        return False
