"""Loading a PKCS#11 library so that several threads may use it, in every process that needs it.

python-pkcs11 initialises with no arguments, which tells the library that there is one thread only (PKCS#11 2.40,
5.4, C_Initialize); SoftHSM then crashes under two. So we initialise ourselves and ask for locks of the operating
system. A library that cannot lock is used by one thread at a time.
"""

from __future__ import annotations

import ctypes
import os
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

import pkcs11

from hocba.channels.pkcs11_errors import ModuleUnavailableError

if TYPE_CHECKING:
    from collections.abc import Iterator

CKF_OS_LOCKING_OK = 0x2
CKR_OK, CKR_CANT_LOCK, CKR_ALREADY_INITIALIZED = 0x0, 0xA, 0x191


class _Arguments(ctypes.Structure):
    """CK_C_INITIALIZE_ARGS (PKCS#11 2.40, 3.7)."""

    if os.name == "nt":
        _pack_ = 1
    _fields_ = [
        ("CreateMutex", ctypes.c_void_p),
        ("DestroyMutex", ctypes.c_void_p),
        ("LockMutex", ctypes.c_void_p),
        ("UnlockMutex", ctypes.c_void_p),
        ("flags", ctypes.c_ulong),
        ("pReserved", ctypes.c_void_p),
    ]


class Library:
    """One library of this machine. Get it with `library`."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._process: int | None = None
        self._wrapped: Any = None
        self._gate = _Gate()
        self._loading = threading.Lock()

    def tokens(self) -> list[Any]:
        """The tokens that are there now. Raises ModuleUnavailableError."""
        ready = self._ready()
        with self.turn():
            try:
                return list(ready.get_tokens())
            except pkcs11.PKCS11Error as error:
                raise ModuleUnavailableError(f"{self._path} refused: {type(error).__name__}") from error

    @contextmanager
    def turn(self) -> Iterator[None]:
        """To be held during calls; not across a wait, and not within another turn."""
        with self._gate.shared():
            yield

    @contextmanager
    def alone(self) -> Iterator[None]:
        """To be held while sessions are closed: no other call is under way.

        Signing out counts for the whole process, and SoftHSM crashes when a session ends under a call.
        """
        with self._gate.exclusive():
            yield

    def restart(self) -> None:
        """End all sessions; some libraries see a token that came back only after this."""
        with self.alone(), self._loading:
            self._end()

    def _ready(self) -> Any:
        with self._loading:
            if self._process is not None and self._process != os.getpid():
                self._end()  # forked: this process must initialise for itself
            if self._process is None:
                self._wrapped = self._wrapped or self._load()
                self._initialise()
                self._process = os.getpid()
            return self._wrapped

    def _load(self) -> Any:
        try:
            wrapped = pkcs11.lib(self._path)
            wrapped.finalize()
        except pkcs11.PKCS11Error as error:
            raise ModuleUnavailableError(
                f"{self._path} cannot be loaded: {str(error) or type(error).__name__}"
            ) from error
        return wrapped

    def _initialise(self) -> None:
        call = ctypes.CDLL(self._path).C_Initialize
        call.restype = ctypes.c_ulong
        answer = call(ctypes.byref(_Arguments(flags=CKF_OS_LOCKING_OK)))
        if answer == CKR_CANT_LOCK:
            self._gate = _Gate(places=1)
            answer = call(None)
        if answer not in (CKR_OK, CKR_ALREADY_INITIALIZED):
            raise ModuleUnavailableError(f"{self._path} cannot be initialised: 0x{answer:x}")

    def _end(self) -> None:
        if self._process is not None:
            with suppress(OSError, AttributeError):
                ctypes.CDLL(self._path).C_Finalize(None)
        self._process = None


class _Gate:
    """Calls side by side, as many as there are places; or one that wants to be alone."""

    def __init__(self, places: int = 1_000) -> None:
        self._places = places
        self._reset()

    def _reset(self) -> None:
        self._process = os.getpid()
        self._condition = threading.Condition()
        self._inside = 0
        self._waiting_alone = 0

    @contextmanager
    def shared(self) -> Iterator[None]:
        if self._process != os.getpid():  # forked: whoever was inside is in the other process
            self._reset()
        with self._condition:
            self._condition.wait_for(lambda: not self._waiting_alone and self._inside < self._places)
            self._inside += 1
        try:
            yield
        finally:
            self._leave(1)

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        if self._process != os.getpid():
            self._reset()
        with self._condition:
            self._waiting_alone += 1
            self._condition.wait_for(lambda: self._inside == 0)
            self._waiting_alone -= 1
            self._inside = self._places
        try:
            yield
        finally:
            self._leave(self._places)

    def _leave(self, places: int) -> None:
        with self._condition:
            self._inside -= places
            self._condition.notify_all()


_libraries: dict[str, Library] = {}
_table = threading.Lock()


def library(path: str) -> Library:
    """The library at an absolute path, the same object each time."""
    with _table:
        return _libraries.setdefault(path, Library(path))
