"""Header fields of signed messages: their two declared errors, and a field writes back as it reads."""

from __future__ import annotations

from datetime import UTC, datetime

from hocba.exchange import bundles, http_signatures, structured_fields
from hocba.exchange.errors import MalformedBundleError, MalformedFieldError, MessageSignatureError
from hocba.exchange.http_signatures import HttpRequest, HttpResponse
from tests.fuzz import mutators
from tests.fuzz.harness import Target, fuzz

NOW = datetime.fromtimestamp(1618884473, UTC)
BODY = bytes(32)
FIELDS = (
    b'hocba=("@method" "@authority" "@path" "@query" "content-digest");created=1618884473;keyid="city";'
    b'alg="ecdsa-p256-sha256"\nhocba=:' + b"A" * 86 + b"==:\nsha-256=:" + b"A" * 43 + b"=:\n"
    b'application/vnd.hocba.files; octets="16 16"'
)


def examine(data: bytes) -> None:
    """Lines are the signature's input, the signature, the digest, and the media type."""
    lines = [line.decode("utf-8", "replace") for line in data.split(b"\n")]
    for line in lines:
        try:
            read = structured_fields.parse_dictionary(line)
            written = structured_fields.write_dictionary(read)
        except MalformedFieldError:
            continue
        assert structured_fields.parse_dictionary(written) == read
        assert structured_fields.write_dictionary(structured_fields.parse_dictionary(written)) == written
    names = ("signature-input", "signature", "content-digest", "content-type")
    headers = dict(zip(names, lines, strict=False))
    request = HttpRequest("PUT", "https://city.example/exchange/v1/x?y=1", headers, BODY)
    answer = HttpResponse(200, headers, BODY)
    for verify in (
        lambda: http_signatures.verify_request(request, find_key=lambda _: None, now=NOW),
        lambda: http_signatures.verify_response(answer, request=request, find_key=lambda _: None, now=NOW),
    ):
        try:
            verify()
        except MessageSignatureError:
            continue
        raise AssertionError("a message was accepted though no key is known")
    try:
        covered, _ = http_signatures._our_signature(headers)
        http_signatures.signature_base(request, covered)
    except MessageSignatureError:
        pass
    try:
        files = bundles.split(headers.get("content-type", ""), BODY)
    except MalformedBundleError:
        return
    assert b"".join(files) == BODY


TARGET = Target(
    name="http_fields", examine=examine, seeds=lambda: [FIELDS], mutator=mutators.of_bytes, largest=1 << 15
)

if __name__ == "__main__":
    fuzz(TARGET)
