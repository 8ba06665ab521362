"""The table of attacks (docs/reference/attacks.md) names what exists, and leaves no attack's test out."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TABLE = ROOT / "docs" / "reference" / "attacks.md"
NAMED = re.compile(r"`(tests/[a-z0-9_/]+\.py)((?:::[A-Za-z0-9_]+)*)`")
MODULE = re.compile(r"`((?:signing|documents|exchange|desk)/[a-z0-9_/]+\.py)`")


def rows() -> list[str]:
    """The rows of all tables, without their heads."""
    lines = TABLE.read_text("utf-8").splitlines()
    return [line for line in lines if line.startswith("| ") and not line.startswith(("| Attack", "| ---"))]


@cache
def methods_of(file: str) -> frozenset[str]:
    """`Class`, `Class::test` and `test` of a file, with what a class has from its bases in the same file."""
    tree = ast.parse((ROOT / file).read_text("utf-8"))
    found: set[str] = set()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            found.add(node.name)
        if isinstance(node, ast.ClassDef) and node.name.startswith("Test"):
            found.add(node.name)
            found |= {
                f"{node.name}::{each.name}"
                for each in node.body
                if isinstance(each, ast.FunctionDef) and each.name.startswith("test_")
            }
    return frozenset(found)


def named() -> set[tuple[str, str]]:
    """File and test of everything that the table names."""
    return {(file, test.removeprefix("::")) for file, test in NAMED.findall(TABLE.read_text("utf-8"))}


class TestTable:
    def test_has_every_cell_that_says_something(self) -> None:
        for row in rows():
            attack, _, stopped, shown = (cell.strip() for cell in row.strip("|").split("|"))
            assert attack, row
            assert stopped, row
            assert NAMED.search(shown), row

    def test_names_tests_that_exist(self) -> None:
        missing = [
            (file, test)
            for file, test in sorted(named())
            if not (ROOT / file).exists() or (test and test not in methods_of(file))
        ]

        assert missing == []

    def test_names_modules_that_exist(self) -> None:
        modules = set(MODULE.findall(TABLE.read_text("utf-8")))

        assert len(modules) > 20
        assert [each for each in sorted(modules) if not (ROOT / "src" / "hocba" / each).exists()] == []

    def test_leaves_no_adversarial_test_out(self) -> None:
        known = named()
        left_out = [
            f"{file}::{test}"
            for path in sorted((ROOT / "tests" / "adversarial").glob("test_*.py"))
            for file in [str(path.relative_to(ROOT))]
            for test in sorted(methods_of(file))
            if (file, test) not in known and (file, test.partition("::")[0]) not in known and "::" in test
        ]

        assert left_out == []
