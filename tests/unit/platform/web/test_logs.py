"""Logs without personal data."""

from __future__ import annotations

import json
import logging
import sys

from hocba.platform.web.logs import JsonFormatter

DETAIL = (
    'duplicate key value violates unique constraint "once"\n'
    "DETAIL:  Failing row contains (1, Nguyễn Văn An, chăm\n\nngoan, 8.0).\n"
    "CONTEXT:  unnamed portal parameter $1 = 'Nguyễn Văn An'"
)


def logged(message: str, *args: object, exc_info: object = None) -> dict[str, str]:
    record = logging.LogRecord("x", logging.ERROR, "x", 1, message, args, exc_info)  # type: ignore[arg-type]
    found: dict[str, str] = json.loads(JsonFormatter().format(record))
    return found


class TestJsonFormatter:
    def test_leaves_out_rows_that_the_database_quotes(self) -> None:
        try:
            try:
                raise ValueError(DETAIL)
            except ValueError as error:
                raise RuntimeError(DETAIL) from error
        except RuntimeError:
            line = logged("failed", exc_info=sys.exc_info())

        assert "Nguyễn" not in line["exception"]
        assert "ngoan" not in line["exception"]
        assert "The above exception was the direct cause" in line["exception"]
        assert line["exception"].count("duplicate key") == 2

    def test_leaves_them_out_of_messages_too(self) -> None:
        assert logged("not stored: %s", DETAIL)["message"].endswith('constraint "once"')

    def test_masks_personal_ids(self) -> None:
        assert logged("pupil %s", "079214000001")["message"] == "pupil ************"
