from __future__ import annotations

from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from hocba.signing import algorithms
from hocba.signing.algorithms import (
    ecdsa_der_from_raw,
    ecdsa_raw_from_der,
    require_allowed,
    sign_raw,
    verify_raw,
)
from hocba.signing.errors import SignatureMismatchError, UnsupportedKeyError

RSA = rsa.generate_private_key(65537, 2048)
RSA_3072 = rsa.generate_private_key(65537, 3072)
EC = ec.generate_private_key(ec.SECP256R1())
BEFORE = datetime(2028, 12, 31, 23, 59, tzinfo=UTC)
AFTER = datetime(2029, 1, 1, tzinfo=UTC)


class TestRequireAllowed:
    @pytest.mark.parametrize("key", [RSA, RSA_3072, EC])
    def test_gives_the_public_key(self, key: algorithms.PrivateKey) -> None:
        assert require_allowed(key.public_key()) == key.public_key()

    @pytest.mark.parametrize(
        "key",
        [
            rsa.generate_private_key(65537, 1024).public_key(),
            rsa.RSAPublicNumbers(65537, 2**8200 + 1).public_key(),
            ec.generate_private_key(ec.SECP384R1()).public_key(),
            ec.generate_private_key(ec.SECP256K1()).public_key(),
            ed25519.Ed25519PrivateKey.generate().public_key(),
        ],
    )
    def test_refuses_other_kinds_and_sizes(self, key: algorithms.PublicKey) -> None:
        with pytest.raises(UnsupportedKeyError):
            require_allowed(key)

    def test_lets_rsa_2048_end_with_its_date(self) -> None:
        assert require_allowed(RSA.public_key(), at=BEFORE) == RSA.public_key()
        with pytest.raises(UnsupportedKeyError, match="no longer"):
            require_allowed(RSA.public_key(), at=AFTER)

    @pytest.mark.parametrize("key", [RSA_3072, EC])
    def test_keeps_longer_keys_after_it(self, key: algorithms.PrivateKey) -> None:
        assert require_allowed(key.public_key(), at=AFTER) == key.public_key()


class TestVerifyRaw:
    @pytest.mark.parametrize("key", [RSA, EC])
    def test_accepts_what_was_signed_and_nothing_else(self, key: algorithms.PrivateKey) -> None:
        signature = sign_raw(key, b"data")
        verify_raw(key.public_key(), signature, b"data")
        for value, data in [
            (signature, b"date"),
            (signature[:-1], b"data"),
            (b"", b"data"),
            (signature + b"\0", b"data"),
        ]:
            with pytest.raises(SignatureMismatchError):
                verify_raw(key.public_key(), value, data)


class TestEcdsaForms:
    def test_turn_into_each_other(self) -> None:
        for _ in range(20):
            der = sign_raw(EC, b"data")
            raw = ecdsa_raw_from_der(der)
            assert len(raw) == 64
            assert ecdsa_der_from_raw(raw) == der

    @pytest.mark.parametrize(
        "value", [b"", b"\x30\x00", b"\x00" * 64, ecdsa_der_from_raw(b"\x01" * 64) + b"\x00"]
    )
    def test_of_something_else_are_refused_as_der(self, value: bytes) -> None:
        with pytest.raises(SignatureMismatchError):
            ecdsa_raw_from_der(value)

    def test_of_a_larger_curve_are_refused_as_der(self) -> None:
        with pytest.raises(SignatureMismatchError):
            ecdsa_raw_from_der(encode_dss_signature(2**300, 1))

    @pytest.mark.parametrize("length", [0, 63, 65, 96])
    def test_of_another_length_are_refused_as_raw(self, length: int) -> None:
        with pytest.raises(SignatureMismatchError):
            ecdsa_der_from_raw(b"\x01" * length)
