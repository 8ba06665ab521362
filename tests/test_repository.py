"""The literal content of the repository."""

from __future__ import annotations

import configparser
import re
import subprocess
import tomllib
from pathlib import Path

import hocba
from hocba.cli import main

ROOT = Path(__file__).parent.parent


def tracked() -> list[Path]:
    """Every file git knows."""
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return [ROOT / name for name in names.decode().split("\0") if name]


class TestVersion:
    def test_is_the_same_everywhere(self) -> None:
        project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
        newest = re.search(
            r"^## \[?v?(\d+\.\d+\.\d+)", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE
        )

        assert newest
        assert newest.group(1) == project["version"] == hocba.__version__


class TestLockFiles:
    def test_pin_with_hashes_and_name_no_host(self) -> None:
        for file in (ROOT / "requirements").glob("*.txt"):
            text = file.read_text("utf-8")
            pins = re.findall(r"^[a-z0-9].*==", text, re.MULTILINE)

            assert pins
            assert text.count("--hash=sha256:") >= len(pins)
            assert "://" not in text

    def test_hold_every_dependency_that_the_project_names(self) -> None:
        project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
        locked = (ROOT / "requirements" / "runtime.txt").read_text("utf-8").lower()
        for dependency in project["dependencies"]:
            name = re.split(r"[\[<>=]", dependency)[0].strip().lower()

            assert re.search(rf"^{re.escape(name)}==", locked, re.MULTILINE), name


class TestSecrets:
    def test_are_not_in_the_repository(self) -> None:
        marks = (
            b"-----BEGIN " + b"PRIVATE KEY",
            b"-----BEGIN " + b"RSA PRIVATE",
            b"-----BEGIN " + b"ENCRYPTED PRIVATE",
        )
        holding = [path for path in tracked() if path.exists() and any(m in path.read_bytes() for m in marks)]

        assert not holding

    def test_no_key_file_is_tracked(self) -> None:
        assert not [path for path in tracked() if path.suffix in {".p12", ".pfx", ".key"}]


class TestDocuments:
    def test_name_every_command(self) -> None:
        found = re.search(r"`hocba ((?:[a-z-]+ \| )+[a-z-]+)`", (ROOT / "README.md").read_text("utf-8"))

        assert found
        assert found.group(1).split(" | ") == list(main.COMMANDS)

    def test_name_every_folder_of_docs_and_the_agent(self) -> None:
        text = (ROOT / "README.md").read_text("utf-8")
        folders = {f"docs/{path.name}/" for path in (ROOT / "docs").iterdir() if path.is_dir()} - {
            "docs/images/"
        }

        assert [name for name in sorted({*folders, "agent/"}) if f"]({name})" not in text] == []

    def test_draw_the_layers_that_are_enforced(self) -> None:
        rules = configparser.ConfigParser(inline_comment_prefixes=None, comment_prefixes=(";",))
        rules.read(ROOT / ".importlinter", "utf-8")
        enforced = rules["importlinter:contract:layers"]["layers"].strip().splitlines()
        drawn = (
            (ROOT / "ARCHITECTURE.md")
            .read_text("utf-8")
            .partition("## Layers\n\n```\n")[2]
            .partition("```")[0]
        )

        names = [re.split(r" {2,}", line)[0] for line in drawn.splitlines() if not line.startswith(" ")]
        assert names == [line.strip() for line in enforced if line.strip()]


class TestReadme:
    def test_names_the_two_commands(self) -> None:
        text = (ROOT / "README.md").read_text("utf-8")

        assert "make demo" in text
        assert "make test" in text
