"""Typed readers of the environment: each fails loudly and says how to mend it."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

SIDES = ("sector", "tracking", "transcripts", "city", "portal")
DEFAULT_PORTS = {"sector": 8101, "tracking": 8102, "transcripts": 8103, "city": 8104, "portal": 8105}

DEMO_LOG_ORIGIN = "hocba.invalid/so-dang-bo"


class SettingError(Exception):
    """A setting is missing or malformed."""


def text(name: str, default: str | None = None) -> str:
    """Read NAME, or the contents of the file that NAME_FILE points to (a mounted secret)."""
    file_name = os.environ.get(f"{name}_FILE")
    if file_name:
        try:
            return Path(file_name).read_text("utf-8").strip()
        except OSError as error:
            raise SettingError(f"{name}_FILE points to {file_name}, which cannot be read: {error}") from error
    value = os.environ.get(name, default)
    if value is None:
        raise SettingError(f"set {name} (or {name}_FILE); docs/reference/settings.md lists every setting")
    return value


def boolean(name: str, *, default: bool) -> bool:
    """Read NAME as True or False and accept nothing else."""
    value = os.environ.get(name, str(default))
    if value not in {"True", "False"}:
        raise SettingError(f"{name} must be True or False, not {value!r}")
    return value == "True"


def whole_number(name: str, *, default: int, least: int = 0, most: int = 8760) -> int:
    """Read NAME as a whole number from `least` to `most`, a year's hours unless told otherwise."""
    value = os.environ.get(name, str(default))
    if not (value.isascii() and value.isdecimal() and len(value) < 10 and least <= int(value) <= most):
        raise SettingError(f"{name} must be a whole number from {least} to {most}, not {value!r}")
    return int(value)


def trusted_proxies() -> int:
    """HOCBA_TRUSTED_PROXIES: how many proxies of our own a request came through, so whose X-Forwarded-For counts.

    Failed sign-ins are counted by address; behind a proxy that is not named here everybody has the proxy's.
    """
    value = os.environ.get("HOCBA_TRUSTED_PROXIES", "1" if is_production() else "0")
    if not value.isdecimal() or len(value) > 1:
        raise SettingError(f"HOCBA_TRUSTED_PROXIES must be a number from 0 to 9, not {value!r}")
    return int(value)


def state_directory() -> Path:
    """The folder that holds the embedded database, keys and files: HOCBA_STATE or .hocba."""
    return Path(os.environ.get("HOCBA_STATE", ".hocba")).absolute()


def is_production() -> bool:
    """HOCBA_PRODUCTION=True refuses every convenience of the demo."""
    return boolean("HOCBA_PRODUCTION", default=False)


def address(side: str) -> str:
    """Base address of a side, HOCBA_<SIDE>_URL or the loopback default."""
    return text(f"HOCBA_{side.upper()}_URL", f"http://127.0.0.1:{DEFAULT_PORTS[side]}").rstrip("/")


def seal_keys() -> Path | None:
    """HOCBA_SEAL_KEYS: the file that says where schools keep their seals in a module (`hocba.channels.seal_keys`)."""
    value = os.environ.get("HOCBA_SEAL_KEYS")
    return Path(value).absolute() if value else None


def remote_providers() -> Path | None:
    """HOCBA_REMOTE_PROVIDERS: the file of remote signing providers (`hocba.channels.csc.profiles`)."""
    value = os.environ.get("HOCBA_REMOTE_PROVIDERS")
    return Path(value).absolute() if value else None


def log_origin(side: str) -> str:
    """The name of the city's log, HOCBA_LOG_ORIGIN: checkpoints bear it for ever, so production names its own."""
    if side != "city" or not is_production():
        return text("HOCBA_LOG_ORIGIN", DEMO_LOG_ORIGIN)
    origin = text("HOCBA_LOG_ORIGIN")
    if origin.partition("/")[0].endswith(".invalid"):
        raise SettingError(f"HOCBA_LOG_ORIGIN is {origin}, the name of no log; give the city's own")
    return origin


def timestamp_authorities(side: str) -> str | None:
    """HOCBA_TSA_URL: who stamps the city's log, blanks between several, or `none`.

    Without stamps no document is ever preserved, so in production the city says "none" when that is what it wants.
    """
    value = os.environ.get("HOCBA_TSA_URL", "").strip()
    if not value and side == "city" and is_production():
        raise SettingError(
            "set HOCBA_TSA_URL to the addresses of time-stamp authorities, or to none: then nothing is preserved"
        )
    return None if value in {"", "none"} else value


def secret_key(side: str) -> str:
    """Django's secret key: from the environment in production, else made once and kept in the state folder."""
    if is_production():
        return text(f"HOCBA_{side.upper()}_SECRET_KEY")
    path = state_directory() / "secrets" / f"{side}.key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = path.with_suffix(f".{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(50), "utf-8")
        try:
            os.link(fresh, path)  # the first process wins, the others read what it wrote
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text("utf-8")
