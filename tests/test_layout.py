"""The house rules that a machine can check and no linter knows."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).parent.parent / "src" / "hocba"
FILES = sorted(SOURCE.rglob("*.py"))
SIDES = ("sector", "tracking", "transcripts", "city", "portal")
PURE = ("regulations", "signing", "documents", "exchange")
REFUSED_NAMES = {"utils", "helpers", "common", "misc", "services", "util", "helper"}
CLOCKS = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"), ("timezone", "now"),
          ("time", "time")}  # fmt: skip


def apps() -> list[Path]:
    """Every Django app of the house."""
    return sorted(path.parent for path in SOURCE.rglob("apps.py"))


def imported_names(file: Path) -> set[str]:
    """Top-level names of everything a file imports."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.add(node.module.split(".")[0])
    return found


class TestRegulations:
    def test_import_the_standard_library_and_themselves_only(self) -> None:
        strangers = {
            (file.name, name)
            for file in (SOURCE / "regulations").rglob("*.py")
            for name in imported_names(file) - set(sys.stdlib_module_names)
            if name != "hocba"
        }

        assert not strangers


class TestPurePackages:
    def test_never_read_a_clock(self) -> None:
        found = []
        for package in PURE:
            for file in (SOURCE / package).rglob("*.py"):
                for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                    if (
                        isinstance(node, ast.Call)
                        and isinstance(node.func, ast.Attribute)
                        and isinstance(node.func.value, ast.Name)
                        and (node.func.value.id, node.func.attr) in CLOCKS
                    ):
                        found.append(f"{file.relative_to(SOURCE)}:{node.lineno}")

        assert not found


class TestFiles:
    def test_are_named_after_what_they_are_about(self) -> None:
        assert not [file for file in FILES if file.stem in REFUSED_NAMES]

    def test_stay_below_four_hundred_lines(self) -> None:
        too_long = {
            str(file.relative_to(SOURCE)): count
            for file in FILES
            if (count := len(file.read_text("utf-8").splitlines())) > 400
        }

        assert not too_long

    def test_of_sides_hang_nothing_on_signals(self) -> None:
        assert not [
            file
            for side in SIDES
            for file in (SOURCE / side).rglob("*.py")
            if "@receiver" in file.read_text("utf-8")
        ]


class TestApps:
    @pytest.mark.parametrize("app", apps(), ids=lambda path: str(path.relative_to(SOURCE)))
    def test_have_a_readme_and_a_label_of_their_side(self, app: Path) -> None:
        assert (app / "README.md").exists() or app.name == "tests"
        label = "_".join(app.relative_to(SOURCE).parts[:2])
        assert f'label = "{label}"' in (app / "apps.py").read_text("utf-8")
