"""What can be set, and where the agent keeps its files."""

from __future__ import annotations

import os
import sys
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

PORTS = tuple(range(27640, 27645))
"""The first free one is taken; the pages try them all. Below every system's range of ephemeral ports."""
PROMPTS = ("auto", "window", "terminal")


class ConfigError(Exception):
    """The configuration file cannot be used; the message says why, in Vietnamese."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Settings of `config.toml`; the file may be missing."""

    libraries: tuple[str, ...] = ()
    """PKCS#11 libraries to try before the known ones; absolute paths."""
    origins: tuple[str, ...] = ()
    """Addresses of pages that may ask for pairing, as `https://hocba.example.vn`."""
    only_listed_origins: bool = False
    """Whether other pages may not even ask."""
    pairing_days: int = 90
    idle_minutes: int = 5
    """A batch in which nothing happens for so long is closed, and the token signed out."""
    prompt: str = "auto"
    """How the person is asked: `window`, `terminal`, or whichever there is."""


def home() -> Path:
    """The folder of configuration and pairings: HOCBA_AGENT_HOME, else where the system keeps such things."""
    given = os.environ.get("HOCBA_AGENT_HOME")
    if given:
        return Path(given)
    if sys.platform == "win32":
        return Path(os.environ.get("APPDATA", Path.home() / "AppData" / "Roaming")) / "hocba-agent"
    return Path(os.environ.get("XDG_CONFIG_HOME", Path.home() / ".config")) / "hocba-agent"


def load(directory: Path) -> Config:
    """Read `config.toml` of a folder. Raises ConfigError."""
    path = directory / "config.toml"
    try:
        values = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return Config()
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"Không đọc được {path}: {error}") from error
    known = {entry.name for entry in fields(Config)}
    if unknown := sorted(values.keys() - known):
        raise ConfigError(f"{path}: không có thiết lập {', '.join(unknown)}")
    return Config(**{name: _checked(path, name, value) for name, value in values.items()})


def _checked(path: Path, name: str, value: Any) -> Any:
    if name in ("libraries", "origins"):
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return tuple(value)
        raise ConfigError(f"{path}: {name} phải là một danh sách chuỗi")
    if name == "only_listed_origins" and isinstance(value, bool):
        return value
    if name in ("pairing_days", "idle_minutes") and type(value) is int and 1 <= value <= 366:
        return value
    if name == "prompt" and value in PROMPTS:
        return value
    raise ConfigError(f"{path}: giá trị của {name} không hợp lệ")
