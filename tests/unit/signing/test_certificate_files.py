from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

import pytest
from asn1crypto import keys
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs7,
    pkcs12,
)

from hocba.signing import certificate_files as files
from hocba.signing.demo_ca import DemoAuthority
from hocba.signing.keys.pkcs12 import SoftwareKey

PEM, DER = Encoding.PEM, Encoding.DER


@pytest.fixture(scope="module")
def authority() -> DemoAuthority:
    return DemoAuthority.create(datetime(2026, 1, 1, tzinfo=UTC), "CA thử")


@pytest.fixture(scope="module")
def key(authority: DemoAuthority) -> SoftwareKey:
    return authority.issue_person(
        name="Nguyễn Thị Ánh",
        personal_id="079085000001",
        organisation="Trường",
        private_key=ec.generate_private_key(ec.SECP256R1()),
    )


class TestRead:
    @pytest.mark.parametrize("encoding", [PEM, DER])
    def test_takes_a_certificate_in_any_writing(self, key: SoftwareKey, encoding: Encoding) -> None:
        assert files.read(key.certificate.public_bytes(encoding)) == (key.certificate,)

    @pytest.mark.parametrize("encoding", [PEM, DER])
    def test_leaves_the_authorities_of_a_p7b_out(
        self, key: SoftwareKey, authority: DemoAuthority, encoding: Encoding
    ) -> None:
        chain = [authority.issuing.certificate, key.certificate, authority.root.certificate]

        assert files.read(pkcs7.serialize_certificates(chain, encoding)) == (key.certificate,)

    def test_refuses_what_holds_no_certificate_of_a_signer(self, authority: DemoAuthority) -> None:
        for data in (b"", b"xin chao", b"\x30\x00", authority.root.certificate.public_bytes(PEM)):
            with pytest.raises(files.NoCertificateError):
                files.read(data)

    def test_refuses_a_large_file(self, key: SoftwareKey) -> None:
        with pytest.raises(files.NoCertificateError):
            files.read(key.certificate.public_bytes(PEM) + b"\n" * files.LARGEST_FILE)


LOCKED = BestAvailableEncryption(b"1")


class TestHoldsPrivateKey:
    @pytest.mark.parametrize("encoding", [PEM, DER])
    @pytest.mark.parametrize(
        ("form", "encryption"),
        [
            (PrivateFormat.PKCS8, NoEncryption()),
            (PrivateFormat.PKCS8, LOCKED),
            (PrivateFormat.TraditionalOpenSSL, NoEncryption()),
        ],
    )
    def test_knows_keys_in_every_form(
        self, key: SoftwareKey, encoding: Encoding, form: PrivateFormat, encryption: Any
    ) -> None:
        data = key.private_key.private_bytes(encoding, form, encryption)

        with pytest.raises(files.PrivateKeyError):
            files.read(data)

    def test_knows_key_stores_without_their_password(self, key: SoftwareKey) -> None:
        store = pkcs12.serialize_key_and_certificates(b"x", key.private_key, key.certificate, None, LOCKED)  # type: ignore[arg-type]
        for data in (store, b"\xfe\xed\xfe\xed\x00", b"PuTTY-User-Key-File-3: ssh-rsa"):
            assert files.holds_private_key(data)

    def test_finds_a_key_beside_its_certificate(self, key: SoftwareKey) -> None:
        secret = key.private_key.private_bytes(PEM, PrivateFormat.PKCS8, NoEncryption())

        assert files.holds_private_key(key.certificate.public_bytes(PEM) + secret)

    def test_sees_none_in_a_certificate(self, key: SoftwareKey) -> None:
        assert not files.holds_private_key(key.certificate.public_bytes(DER))

    def test_never_works_with_the_numbers_of_a_key(self) -> None:
        # Loading it means proving that both Mersenne numbers are prime: 17 seconds, and minutes for a larger one.
        p, q, e = 2**4423 - 1, 2**4253 - 1, 65537
        d = pow(e, -1, (p - 1) * (q - 1))
        numbers = {"modulus": p * q, "public_exponent": e, "private_exponent": d, "prime1": p, "prime2": q}
        rest = {"exponent1": d % (p - 1), "exponent2": d % (q - 1), "coefficient": pow(q, -1, p)}
        crafted = keys.PrivateKeyInfo.wrap(
            keys.RSAPrivateKey({"version": 0, **numbers, **rest}), "rsa"
        ).dump()
        start = time.perf_counter()

        assert files.holds_private_key(crafted)
        assert time.perf_counter() - start < 0.2

    @pytest.mark.parametrize(
        "data", [b"\x30", b"\x30\x80", b"\x30\xff\x01", b"\x30\x02\x30\x80", b"\x30\x80" * 9_000]
    )
    def test_sees_none_in_what_breaks_off(self, data: bytes) -> None:
        assert not files.holds_private_key(data)
