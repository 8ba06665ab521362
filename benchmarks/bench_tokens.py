"""What signing through PKCS#11 costs: `python -m benchmarks.bench_tokens [SIGNATURES]` (1,000), one line per figure.

With SoftHSM2, whose keys are in this machine. Real tokens take a good part of a second for a signature: what counts is
that the agent and the channel add little. Wall-clock time; the machine should be quiet.
"""

from __future__ import annotations

import base64
import hashlib
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pkcs11
from cryptography.hazmat.primitives.serialization import Encoding
from tests.factories import soft_tokens
from tests.unit.agent.conftest import Clock, Page, Person

from hocba.channels.pkcs11 import open_key
from hocba_agent import libraries
from hocba_agent.api import Api
from hocba_agent.config import Config
from hocba_agent.server import Listening
from hocba_agent.tokens import Tokens

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.factories.soft_tokens import SoftTokens

    from hocba.signing.keys.pkcs12 import SoftwareKey

SIGNATURES = 1_000
CHUNK = 25


def main() -> None:
    """Print the figures."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else SIGNATURES
    soft = soft_tokens.soft_tokens()
    items = [f"<SignedInfo>{number}</SignedInfo>".encode() for number in range(count)]
    with tempfile.TemporaryDirectory() as directory:
        for name, label, key in (
            ("RSA-2048", "ky-so", soft.rsa),
            ("P-256", "xac-thuc", soft.elliptic),
        ):
            _say(f"software key, {name}", count, lambda key=key: [key.sign(item) for item in items])
            _module(soft, label, name, items, Path(directory))
            _agent(soft, key, name, items, Path(directory))


def _module(soft: SoftTokens, label: str, name: str, items: list[bytes], directory: Path) -> None:
    (directory / "pin").write_text(soft_tokens.PIN)
    key = open_key(soft.address(soft_tokens.TEACHER, label, directory / "pin"))
    _say(f"channels.pkcs11 sign, {name}", len(items), lambda: [key.sign(item) for item in items])
    _say(f"channels.pkcs11 sign_many, {name}", len(items), lambda: key.sign_many(items))
    key.close()


def _agent(soft: SoftTokens, key: SoftwareKey, name: str, items: list[bytes], directory: Path) -> None:
    libraries.candidates = lambda *_: iter(())  # type: ignore[assignment]
    config = Config(libraries=(soft.agent_library,))
    api = Api(config, directory, tokens=Tokens(config.libraries), prompter=Person(), clock=Clock())
    listening = Listening(api, [0], poll=0.02)
    page = Page(listening.port)
    page.pair()
    certificate = hashlib.sha256(key.certificate.public_bytes(Encoding.DER)).hexdigest()
    page.open(certificate, items)
    _say(
        f"hocba-agent over HTTP, chunks of {CHUNK}, {name}",
        len(items),
        lambda: [page.sign(items[start : start + CHUNK]) for start in range(0, len(items), CHUNK)],
    )
    status, answer = page.sign(items[-1:])
    assert status == 200
    assert base64.b64decode(answer["signatures"]["0"])
    listening.stop()
    pkcs11.lib(soft.agent_library).finalize()


def _say(what: str, count: int, work: Callable[[], object]) -> None:
    begun = time.perf_counter()
    work()
    seconds = time.perf_counter() - begun
    print(f"{what}: {count / seconds:,.0f} signatures/s ({1000 * seconds / count:.2f} ms each)")


if __name__ == "__main__":
    main()
