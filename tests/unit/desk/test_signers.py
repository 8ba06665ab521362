"""Which certificates a desk looks at at all."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from hocba.desk import signers
from hocba.desk.errors import CertificateRefusedError
from hocba.signing import certificates
from tests.factories import authorities

ROOT = authorities.root()


class TestLoad:
    def test_gives_the_certificate(self) -> None:
        person = ROOT.person("Trần Thị Ánh")

        assert signers.load(person.pem) == person.certificate

    @pytest.mark.parametrize("content", [b"", b"not a certificate"])
    def test_refuses_what_is_none(self, content: bytes) -> None:
        with pytest.raises(CertificateRefusedError) as caught:
            signers.load(content)

        assert caught.value.problems == (signers.UNREADABLE,)

    @pytest.mark.parametrize(
        "key", [ec.generate_private_key(ec.SECP384R1()), rsa.generate_private_key(65537, 1024)]
    )
    def test_refuses_a_key_that_nothing_can_be_signed_with(self, key: authorities.Key) -> None:
        person = ROOT.person("Trần Thị Ánh", key=key)

        with pytest.raises(CertificateRefusedError) as caught:
            signers.load(certificates.to_der(person.certificate))

        assert caught.value.problems == (signers.KEY_REFUSED,)
