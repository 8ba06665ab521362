from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from hocba.cli.demo_keys import DemoKeys
from hocba.platform.messages import ports
from hocba.sites.wiring import CertificateSeals

AT = datetime(2026, 11, 21, 9, tzinfo=UTC)
CITY = "http://127.0.0.1:8104"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    keys = tmp_path_factory.mktemp("keys")
    DemoKeys.open(keys, now=AT).write_message_keys(keys / "messages")
    return keys / "messages"


@pytest.fixture
def sent(folder: Path, monkeypatch: pytest.MonkeyPatch) -> ports.Request:
    """A message of the transcripts side to the city."""
    monkeypatch.setenv("HOCBA_CITY_URL", CITY)
    monkeypatch.setenv("HOCBA_PORTAL_URL", "http://127.0.0.1:8105")
    plain = ports.Request(method="GET", url=f"{CITY}/exchange/v1/trust", headers={}, body=b"")
    seals = CertificateSeals("transcripts", folder)
    return replace(plain, headers=dict(seals.seal_request(plain, at=AT)))


class TestCheckRequest:
    def test_accepts_a_message_for_this_side(self, folder: Path, sent: ports.Request) -> None:
        assert CertificateSeals("city", folder).check_request(sent, at=AT) == "transcripts"

    def test_refuses_a_message_for_another_side_passed_on_by_its_recipient(
        self, folder: Path, sent: ports.Request
    ) -> None:
        with pytest.raises(ports.SignatureRefusedError, match="another address"):
            CertificateSeals("portal", folder).check_request(sent, at=AT)

    def test_takes_a_standard_port_for_none(
        self, folder: Path, sent: ports.Request, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("HOCBA_CITY_URL", "https://hocba.example:443")
        plain = replace(sent, url="http://hocba.example/exchange/v1/trust", headers={})
        seals = CertificateSeals("transcripts", folder)
        signed = replace(plain, headers=dict(seals.seal_request(plain, at=AT)))

        assert CertificateSeals("city", folder).check_request(signed, at=AT) == "transcripts"
