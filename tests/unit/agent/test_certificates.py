from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from hocba_agent import certificates
from tests.factories import authorities, transcripts


def der(holder: authorities.Holder) -> bytes:
    return holder.certificate.public_bytes(Encoding.DER)


class TestRead:
    def test_says_whose_it_is_by_whom_and_until_when(self) -> None:
        key = transcripts.school().keys["GV0006"]
        found = certificates.read(key.certificate.public_bytes(Encoding.DER))

        assert found is not None
        assert (found.name, found.key, found.is_usable) == ("Vũ Văn Giang", "EC-P256", True)
        assert (
            found.issuer
            == transcripts.school()
            .authority.issuing.certificate.subject.get_attributes_for_oid(authorities.NameOID.COMMON_NAME)[0]
            .value
        )
        assert found.not_after == key.certificate.not_valid_after_utc
        assert int(found.serial, 16) == key.certificate.serial_number

    def test_passes_over_authorities_and_what_it_cannot_read(self) -> None:
        authority = transcripts.school().authority.issuing.certificate.public_bytes(Encoding.DER)

        assert certificates.read(authority) is None
        assert certificates.read(b"") is None
        assert certificates.read(authority[:-1]) is None
        assert certificates.read(b"\x30\x03\x02\x01\x01") is None

    @pytest.mark.parametrize(
        ("key", "name", "usable"),
        [
            (rsa.generate_private_key(65537, 1024), "RSA-1024", False),
            (rsa.generate_private_key(65537, 2048), "RSA-2048", True),
            (ec.generate_private_key(ec.SECP384R1()), "EC-secp384r1", False),
            (ec.generate_private_key(ec.SECP256R1()), "EC-P256", True),
        ],
    )
    def test_says_which_keys_the_documents_take(self, key: authorities.Key, name: str, usable: bool) -> None:
        holder = authorities.make(authorities.name("Ai đó"), key=key)
        found = certificates.read(der(holder))

        assert found is not None
        assert (found.key, found.is_usable) == (name, usable)
