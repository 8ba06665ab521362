"""Certificates of a person at the provider, in both versions of the protocol."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from hocba.channels.csc import credentials
from hocba.channels.csc.errors import ProviderRefusedError
from hocba.signing.keys.pkcs12 import SoftwareKey
from tests.unit.channels.csc.conftest import Make, World


class TestInfo:
    def test_says_what_is_spoken(self, world: World) -> None:
        found = credentials.info(world.caller)

        assert found.specs == "2.0.0.2"
        assert "signatures/signHash" in found.methods


class TestList:
    def test_is_of_the_person_who_signed_in(self, world: World) -> None:
        token = world.token(world.asked(), "GV0001")

        assert credentials.list_ids(world.caller, token) == ["khoa-GV0001"]

    def test_is_of_the_person_the_client_names(self, world: World) -> None:
        found = credentials.list_ids(world.caller, world.client_token(), user_id="GV0002")

        assert found == ["khoa-GV0002"]


class TestRead:
    @pytest.mark.parametrize("version", ["1", "2"])
    def test_gives_certificate_chain_and_what_is_asked_for(
        self, make: Make, keys: dict[str, SoftwareKey], version: str
    ) -> None:
        found = make(version=version).credential()

        key = keys["GV0001"]
        assert found.certificate == key.certificate.public_bytes(Encoding.DER)
        assert found.chain == tuple(each.public_bytes(Encoding.DER) for each in key.chain)
        assert (found.code, found.asks_secret, found.scal, found.is_enabled) == ("OTP", False, "2", True)
        assert found.multisign == 10_000

    @pytest.mark.parametrize("version", ["1", "2"])
    def test_tells_that_a_pin_is_asked_for(self, make: Make, version: str) -> None:
        world = make(version=version)
        world.provider.grants.faults.asks_pin = True

        assert world.credential().asks_secret

    def test_is_refused_for_another_persons(self, world: World) -> None:
        token = world.token(world.asked(), "GV0001")

        with pytest.raises(ProviderRefusedError, match="access_denied"):
            credentials.read(world.caller, token, "khoa-GV0002")
