"""Problems go over the wire and come back whole."""

from __future__ import annotations

import json

import pytest

from hocba.exchange.errors import MalformedProblemError
from hocba.exchange.problems import ProblemDetails, ProblemItem, sentences_of

FULL = ProblemDetails(
    type="urn:hocba:problem:roster-incomplete",
    title="Danh sách lớp chưa đầy đủ",
    status=422,
    detail="Có 2 học sinh thiếu mã định danh.",
    instance="urn:uuid:6f1f1f0e-4f5b-4f0a-9d54-1f8c0d3f6d11",
    errors=(
        ProblemItem(code="MISSING_ID", detail="Thiếu mã định danh.", pointer="/pupils/3/personal_id"),
        ProblemItem(code="TOO_OLD", detail="Dữ liệu đã cũ."),
    ),
)


class TestToJson:
    def test_comes_back_the_same(self) -> None:
        assert ProblemDetails.from_json(FULL.to_json(), status=400) == FULL

    def test_leaves_out_what_says_nothing(self) -> None:
        assert json.loads(ProblemDetails(status=404, title="Không tìm thấy").to_json()) == {
            "type": "about:blank",
            "title": "Không tìm thấy",
            "status": 404,
        }


class TestFromJson:
    def test_passes_over_members_of_the_wrong_type(self) -> None:
        read = ProblemDetails.from_json(
            '{"title": 7, "status": "x", "errors": {"a": 1}, "more": []}', status=503
        )
        assert read == ProblemDetails(status=503, title="")

    def test_keeps_errors_that_are_no_objects_as_text(self) -> None:
        assert ProblemDetails.from_json('{"errors": ["đứt"]}', status=500).errors == (
            ProblemItem(code="", detail="đứt"),
        )

    @pytest.mark.parametrize("text", ["", "<html>", "[]", "[" * 100_000, b"\xff\xfe"])
    def test_refuses_what_is_no_object(self, text: str | bytes) -> None:
        with pytest.raises(MalformedProblemError):
            ProblemDetails.from_json(text, status=500)


class TestSentencesOf:
    def test_says_title_detail_and_every_error(self) -> None:
        assert sentences_of(FULL.to_json().encode(), status=422) == [
            "Danh sách lớp chưa đầy đủ",
            "Có 2 học sinh thiếu mã định danh.",
            "Thiếu mã định danh.",
            "Dữ liệu đã cũ.",
        ]

    @pytest.mark.parametrize("body", [b"", b"<html>", b"{}"])
    def test_says_the_status_of_an_answer_that_says_nothing(self, body: bytes) -> None:
        assert sentences_of(body, status=503) == ["HTTP 503"]
