"""Distinguished names written as text, read back into their parts so that two writings can be compared.

`X509SubjectName` in a `ds:KeyInfo` is signed by nobody and every toolkit writes it in its own way: RFC 4514
(last part first), .NET (quotes, `OID.` prefixes, blanks after commas), OpenSSL's one-line order (first part
first). Names are therefore compared as parsed parts, in both orders.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cryptography import x509

Part = frozenset[tuple[str, str]]
"""One relative distinguished name: (dotted attribute OID, value) pairs, usually just one."""

_OIDS = {
    "CN": "2.5.4.3",
    "SN": "2.5.4.4",
    "SERIALNUMBER": "2.5.4.5",
    "C": "2.5.4.6",
    "L": "2.5.4.7",
    "ST": "2.5.4.8",
    "S": "2.5.4.8",  # .NET
    "STREET": "2.5.4.9",
    "O": "2.5.4.10",
    "OU": "2.5.4.11",
    "T": "2.5.4.12",
    "TITLE": "2.5.4.12",
    "G": "2.5.4.42",
    "GN": "2.5.4.42",
    "GIVENNAME": "2.5.4.42",
    "ORGANIZATIONIDENTIFIER": "2.5.4.97",
    "UID": "0.9.2342.19200300.100.1.1",
    "USERID": "0.9.2342.19200300.100.1.1",
    "DC": "0.9.2342.19200300.100.1.25",
    "E": "1.2.840.113549.1.9.1",
    "EMAILADDRESS": "1.2.840.113549.1.9.1",
}
_STRING_TAGS = {0x0C: "utf-8", 0x13: "ascii", 0x14: "latin-1", 0x16: "ascii", 0x1E: "utf-16-be"}


def normalise(value: str) -> str:
    """NFC, and every run of blanks as one: the differences toolkits make without meaning any."""
    return " ".join(unicodedata.normalize("NFC", value).split())


def parse(text: str) -> tuple[Part, ...]:
    """The parts of a written name in the order written; raises ValueError on anything that is no name."""
    parts: list[Part] = []
    for piece in _split(text, ",;"):
        pairs = frozenset(_pair(item) for item in _split(piece, "+"))
        parts.append(pairs)
    return tuple(parts)


def parts_of(name: x509.Name) -> tuple[Part, ...]:
    """The parts of a certificate's name in the certificate's own order."""
    return tuple(
        frozenset((item.oid.dotted_string, normalise(_text(item.value))) for item in part)
        for part in name.rdns
    )


def is_written(text: str, parts: tuple[Part, ...]) -> bool:
    """Whether `text` writes the name of these parts, in RFC 4514 order or in theirs.

    What a text says is remembered, so the caller bounds its length.
    """
    written = _parsed(text)
    return bool(parts) and written in (parts, parts[::-1])


@lru_cache(maxsize=1024)
def _parsed(text: str) -> tuple[Part, ...] | None:
    try:
        return parse(text)
    except ValueError:
        return None


def _text(value: str | bytes) -> str:
    return value if isinstance(value, str) else value.hex()


def _split(text: str, separators: str) -> Iterator[str]:
    """Cut at separators that are neither escaped nor within quotes; escapes and quotes stay in the pieces."""
    piece: list[str] = []
    quoted = escaped = False
    for char in text:
        if not escaped and not quoted and char in separators:
            yield "".join(piece)
            piece = []
            continue
        piece.append(char)
        if not escaped and char == '"':
            quoted = not quoted
        escaped = char == "\\" and not escaped
    if quoted or escaped:
        raise ValueError("unbalanced quotes or a trailing backslash")
    yield "".join(piece)


def _pair(item: str) -> tuple[str, str]:
    key, equals, value = item.partition("=")
    if not equals:
        raise ValueError(f"no '=' in {item!r}")
    return _oid(key.strip()), normalise(_value(value.strip()))


def _oid(key: str) -> str:
    upper = key.upper().removeprefix("OID.")
    if upper in _OIDS:
        return _OIDS[upper]
    if upper and all(arc.isdecimal() for arc in upper.split(".")):
        return upper
    raise ValueError(f"unknown attribute {key!r}")


def _value(text: str) -> str:
    if text.startswith("#"):
        return _from_der(bytes.fromhex(text[1:]))
    if len(text) >= 2 and text[0] == text[-1] == '"':
        return _unescape(text[1:-1].replace('""', '"'))
    return _unescape(text)


def _unescape(text: str) -> str:
    """RFC 4514 section 3: a backslash before a special character, or before the two digits of a byte."""
    out = bytearray()
    position = 0
    while position < len(text):
        if text[position] != "\\":
            out += text[position].encode()
            position += 1
        elif _is_hex(text[position + 1 : position + 3]):
            out.append(int(text[position + 1 : position + 3], 16))
            position += 3
        else:
            out += text[position + 1 : position + 2].encode()
            position += 2
    return out.decode()


def _is_hex(pair: str) -> bool:
    return len(pair) == 2 and all(char in "0123456789abcdefABCDEF" for char in pair)


def _from_der(data: bytes) -> str:
    """A short DER string, as RFC 4514 writes the value of an attribute it has no keyword for."""
    if len(data) < 2 or data[0] not in _STRING_TAGS:
        raise ValueError("not a DER string")
    length, start = data[1], 2
    if length == 0x81 and len(data) > 2:
        length, start = data[2], 3
    if (length >= 0x80 and start == 2) or len(data) != start + length:
        raise ValueError("not a DER string")
    return data[start:].decode(_STRING_TAGS[data[0]])
