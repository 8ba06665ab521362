"""Names of keys in modules: PKCS#11 URIs (RFC 7512).

    pkcs11:token=con-dau;object=79764501?module-path=/usr/lib/libCryptoki2.so&pin-source=file:/run/secrets/hsm-pin

Of the path attributes `token`, `serial`, `object` and `id` count; of the query, `module-path` and `pin-source`
(RFC 7512, 2.3 and 2.4). `pin-source` is `file:/absolute/path` or `env:NAME`. `pin-value` is refused: a secret has no
place in a configuration file (RFC 7512, 4: "should not be used").
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, unquote_to_bytes

PATH_ATTRIBUTES = frozenset({"token", "serial", "object", "id", "type", "manufacturer", "model"})
QUERY_ATTRIBUTES = frozenset({"module-path", "pin-source"})
LONGEST = 2_000
"""Characters of an address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyAddress:
    """Where a key is and where its PIN is to be read; holds no secret itself."""

    module: str
    """Absolute path of the PKCS#11 library."""
    token: str | None
    serial: str | None
    label: str | None
    identifier: bytes | None
    pin_source: str

    @classmethod
    def parse(cls, uri: str) -> KeyAddress:
        """Read a PKCS#11 URI.

        Raises:
            ValueError: not such a URI, an attribute twice, `pin-value`, or something needed is missing.
        """
        scheme, _, rest = uri.partition(":")
        if scheme != "pkcs11" or len(uri) > LONGEST:
            raise ValueError(
                "a key address is a PKCS#11 URI: pkcs11:token=…;object=…?module-path=…&pin-source=…"
            )
        path, _, query = rest.partition("?")
        where = _attributes(path, ";", PATH_ATTRIBUTES)
        how = _attributes(query, "&", QUERY_ATTRIBUTES)
        module = unquote(how.get("module-path", ""))
        if not module.startswith("/") and not re.match(r"[A-Za-z]:[\\/]", module):
            raise ValueError("module-path must be the absolute path of a library")
        if not ({"token", "serial"} & where.keys() and {"object", "id"} & where.keys()):
            raise ValueError("name the token (token or serial) and the key (object or id)")
        return cls(
            module=module,
            token=_text(where, "token"),
            serial=_text(where, "serial"),
            label=_text(where, "object"),
            identifier=unquote_to_bytes(where["id"]) if "id" in where else None,
            pin_source=_pin_source(unquote(how.get("pin-source", ""))),
        )

    def pin(self) -> str:
        """Read the PIN, each time anew: a mounted secret may be renewed.

        Raises:
            ValueError: the source is not there or empty. The message never holds the PIN.
        """
        kind, _, name = self.pin_source.partition(":")
        try:
            found = os.environ[name] if kind == "env" else Path(name).read_text("utf-8").rstrip("\r\n")
        except (KeyError, OSError, UnicodeDecodeError) as error:
            raise ValueError(f"the PIN cannot be read from {self.pin_source}") from error
        if not found:
            raise ValueError(f"there is no PIN in {self.pin_source}")
        return found


def _attributes(text: str, separator: str, known: frozenset[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in filter(None, text.split(separator)):
        name, equals, value = part.partition("=")
        if not equals or name not in known:
            hint = " (a PIN does not belong into an address: use pin-source)" if name == "pin-value" else ""
            raise ValueError(f"attribute {name!r} is not understood{hint}")
        if name in found:
            raise ValueError(f"attribute {name!r} is there twice")
        found[name] = value
    return found


def _text(attributes: dict[str, str], name: str) -> str | None:
    return unquote(attributes[name], errors="strict") if name in attributes else None


def _pin_source(source: str) -> str:
    if re.fullmatch(r"env:[A-Za-z_][A-Za-z0-9_]*", source):
        return source
    if source.startswith("file:") and Path(source.removeprefix("file:")).is_absolute():
        return source
    raise ValueError("pin-source must be file:/absolute/path or env:NAME")
