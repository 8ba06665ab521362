"""Authorisation on the provider's pages, against the simulator."""

from __future__ import annotations

import dataclasses
from urllib.parse import parse_qs, urlsplit

import pytest

from hocba.channels.csc import oauth
from hocba.channels.csc.errors import AuthorisationOverError, ProviderRefusedError
from tests.fakes import remote_provider
from tests.unit.channels.csc.conftest import Make, World

HASH = b"\xfb\xff" * 16


class TestAddress:
    def test_binds_the_authorisation_to_the_hashes(self, world: World) -> None:
        asked = world.asked(scope="credential", credential="khoa-GV0001", hashes=[HASH, bytes(32)])

        found = parse_qs(urlsplit(oauth.address(world.caller, asked)).query)

        assert found["numSignatures"] == ["2"]
        assert found["hashes"][0].startswith("-__7")
        assert found["hashAlgorithmOID"] == ["2.16.840.1.101.3.4.2.1"]
        assert found["code_challenge"] == [oauth.challenge_of(world.verifier)]
        assert world.verifier not in str(found)

    def test_keeps_pushed_hashes_out_of_the_address(self, make: Make) -> None:
        world = make(quirks={"pushed": True})
        asked = world.asked(scope="credential", credential="khoa-GV0001", hashes=[HASH] * 500)

        address = oauth.address(world.caller, asked)

        assert len(address) < 300
        assert world.token(asked)

    def test_speaks_the_first_version(self, make: Make) -> None:
        found = oauth.parameters(
            make(version="1").caller.profile, world_asked := make().asked(scope="credential", hashes=[HASH])
        )

        assert "hash" in found
        assert "hashes" not in found
        assert world_asked.scope == "credential"


class TestChallenge:
    def test_is_the_one_of_the_standard(self) -> None:
        # RFC 7636 appendix B
        verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"

        assert oauth.challenge_of(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


class TestExchange:
    def test_gives_a_token_once(self, world: World) -> None:
        asked = world.asked()
        _, given = remote_provider.agree(oauth.address(world.caller, asked), account="GV0001")

        assert oauth.exchange(world.caller, code=given["code"], asked=asked).token
        with pytest.raises(AuthorisationOverError):
            oauth.exchange(world.caller, code=given["code"], asked=asked)

    def test_is_refused_with_another_verifier(self, world: World) -> None:
        asked = world.asked()
        _, given = remote_provider.agree(oauth.address(world.caller, asked), account="GV0001")
        other = dataclasses.replace(asked, verifier=oauth.new_secret())

        with pytest.raises(AuthorisationOverError):
            oauth.exchange(world.caller, code=given["code"], asked=other)

    def test_is_refused_to_a_client_with_another_secret(self, world: World) -> None:
        world.caller.profile = dataclasses.replace(world.caller.profile, client_secret="x")

        with pytest.raises(ProviderRefusedError, match="invalid_client"):
            oauth.as_client(world.caller)


class TestRevoke:
    def test_ends_a_token(self, world: World) -> None:
        token = world.token(world.asked(), "GV0001")

        assert oauth.revoke(world.caller, token)
        with pytest.raises(AuthorisationOverError):
            world.caller.post("credentials/list", {}, bearer=token)
