from __future__ import annotations

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption
from cryptography.hazmat.primitives.serialization import pkcs12 as encoding

from hocba.signing import algorithms
from hocba.signing.errors import KeyFileError, UnsupportedKeyError
from hocba.signing.keys import pkcs12
from hocba.signing.keys.api import SigningKey
from tests.factories import signed_xml


class TestLoad:
    @pytest.mark.parametrize("signature_id", ["ck-toan", "ck-van"])
    def test_gives_a_key_that_signs_for_its_certificate(self, signature_id: str) -> None:
        original = signed_xml.key(signature_id)
        key: SigningKey = pkcs12.load(pkcs12.dump(original, "mật khẩu", name="khóa"), "mật khẩu")
        algorithms.verify_raw(original.certificate, key.sign(b"data"), b"data")
        assert (key.certificate, key.chain) == (original.certificate, original.chain)

    def test_refuses_a_wrong_password(self) -> None:
        with pytest.raises(KeyFileError):
            pkcs12.load(pkcs12.dump(signed_xml.key("ck-van"), "đúng", name="k"), "sai")

    @pytest.mark.parametrize("data", [b"", b"PK", b"\x30\x82\x00\x01\x00"])
    def test_refuses_what_is_no_key_file(self, data: bytes) -> None:
        with pytest.raises(KeyFileError):
            pkcs12.load(data, "x")

    def test_refuses_a_file_without_key(self) -> None:
        certificate = signed_xml.key("ck-van").certificate
        data = encoding.serialize_key_and_certificates(
            b"x", None, None, [certificate], BestAvailableEncryption(b"x")
        )
        with pytest.raises(KeyFileError):
            pkcs12.load(data, "x")

    def test_refuses_a_key_off_the_list(self) -> None:
        weak = rsa.generate_private_key(65537, 1024)
        key = signed_xml.authority().issue_person(
            name="A", personal_id="079180000123", organisation="B", private_key=weak
        )
        with pytest.raises(UnsupportedKeyError):
            pkcs12.load(pkcs12.dump(key, "x", name="x"), "x")


class TestSoftwareKey:
    def test_does_not_show_its_private_key(self) -> None:
        assert "private_key" not in repr(signed_xml.key("ck-van"))
