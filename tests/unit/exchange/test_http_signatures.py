"""Signed requests and answers, with the vectors of RFC 9421 that our algorithms allow."""

from __future__ import annotations

from base64 import b64decode
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from hocba.exchange import http_signatures
from hocba.exchange.errors import MessageSignatureError
from hocba.exchange.http_signatures import (
    HttpRequest,
    HttpResponse,
    digest_of,
    sign_request,
    sign_response,
    signature_base,
    verify_request,
    verify_response,
    verify_value,
)
from hocba.exchange.structured_fields import InnerList, parse_dictionary
from hocba.signing.algorithms import PrivateKey, PublicKey
from hocba.signing.keys.pkcs12 import SoftwareKey

NOW = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
BODY = b'{"version": 3}'


def make_key(private_key: PrivateKey) -> SoftwareKey:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "transcripts")])
    builder = x509.CertificateBuilder(name, name, private_key.public_key(), 1, NOW, NOW + timedelta(days=1))
    return SoftwareKey(builder.sign(private_key, hashes.SHA256()), private_key)


@pytest.fixture(scope="module", params=["ec", "rsa"])
def key(request: pytest.FixtureRequest) -> SoftwareKey:
    if request.param == "ec":
        return make_key(ec.generate_private_key(ec.SECP256R1()))
    return make_key(rsa.generate_private_key(65537, 2048))


@pytest.fixture
def unsigned() -> HttpRequest:
    headers = {"Content-Type": "application/json", "Idempotency-Key": "k-1", "X-Other": "y"}
    return HttpRequest(
        "POST", "https://City.example:443/exchange/v1/records?year=2025", headers, digest_of(BODY)
    )


@pytest.fixture
def signed(unsigned: HttpRequest, key: SoftwareKey) -> HttpRequest:
    fields = sign_request(unsigned, key=key, key_id="school", created=NOW)
    return replace(unsigned, headers={**unsigned.headers, **fields})


def changed(request: HttpRequest, **headers: str | None) -> HttpRequest:
    kept = {**{name.lower(): value for name, value in request.headers.items()}}
    for name, value in headers.items():
        kept.pop(name.replace("_", "-"), None)
        if value is not None:
            kept[name.replace("_", "-")] = value
    return replace(request, headers=kept)


def refusal(request: HttpRequest, key: SoftwareKey, *, now: datetime = NOW) -> str:
    with pytest.raises(MessageSignatureError) as caught:
        verify_request(request, find_key={"school": key.certificate}.get, now=now)
    return caught.value.code


