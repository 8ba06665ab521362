"""Providers as configuration: one TOML file, read and checked as a whole when a program starts.

    # HOCBA_REMOTE_PROVIDERS=/etc/hocba/remote-providers.toml; docs/how-to/remote-signing.md explains every key
    [providers.nha-cung-cap]
    title = "Nhà cung cấp"
    base_url = "https://rs.example.vn/csc/v2"
    oauth_url = "https://rs.example.vn/oauth2"
    client_id = "hocba-79"
    client_secret_file = "/run/secrets/rs-client"

Only these addresses are ever called: nothing that a provider answers makes this program open another connection.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from hocba.channels.csc.errors import ProfileError

if TYPE_CHECKING:
    from collections.abc import Mapping

SHA256 = "2.16.840.1.101.3.4.2.1"
RSA_SHA256 = "1.2.840.113549.1.1.11"
RSA = "1.2.840.113549.1.1.1"
ECDSA_SHA256 = "1.2.840.10045.4.3.2"

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
USER_FIELDS = frozenset({"holder", "school", "user"})


class Flow(StrEnum):
    """How the person authorises: on the provider's own pages, or with a one-time code typed on ours."""

    OAUTH = "oauth"
    EXPLICIT = "explicit"


class Service(StrEnum):
    """Who asks for the list of credentials: the person (scope=service), or this program as a client."""

    PERSON = "person"
    CLIENT = "client"


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """One provider. `version` is "2" or "1"; `user_id` is how the provider calls a person when the client asks.

    `chunk` is how many hashes one signHash takes; `most_hashes` how many one authorisation covers at most, beside the
    credential's own multisign. The rest are peculiarities of providers, see the guide.
    """

    id: str
    title: str
    base_url: str
    oauth_url: str
    client_id: str
    client_secret: str = field(repr=False)
    version: str = "2"
    flow: Flow = Flow.OAUTH
    service: Service = Service.PERSON
    user_id: str = "{holder}"
    chunk: int = 100
    most_hashes: int = 50
    hash_oid: str = SHA256
    rsa_oid: str = RSA_SHA256
    ecdsa_oid: str = ECDSA_SHA256
    ca_file: str = ""
    seconds: int = 30
    pushed: bool = False
    sad_in_body: bool = False
    raw_ecdsa: bool = False
    extends: bool = False


_TEXTS = ("title", "base_url", "oauth_url", "client_id", "client_secret_file")
_CHOICES: dict[str, tuple[str, ...]] = {
    "version": ("2", "1"),
    "flow": tuple(Flow),
    "service": tuple(Service),
}
_OTHER_TEXTS = ("user_id", "hash_oid", "rsa_oid", "ecdsa_oid", "ca_file")
_NUMBERS = {"chunk": 1000, "most_hashes": 10_000, "seconds": 120}
_SWITCHES = ("pushed", "sad_in_body", "raw_ecdsa", "extends")
_KNOWN = {*_TEXTS, *_CHOICES, *_OTHER_TEXTS, *_NUMBERS, "quirks"}


def load(path: Path, *, production: bool) -> dict[str, Profile]:
    """Read the file; profiles by id. Raises ProfileError with everything that is wrong with it."""
    try:
        tables = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ProfileError([f"{path} cannot be read: {error}"]) from error
    providers = tables.pop("providers", None)
    if tables or not isinstance(providers, dict) or not providers:
        raise ProfileError([f"{path} must hold tables [providers.<id>], and nothing else"])
    problems: list[str] = []
    found = {}
    for name, table in providers.items():
        own = _problems(name, table, production=production)
        problems += [f"provider {name}: {each}" for each in own]
        if not own:
            try:
                found[name] = _profile(name, table)
            except (OSError, UnicodeDecodeError) as error:
                problems.append(f"provider {name}: client_secret_file cannot be read: {error}")
    if problems:
        raise ProfileError(problems)
    return found


def _profile(name: str, table: Mapping[str, Any]) -> Profile:
    members = {key: value for key, value in table.items() if key not in {"client_secret_file", "quirks"}}
    members |= table.get("quirks", {})
    for key, kind in (("flow", Flow), ("service", Service)):
        if key in members:
            members[key] = kind(members[key])
    for key in ("base_url", "oauth_url"):
        members[key] = members[key].rstrip("/")
    secret = Path(table["client_secret_file"]).read_text("utf-8").strip()
    return Profile(id=name, client_secret=secret, **members)


def _problems(name: str, table: object, *, production: bool) -> list[str]:
    if not isinstance(table, dict):
        return ["must be a table"]
    found = [f"unknown key {key}" for key in sorted(table.keys() - _KNOWN)]
    if not (name.isascii() and name.replace("-", "").isalnum() and len(name) <= 40):
        found.append("the id must be letters, digits and hyphens")
    found += [f"{key} is missing" for key in _TEXTS if key not in table]
    found += _of_kinds(table)
    for key in ("base_url", "oauth_url"):
        if isinstance(table.get(key), str):
            found += [f"{key} {each}" for each in _of_address(table[key], production=production)]
    return found + _of_quirks(table.get("quirks", {})) + _of_user(table.get("user_id", "{holder}"))


def _of_kinds(table: Mapping[str, Any]) -> list[str]:
    found = []
    for key in table.keys() & {*_TEXTS, *_OTHER_TEXTS}:
        if not (isinstance(table[key], str) and table[key]):
            found.append(f"{key} must be a text")
    for key in table.keys() & _CHOICES.keys():
        if table[key] not in _CHOICES[key]:
            found.append(f"{key} must be one of {', '.join(_CHOICES[key])}")
    for key in table.keys() & _NUMBERS.keys():
        if not (type(table[key]) is int and 1 <= table[key] <= _NUMBERS[key]):
            found.append(f"{key} must be a whole number from 1 to {_NUMBERS[key]}")
    return sorted(found)


def _of_address(address: str, *, production: bool) -> list[str]:
    parts = urlsplit(address)
    if not parts.hostname or parts.query or parts.fragment or parts.username:
        return ["must be an address with a host, and without user, query or fragment"]
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK and not production):
        return []
    return ["must begin with https:// (http:// only for the simulator on this machine, never in production)"]


def _of_quirks(quirks: object) -> list[str]:
    if not isinstance(quirks, dict):
        return ["quirks must be a table"]
    found = [f"unknown quirk {key}" for key in sorted(quirks.keys() - set(_SWITCHES))]
    return found + [
        f"quirk {key} must be true or false"
        for key in _SWITCHES
        if key in quirks and not isinstance(quirks[key], bool)
    ]


def _of_user(template: object) -> list[str]:
    try:
        fields = {name for _, name, _, _ in Formatter().parse(str(template)) if name is not None}
    except ValueError:
        fields = {"?"}
    return [] if fields <= USER_FIELDS else [f"user_id may name only {{{'}, {'.join(sorted(USER_FIELDS))}}}"]
