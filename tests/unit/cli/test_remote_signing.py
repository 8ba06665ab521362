from __future__ import annotations

import json
from pathlib import Path

import pytest

from hocba.channels.csc import profiles
from hocba.channels.csc.profiles import Service
from hocba.cli import remote_signing
from hocba.cli.processes import DOCUMENTED_PORTS, House
from hocba.cli.serve import addresses


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOCBA_STATE", str(tmp_path))
    monkeypatch.delenv("HOCBA_REMOTE_PROVIDERS", raising=False)
    monkeypatch.delenv("HOCBA_PRODUCTION", raising=False)
    return tmp_path


class TestVariables:
    def test_name_a_profile_that_a_side_can_read(self, state: Path) -> None:
        path = Path(remote_signing.variables(DOCUMENTED_PORTS)["HOCBA_REMOTE_PROVIDERS"])

        (profile,) = profiles.load(path, production=False).values()

        assert profile.base_url == "http://127.0.0.1:8112/csc/v2"
        assert (profile.service, profile.user_id) == (Service.CLIENT, "{school}.{holder}")
        assert profile.pushed

    def test_tell_the_provider_the_same_secret_and_where_people_come_back_to(self, state: Path) -> None:
        path = Path(remote_signing.variables(DOCUMENTED_PORTS)["HOCBA_REMOTE_PROVIDERS"])

        (profile,) = profiles.load(path, production=False).values()
        client = json.loads((path.parent / "client.json").read_text("utf-8"))

        assert (client["client_id"], client["client_secret"]) == (profile.client_id, profile.client_secret)
        assert client["password"] == (state / "secrets" / "demo-password").read_text("utf-8")
        assert client["redirect_uris"] == [
            "http://127.0.0.1:8102/ky-so/tu-xa",
            "http://localhost:8102/ky-so/tu-xa",
            "http://127.0.0.1:8103/ky-so/tu-xa",
            "http://localhost:8103/ky-so/tu-xa",
        ]

    def test_keep_the_secret_and_show_it_to_nobody_else(self, state: Path) -> None:
        remote_signing.variables(DOCUMENTED_PORTS)
        folder = state / "remote-signing"
        secret = (folder / "client-secret").read_text("utf-8")
        remote_signing.variables(DOCUMENTED_PORTS)

        assert (folder / "client-secret").read_text("utf-8") == secret
        assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}

    @pytest.mark.parametrize(
        ("name", "value"), [("HOCBA_PRODUCTION", "True"), ("HOCBA_REMOTE_PROVIDERS", "/etc/providers.toml")]
    )
    def test_are_none_where_the_operator_decides(
        self, state: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
    ) -> None:
        monkeypatch.setenv(name, value)

        assert remote_signing.variables(DOCUMENTED_PORTS) == {}
        assert not list(state.iterdir())


class TestStart:
    @pytest.fixture
    def started(self, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
        """What would be started."""
        found: list[list[str]] = []

        def spawn(house: House, name: str, side: str, arguments: list[str]) -> str:
            found.append(arguments)
            return name

        monkeypatch.setattr(House, "_spawn", spawn)
        return found

    def test_gives_the_provider_its_port_keys_and_client(self, state: Path, started: list[list[str]]) -> None:
        house = House(ports=DOCUMENTED_PORTS, environment=remote_signing.variables(DOCUMENTED_PORTS))

        remote_signing.start(house)

        assert [arguments[2:] for arguments in started] == [
            [
                "hocba.simulators.remote_signing_provider",
                "8112",
                str(state / "keys"),
                str(state / "remote-signing" / "client.json"),
            ]
        ]
        assert "http://127.0.0.1:8112/" in addresses(house)

    def test_starts_nothing_where_the_sides_know_of_none(self, state: Path, started: list[list[str]]) -> None:
        house = House(ports=DOCUMENTED_PORTS)

        remote_signing.start(house)

        assert not started
        assert "8112" not in addresses(house)
