"""Who may call: the Host and Origin headers (Fetch standard; RFC 6454), judged without any state.

A page of any site can send requests to loopback. The browser names the page's origin and no page can change that; and a
name that was made to point to 127.0.0.1 (DNS rebinding) shows in Host.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})
LONGEST = 255
"""Characters of an origin."""
_NAME = r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
_ORIGIN = re.compile(rf"(https?)://({_NAME}|\[[0-9a-f:.]+\])(?::([0-9]{{1,5}}))?")


def is_own_host(host: str | None, port: int) -> bool:
    """Whether the Host header names this agent and not some name that leads here."""
    return host is not None and host.lower() in {f"{name}:{port}" for name in LOOPBACK}


def is_acceptable(origin: str | None) -> bool:
    """Whether an origin can be trusted to be what it says: https, or a page of this very machine.

    Plain http elsewhere can be changed on the way; `null` may be anything.
    """
    if origin is None or len(origin) > LONGEST:
        return False
    match = _ORIGIN.fullmatch(origin)
    if match is None:
        return False
    scheme, name, port = match.groups()
    if port is not None and not 0 < int(port) < 65_536:
        return False
    return scheme == "https" or name in LOOPBACK


def shown(origin: str) -> str:
    """An origin as a person should see it: international names in their ASCII form, so that look-alikes show."""
    parts = urlsplit(origin)
    return origin if parts.scheme == "http" else parts.netloc
