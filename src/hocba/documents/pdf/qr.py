"""QR code of a verification address as a small SVG picture (ISO/IEC 18004, error correction M).

segno knows the standard; but it builds every symbol module by module, which cost a tenth of a whole form. Here what
all addresses of one length share comes from segno once, and an address is a few operations on large numbers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import chain, zip_longest
from operator import itemgetter
from typing import TYPE_CHECKING, Final

import segno

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

# By version: codewords of error correction in a block, and of data in each block (ISO/IEC 18004 table 9, level M).
_BLOCKS: Final = {
    1: (10, (16,)), 2: (16, (28,)), 3: (26, (44,)), 4: (18, (32,) * 2), 5: (24, (43,) * 2), 6: (16, (27,) * 4),
    7: (18, (31,) * 4), 8: (22, (38, 38, 39, 39)), 9: (22, (36, 36, 36, 37, 37)),
}  # fmt: skip
_MASK: Final = 2
_FINDER, _TIMING = (
    8,
    6,
)  # modules a finder takes with its border, and the row and column of the timing patterns
_PRIME: Final = 0x11D
_DARK = re.compile("1+")


def qr_svg(address: str) -> str:
    """SVG of the QR code of an ASCII address; one stroked path, one unit a module.

    The mask is fixed: choosing the best of eight costs four times the rest, and every mask is readable.
    Raises ValueError when the address is longer than 180 letters.
    """
    symbol, size = modules(address.encode("ascii"))
    path = "".join(_row(y, symbol[y * size : (y + 1) * size]) for y in range(size))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" width="{size}" height="{size}">'
        f'<path stroke="#000" d="{path}"/></svg>'
    )


def modules(data: bytes) -> tuple[str, int]:
    """The modules row after row, "1" for a dark one, and how many a row has.

    Raises ValueError when it is more than 180 bytes.
    """
    version = next((version for version in _BLOCKS if len(data) + 2 <= sum(_BLOCKS[version][1])), None)
    if version is None:
        raise ValueError("the address is too long for a QR code of the form")
    template = _template(version)
    size = template.size
    codewords = _codewords(data, version)
    bits = f"{int.from_bytes(codewords, 'big'):0{8 * len(codewords)}b}0"
    placed = int("".join(template.place(bits)), 2) ^ template.empty
    return f"{placed:0{size * size}b}", size


def _row(y: int, row: str) -> str:
    """The dark runs of a row as strokes through its middle."""
    parts, at = [f"M0 {y}.5"], 0
    for run in _DARK.finditer(row):
        start, end = run.span()
        parts.append(f"m{start - at} 0h{end - start}")
        at = end
    return "".join(parts)


def _codewords(data: bytes, version: int) -> bytes:
    """Byte mode, padded, cut into blocks, with error correction, interleaved."""
    correction, sizes = _BLOCKS[version]
    room = sum(sizes)
    head = 0x4 << 8 | len(data)
    message = ((head << 8 * len(data) | int.from_bytes(data, "big")) << 4).to_bytes(len(data) + 2, "big")
    message += (b"\xec\x11" * room)[: room - len(message)]
    blocks, at = [], 0
    for size in sizes:
        blocks.append(message[at : at + size])
        at += size
    checks = [_remainder(block, correction) for block in blocks]
    return bytes(chain(_interleaved(blocks), _interleaved(checks)))


def _interleaved(blocks: Sequence[bytes]) -> Iterator[int]:
    return (word for column in zip_longest(*blocks) for word in column if word is not None)


def _remainder(block: bytes, correction: int) -> bytes:
    """Reed-Solomon check words of a block."""
    table = _products(correction)
    top, kept, remainder = 8 * (correction - 1), (1 << 8 * correction) - 1, 0
    for word in block:
        remainder = (remainder << 8 & kept) ^ table[remainder >> top ^ word]
    return remainder.to_bytes(correction, "big")


@cache
def _products(correction: int) -> tuple[int, ...]:
    """The generator polynomial of that degree times every byte, without the leading term, as numbers."""
    generator, root = [1], 1
    for _ in range(correction):
        raised = [_times(term, root) for term in generator]
        generator = [a ^ b for a, b in zip([*generator, 0], [0, *raised], strict=True)]
        root = _times(root, 2)
    return tuple(
        int.from_bytes(bytes(_times(term, factor) for term in generator[1:]), "big") for factor in range(256)
    )


def _times(a: int, b: int) -> int:
    """A product in the field of 256 elements."""
    product = 0
    while b:
        product ^= a if b & 1 else 0
        a = a << 1 ^ (_PRIME if a & 0x80 else 0)
        b >>= 1
    return product


@dataclass(frozen=True, slots=True)
class _Template:
    """A version: the symbol as it is for codewords of zeros, and where each bit of the codewords goes."""

    size: int
    empty: int
    place: Callable[[str], tuple[str, ...]]


@cache
def _template(version: int) -> _Template:
    """Learn a version from a symbol by segno: every symbol is the empty one and its codewords, one over the other."""
    sample = b"x" * (sum(_BLOCKS[version][1]) - 2)
    code = segno.make_qr(sample, version=version, error="m", boost_error=False, mask=_MASK, mode="byte")
    size = len(code.matrix)
    codewords = _codewords(sample, version)
    count = 8 * len(codewords)
    order = [count] * (size * size)
    for bit, (row, column) in zip(range(count), _path(version, size), strict=False):
        order[row * size + column] = bit
    place = itemgetter(*order)
    bits = f"{int.from_bytes(codewords, 'big'):0{count}b}0"
    known = int("".join(str(module) for row in code.matrix for module in bytes(row)), 2)
    return _Template(size, known ^ int("".join(place(bits)), 2), place)


def _path(version: int, size: int) -> Iterator[tuple[int, int]]:
    """The modules for codewords in their order: pairs of columns from the right, upwards and downwards in turn."""
    upwards = True
    for right in (*range(size - 1, _TIMING, -2), *range(_TIMING - 1, 0, -2)):
        for row in range(size - 1, -1, -1) if upwards else range(size):
            for column in (right, right - 1):
                if not _is_pattern(version, size, row, column):
                    yield row, column
        upwards = not upwards


def _is_pattern(version: int, size: int, row: int, column: int) -> bool:
    near, far = _FINDER + 1, size - _FINDER
    if _TIMING in (row, column) or (row < near and (column < near or column >= far)):
        return True
    if row >= far and column < near:
        return True
    if version >= 7 and ((row < 6 and column >= far - 3) or (column < 6 and row >= far - 3)):
        return True
    return _in_alignment(version, size, row, column)


def _in_alignment(version: int, size: int, row: int, column: int) -> bool:
    """Within two modules of the middle of an alignment pattern; three corners have finders instead."""
    last = size - 7
    middles = () if version == 1 else (6, last) if version < 7 else (6, size // 2, last)
    corners = {(6, 6), (6, last), (last, 6)}
    return any(
        (y, x) not in corners and abs(row - y) <= 2 and abs(column - x) <= 2 for y in middles for x in middles
    )
