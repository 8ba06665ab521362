"""A provider with an RSA key (GV0001) and an elliptic one (GV0002)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from hocba.channels.csc import authorisation, credentials, oauth, profiles
from hocba.channels.csc.credentials import Credential
from hocba.channels.csc.oauth import Asked
from hocba.channels.csc.transport import Caller
from hocba.signing.keys.pkcs12 import SoftwareKey
from hocba.simulators.remote_signing_provider import RemoteSigningProvider
from tests.factories import authorities
from tests.fakes import remote_provider
from tests.fakes.remote_provider import CALLBACK


@pytest.fixture(scope="session")
def keys() -> dict[str, SoftwareKey]:
    root = authorities.root()
    found = {}
    for account, private in (
        ("GV0001", rsa.generate_private_key(65537, 2048)),
        ("GV0002", ec.generate_private_key(ec.SECP256R1())),
    ):
        holder = root.person(f"Người {account}", key=private)
        found[account] = SoftwareKey(holder.certificate, private, (root.certificate,))
    return found


@dataclass(slots=True)
class World:
    """The provider, and our side of it."""

    provider: RemoteSigningProvider
    caller: Caller
    verifier: str = field(default_factory=oauth.new_secret)

    def asked(self, **further: object) -> Asked:
        return Asked(redirect_uri=CALLBACK, state="s", verifier=self.verifier, **further)  # type: ignore[arg-type]

    def token(self, asked: Asked, account: str = "") -> str:
        """Let the person agree, and change the code for a token."""
        _, given = remote_provider.agree(oauth.address(self.caller, asked), account=account)
        return oauth.exchange(self.caller, code=given["code"], asked=asked).token

    def client_token(self) -> str:
        return oauth.as_client(self.caller).token

    def credential(self, account: str = "GV0001") -> Credential:
        return credentials.read(self.caller, self.client_token(), f"khoa-{account}")

    def sad(self, hashes: list[bytes], account: str = "GV0001") -> str:
        """Activation data by the one-time code."""
        token, found = self.client_token(), self.credential(account)
        authorisation.send_code(self.caller, token, found.id)
        code = self.provider.grants.one_time[account]
        return authorisation.authorise(
            self.caller, token, found, hashes=hashes, code=code, description="Học bạ"
        ).sad


Make = Callable[..., World]


@pytest.fixture
def make(keys: dict[str, SoftwareKey], tmp_path: Path) -> Iterator[Make]:
    """A world with these members in its profile."""
    with remote_provider.running(keys.get) as provider:

        def made(**further: object) -> World:
            path = remote_provider.write_profile(tmp_path, provider, **further)
            return World(provider, Caller(profiles.load(path, production=False)["mo-phong"]))

        yield made


@pytest.fixture
def world(make: Make) -> World:
    return make()
