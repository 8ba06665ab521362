"""QR code of a verification address as a small SVG picture."""

from __future__ import annotations

import segno


def qr_svg(address: str) -> str:
    """SVG of the QR code (error correction M) of an ASCII address; one path, one unit a module.

    The mask is fixed: choosing the best of eight costs four times the rest, and every mask is readable.
    """
    code = segno.make_qr(address, error="m", boost_error=False, mask=2)
    size, _ = code.symbol_size(border=0)
    path = "".join(_row_path(y, bytes(row)) for y, row in enumerate(code.matrix))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" width="{size}" height="{size}">'
        f'<path d="{path}"/></svg>'
    )


def _row_path(y: int, row: bytes) -> str:
    parts: list[str] = []
    x = row.find(1)
    while x >= 0:
        end = row.find(0, x)
        end = len(row) if end < 0 else end
        parts.append(f"M{x} {y}h{end - x}v1h{x - end}z")
        x = row.find(1, end)
    return "".join(parts)
