"""Values over hashes: what comes back fits the bytes, or is refused."""

from __future__ import annotations

import hashlib

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from hocba.channels.csc import signing
from hocba.channels.csc.errors import (
    AuthorisationOverError,
    LostAnswerError,
    ProviderRefusedError,
    UnusableAnswerError,
)
from hocba.channels.csc.signing import Permit
from hocba.signing import algorithms
from hocba.signing.errors import SignatureMismatchError
from hocba.signing.keys.pkcs12 import SoftwareKey
from tests.unit.channels.csc.conftest import Make, World

TEXTS = [b"mot", b"hai", b"ba"]
HASHES = [hashlib.sha256(text).digest() for text in TEXTS]


def sign(
    world: World, keys: dict[str, SoftwareKey], *, account: str = "GV0001", hashes: list[bytes] | None = None
) -> list[bytes]:
    permit = Permit(token=world.client_token(), sad=world.sad(HASHES, account))
    return signing.sign_hashes(
        world.caller,
        permit,
        credential=f"khoa-{account}",
        certificate=keys[account].certificate.public_bytes(Encoding.DER),
        hashes=hashes or HASHES,
    )


class TestSignHashes:
    @pytest.mark.parametrize("account", ["GV0001", "GV0002"])
    @pytest.mark.parametrize("version", ["1", "2"])
    def test_gives_values_that_fit_the_bytes_themselves(
        self, make: Make, keys: dict[str, SoftwareKey], account: str, version: str
    ) -> None:
        values = sign(make(version=version), keys, account=account)

        for value, text in zip(values, TEXTS, strict=True):
            algorithms.verify_raw(keys[account].certificate, value, text)

    @pytest.mark.parametrize("in_body", [False, True])
    def test_signs_with_the_token_of_the_providers_page(
        self, make: Make, keys: dict[str, SoftwareKey], in_body: bool
    ) -> None:
        world = make(quirks={"sad_in_body": in_body})
        asked = world.asked(scope="credential", credential="khoa-GV0001", hashes=HASHES)
        certificate = keys["GV0001"].certificate

        values = signing.sign_hashes(
            world.caller,
            Permit(token=world.token(asked)),
            credential="khoa-GV0001",
            certificate=certificate.public_bytes(Encoding.DER),
            hashes=HASHES,
        )

        for value, text in zip(values, TEXTS, strict=True):
            algorithms.verify_raw(certificate, value, text)

    def test_is_refused_for_a_hash_that_was_not_authorised(
        self, world: World, keys: dict[str, SoftwareKey]
    ) -> None:
        with pytest.raises(ProviderRefusedError):
            sign(world, keys, hashes=[bytes(32)])

    def test_turns_raw_ecdsa_into_der(self, make: Make, keys: dict[str, SoftwareKey]) -> None:
        world = make(quirks={"raw_ecdsa": True})
        der = keys["GV0002"].sign(TEXTS[0])

        assert (
            signing._normal(
                algorithms.ecdsa_raw_from_der(der), is_elliptic=True, profile=world.caller.profile
            )
            == der
        )
        # The simulator gives DER: taken for r and s it is no signature.
        with pytest.raises(UnusableAnswerError):
            sign(world, keys, account="GV0002")

    def test_says_that_an_answer_was_lost(self, world: World, keys: dict[str, SoftwareKey]) -> None:
        world.provider.grants.faults.lose = 1

        with pytest.raises(LostAnswerError):
            sign(world, keys)

    def test_gives_up_on_a_slow_provider(self, make: Make, keys: dict[str, SoftwareKey]) -> None:
        world = make(seconds=1)
        world.provider.grants.faults.slow = 1.5

        with pytest.raises(LostAnswerError):
            sign(world, keys)

    def test_refuses_fewer_signatures_than_hashes(self, world: World, keys: dict[str, SoftwareKey]) -> None:
        world.provider.grants.faults.fewer = True

        with pytest.raises(UnusableAnswerError):
            sign(world, keys)

    @pytest.mark.parametrize("fault", ["other_hash", "other_key"])
    def test_passes_a_wrong_value_on_for_others_to_refuse(
        self, world: World, keys: dict[str, SoftwareKey], fault: str
    ) -> None:
        setattr(world.provider.grants.faults, fault, True)

        for value, text in zip(sign(world, keys), TEXTS, strict=True):
            with pytest.raises(SignatureMismatchError):
                algorithms.verify_raw(keys["GV0001"].certificate, value, text)

    def test_tells_ended_activation_data_from_a_refusal(
        self, world: World, keys: dict[str, SoftwareKey]
    ) -> None:
        permit = Permit(token=world.client_token(), sad=world.sad(HASHES))
        world.provider.grants.expire_all()

        with pytest.raises(AuthorisationOverError):
            signing.sign_hashes(
                world.caller,
                permit,
                credential="khoa-GV0001",
                certificate=keys["GV0001"].certificate.public_bytes(Encoding.DER),
                hashes=HASHES,
            )
