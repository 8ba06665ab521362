"""Signed HTTP messages: RFC 9421 with the content digest of RFC 9530, for requests and the answers to them.

A request signs its method, authority, path, query and content digest, and its content type and idempotency
key when it has them. An answer signs its status, its own digest and type, and (with `;req`) everything the
request signed and the request's signature itself: the signature alone would tie it to this one request, but
not say what was asked (RFC 9421 2.4). Nothing here reads a clock or a body: times and digests are parameters.
Replays within the window are for the receiver to notice, by idempotency key.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeAlias
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa

from hocba.exchange.errors import MalformedFieldError, MessageSignatureError
from hocba.exchange.structured_fields import InnerList, Item, Parameters, parse_dictionary, write_dictionary
from hocba.signing import algorithms
from hocba.signing.algorithms import PublicKey
from hocba.signing.errors import SignatureMismatchError, UnsupportedKeyError
from hocba.signing.keys.api import SigningKey

LABEL = "hocba"
"""The name our signature has among others in the fields."""
ECDSA = "ecdsa-p256-sha256"
RSA = "rsa-v1_5-sha256"
WINDOW = timedelta(minutes=5)
"""How far `created` may lie from the receiver's time, either way."""

FindKey: TypeAlias = Callable[[str], x509.Certificate | PublicKey | None]
"""Gives the key of a `keyid`, or None for one that is not known."""

_REQUEST_PARTS = ("@method", "@authority", "@path", "@query", "content-digest")
_RESPONSE_PARTS = ("@status", "content-digest")
_IF_PRESENT = ("content-type", "idempotency-key")


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """What of a request is signed; `body_digest` is the SHA-256 of the body as sent, also of an empty one."""

    method: str
    url: str
    headers: Mapping[str, str]
    body_digest: bytes


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """What of an answer is signed."""

    status: int
    headers: Mapping[str, str]
    body_digest: bytes


@dataclass(frozen=True, slots=True)
class VerifiedMessage:
    """Who signed a message, and when by their own clock."""

    key_id: str
    created_at: datetime
    signature: bytes


def digest_of(body: bytes) -> bytes:
    """Give the SHA-256 of a body."""
    return hashlib.sha256(body).digest()


def content_digest(body_digest: bytes) -> str:
    """Write a `Content-Digest` field (RFC 9530)."""
    return write_dictionary({"sha-256": Item(body_digest)})


def sign_request(request: HttpRequest, *, key: SigningKey, key_id: str, created: datetime) -> dict[str, str]:
    """Give the fields to add to a request: Content-Digest, Signature-Input and Signature."""
    headers = {**_lower(request.headers), "content-digest": content_digest(request.body_digest)}
    message = HttpRequest(request.method, request.url, headers, request.body_digest)
    parts = [Item(name) for name in (*_REQUEST_PARTS, *(each for each in _IF_PRESENT if each in headers))]
    return _signed_fields(_Parts(message, None), parts, key, key_id, created, request.body_digest)


def sign_response(
    response: HttpResponse, *, request: HttpRequest, key: SigningKey, key_id: str, created: datetime
) -> dict[str, str]:
    """Give the fields to add to the answer to `request`, which has to be signed itself."""
    headers = {**_lower(response.headers), "content-digest": content_digest(response.body_digest)}
    message = HttpResponse(response.status, headers, response.body_digest)
    names = [*_RESPONSE_PARTS, *(each for each in _IF_PRESENT if each in headers)]
    parts = [*(Item(name) for name in names), *_bound_parts(request)]
    return _signed_fields(_Parts(message, request), parts, key, key_id, created, response.body_digest)


def verify_request(
    request: HttpRequest, *, find_key: FindKey, now: datetime, window: timedelta = WINDOW
) -> VerifiedMessage:
    """Check the signature of a request.

    Raises:
        MessageSignatureError: with `code` one of MISSING, MALFORMED, DIGEST, COVERAGE, TIME, UNKNOWN_KEY,
            ALGORITHM, SIGNATURE.
    """
    headers = _lower(request.headers)
    message = HttpRequest(request.method, request.url, headers, request.body_digest)
    required = [Item(name) for name in (*_REQUEST_PARTS, *(each for each in _IF_PRESENT if each in headers))]
    return _verify(_Parts(message, None), required, find_key, now, window)


