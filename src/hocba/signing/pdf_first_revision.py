"""The revision that the typesetter made: nothing unexplained in it, nothing that acts, one attachment."""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING, Final

from hocba.signing.pdf_structure import broken
from hocba.signing.pdf_tokens import dictionary, harmless_at_first

if TYPE_CHECKING:
    from hocba.signing.pdf_structure import PdfFile
    from hocba.signing.pdf_tokens import Value

LARGEST_ATTACHMENT: Final = 2 * 2**20

_HEAD: Final = re.compile(rb"%PDF-1\.7\n%[\x80-\xff]{4}\n\n?")
_STREAM: Final = b">>\nstream\n"
_END_STREAM: Final = b"\nendstream"
_LENGTH = re.compile(rb"/Length (\d{1,9})(?![\d ])")
_CATALOG_KEYS: Final = {
    "/Type", "/Pages", "/Metadata", "/OutputIntents", "/Lang", "/StructTreeRoot", "/MarkInfo",
    "/ViewerPreferences", "/Outlines", "/Names", "/AF", "/PageLabels",
}  # fmt: skip


def require_explained(file: PdfFile) -> None:
    """Check that the first revision is a row of whole, harmless objects and nothing else.

    Raises:
        UnreadableError: bytes between objects, a wrong stream length, a forbidden name, an unknown catalogue.
    """
    revision = file.revisions[0]
    head = _HEAD.match(file.data)
    in_order = sorted((offset, number) for number, offset in revision.offsets.items())
    if head is None or in_order[0][0] != head.end():
        raise broken("phần đầu tệp sai")
    ends = [offset for offset, _ in in_order[1:]] + [revision.table]
    heads = [
        without_stream(object_between(file.data, number, offset, end))
        for (offset, number), end in zip(in_order, ends, strict=True)
    ]
    if not harmless_at_first(b"\n".join(heads)):
        raise broken("có thành phần không được phép (tập lệnh, chú thích, liên kết, lớp ẩn)")
    if not set(dictionary(file.up_to(1).body(revision.root))) <= _CATALOG_KEYS:
        raise broken("danh mục tệp có mục lạ")


def object_between(data: bytes, number: int, start: int, end: int) -> bytes:
    """The body of the object that fills the bytes from `start` to `end`."""
    head, tail = b"%d 0 obj\n" % number, b"\nendobj\n"
    if not data.startswith(head, start) or not data.endswith(tail, start + len(head), end):
        raise broken("có dữ liệu nằm ngoài các đối tượng")
    return data[start + len(head) : end - len(tail)]


def without_stream(body: bytes) -> bytes:
    """An object without its stream, whose length must be the declared one."""
    head, mark, stream = body.partition(_STREAM)
    if not mark:
        return body
    lengths = _LENGTH.findall(head)
    if (
        len(lengths) != 1
        or len(stream) != int(lengths[0]) + len(_END_STREAM)
        or not stream.endswith(_END_STREAM)
    ):
        raise broken("luồng dữ liệu có độ dài sai")
    return head + b">>"


def attachment(file: PdfFile, name: str) -> bytes | None:
    """The bytes of the only attached file, which must have this name; None when nothing is attached.

    Raises:
        UnreadableError: several attachments, another name, or one that does not unpack to a bounded size.
    """
    first = file.up_to(1)
    names = dictionary(first.body(first.last.root)).get("/Names")
    if names is None:
        return None
    match names:
        case {"/EmbeddedFiles": {"/Names": [label, int() as specification]}} if (
            label == b"(%b)" % name.encode()
        ):
            return _embedded(first, dictionary(first.body(specification)))
    raise broken("tệp đính kèm không như quy định")


def _embedded(file: PdfFile, specification: dict[str, Value]) -> bytes:
    match specification.get("/EF"):
        case {"/F": int() as stream, "/UF": int() as same} if stream == same:
            head, _, rest = file.body(stream).partition(_STREAM)
            return _unpacked(dictionary(head + b">>"), rest.removesuffix(_END_STREAM))
    raise broken("tệp đính kèm không như quy định")


def _unpacked(description: dict[str, Value], data: bytes) -> bytes:
    filters = description.get("/Filter")
    if filters is None:
        return data
    if filters not in ("/FlateDecode", ["/FlateDecode"]) or "/DecodeParms" in description:
        raise broken("tệp đính kèm nén theo cách không được phép")
    unpacker = zlib.decompressobj()
    try:
        result = unpacker.decompress(data, LARGEST_ATTACHMENT)
    except zlib.error as error:
        raise broken("tệp đính kèm hỏng") from error
    if not unpacker.eof:
        raise broken("tệp đính kèm quá lớn hoặc hỏng")
    return result
