"""Which schools have their seal in a module at the server: a file of key addresses, read once.

    # HOCBA_SEAL_KEYS=/etc/hocba/seal-keys.toml
    [schools]
    79764501 = "pkcs11:token=con-dau;object=79764501?module-path=…&pin-source=file:/run/secrets/79764501-pin"

Whoever may use the seal is not decided here: the desk asks the permissions and the register of approved certificates
(TT 22/2020, article 8; the regulation's article 21.8) as with every other key.
"""

from __future__ import annotations

import threading
import tomllib
from functools import cache
from typing import TYPE_CHECKING

from hocba.channels import pkcs11
from hocba.channels.key_addresses import KeyAddress
from hocba.channels.pkcs11_errors import PinRefusedError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class SealKeys:
    """Keys of organisation seals by school code; each is opened when it is first needed and then kept."""

    def __init__(self, addresses: Mapping[str, KeyAddress]) -> None:
        self._addresses = dict(addresses)
        self._opened: dict[str, pkcs11.ModuleKey] = {}
        self._refused: set[str] = set()
        self._locks = {code: threading.Lock() for code in addresses}

    def __contains__(self, school: str) -> bool:
        return school in self._addresses

    def schools(self) -> list[str]:
        """Codes of the schools that have a key, sorted."""
        return sorted(self._addresses)

    def key(self, school: str) -> pkcs11.ModuleKey:
        """The school's key.

        Raises:
            KeyError: no key of this school is configured.
            ModuleError, ValueError, UnsupportedKeyError: see `pkcs11.open_key`.
        """
        address = self._addresses[school]
        with self._locks[school]:
            if school in self._refused:
                raise PinRefusedError("the PIN was refused before; mend it and start again")
            if school not in self._opened:
                try:
                    self._opened[school] = pkcs11.open_key(address)
                except PinRefusedError:
                    self._refused.add(school)
                    raise
            return self._opened[school]


@cache
def of(path: Path | None) -> SealKeys:
    """The keys of the file at `path`, the same object in the whole process. Raises like `load`."""
    return load(path)


def load(path: Path | None) -> SealKeys:
    """Read the file of addresses; without a file no school has such a key.

    Raises:
        ValueError: the file is not there, is not TOML of that shape, or an address is malformed.
    """
    if path is None:
        return SealKeys({})
    try:
        tables = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ValueError(f"{path} cannot be read: {error}") from error
    schools = tables.pop("schools", None)
    if (
        tables
        or not isinstance(schools, dict)
        or not all(isinstance(value, str) for value in schools.values())
    ):
        raise ValueError(
            f"{path} must hold one table [schools] of school code = PKCS#11 URI, and nothing else"
        )
    return SealKeys({code: _parsed(code, uri) for code, uri in schools.items()})


def _parsed(code: str, uri: str) -> KeyAddress:
    try:
        return KeyAddress.parse(uri)
    except ValueError as error:
        raise ValueError(f"school {code}: {error}") from error
