"""Logs without personal data."""

from __future__ import annotations

import json
import logging
import sys

import pytest

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

    @pytest.mark.parametrize(
        "quoted",
        [
            "LINE 1: ...homeroom_remark = 'Nguyễn Văn An hay đánh bạn' AND (absences = 'ba')...\n          ^",
            "LINE 12: SELECT 'Nguyễn Văn An'\n               ^\nHINT:  Add casts for Nguyễn.",
            "QUERY:  SELECT 'Nguyễn Văn An'",
        ],
    )
    def test_leaves_out_pieces_of_the_statement(self, quoted: str) -> None:
        try:
            raise ValueError(f"invalid input syntax for type integer\n{quoted}")
        except ValueError:
            line = logged("failed: %s", f"wrong\n{quoted}", exc_info=sys.exc_info())

        assert line["message"] == "failed: wrong"
        assert line["exception"].endswith("ValueError: invalid input syntax for type integer")

    @pytest.mark.parametrize(
        ("message", "kept"),
        [
            (
                'invalid input syntax for type smallint: "An nghỉ"',
                "invalid input syntax for type smallint: …",
            ),
            (
                "Field 'absences' expected a number but got 'An nghỉ'.",
                "Field 'absences' expected a number but got …",
            ),
        ],
    )
    def test_leaves_out_the_value_that_is_refused(self, message: str, kept: str) -> None:
        assert logged(message)["message"] == kept

    def test_leaves_them_out_of_messages_too(self) -> None:
        assert logged("not stored: %s", DETAIL)["message"].endswith('constraint "once"')

    def test_masks_personal_ids(self) -> None:
        assert logged("pupil %s", "079214000001")["message"] == "pupil ************"
