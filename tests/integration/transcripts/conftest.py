"""A network in which this process speaks as the transcripts side, and the city has its log key."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from hocba.city.schools import trust as city_trust
from hocba.platform.messages import client as http
from hocba.platform.messages import ports
from hocba.transcripts.roster import trust as own_trust
from tests.fakes.sides import NamedSeals, Sides

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django.fixtures import SettingsWrapper


@pytest.fixture(autouse=True)
def _fresh_trust() -> None:
    """Rows vanish with the test's transaction, so must what was built from them."""
    own_trust.forget()
    city_trust.forget()


@pytest.fixture(autouse=True)
def _log_key(tmp_path: Path, settings: SettingsWrapper) -> None:
    key = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
    path = tmp_path / "keys" / "log.pem"
    path.parent.mkdir()
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    settings.HOCBA_LOG_KEY = str(path)


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> Sides:
    """Messages of the transcripts side go straight into the urls of the others."""
    sides = Sides()
    monkeypatch.setattr(ports, "seals", lambda: NamedSeals("transcripts"))
    monkeypatch.setattr(http, "_call", sides.call)
    return sides
