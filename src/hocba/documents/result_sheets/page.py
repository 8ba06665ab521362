"""The sheet as one HTML file that needs nothing else: no script, no font, no address, so it opens from any disk."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from hocba.documents.result_sheets.sheet import TITLE
from hocba.documents.verification.wording import STATUSES
from hocba.signing.checks import Status

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from hocba.documents.result_sheets.sheet import Row, Sheet, Signature

_STYLE: Final = """
body{font:16px/1.5 system-ui,sans-serif;color:#1b1f23;background:#fff;max-width:46rem;margin:0 auto;padding:1rem}
h1{font-size:1.4rem}h2{font-size:1.1rem;margin-top:1.8rem}h3{font-size:1rem;margin-bottom:.2rem}
.verdict{border-left:.5rem solid;padding:.6rem 1rem;background:#f6f7f8}.verdict strong{font-size:1.3rem}
.valid,.passed{color:#1a6330}.invalid,.unreadable,.failed{color:#a3171c}.indeterminate,.not_checked{color:#7a5200}
.verdict p,.verdict small{color:#1b1f23;margin:.3rem 0 0}
.verdict .warning{color:#a3171c;font-weight:600}
table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.35rem .5rem;
border-top:1px solid #d5d9dd;overflow-wrap:anywhere}th{font-weight:600;width:32%}td.status{white-space:nowrap}
@media(max-width:30rem){tr,th,td{display:block;width:auto}td,th+td{border-top:0;padding-top:0}}
@media print{body{font-size:11pt;max-width:none}}
"""
_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'"


def page(sheets: Sequence[Sheet]) -> str:
    """The sheets of one or more files as an HTML document."""
    body = "".join(part for sheet in sheets for part in _sheet(sheet))
    return (
        f'<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>{TITLE}</title>'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<style>{_STYLE}</style></head><body><h1>{TITLE}</h1>{body}</body></html>\n"
    )


def _sheet(sheet: Sheet) -> Iterator[str]:
    yield (
        f'<div class="verdict {escape(sheet.verdict)}"><strong>{escape(sheet.conclusion)}</strong>'
        f"<p>{escape(sheet.meaning)}</p>"
    )
    if sheet.warning:
        yield f'<p class="warning">{escape(sheet.warning)}</p>'
    if sheet.standard:
        yield f"<small>ETSI EN 319 102-1: {escape(sheet.standard)}</small>"
    yield f"</div>{_pairs(sheet.facts)}"
    yield "<h2>Các nội dung phải kiểm tra (Điều 10 khoản 2 Quy chế)</h2>"
    yield f"<table>{''.join(_row(row) for row in sheet.items)}</table>"
    if sheet.signatures:
        yield f"<h2>{len(sheet.signatures)} chữ ký số</h2>"
        yield from (_signature(item) for item in sheet.signatures)
    yield f"<h2>Chưa kiểm tra</h2>{_pairs(sheet.unchecked)}"


def _row(row: Row) -> str:
    words = STATUSES[Status(row.status)]
    return (
        f'<tr><th scope="row">{escape(row.title)}</th>'
        f'<td class="status {escape(row.status)}">{escape(words)}</td><td>{escape(row.detail)}</td></tr>'
    )


def _signature(item: Signature) -> str:
    return (
        f'<h3>{escape(item.title)} — <span class="{escape(item.verdict)}">{escape(item.outcome.lower())}</span></h3>'
        f"{_pairs(item.facts)}"
    )


def _pairs(pairs: Iterable[tuple[str, str]]) -> str:
    rows = (f'<tr><th scope="row">{escape(label)}</th><td>{escape(text)}</td></tr>' for label, text in pairs)
    return f"<table>{''.join(rows)}</table>"
