"""Which tokens an object may be made of, and the few dictionaries that are read as values.

One pattern says at once that an object is well-formed enough to have a single reading (no comments, no
escapes in names) and that it names nothing that acts, hides, or fetches from elsewhere.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, TypeAlias

from hocba.signing.pdf_structure import broken

if TYPE_CHECKING:
    from collections.abc import Iterable

Value: TypeAlias = "str | int | bytes | list[Value] | dict[str, Value]"
"""Names are str with their slash, references int, everything else the token's bytes."""

FORBIDDEN: Final = """
    JavaScript JS Launch OpenAction AA URI GoTo GoToR GoToE GoTo3DView SubmitForm ImportData ResetForm Named Hide
    Movie Sound Screen Rendition RichMedia SetOCGState Thread Threads Trans XFA NeedAppearances
    OCProperties OCG OCMD OC Encrypt Crypt ObjStm XRef XRefStm Collection Alternates AlternatePresentations Ref OPI
    PS Popup FreeText Stamp Link FileAttachment Redact Watermark Extends Requirements PieceInfo Legal F
""".split()  # noqa: SIM905 - a word list reads better than a hundred quotes
FORBIDDEN_AT_FIRST: Final = ["Annots", "Annot", "AcroForm", "Widget", "Perms", "Sig", "Version"]
"""What comes only with the fields and the signatures."""
FORBIDDEN_LATER: Final = [*FORBIDDEN_AT_FIRST, "EmbeddedFile", "Filespec", "Catalog", "Page", "Pages", "Prev"]
"""What no picture of a signature needs."""

_PLAIN = rb"[^()\\\r\n%]|\\[()\\nrtbf]"
_NESTED = rb"(?:%b|\((?:%b|\((?:%b)*+\))*+\))*+" % (_PLAIN, _PLAIN, _PLAIN)
_STRING = rb"\(%b\)" % _NESTED
_HEXADECIMAL = rb"<[0-9A-Fa-f]*+>"
_NUMBER = rb"[-+]?\d[\d.]*+|[-+]?\.\d++"
_REGULAR = rb"[A-Za-z0-9_.+\-]"
_NAME_TEXT = rb"(?:application#2Fxml|%b++)" % _REGULAR
_NAME = b"/" + _NAME_TEXT
_COUNT = rb"\d[\d.]*+(?: 0 R\b)?+"
"""A number or a reference: most of what follows a name or stands in brackets, so both are taken in one step."""
_SPACING = rb"(?:[ \n\[\]]++(?:%b)?+)" % _COUNT
_WORD = rb"true|false|null|\bR\b"


def _pattern(forbidden: list[str]) -> re.Pattern[bytes]:
    allowed = rb"/(?!%b(?!%b))%b(?: %b)?+" % (_any_of(forbidden).encode(), _REGULAR, _NAME_TEXT, _COUNT)
    # "/F" is the flags of a widget (a number) and the file of a file specification, never a stream's source.
    file_name = rb"/F(?=\(hoc-ba\.xml\)| \d++ 0 R/UF)"
    tokens = (allowed, file_name, b"<<|>>", _SPACING, _NUMBER, _STRING, _HEXADECIMAL, _WORD)
    return re.compile(rb"(?:%b)*+" % b"|".join(tokens), re.DOTALL)


def _any_of(words: Iterable[str]) -> str:
    """A pattern of all the words that looks at each letter once; a row of alternatives tries every word."""
    by_first: dict[str, list[str]] = {}
    for word in words:
        by_first.setdefault(word[:1], []).append(word[1:])
    is_word = by_first.pop("", None) is not None
    branches = [re.escape(letter) + _any_of(rests) for letter, rests in by_first.items()]
    return f"(?:{'|'.join(branches)})" + ("?" if is_word else "") if branches else ""


_FIRST = _pattern([*FORBIDDEN, *FORBIDDEN_AT_FIRST])
_LATER = _pattern([*FORBIDDEN, *FORBIDDEN_LATER])
_TOKEN = re.compile(
    rb"(?P<ref>(\d++) 0 R\b)|(?P<name>%b)|(?P<open><<|\[)|(?P<close>>>|\])|(?P<blank>[ \n]++)"
    rb"|(?P<other>%b|%b|%b|true|false|null)" % (_NAME, _STRING, _HEXADECIMAL, _NUMBER)
)
_DEEPEST = 12


def harmless_at_first(text: bytes) -> bool:
    """Whether objects (without streams) of the first revision hold only what a typeset page needs."""
    return _FIRST.fullmatch(text) is not None


def harmless_later(text: bytes) -> bool:
    """Whether objects (without streams) of a signature's picture hold only what a picture needs."""
    return _LATER.fullmatch(text) is not None


def dictionary(body: bytes) -> dict[str, Value]:
    """Read a dictionary object; a repeated key, or anything but a dictionary, is refused.

    Raises:
        UnreadableError: it is not one.
    """
    found = list(_TOKEN.finditer(body))
    tokens = [token for token in found if token.lastgroup != "blank"]
    if sum(len(token[0]) for token in found) != len(body) or not tokens:
        raise broken("từ điển không đọc được")
    value, after = _value(tokens, 0, 0)
    if after != len(tokens) or not isinstance(value, dict):
        raise broken("từ điển không đọc được")
    return value


def _value(tokens: list[re.Match[bytes]], at: int, depth: int) -> tuple[Value, int]:
    token = tokens[at]
    kind = token.lastgroup
    if kind == "ref":
        return int(token[2]), at + 1
    if kind == "name":
        return token[0].decode("ascii"), at + 1
    if kind != "open":
        return token[0], at + 1
    items, at = _items(tokens, at, depth)
    if token[0] == b"[":
        return items, at
    keys = items[0::2]
    result = {key: value for key, value in zip(keys, items[1::2], strict=False) if isinstance(key, str)}
    if len(result) * 2 != len(items):
        raise broken("từ điển có khóa lặp hoặc thiếu giá trị")
    return result, at


def _items(tokens: list[re.Match[bytes]], at: int, depth: int) -> tuple[list[Value], int]:
    """The values up to the bracket that closes the one at `at`."""
    closing = b">>" if tokens[at][0] == b"<<" else b"]"
    items: list[Value] = []
    at += 1
    while at < len(tokens) and tokens[at][0] != closing:
        if depth == _DEEPEST or tokens[at].lastgroup == "close":
            raise broken("từ điển không đọc được")
        value, at = _value(tokens, at, depth + 1)
        items.append(value)
    if at == len(tokens):
        raise broken("từ điển không đóng")
    return items, at + 1
