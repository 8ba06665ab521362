from __future__ import annotations

import importlib
import json
import re
from pathlib import Path
from typing import Any

import pytest

from hocba.regulations.evaluation import EVALUATORS, evaluate

ROOT = Path(__file__).parents[3]
VECTORS = ROOT / "tests" / "vectors" / "regulations"
PAGES = ROOT / "docs" / "regulations"


def load(regulation: str) -> list[dict[str, Any]]:
    vectors: list[dict[str, Any]] = json.loads((VECTORS / f"{regulation}.json").read_text("utf-8"))
    return vectors


EXAMPLES = [pytest.param(each, id=each["name"]) for regulation in EVALUATORS for each in load(regulation)]


class TestWorkedExamples:
    @pytest.mark.parametrize("example", EXAMPLES)
    def test_come_out_as_written(self, example: dict[str, Any]) -> None:
        answer = evaluate(example["input"])

        for key, expected in example["expected"].items():
            if key == "subject":
                found = next(each for each in answer["subjects"] if each["code"] == expected["code"])
                assert {name: found[name] for name in expected} == expected
            else:
                assert answer[key] == expected

    @pytest.mark.parametrize("regulation", EVALUATORS)
    def test_are_those_of_the_page_word_for_word(self, regulation: str) -> None:
        page = (PAGES / f"{regulation}.md").read_text("utf-8")
        rows = re.findall(r"^\| `(tt\d\d-\d\d)` \| (.+) \| (.+) \|$", page, re.MULTILINE)

        assert rows == [(each["name"], each["clause"], each["text"]) for each in load(regulation)]


class TestPages:
    @pytest.mark.parametrize("page", sorted(PAGES.glob("*.md")), ids=lambda page: page.stem)
    def test_name_functions_that_exist(self, page: Path) -> None:
        for name in re.findall(r"`(hocba\.[\w.]+)`", page.read_text("utf-8")):
            try:
                importlib.import_module(name)
            except ModuleNotFoundError:
                module, _, attribute = name.rpartition(".")
                assert hasattr(importlib.import_module(module), attribute), name

    @pytest.mark.parametrize("page", sorted(PAGES.glob("*.md")), ids=lambda page: page.stem)
    def test_link_to_records_that_exist(self, page: Path) -> None:
        for target in re.findall(r"\]\(([^)]+\.md)\)", page.read_text("utf-8")):
            assert (page.parent / target).exists(), target
