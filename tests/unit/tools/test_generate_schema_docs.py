"""The reference pages of the schemas."""

from __future__ import annotations

import sys

import pytest
from lxml import etree
from tools import generate_schema_docs


class TestPages:
    @pytest.mark.parametrize("name", generate_schema_docs.PAGES)
    def test_are_those_that_the_schemas_give_today(self, name: str) -> None:
        assert (generate_schema_docs.REFERENCE / f"{name}.md").read_text(
            "utf-8"
        ) == generate_schema_docs.page(name)

    @pytest.mark.parametrize("name", generate_schema_docs.PAGES)
    def test_name_every_element_of_the_schema(self, name: str) -> None:
        schema = etree.parse(generate_schema_docs.SCHEMAS / f"{name}.xsd")
        names = {
            each.get("name") for each in schema.iter(f"{generate_schema_docs.XS}element") if each.get("name")
        }

        page = generate_schema_docs.page(name)

        assert not [each for each in names if f"{each}`" not in page]

    def test_lead_to_every_signed_example(self) -> None:
        pages = "".join(map(generate_schema_docs.page, generate_schema_docs.PAGES))
        files = [
            path for path in generate_schema_docs.GOLDEN.glob("*/*.*") if path.suffix in {".xml", ".pdf"}
        ]

        assert files
        for path in files:
            assert f"[{path.name}](../../{path.relative_to(generate_schema_docs.ROOT)})" in pages


class TestCheck:
    def test_fails_on_a_stale_page_and_writes_nothing(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: object, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(generate_schema_docs, "REFERENCE", tmp_path)
        monkeypatch.setattr(sys, "argv", ["generate_schema_docs", "--check"])

        assert generate_schema_docs.main() == 1
        assert "hoc-ba-1.0.md is stale" in capsys.readouterr().out
        assert not list(tmp_path.iterdir())  # type: ignore[attr-defined]
