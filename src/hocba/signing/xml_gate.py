"""The gate for uploaded XML: what is too big, too deep or too clever is refused before anything looks at it.

The scan of the bytes comes first and needs no parser: a document of ours holds no `<!` and no `<?` but its
declaration, so a DOCTYPE, an entity, a comment or a processing instruction shows at once. Counting `<` bounds
the number of elements before memory is spent on them. What this gate cannot do is limit the parser's process:
whoever takes uploads from strangers runs it in a worker with memory and time limits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import cast

from lxml import etree

from hocba.signing.errors import ForbiddenStructureError, UnreadableError
from hocba.signing.xmldsig_names import IDENTIFIERS, canonical, ds


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Ceilings of one file; a transcript has about 600 elements, a class's year book about 20,000."""

    size: int = 5 * 1024 * 1024
    elements: int = 100_000
    attributes: int = 100_000
    attributes_of_one: int = 32
    depth: int = 32
    signatures: int = 200


DEFAULT_LIMITS = Limits()

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_OTHER_ENCODINGS = (
    b"\xff\xfe",
    b"\xfe\xff",
    b"\x00\x00\xfe\xff",
    b"\x00<",
    b"<\x00",
    b"\x00\x00\x00<",
    b"Lo\xa7\x94",
)
_DECLARATION = re.compile(
    rb"""<\?xml\s+version\s*=\s*["']1\.0["'](?:\s+encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["'])?"""
    rb"""(?:\s+standalone\s*=\s*["'](?:yes|no)["'])?\s*\?>"""
)
_ATTRIBUTE = re.compile(rb"""=\s*["']""")
_NAMESPACE = re.compile(rb"""xmlns(?::[^\s=]*)?\s*=\s*["']([^"']*)""")
_SURE_NAMESPACE = re.compile(rb"urn:[a-z0-9:.-]+|http://www\.w3\.org/[A-Za-z0-9/.-]*#?")
"""Names of which the canonical form has no doubt; any other is tried."""
_FORBIDDEN = {
    b"<!--": ("COMMENT", "chú thích XML"),
    b"<![CDATA[": ("CDATA", "đoạn CDATA"),
    b"<?": ("PROCESSING_INSTRUCTION", "chỉ thị xử lý XML"),
}
"""What would be seen by some readers and not by others."""
_MARK = re.compile(rb"<!--|<!\[CDATA\[|<[!?]")
_ELEMENTS = etree.XPath("count(//*)")
_IDENTIFIERS = etree.XPath(IDENTIFIERS, smart_strings=False)


def parse_untrusted(data: bytes, *, limits: Limits = DEFAULT_LIMITS) -> etree._Element:
    """Read an uploaded file and give its root element.

    Guaranteed afterwards: UTF-8, no DOCTYPE, entity, comment, processing instruction or CDATA section, no
    identifier twice, sizes within `limits`, and that there is a canonical form of it.

    Raises:
        ForbiddenStructureError: well-formed, but with something the profile forbids.
        UnreadableError: everything else.
    """
    if not data.strip():
        raise UnreadableError("EMPTY", "Tệp rỗng.")
    if len(data) > limits.size:
        raise UnreadableError("TOO_LARGE", f"Tệp lớn hơn mức cho phép ({limits.size // 1024} KiB).")
    body = _require_utf8(data)
    marks = _marks(body)
    _require_countable(body, limits)
    root = _parse(body)
    _require_plain_content(marks)
    _require_within(root, limits)
    _require_unique_identifiers(root)
    _require_canonical_form(root, body)
    return root


def _require_utf8(data: bytes) -> bytes:
    """Give the bytes without byte-order mark and XML declaration."""
    if data.startswith(_OTHER_ENCODINGS):
        raise UnreadableError("ENCODING", "Tệp không dùng bảng mã UTF-8.")
    body = data.removeprefix(_BYTE_ORDER_MARK)
    try:
        body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UnreadableError("ENCODING", "Tệp chứa ký tự không đúng bảng mã UTF-8.") from error
    if not re.match(rb"<\?xml\s", body):
        return body
    declaration = _DECLARATION.match(body)
    if declaration is None:
        raise UnreadableError("NOT_XML", "Khai báo XML ở đầu tệp không hợp lệ (chỉ nhận XML 1.0).")
    if (declaration[1] or b"UTF-8").upper() != b"UTF-8":
        raise UnreadableError("ENCODING", "Tệp khai báo bảng mã khác UTF-8.")
    return body[declaration.end() :]