def verify_response(
    response: HttpResponse,
    *,
    request: HttpRequest,
    find_key: FindKey,
    now: datetime,
    window: timedelta = WINDOW,
) -> VerifiedMessage:
    """Check the signature of the answer to `request`, as it was sent (with its own signature fields).

    Raises:
        MessageSignatureError: see `verify_request`.
    """
    headers = _lower(response.headers)
    message = HttpResponse(response.status, headers, response.body_digest)
    names = [*_RESPONSE_PARTS, *(each for each in _IF_PRESENT if each in headers)]
    required = [*(Item(name) for name in names), *_bound_parts(request)]
    return _verify(_Parts(message, request), required, find_key, now, window)


def signature_base(
    message: HttpRequest | HttpResponse, covered: InnerList, *, request: HttpRequest | None = None
) -> bytes:
    """Give the bytes that are signed (RFC 9421 2.5).

    Raises:
        MessageSignatureError: MISSING when a covered part is not in the message, COVERAGE for unknown ones.
    """
    return _Parts(message, request).base(covered)


def _bound_parts(request: HttpRequest) -> list[Item]:
    """Give all that the request's own signature covers, and that signature, as parts of an answer (2.4)."""
    covered, _ = _our_signature(_lower(request.headers))
    parts = [Item(each.value, {**each.parameters, "req": True}) for each in covered.items]
    return [*parts, Item("signature", {"req": True, "key": LABEL})]


def _signed_fields(
    parts: _Parts, covered: Sequence[Item], key: SigningKey, key_id: str, created: datetime, digest: bytes
) -> dict[str, str]:
    is_rsa = isinstance(algorithms.public_key_of(key.certificate), rsa.RSAPublicKey)
    parameters: Parameters = {
        "created": int(created.timestamp()),
        "keyid": key_id,
        "alg": RSA if is_rsa else ECDSA,
    }
    inner = InnerList(tuple(covered), parameters)
    value = key.sign(parts.base(inner))
    return {
        "content-digest": content_digest(digest),
        "signature-input": write_dictionary({LABEL: inner}),
        "signature": write_dictionary(
            {LABEL: Item(value if is_rsa else algorithms.ecdsa_raw_from_der(value))}
        ),
    }


def _verify(
    parts: _Parts, required: Sequence[Item], find_key: FindKey, now: datetime, window: timedelta
) -> VerifiedMessage:
    headers = parts.message.headers
    covered, value = _our_signature(headers)
    _require_digest(headers, parts.message.body_digest)
    have = [str(item) for item in covered.items]
    if len(set(have)) != len(have) or not {str(item) for item in required} <= set(have):
        raise MessageSignatureError("COVERAGE", "the signature does not cover what it must")
    created_at = _require_time(covered, now, window)
    key_id = covered.parameters.get("keyid")
    found = find_key(key_id) if isinstance(key_id, str) else None
    if found is None or not isinstance(key_id, str):
        raise MessageSignatureError("UNKNOWN_KEY", "the key of the signature is not known")
    verify_value(found, str(covered.parameters.get("alg", "")), value, parts.base(covered))
    return VerifiedMessage(key_id, created_at, value)


def verify_value(
    certificate_or_key: x509.Certificate | PublicKey, algorithm: str, value: bytes, base: bytes
) -> None:
    """Check a signature value as it stands in a `Signature` field.

    Raises:
        MessageSignatureError: ALGORITHM or SIGNATURE.
    """
    try:
        is_rsa = isinstance(algorithms.require_allowed(certificate_or_key), rsa.RSAPublicKey)
        if algorithm != (RSA if is_rsa else ECDSA):
            raise MessageSignatureError("ALGORITHM", f"{algorithm!r} does not fit the key")
        der = value if is_rsa else algorithms.ecdsa_der_from_raw(value)
        algorithms.verify_raw(certificate_or_key, der, base)
    except UnsupportedKeyError as error:
        raise MessageSignatureError("ALGORITHM", str(error)) from error
    except SignatureMismatchError as error:
        raise MessageSignatureError("SIGNATURE", "the message is not as it was signed") from error