class TestVerifyRequest:
    def test_accepts_what_was_signed(self, signed: HttpRequest, key: SoftwareKey) -> None:
        verified = verify_request(signed, find_key={"school": key.certificate}.get, now=NOW)
        assert (verified.key_id, verified.created_at) == ("school", NOW)

    def test_accepts_the_same_address_written_by_a_proxy(self, signed: HttpRequest, key: SoftwareKey) -> None:
        same = replace(signed, url="https://city.example/exchange/v1/records?year=2025")
        assert verify_request(same, find_key={"school": key.certificate}.get, now=NOW).key_id == "school"

    @pytest.mark.parametrize(
        "change",
        [
            {"method": "PUT"},
            {"url": "https://city.example/exchange/v1/records?year=2026"},
            {"url": "https://city.example/exchange/v1/other?year=2025"},
            {"url": "https://other.example/exchange/v1/records?year=2025"},
            {"url": "https://city.example:8443/exchange/v1/records?year=2025"},
        ],
    )
    def test_refuses_another_target(
        self, signed: HttpRequest, key: SoftwareKey, change: dict[str, str]
    ) -> None:
        assert refusal(replace(signed, **change), key) == "SIGNATURE"  # type: ignore[arg-type]

    def test_refuses_another_body(self, signed: HttpRequest, key: SoftwareKey) -> None:
        assert refusal(replace(signed, body_digest=digest_of(b"{}")), key) == "DIGEST"

    def test_refuses_another_body_with_its_digest(self, signed: HttpRequest, key: SoftwareKey) -> None:
        other = digest_of(b"{}")
        swapped = changed(
            replace(signed, body_digest=other), content_digest=http_signatures.content_digest(other)
        )
        assert refusal(swapped, key) == "SIGNATURE"

    @pytest.mark.parametrize("name", ["content_type", "idempotency_key"])
    def test_refuses_a_changed_or_missing_field(
        self, signed: HttpRequest, key: SoftwareKey, name: str
    ) -> None:
        assert refusal(changed(signed, **{name: "text/plain"}), key) == "SIGNATURE"
        assert refusal(changed(signed, **{name: None}), key) == "MISSING"

    @pytest.mark.parametrize("name", ["signature", "signature_input", "content_digest"])
    def test_refuses_a_message_without_signature_fields(
        self, signed: HttpRequest, key: SoftwareKey, name: str
    ) -> None:
        assert refusal(changed(signed, **{name: None}), key) == "MISSING"

    def test_refuses_an_idempotency_key_added_afterwards(
        self, unsigned: HttpRequest, key: SoftwareKey
    ) -> None:
        bare = changed(unsigned, idempotency_key=None)
        signed = replace(
            bare, headers={**bare.headers, **sign_request(bare, key=key, key_id="school", created=NOW)}
        )
        assert refusal(changed(signed, idempotency_key="k-2"), key) == "COVERAGE"

    @pytest.mark.parametrize("offset", [-301, 301])
    def test_refuses_what_is_outside_the_window(
        self, signed: HttpRequest, key: SoftwareKey, offset: int
    ) -> None:
        assert refusal(signed, key, now=NOW + timedelta(seconds=offset)) == "TIME"

    @pytest.mark.parametrize("offset", [-300, 300])
    def test_accepts_what_is_just_inside(self, signed: HttpRequest, key: SoftwareKey, offset: int) -> None:
        moment = NOW + timedelta(seconds=offset)
        assert verify_request(signed, find_key={"school": key.certificate}.get, now=moment).key_id == "school"

    def test_refuses_a_changed_time(self, signed: HttpRequest, key: SoftwareKey) -> None:
        later = signed.headers["signature-input"].replace(
            str(int(NOW.timestamp())), str(int(NOW.timestamp()) + 9)
        )
        assert refusal(changed(signed, signature_input=later), key) == "SIGNATURE"

    def test_refuses_an_unknown_key(self, signed: HttpRequest) -> None:
        with pytest.raises(MessageSignatureError) as caught:
            verify_request(signed, find_key={}.get, now=NOW)
        assert caught.value.code == "UNKNOWN_KEY"

    def test_refuses_the_signature_of_another_key(self, signed: HttpRequest, key: SoftwareKey) -> None:
        kind = type(key.private_key)
        other = (
            rsa.generate_private_key(65537, 2048)
            if issubclass(kind, rsa.RSAPrivateKey)
            else ec.generate_private_key(ec.SECP256R1())
        )
        assert refusal(signed, make_key(other)) == "SIGNATURE"

    def test_refuses_a_key_of_another_kind(self, signed: HttpRequest, key: SoftwareKey) -> None:
        is_rsa = isinstance(key.private_key, rsa.RSAPrivateKey)
        other = ec.generate_private_key(ec.SECP256R1()) if is_rsa else rsa.generate_private_key(65537, 2048)
        assert refusal(signed, make_key(other)) == "ALGORITHM"

    def test_refuses_less_than_the_required_coverage(self, unsigned: HttpRequest, key: SoftwareKey) -> None:
        fields = sign_request(unsigned, key=key, key_id="school", created=NOW)
        narrow = fields["signature-input"].replace('"@method" ', "")
        inner = parse_dictionary(narrow)[http_signatures.LABEL]
        assert isinstance(inner, InnerList)
        message = replace(unsigned, headers={**unsigned.headers, **fields, "signature-input": narrow})
        assert refusal(message, key) == "COVERAGE"

    def test_refuses_a_line_break_in_a_field(self, signed: HttpRequest, key: SoftwareKey) -> None:
        assert refusal(changed(signed, content_type='application/json\n"x": y'), key) == "MALFORMED"

    @pytest.mark.parametrize("text", ["hocba", "hocba=1", 'hocba=("@method"', "hocba=:::"])
    def test_refuses_malformed_signature_fields(
        self, signed: HttpRequest, key: SoftwareKey, text: str
    ) -> None:
        assert refusal(changed(signed, signature_input=text), key) in ("MALFORMED", "MISSING")


