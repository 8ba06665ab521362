"""Tokens, activation data and PKCE verifiers at rest: AES-256-GCM under a key derived from the site's secret key.

The session's id is bound in, so what is kept of one session opens in no other.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

if TYPE_CHECKING:
    from uuid import UUID

_NONCE = 12


@dataclass(slots=True)
class Kept:
    """What a session must remember. `token` lists credentials or calls with a SAD, `sad` may be a token itself."""

    state: str = field(default="", repr=False)
    verifier: str = field(default="", repr=False)
    token: str = field(default="", repr=False)
    sad: str = field(default="", repr=False)
    handle: str = field(default="", repr=False)


def seal(session: UUID, kept: Kept) -> bytes:
    """Encrypt for one session."""
    nonce = os.urandom(_NONCE)
    return nonce + _cipher(settings.SECRET_KEY).encrypt(
        nonce, json.dumps(asdict(kept)).encode(), session.bytes
    )


def unseal(session: UUID, content: bytes) -> Kept:
    """Decrypt; nothing is remembered where the secret key changed meanwhile."""
    if not content:
        return Kept()
    try:
        opened = _cipher(settings.SECRET_KEY).decrypt(content[:_NONCE], content[_NONCE:], session.bytes)
    except InvalidTag:
        return Kept()
    return Kept(**json.loads(opened))


@lru_cache(maxsize=4)
def _cipher(secret_key: str) -> AESGCM:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"hocba remote signing sessions")
    return AESGCM(derived.derive(secret_key.encode()))
