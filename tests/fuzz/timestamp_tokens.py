"""Time-stamp requests, answers and tokens: TimestampError, or just what the unit stamped."""

from __future__ import annotations

import contextlib
from functools import cache

from hocba.exchange.preservation import bundles
from hocba.signing import certificates, digests, timestamps
from hocba.signing.errors import TimestampError
from hocba.signing.evidence import records
from tests.factories import golden
from tests.fuzz import mutators
from tests.fuzz.harness import Target, fuzz

FOLDER = golden.FOLDER.parent / "golden_proofs" / "bang-chung-1"


@cache
def _stamped() -> tuple[bytes, bytes, tuple[certificates.x509.Certificate, ...]]:
    """A golden token, the digest it is over, and the authorities of units."""
    bundle = bundles.read((FOLDER / "moi.bang-chung.zip").read_bytes())
    time = bundles.describe(bundle).time
    trusted = [certificates.load(data) for name, data in bundle.units.items() if name.endswith(".pem")]
    return (
        records.read(time.record).newest.token,
        digests.digest("sha256", time.note.encode()),
        tuple(trusted),
    )


def examine(data: bytes) -> None:
    """A token that a trusted unit signed says what the golden one says; the rest only must not break."""
    token, digest, trusted = _stamped()
    for read in (timestamps.read_request, lambda each: timestamps.parse(each, digest)):
        with contextlib.suppress(TimestampError):
            read(data)
    with contextlib.suppress(TimestampError):
        timestamps.token_of(data, request=timestamps.build_request(digest, nonce=7))
    try:
        found = timestamps.read(data, digest, trusted)
    except TimestampError:
        return
    good = timestamps.read(token, digest, trusted)
    assert (found.at, found.serial, found.certificate) == (good.at, good.serial, good.certificate)


def seeds() -> list[bytes]:
    """The token, a request, and an answer with the token in it."""
    token, digest, _ = _stamped()
    status = bytes.fromhex("3003020100")
    content = status + token
    answer = b"\x30\x82" + len(content).to_bytes(2, "big") + content
    return [token, timestamps.build_request(digest, nonce=7), answer]


TARGET = Target(
    name="timestamp_tokens", examine=examine, seeds=seeds, mutator=mutators.of_der, largest=1 << 17
)

if __name__ == "__main__":
    fuzz(TARGET)
