"""The result of a verification as a sheet for the file of whoever received the transcript (Quy chế Điều 10).

    sheet = sheet_of("an.xml", full_json(report))
    page(sheet), pdf(sheet)

Only words and numbers of the report are on it, none of the marks: a sheet says what was checked, not what was signed.
"""

from __future__ import annotations

from hocba.documents.result_sheets.sheet import Sheet, sheet_of

__all__ = ["Sheet", "sheet_of"]
