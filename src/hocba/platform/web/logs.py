"""Logs as data: one JSON line per event, without bodies, queries, rows or personal IDs."""

from __future__ import annotations

import json
import logging
import re
from datetime import UTC, datetime

# Twelve digits in a row are a personal ID (số định danh cá nhân): they never enter a log.
PERSONAL_ID = re.compile(r"(?<!\d)\d{12}(?!\d)")

# What PostgreSQL adds to an error quotes whole rows, parameters and pieces of the statement: names, remarks, marks.
QUOTED_ROWS = re.compile(
    r"\n(?:DETAIL|CONTEXT|STATEMENT|QUERY|LINE \d+):.*?(?=\n\n(?:The above exception|During handling of)|\Z)",
    re.DOTALL,
)
# Its messages, and Django's, also quote the one value that they refuse.
QUOTED_VALUE = re.compile(r"(invalid input (?:syntax|value) for [^\n:]*: |expected [^\n]{1,60} but got ).*")


def without_rows(text: str) -> str:
    """A message or traceback without what the database quotes from its rows and parameters."""
    return QUOTED_VALUE.sub(r"\1…", QUOTED_ROWS.sub("", text))


class JsonFormatter(logging.Formatter):
    """Formats a record as one line of JSON and masks personal IDs."""

    def format(self, record: logging.LogRecord) -> str:
        """One line; the traceback, if any, stays in it for the operator."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, tz=UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": without_rows(record.getMessage()),
        }
        if record.exc_info:
            line["exception"] = without_rows(self.formatException(record.exc_info))
        return PERSONAL_ID.sub("************", json.dumps(line, ensure_ascii=False, default=str))
