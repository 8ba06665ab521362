"""The simulated remote signing provider beside the sides: its profile, and its start over the demo's keys.

Nobody asks it anything before a person chooses it on a signing page, so it is started last.
"""

from __future__ import annotations

import json
import os
import secrets
from typing import TYPE_CHECKING

from hocba.cli.demo_keys import demo_password, write_secret
from hocba.sites.environment import is_production, state_directory

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hocba.cli.processes import House

NAME = "remote-signing"
TITLE = "Nhà cung cấp ký số từ xa (mô phỏng)"
SETTING = "HOCBA_REMOTE_PROVIDERS"
DESKS = ("tracking", "transcripts")
RETURN = "/ky-so/tu-xa"
HOSTS = ("127.0.0.1", "localhost")
_CLIENT = "hocba-demo"
# Lists of a whole school go to the provider at once, so they are pushed: no address carries so many hashes.
_PROFILE = """[providers.mo-phong]
title = "Nhà cung cấp mô phỏng"
base_url = "{address}/csc/v2"
oauth_url = "{address}/oauth2"
client_id = "{client}"
client_secret_file = {secret}
service = "client"
user_id = "{{school}}.{{holder}}"
most_hashes = 10000

[providers.mo-phong.quirks]
pushed = true
"""


def variables(ports: Mapping[str, int]) -> dict[str, str]:
    """What the sides must know of the provider on its port, its files written first.

    Nothing in production, nor where the operator has providers of their own.
    """
    if is_production() or os.environ.get(SETTING):
        return {}
    folder = state_directory() / NAME
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    secret = folder / "client-secret"
    if not secret.exists():
        write_secret(secret, secrets.token_urlsafe(32).encode())
    client = {
        "client_id": _CLIENT,
        "client_secret": secret.read_text("utf-8"),
        "redirect_uris": [f"http://{host}:{ports[side]}{RETURN}" for side in DESKS for host in HOSTS],
        "password": demo_password(state_directory()),
    }
    write_secret(folder / "client.json", json.dumps(client).encode())
    profile = _PROFILE.format(
        address=f"http://127.0.0.1:{ports[NAME]}",
        client=_CLIENT,
        # JSON escapes what TOML does.
        secret=json.dumps(str(secret)),
    )
    write_secret(folder / "providers.toml", profile.encode())
    return {SETTING: str(folder / "providers.toml")}


def start(house: House) -> None:
    """Start the provider of a house that was told of it by `variables`."""
    if SETTING in house.environment:
        folder = state_directory() / NAME
        house.start_remote_signing(state_directory() / "keys", folder / "client.json")
