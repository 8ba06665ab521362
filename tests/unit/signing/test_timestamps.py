from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

import pytest
from asn1crypto import cms, tsp
from cryptography import x509

from hocba.signing import certificates
from hocba.signing.demo_ca import DemoAuthority
from hocba.signing.errors import TimestampError
from hocba.signing.keys.pkcs12 import SoftwareKey
from hocba.signing.timestamp_unit import issue
from hocba.signing.timestamps import build_request, read, token_of
from tests.factories import signed_xml

AT = datetime(2026, 6, 1, 2, 3, 4, 999, tzinfo=UTC)
DIGEST = hashlib.sha256(b"data").digest()
POLICY = "1.3.6.1.4.1.55555.1.1"
UNIT = signed_xml.authority().issue_timestamp_unit()
ROOT = signed_xml.authority().root.certificate


def stamped(key: SoftwareKey = UNIT, *, at: datetime = AT) -> bytes:
    request = build_request(DIGEST, nonce=5)
    return token_of(issue(request, key=key, policy=POLICY, serial=9, at=at), request=request)


class TestRead:
    def test_gives_what_is_proven(self) -> None:
        found = read(stamped(), DIGEST, [ROOT])
        assert (found.at, found.serial, found.policy, found.nonce) == (
            AT.replace(microsecond=0),
            9,
            POLICY,
            5,
        )
        assert found.certificate == UNIT.certificate

    def test_accepts_a_unit_with_an_rsa_key(self) -> None:
        usages = UNIT.certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
        key = signed_xml.authority()._issue(  # the demo has none, yet others do
            UNIT.certificate.subject, signed_xml.key("ck-toan").private_key, [(usages.value, True)], None
        )
        assert read(stamped(key), DIGEST, [ROOT]).at == AT.replace(microsecond=0)

    def test_accepts_the_unit_itself_as_trusted(self) -> None:
        assert read(stamped(), DIGEST, [UNIT.certificate]).at == AT.replace(microsecond=0)

    def test_refuses_another_digest(self) -> None:
        with pytest.raises(TimestampError, match="other data"):
            read(stamped(), hashlib.sha256(b"date").digest(), [ROOT])

    def test_refuses_a_unit_nobody_trusts(self) -> None:
        other = DemoAuthority.create(datetime(2026, 1, 1, tzinfo=UTC), "CA khác")
        with pytest.raises(TimestampError, match="not trusted"):
            read(stamped(), DIGEST, [other.root.certificate])
        with pytest.raises(TimestampError, match="not trusted"):
            read(stamped(), DIGEST, [])

    def test_refuses_the_key_of_a_person(self) -> None:
        with pytest.raises(TimestampError):
            read(stamped(signed_xml.key("ck-toan")), DIGEST, [ROOT])

    def test_refuses_a_time_outside_of_the_units_certificate(self) -> None:
        with pytest.raises(TimestampError, match="not valid at that time"):
            read(stamped(at=AT - timedelta(days=300)), DIGEST, [ROOT])

    def test_refuses_any_changed_byte(self) -> None:
        """Every seventh byte: refused, or without meaning for what is proven."""
        token = stamped()
        for position in range(0, len(token), 7):
            damaged = token[:position] + bytes([token[position] ^ 1]) + token[position + 1 :]
            try:
                found = read(damaged, DIGEST, [ROOT])
            except TimestampError:
                continue
            assert found == read(token, DIGEST, [ROOT])

    @pytest.mark.parametrize("token", [b"", b"\x30\x00", b"PK\x03\x04", b"\x30" * 50, b"\x30" * 100_000])
    def test_refuses_what_is_no_token(self, token: bytes) -> None:
        with pytest.raises(TimestampError):
            read(token, DIGEST, [ROOT])

    def test_refuses_bytes_after_the_token(self) -> None:
        with pytest.raises(TimestampError):
            read(stamped() + b"\x00", DIGEST, [ROOT])

    def test_refuses_a_token_whose_certificate_attribute_is_gone(self) -> None:
        token = cms.ContentInfo.load(stamped())
        signer = token["content"]["signer_infos"][0]
        kept = [each for each in signer["signed_attrs"] if each["type"].native != "signing_certificate_v2"]
        signer["signed_attrs"] = cms.CMSAttributes(kept)
        signer["signature"] = UNIT.sign(signer["signed_attrs"].untag().dump())
        with pytest.raises(TimestampError, match="does not name"):
            read(token.dump(), DIGEST, [ROOT])

    def test_refuses_a_token_of_another_content_type(self) -> None:
        token = cms.ContentInfo.load(stamped())
        token["content"]["encap_content_info"]["content_type"] = "data"
        with pytest.raises(TimestampError):
            read(token.dump(), DIGEST, [ROOT])

    def test_asks_for_a_digest(self) -> None:
        with pytest.raises(ValueError, match="32 bytes"):
            read(stamped(), b"short", [ROOT])


class TestIssue:
    def test_refuses_another_policy(self) -> None:
        request = tsp.TimeStampReq.load(build_request(DIGEST, nonce=1))
        request["req_policy"] = "1.2.3"
        with pytest.raises(TimestampError, match="policy"):
            issue(request.dump(), key=UNIT, policy=POLICY, serial=1, at=AT)

    def test_refuses_other_digests_than_sha256(self) -> None:
        request = tsp.TimeStampReq(
            {
                "version": "v1",
                "message_imprint": {"hash_algorithm": {"algorithm": "sha1"}, "hashed_message": b"x" * 20},
            }
        )
        with pytest.raises(TimestampError, match="SHA-256"):
            issue(request.dump(), key=UNIT, policy=POLICY, serial=1, at=AT)

    @pytest.mark.parametrize("request_bytes", [b"", b"\x30\x00", b"x" * 100, b"\x30" * 100_000])
    def test_refuses_what_is_no_request(self, request_bytes: bytes) -> None:
        with pytest.raises(TimestampError):
            issue(request_bytes, key=UNIT, policy=POLICY, serial=1, at=AT)

    def test_leaves_the_certificate_out_when_not_asked_for(self) -> None:
        request = tsp.TimeStampReq.load(build_request(DIGEST, nonce=1))
        request["cert_req"] = False
        response = issue(request.dump(), key=UNIT, policy=POLICY, serial=1, at=AT)
        assert certificates.to_der(UNIT.certificate) not in response
        token = token_of(response, request=request.dump())
        assert read(token, DIGEST, [UNIT.certificate]).at == AT.replace(microsecond=0)


class TestTokenOf:
    def test_refuses_the_answer_to_another_request(self) -> None:
        request = build_request(DIGEST, nonce=1)
        response = issue(request, key=UNIT, policy=POLICY, serial=1, at=AT)
        for other in (build_request(DIGEST, nonce=2), build_request(hashlib.sha256(b"x").digest(), nonce=1)):
            with pytest.raises(TimestampError, match="another request"):
                token_of(response, request=other)

    def test_tells_that_the_unit_refused(self) -> None:
        response = bytes.fromhex("30053003020102")
        with pytest.raises(TimestampError, match="rejection"):
            token_of(response, request=build_request(DIGEST, nonce=1))
