"""The one shape of PDF that is written and accepted here: classic cross-reference tables, revisions in a row.

A file is a first revision by the typesetter and increments by `hocba.signing`; each ends with its own table,
trailer and %%EOF, and starts where the one before ends. Nothing of it is guessed or repaired.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from hocba.signing.errors import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LARGEST_FILE: Final = 5 * 2**20
MOST_REVISIONS: Final = 8
MOST_OBJECTS: Final = 20_000

_ENTRY = 20  # bytes of one line of a cross-reference table
_TABLE_LINES = re.compile(rb"(?:\d{10} 00000 n(?: \n|\r\n))+")
_SUBSECTION = re.compile(rb"(\d{1,6}) (\d{1,6})\n")
_TRAILER = re.compile(
    rb"trailer\n<</Size (\d{1,6})/Root (\d{1,6}) 0 R/Info (\d{1,6}) 0 R"
    rb"/ID(\[\([A-Za-z0-9+/=]{24}\)\([A-Za-z0-9+/=]{24}\)\])(?:/Prev (\d{1,9}))?>>\n"
    rb"startxref\n(\d{1,9})\n%%EOF"
)
_LAST = re.compile(rb"startxref\n(\d{1,9})\n%%EOF\Z")


@dataclass(frozen=True, slots=True)
class Revision:
    """One revision: `start` and `end` are byte offsets, `table` where its cross-references begin.

    `offsets` holds the objects this revision defines, by number.
    """

    start: int
    table: int
    end: int
    size: int
    root: int
    info: int
    identifier: bytes
    previous: int | None
    offsets: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class PdfFile:
    """A file and its revisions that are looked at, oldest first; `data` may go on after the last of them."""

    data: bytes
    revisions: tuple[Revision, ...]

    @property
    def last(self) -> Revision:
        """The newest revision."""
        return self.revisions[-1]

    def body(self, number: int) -> bytes:
        """What the newest revision that defines an object says, without "n 0 obj" and "endobj".

        Raises UnreadableError when there is no such object or it does not stand where the table says.
        """
        for revision in reversed(self.revisions):
            offset = revision.offsets.get(number)
            if offset is not None:
                return body_at(self.data, number, offset, revision.table)
        raise broken(f"thiếu đối tượng {number}")

    def up_to(self, count: int) -> PdfFile:
        """The file as it was after its first `count` revisions."""
        return PdfFile(self.data, self.revisions[:count])


def broken(what: str) -> UnreadableError:
    """The error for a PDF that is not of the accepted shape."""
    return UnreadableError("pdf.structure", f"Cấu trúc tệp PDF không đúng quy định của học bạ số: {what}.")


def body_at(data: bytes, number: int, offset: int, limit: int) -> bytes:
    """The body of the object at an offset, which must end before `limit`."""
    head = b"%d 0 obj\n" % number
    if not data.startswith(head, offset):
        raise broken(f"đối tượng {number} không nằm đúng vị trí")
    start = offset + len(head)
    end = data.find(b"\nendobj\n", start, limit)
    if end < 0:
        raise broken(f"đối tượng {number} không kết thúc")
    return data[start:end]


def read(data: bytes) -> PdfFile:
    """Read the revisions of a file.

    Raises:
        UnreadableError: empty, too large, not a PDF, truncated, or not of the accepted shape.
    """
    _gate(data)
    last = _LAST.search(data, max(0, len(data) - 40))
    if last is None:
        raise _unfinished(data)
    newest_first = [_section(data, int(last[1]))]
    while (previous := newest_first[-1].previous) is not None:
        if len(newest_first) == MOST_REVISIONS or previous >= newest_first[-1].table:
            raise broken("quá nhiều lần cập nhật")
        newest_first.append(_section(data, previous))
    return PdfFile(data, _in_a_row(data, newest_first[::-1]))


def _unfinished(data: bytes) -> UnreadableError:
    """A whole revision with something after it was tampered with; without one, the file was cut off."""
    if b"\n%%EOF" in data:
        return UnreadableError("pdf.trailing", "Tệp PDF có dữ liệu nằm ngoài phần đã kết thúc của tệp.")
    return UnreadableError("pdf.truncated", "Tệp PDF bị cắt cụt hoặc hỏng.")


def _gate(data: bytes) -> None:
    if not data:
        raise UnreadableError("pdf.empty", "Tệp rỗng.")
    if len(data) > LARGEST_FILE:
        raise UnreadableError("pdf.too_large", f"Tệp PDF lớn hơn {LARGEST_FILE // 2**20} MB.")
    if not data.startswith(b"%PDF-1.7\n"):
        is_pdf = data[:1024].find(b"%PDF-") >= 0
        raise (
            broken("không phải PDF 1.7") if is_pdf else UnreadableError("pdf.not_pdf", "Tệp không phải PDF.")
        )


def _section(data: bytes, table: int) -> Revision:
    if not data.startswith(b"xref\n", table):
        raise broken("không tìm thấy bảng tham chiếu")
    offsets: dict[int, int] = {}
    at = table + len(b"xref\n")
    while (header := _SUBSECTION.match(data, at)) is not None:
        at = _subsection(data, header, offsets)
    trailer = _TRAILER.match(data, at)
    if trailer is None or int(trailer[6]) != table:
        raise broken("phần kết thúc tệp không hợp lệ")
    size, root, info = (int(trailer[index]) for index in (1, 2, 3))
    previous = int(trailer[5]) if trailer[5] else None
    return Revision(0, table, trailer.end(), size, root, info, trailer[4], previous, offsets)


def _subsection(data: bytes, header: re.Match[bytes], offsets: dict[int, int]) -> int:
    first, count, at = int(header[1]), int(header[2]), header.end()
    end = at + count * _ENTRY
    if first == 0:
        if data[at : at + 18] != b"0000000000 65535 f":
            raise broken("bảng tham chiếu sai")
        first, at, count = 1, at + _ENTRY, count - 1
    if len(offsets) + count > MOST_OBJECTS or count < 1:
        raise broken("bảng tham chiếu sai kích thước")
    lines = data[at:end]
    found = _TABLE_LINES.fullmatch(lines)
    if found is None or len(lines) != count * _ENTRY:
        raise broken("bảng tham chiếu sai")
    numbers = range(first, first + count)
    if not offsets.keys().isdisjoint(numbers):
        raise broken("có đối tượng được khai báo hai lần")
    offsets.update(zip(numbers, map(int, lines.split()[::3]), strict=True))
    return end


def _in_a_row(data: bytes, oldest_first: Sequence[Revision]) -> tuple[Revision, ...]:
    """Revisions with their starts; each begins where the one before ends, the last ends the file."""
    if oldest_first[-1].end != len(data):
        raise broken("có dữ liệu sau phần kết thúc")
    placed: list[Revision] = []
    start, size = 0, 0
    for revision in oldest_first:
        if not start <= min(revision.offsets.values()) <= max(revision.offsets.values()) < revision.table:
            raise broken("bảng tham chiếu trỏ ra ngoài")
        if revision.size < size or max(revision.offsets) >= revision.size:
            raise broken("số hiệu đối tượng vượt quá khai báo")
        values = [getattr(revision, name) for name in Revision.__slots__[1:]]
        placed.append(Revision(start, *values))
        start, size = revision.end, revision.size
    for before, after in pairwise(placed):
        if (before.root, before.info, before.identifier) != (after.root, after.info, after.identifier):
            raise broken("các lần cập nhật không thuộc cùng một tệp")
    return tuple(placed)


def increment(last: Revision, objects: Mapping[int, bytes]) -> bytes:
    """The bytes to append after `last` so that these objects (number to body) are new or replaced."""
    parts, offsets = [b"\n"], {}
    at = last.end + 1
    for number in sorted(objects):
        text = b"%d 0 obj\n%b\nendobj\n" % (number, objects[number])
        offsets[number] = at
        at += len(text)
        parts.append(text)
    size = max(last.size, max(objects) + 1)
    parts += [b"xref\n", *_table(offsets)]
    parts.append(
        b"trailer\n<</Size %d/Root %d 0 R/Info %d 0 R/ID%b/Prev %d>>\nstartxref\n%d\n%%%%EOF"
        % (size, last.root, last.info, last.identifier, last.table, at)
    )
    return b"".join(parts)


def _table(offsets: Mapping[int, int]) -> list[bytes]:
    """The lines of a cross-reference table, one subsection for each run of numbers."""
    lines: list[bytes] = []
    run: list[int] = []
    for number in [*sorted(offsets), -1]:
        if run and number != run[-1] + 1:
            lines.append(b"%d %d\n" % (run[0], len(run)))
            lines += [b"%010d 00000 n \n" % offsets[member] for member in run]
            run = []
        run.append(number)
    return lines
