"""The sheet as a PDF for the file (PDF/A-3a, PDF/UA-1), set by Typst like the other forms."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from hocba.documents.pdf.form import FONT
from hocba.documents.pdf.typesetting import typesetter
from hocba.documents.result_sheets.sheet import TITLE, Sheet
from hocba.documents.verification.wording import STATUSES
from hocba.signing import instants
from hocba.signing.checks import Status

if TYPE_CHECKING:
    from collections.abc import Sequence

LAYOUT: Final = "ket_qua.typ"
_NEVER: Final = datetime(2000, 1, 1, tzinfo=UTC)


def pdf(sheets: Sequence[Sheet]) -> bytes:
    """The sheets of one or more files; the same sheets give the same bytes. Raises ValueError without any."""
    if not sheets:
        raise ValueError("no sheet to print")
    judged_at = sheets[0].judged_at or _NEVER
    data = {
        "font": FONT,
        "title": TITLE,
        "printed": instants.moment(judged_at),
        "statuses": {str(status): STATUSES[status] for status in Status},
        "sheets": [asdict(sheet) | {"judged_at": ""} for sheet in sheets],
    }
    return typesetter(LAYOUT).pdf(json.dumps(data, ensure_ascii=False), created_at=judged_at)