class TestVerifyResponse:
    @pytest.fixture
    def answer(self, signed: HttpRequest, key: SoftwareKey) -> HttpResponse:
        bare = HttpResponse(201, {"Content-Type": "application/json"}, digest_of(b"{}"))
        fields = sign_response(bare, request=signed, key=key, key_id="city", created=NOW)
        return replace(bare, headers={**bare.headers, **fields})

    def refusal(self, answer: HttpResponse, request: HttpRequest, key: SoftwareKey) -> str:
        with pytest.raises(MessageSignatureError) as caught:
            verify_response(answer, request=request, find_key={"city": key.certificate}.get, now=NOW)
        return caught.value.code

    def test_accepts_what_was_signed(
        self, answer: HttpResponse, signed: HttpRequest, key: SoftwareKey
    ) -> None:
        verified = verify_response(answer, request=signed, find_key={"city": key.certificate}.get, now=NOW)
        assert verified.key_id == "city"

    def test_refuses_another_status(
        self, answer: HttpResponse, signed: HttpRequest, key: SoftwareKey
    ) -> None:
        assert self.refusal(replace(answer, status=200), signed, key) == "SIGNATURE"

    def test_refuses_another_body(self, answer: HttpResponse, signed: HttpRequest, key: SoftwareKey) -> None:
        assert self.refusal(replace(answer, body_digest=digest_of(b"[]")), signed, key) == "DIGEST"

    def test_refuses_the_answer_to_the_same_request_sent_again(
        self, answer: HttpResponse, unsigned: HttpRequest, key: SoftwareKey
    ) -> None:
        fields = sign_request(unsigned, key=key, key_id="school", created=NOW + timedelta(seconds=1))
        again = replace(unsigned, headers={**unsigned.headers, **fields})
        assert self.refusal(answer, again, key) == "SIGNATURE"

    def test_refuses_the_answer_to_another_request(
        self, answer: HttpResponse, signed: HttpRequest, key: SoftwareKey
    ) -> None:
        other = replace(signed, url="https://city.example/exchange/v1/records?year=2024")
        assert self.refusal(answer, other, key) == "SIGNATURE"


P256: PublicKey = load_pem_private_key(  # type: ignore[assignment]
    b"""-----BEGIN EC PRIVATE KEY-----
MHcCAQEEIFKbhfNZfpDsW43+0+JjUr9K+bTeuxopu653+hBaXGA7oAoGCCqGSM49
AwEHoUQDQgAEqIVYZVLCrPZHGHjP17CTW0/+D9Lfw0EkjqF7xB4FivAxzic30tMM
4GF+hR6Dxh71Z50VGGdldkkDXZCnTNnoXQ==
-----END EC PRIVATE KEY-----""",
    None,
).public_key()
RSA_KEY: PublicKey = load_pem_public_key(  # type: ignore[assignment]
    b"""-----BEGIN RSA PUBLIC KEY-----
MIIBCgKCAQEAhAKYdtoeoy8zcAcR874L8cnZxKzAGwd7v36APp7Pv6Q2jdsPBRrw
WEBnez6d0UDKDwGbc6nxfEXAy5mbhgajzrw3MOEt8uA5txSKobBpKDeBLOsdJKFq
MGmXCQvEG7YemcxDTRPxAleIAgYYRjTSd/QBwVW9OwNFhekro3RtlinV0a75jfZg
kne/YiktSvLG34lw2zqXBDTC5NHROUqGTlML4PlNZS5Ri2U4aCNx2rUPRcKIlE0P
uKxI4T+HIaFpv8+rdV6eUgOrB2xeI1dSFFn/nnv5OoZJEIB+VmuKn3DCUcCZSFlQ
PSXSfBDiUGhwOw76WuSSsf1D4b/vLoJ10wIDAQAB
-----END RSA PUBLIC KEY-----"""
)
REQUEST_DIGEST = (
    "sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:"
)
GOOD_DOG_DIGEST = (
    "sha-512=:mEWXIS7MaLRuGgxOBdODa3xqM1XdEvxoYhvlCFJ41QJgJc4GTsPp29l5oGX69wWdXymyU0rjJuahq4l5aGgfLQ==:"
)
BUSY_DIGEST = (
    "sha-512=:0Y6iCBzGg5rZtoXS95Ijz03mslf6KAMCloESHObfwnHJDbkkWWQz6PhhU9kxsTbARtY2PTBOzq24uJFpHsMuAg==:"
)
RFC_REQUEST = HttpRequest(
    "POST",
    "https://example.com/foo?param=Value&Pet=dog",
    {
        "Host": "example.com", "Date": "Tue, 20 Apr 2021 02:07:55 GMT", "Content-Type": "application/json",
        "Content-Digest": REQUEST_DIGEST, "Content-Length": "18",
    },
    b"",
)  # fmt: skip