class _Parts:
    """Looks up the parts of a message, and of the request it answers, by their identifiers (RFC 9421 2)."""

    def __init__(self, message: HttpRequest | HttpResponse, request: HttpRequest | None) -> None:
        self.message = message
        self._request = request
        self._fields = {id(part): _lower(part.headers) for part in (message, request) if part is not None}

    def base(self, covered: InnerList) -> bytes:
        lines = [f"{item}: {self._value(item)}" for item in covered.items]
        try:
            return "\n".join([*lines, f'"@signature-params": {covered}']).encode("ascii")
        except UnicodeEncodeError as error:
            raise MessageSignatureError("MALFORMED", "a signed part is not ASCII") from error

    def _value(self, item: Item) -> str:
        parameters = dict(item.parameters)
        source: HttpRequest | HttpResponse | None = self.message
        if parameters.pop("req", None) is True:
            source = self._request
        key = parameters.pop("key", None)
        if source is None or parameters or not isinstance(item.value, str):
            raise MessageSignatureError("COVERAGE", f"{item} is no part of such a message")
        if item.value.startswith("@"):
            return _derived(source, item.value)
        text = self._fields[id(source)].get(item.value)
        if text is None:
            raise MessageSignatureError("MISSING", f"the field {item.value} is missing")
        return _member(text, key) if isinstance(key, str) else _canonical_field(text)


def _derived(message: HttpRequest | HttpResponse, name: str) -> str:
    """Give a derived component (RFC 9421 2.2)."""
    if isinstance(message, HttpResponse):
        if name == "@status":
            return str(message.status)
        raise MessageSignatureError("COVERAGE", f"{name} is no part of an answer")
    url = urlsplit(message.url)
    values = {
        "@method": message.method,
        "@target-uri": message.url,
        "@authority": _authority(url.scheme, url.netloc),
        "@scheme": url.scheme.lower(),
        "@path": url.path or "/",
        "@query": f"?{url.query}",
    }
    if name not in values:
        raise MessageSignatureError("COVERAGE", f"{name} is no part of a request")
    return values[name]


def _authority(scheme: str, netloc: str) -> str:
    default = {"http": ":80", "https": ":443"}.get(scheme.lower(), ":")
    return netloc.rpartition("@")[2].lower().removesuffix(default)


def _our_signature(headers: Mapping[str, str]) -> tuple[InnerList, bytes]:
    """Find the signature under our label."""
    if "signature-input" not in headers or "signature" not in headers:
        raise MessageSignatureError("MISSING", "the message is not signed")
    try:
        covered = parse_dictionary(headers["signature-input"]).get(LABEL)
        value = parse_dictionary(headers["signature"]).get(LABEL)
    except MalformedFieldError as error:
        raise MessageSignatureError("MALFORMED", str(error)) from error
    if covered is None or value is None:
        raise MessageSignatureError("MISSING", f"there is no signature named {LABEL}")
    if (
        not isinstance(covered, InnerList)
        or not isinstance(value, Item)
        or not isinstance(value.value, bytes)
    ):
        raise MessageSignatureError("MALFORMED", "the signature fields are of another shape")
    return covered, value.value


def _require_digest(headers: Mapping[str, str], body_digest: bytes) -> None:
    try:
        member = parse_dictionary(headers.get("content-digest", "")).get("sha-256")
    except MalformedFieldError as error:
        raise MessageSignatureError("MALFORMED", str(error)) from error
    if not isinstance(member, Item) or not isinstance(member.value, bytes):
        raise MessageSignatureError("MISSING", "there is no SHA-256 content digest")
    if not hmac.compare_digest(member.value, body_digest):
        raise MessageSignatureError("DIGEST", "the body is not the one that was sent")


def _require_time(covered: InnerList, now: datetime, window: timedelta) -> datetime:
    created, expires = covered.parameters.get("created"), covered.parameters.get("expires")
    if not isinstance(created, int) or isinstance(created, bool):
        raise MessageSignatureError("TIME", "the signature has no time of creation")
    seconds = now.timestamp()
    if abs(seconds - created) > window.total_seconds():
        raise MessageSignatureError("TIME", "the signature is too old, or from the future")
    if expires is not None and (not isinstance(expires, int) or expires < seconds):
        raise MessageSignatureError("TIME", "the signature has expired")
    return datetime.fromtimestamp(created, UTC)


def _member(text: str, key: str) -> str:
    try:
        member = parse_dictionary(text).get(key)
    except MalformedFieldError as error:
        raise MessageSignatureError("MALFORMED", str(error)) from error
    if member is None:
        raise MessageSignatureError("MISSING", f"the member {key} is missing")
    return str(member)


def _canonical_field(text: str) -> str:
    """Strip the value (2.1). A line break in it could pass for another line of the base: refused."""
    if "\n" in text or "\r" in text:
        raise MessageSignatureError("MALFORMED", "a field has a line break in it")
    return text.strip(" \t")


def _lower(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}