def _marks(body: bytes) -> set[bytes]:
    """Give the kinds of marks that are in the file, and stop at a declaration."""
    marks: set[bytes] = set()
    if b"!" not in body and b"?" not in body:
        return marks
    for match in _MARK.finditer(body):
        if match[0] == b"<!":
            raise UnreadableError(
                "DOCTYPE", "Tệp có khai báo DOCTYPE hoặc thực thể (ENTITY), không được chấp nhận."
            )
        marks.add(match[0])
    return marks


def _require_countable(body: bytes, limits: Limits) -> None:
    # Few bytes hold few of anything, and need no counting.
    if len(body) > 2 * limits.elements and body.count(b"<") > 2 * limits.elements:
        raise UnreadableError("TOO_MANY_ELEMENTS", "Tệp có quá nhiều phần tử XML.")
    # A byte is counted several times as fast as a pattern is searched, and no attribute is without it.
    if (
        len(body) > limits.attributes
        and body.count(b"=") > limits.attributes
        and _more_than(limits.attributes, _ATTRIBUTE.finditer(body))
    ):
        raise UnreadableError("TOO_MANY_ATTRIBUTES", "Tệp có quá nhiều thuộc tính XML.")


def _more_than(ceiling: int, things: Iterator[object]) -> bool:
    return next(islice(things, ceiling, None), None) is not None


def _parse(body: bytes) -> etree._Element:
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
        strip_cdata=False, collect_ids=False, recover=False,
    )  # fmt: skip
    try:
        return etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise UnreadableError("NOT_XML", "Tệp không phải là XML đúng cú pháp hoặc đã bị hỏng.") from error


def _require_plain_content(marks: set[bytes]) -> None:
    for mark, (code, name) in _FORBIDDEN.items():
        if mark in marks:
            raise ForbiddenStructureError(
                code, f"Tệp có {name}, không được phép trong học bạ số và sổ điện tử."
            )


@lru_cache(maxsize=8)
def _deeper_than(depth: int) -> etree.XPath:
    return etree.XPath("boolean(" + "/*" * (depth + 1) + ")")


@lru_cache(maxsize=8)
def _wider_than(attributes: int) -> etree.XPath:
    return etree.XPath(f"boolean(//*/@*[{attributes + 1}])")


def _require_within(root: etree._Element, limits: Limits) -> None:
    if _deeper_than(limits.depth)(root):
        raise UnreadableError("TOO_DEEP", "Tệp có các phần tử XML lồng nhau quá sâu.")
    if cast("float", _ELEMENTS(root)) > limits.elements:
        raise UnreadableError("TOO_MANY_ELEMENTS", "Tệp có quá nhiều phần tử XML.")
    if _wider_than(limits.attributes_of_one)(root):
        # The canonical form sorts them by insertion: ninety thousand on one element take a quarter of a minute.
        raise UnreadableError("TOO_MANY_ATTRIBUTES", "Một phần tử XML trong tệp có quá nhiều thuộc tính.")
    if _more_than(limits.signatures, root.iter(ds("Signature"))):
        raise UnreadableError("TOO_MANY_SIGNATURES", "Tệp có quá nhiều chữ ký số.")


def _require_unique_identifiers(root: etree._Element) -> None:
    identifiers = cast("list[str]", _IDENTIFIERS(root))
    if len(set(identifiers)) != len(identifiers):
        raise ForbiddenStructureError("DUPLICATE_ID", "Tệp có hai phần tử mang cùng một mã định danh (Id).")


def _require_canonical_form(root: etree._Element, body: bytes) -> None:
    """A relative namespace name has none (Canonical XML 1.0, 1.3), and nothing could be digested later."""
    if all(map(_SURE_NAMESPACE.fullmatch, set(_NAMESPACE.findall(body)))):
        return
    try:
        canonical(root)
    except etree.C14NError as error:
        raise ForbiddenStructureError("NAMESPACE", "Tệp khai báo không gian tên XML không hợp lệ.") from error