def inner_list(text: str) -> InnerList:
    member = parse_dictionary(f"sig={text}")["sig"]
    assert isinstance(member, InnerList)
    return member


class TestVectorsOfRfc9421:
    def test_b_2_4_answer_signed_with_p256(self) -> None:
        answer = HttpResponse(
            200,
            {
                "Content-Type": "application/json", "Content-Length": "23",
                "Content-Digest": GOOD_DOG_DIGEST,
            },
            b"",
        )  # fmt: skip
        covered = inner_list(
            '("@status" "content-type" "content-digest" "content-length")'
            ';created=1618884473;keyid="test-key-ecc-p256"'
        )
        value = b64decode(
            "wNmSUAhwb5LxtOtOpNa6W5xj067m5hFrj0XQ4fvpaCLx0NKocgPquLgyahnzDnDAUy5eCdlYUEkLIj+32oiasw=="
        )
        verify_value(P256, "ecdsa-p256-sha256", value, signature_base(answer, covered))

    def test_2_4_answer_bound_to_its_request(self) -> None:
        answer = HttpResponse(
            503,
            {
                "Content-Type": "application/json",
                "Content-Digest": BUSY_DIGEST,
            },
            b"",
        )  # fmt: skip
        covered = inner_list(
            '("@status" "content-digest" "content-type" "@authority";req "@method";req "@path";req '
            '"content-digest";req);created=1618884479;keyid="test-key-ecc-p256"'
        )
        value = b64decode(
            "dMT/A/76ehrdBTD/2Xx8QuKV6FoyzEP/I9hdzKN8LQJLNgzU4W767HK05rx1i8meNQQgQPgQp8wq2ive3tV5Ag=="
        )
        base = signature_base(answer, covered, request=RFC_REQUEST)
        verify_value(P256, "ecdsa-p256-sha256", value, base)

    def test_4_3_request_signed_by_a_proxy_with_rsa(self) -> None:
        request = replace(
            RFC_REQUEST,
            url="https://origin.host.internal.example/foo?param=Value&Pet=dog",
            headers={**RFC_REQUEST.headers, "Forwarded": "for=192.0.2.123;host=example.com;proto=https"},
        )
        covered = inner_list(
            '("@method" "@authority" "@path" "content-digest" "content-type" "content-length" "forwarded")'
            ';created=1618884480;keyid="test-key-rsa";alg="rsa-v1_5-sha256";expires=1618884540'
        )
        value = b64decode(
            "S6ZzPXSdAMOPjN/6KXfXWNO/f7V6cHm7BXYUh3YD/fRad4BCaRZxP+JH+8XY1I6+8Cy+CM5g92iHgxtRPz+MjniOaYmdkDcnL9cC"
            "pXJleXsOckpURl49GwiyUpZ10KHgOEe11sx3G2gxI8S0jnxQB+Pu68U9vVcasqOWAEObtNKKZd8tSFu7LB5YAv0RAGhB8tmpv7sF"
            "nIm9y+7X5kXQfi8NMaZaA8i2ZHwpBdg7a6CMfwnnrtflzvZdXAsD3LH2TwevU+/PBPv0B6NMNk93wUs/vfJvye+YuI87HU38lZHo"
            "wtznbLVdp770I6VHR6WfgS9ddzirrswsE1w5o0LV/g=="
        )
        verify_value(RSA_KEY, "rsa-v1_5-sha256", value, signature_base(request, covered))

    def test_base_of_the_full_coverage_example(self) -> None:
        covered = inner_list(
            '("date" "@method" "@path" "@query" "@authority" "content-type" "content-digest" '
            '"content-length")'
            ';created=1618884473;keyid="test-key-rsa-pss"'
        )
        assert signature_base(RFC_REQUEST, covered).decode() == "\n".join(
            [
                '"date": Tue, 20 Apr 2021 02:07:55 GMT',
                '"@method": POST',
                '"@path": /foo',
                '"@query": ?param=Value&Pet=dog',
                '"@authority": example.com',
                '"content-type": application/json',
                f'"content-digest": {REQUEST_DIGEST}',
                '"content-length": 18',
                f'"@signature-params": {covered}',
            ]
        )

    def test_a_changed_message_does_not_verify(self) -> None:
        covered = inner_list('("@method");created=1;keyid="k"')
        with pytest.raises(MessageSignatureError, match="SIGNATURE"):
            verify_value(P256, "ecdsa-p256-sha256", b"\x01" * 64, signature_base(RFC_REQUEST, covered))
