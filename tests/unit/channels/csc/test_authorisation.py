"""One-time codes, activation data bound to hashes, extension."""

from __future__ import annotations

from datetime import timedelta

import pytest

from hocba.channels.csc import authorisation
from hocba.channels.csc.errors import AuthorisationOverError, CodeRefusedError
from tests.unit.channels.csc.conftest import Make, World

HASHES = [bytes([number]) * 32 for number in range(3)]


class TestAuthorise:
    @pytest.mark.parametrize("version", ["1", "2"])
    def test_gives_activation_data_for_the_code(self, make: Make, version: str) -> None:
        assert make(version=version).sad(HASHES)

    def test_refuses_a_wrong_code(self, world: World) -> None:
        token, found = world.client_token(), world.credential()
        authorisation.send_code(world.caller, token, found.id)

        with pytest.raises(CodeRefusedError):
            authorisation.authorise(
                world.caller, token, found, hashes=HASHES, code="không", description="Học bạ"
            )

    def test_waits_for_a_person_who_decides_elsewhere(self, world: World) -> None:
        world.provider.grants.faults.waits = 2
        token, found = world.client_token(), world.credential()
        authorisation.send_code(world.caller, token, found.id)
        code = world.provider.grants.one_time["GV0001"]

        first = authorisation.authorise(
            world.caller, token, found, hashes=HASHES, code=code, description="Học bạ"
        )

        assert (first.sad, bool(first.handle)) == ("", True)
        assert not authorisation.check(world.caller, token, first.handle).sad
        assert authorisation.check(world.caller, token, first.handle).sad


class TestExtend:
    def test_gives_fresh_data_and_ends_the_old(self, world: World) -> None:
        old = world.sad(HASHES)
        token = world.client_token()

        fresh = authorisation.extend(world.caller, token, "khoa-GV0001", sad=old, hashes=HASHES[:1])

        assert fresh.sad not in {"", old}
        with pytest.raises(AuthorisationOverError):
            authorisation.extend(world.caller, token, "khoa-GV0001", sad=old, hashes=HASHES[:1])

    def test_is_refused_after_the_end(self, world: World) -> None:
        world.provider.grants.faults.sad_life = timedelta(seconds=-1)
        old = world.sad(HASHES)

        with pytest.raises(AuthorisationOverError):
            authorisation.extend(world.caller, world.client_token(), "khoa-GV0001", sad=old, hashes=HASHES)
