"""Strict JSON."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from enum import StrEnum
from typing import Any, Literal

import pytest

from hocba.documents.transcript import Digest
from hocba.documents.xml import simple_types
from hocba.exchange.json_codec import MessageError, Reader, parse, to_plain


class Colour(StrEnum):
    RED = "RED"
    BLUE = "BLUE"


@dataclass(frozen=True)
class Part:
    name: str
    mark: str | None = None


@dataclass(frozen=True)
class Sample:
    count: int
    on: bool
    at: datetime
    digest: Digest
    colour: Colour
    side: Literal["left", "right"]
    parts: tuple[Part, ...]
    maybe: int | None


AT = datetime(2025, 5, 28, 9, 30, tzinfo=timezone(timedelta(hours=7)))
SAMPLE = Sample(
    count=1,
    on=True,
    at=AT,
    digest=Digest(algorithm="sha256", value="a" * 64),
    colour=Colour.RED,
    side="left",
    parts=(Part("An"), Part("Bình", "8.0")),
    maybe=None,
)


def read(data: Any) -> tuple[Any, dict[str, str]]:
    reader = Reader({(Part, "mark"): simple_types.MARK})
    value = reader.record(Sample, data, "")
    return value, {problem.pointer: problem.message for problem in reader.problems}


class TestReader:
    def test_gives_back_what_was_written(self) -> None:
        assert read(to_plain(SAMPLE)) == (SAMPLE, {})

    @pytest.mark.parametrize(
        ("name", "value", "pointer", "words"),
        [
            ("count", "1", "/count", "phải là số nguyên"),
            ("count", True, "/count", "phải là số nguyên"),
            ("on", 1, "/on", "phải là true hoặc false"),
            ("at", "28/05/2025", "/at", "ISO 8601"),
            ("at", "2025-05-28T09:30:00", "/at", "thiếu múi giờ"),
            ("at", "2025-05-28T09:30:00.5+07:00", "/at", "chỉ ghi đến giây"),
            ("digest", "sha1:" + "a" * 40, "/digest", "giá trị băm"),
            ("digest", "sha256:" + "A" * 64, "/digest", "giá trị băm"),
            ("colour", "GREEN", "/colour", "RED, BLUE"),
            ("side", "up", "/side", "left, right"),
            ("side", ["left"], "/side", "left, right"),
            ("parts", {}, "/parts", "phải là một danh sách"),
            ("parts", ["An"], "/parts/0", "phải là một đối tượng"),
            ("parts", [{"name": "An"}, {"name": ""}], "/parts/1/name", "đang để trống"),
            ("parts", [{"name": "An", "mark": "8,0"}], "/parts/0/mark", "không phải là điểm"),
            ("parts", [{"name": "Tra\u0302\u0300n"}], "/parts/0/name", "NFC"),
            ("parts", [{"name": "An\u0000"}], "/parts/0/name", r"U\+0000"),
            ("parts", [{"name": "An", "a/b~": 1}], "/parts/0/a~1b~0", "không có trong cấu trúc"),
            ("maybe", "x", "/maybe", "phải là số nguyên"),
        ],
    )
    def test_points_at_what_is_wrong(self, name: str, value: Any, pointer: str, words: str) -> None:
        found, problems = read({**to_plain(SAMPLE), name: value})

        assert found is None
        assert list(problems) == [pointer]
        assert words.replace("\\", "") in problems[pointer]

    def test_tells_all_problems_at_once(self) -> None:
        _, problems = read({"count": "x", "parts": [{"nam": 1}], "at": 3, "more": 1})

        assert set(problems) == {
            "/count",
            "/parts/0/nam",
            "/parts/0/name",
            "/at",
            "/more",
            "/on",
            "/digest",
            "/colour",
            "/side",
            "/maybe",
        }

    def test_lets_a_field_with_a_default_be_left_out(self) -> None:
        value, problems = read({**to_plain(SAMPLE), "parts": [{"name": "An"}]})

        assert problems == {}
        assert value.parts == (Part("An"),)


class TestToPlain:
    def test_writes_instants_in_vietnamese_time_to_the_second(self) -> None:
        utc = datetime(2025, 5, 28, 2, 30, 0, 999, tzinfo=timezone.utc)  # noqa: UP017

        assert to_plain(utc) == "2025-05-28T09:30:00+07:00"


class TestParse:
    @pytest.mark.parametrize(
        "text",
        [b"", b"{", b'{"a":1,"a":2}', b'{"a":1.5}', b'{"a":NaN}', b"\xff", b'"\xed\xa0\x80"', b"[" * 100_000],
        ids=[
            "empty",
            "cut",
            "a name twice",
            "a fraction",
            "no number",
            "not UTF-8",
            "a surrogate",
            "too deep",
        ],
    )
    def test_refuses_what_is_not_plain_json(self, text: bytes) -> None:
        with pytest.raises(MessageError, match="không đọc được JSON"):
            parse(text)

    def test_reads_utf_8(self) -> None:
        assert parse('{"a": ["Ỷ", 1, null]}'.encode()) == {"a": ["Ỷ", 1, None]}
