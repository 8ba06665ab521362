"""The simulated remote signing provider on loopback, with the keys of a test, and a person who agrees on its pages."""

from __future__ import annotations

import html
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

import urllib3

from hocba.signing.keys.pkcs12 import SoftwareKey
from hocba.simulators.remote_signing_grants import Client
from hocba.simulators.remote_signing_provider import RemoteSigningProvider

PASSWORD = "mat-khau-cua-nguoi-ky"
SECRET = "bi-mat-cua-hocba"
CALLBACK = "http://testserver/ky-so/tu-xa/tra-ve"


@contextmanager
def running(
    find_key: Callable[[str], SoftwareKey | None],
    *,
    callbacks: tuple[str, ...] = (CALLBACK,),
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Iterator[RemoteSigningProvider]:
    """The provider on a free port until the block ends."""
    client = Client(id="hocba", secret=SECRET, redirect_uris=callbacks)
    server = RemoteSigningProvider(0, client, find_key, password=PASSWORD, clock=clock)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def write_profile(directory: Path, provider: RemoteSigningProvider, **further: object) -> Path:
    """The file of providers with this one in it; values in TOML's writing come from `further`."""
    secret = directory / "client-secret"
    secret.write_text(SECRET, "utf-8")
    quirks = further.pop("quirks", {})
    version = further.get("version", "2")
    members = {
        "title": "Nhà cung cấp mô phỏng",
        "base_url": f"{provider.address}/csc/v{version}",
        "oauth_url": f"{provider.address}/oauth2",
        "client_id": "hocba",
        "client_secret_file": str(secret),
        **further,
    }
    lines = ["[providers.mo-phong]", *(f"{key} = {_toml(value)}" for key, value in members.items())]
    assert isinstance(quirks, dict)
    lines += ["[providers.mo-phong.quirks]", *(f"{key} = {_toml(value)}" for key, value in quirks.items())]
    path = directory / "providers.toml"
    path.write_text("\n".join(lines), "utf-8")
    return path


def agree(
    address: str, *, account: str = "", password: str = PASSWORD, answer: str = "yes"
) -> tuple[str, dict[str, str]]:
    """What a person does on the provider's page; where they are sent back to, and with what."""
    pool = urllib3.PoolManager(retries=False)
    page = pool.request("GET", address).data.decode()
    fields = {
        name: html.unescape(value)
        for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)
    }
    assert fields, page
    fields |= {"password": password, "answer": answer} | ({"account": account} if account else {})
    parts = urlsplit(address)
    sent = pool.request(
        "POST",
        f"{parts.scheme}://{parts.netloc}/oauth2/consent",
        body=urlencode(fields),
        headers={"content-type": "application/x-www-form-urlencoded"},
        redirect=False,
    )
    assert sent.status == 303, sent.data.decode()
    target = urlsplit(sent.headers["location"])
    return target._replace(query="").geturl(), dict(parse_qsl(target.query))


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int) else f'"{value}"'
