"""Every fuzz target, briefly and always the same way; `make fuzz` goes on from there for as long as one likes."""

from __future__ import annotations

import importlib
import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fuzz import harness
from tests.fuzz.harness import Target

NAMES = (
    "evidence_bundles", "http_fields", "json_messages", "records", "revocation", "signed_data", "signing_packages",
    "timestamp_tokens", "trust_documents", "verify_pdf", "verify_xml", "workbooks",
)  # fmt: skip


def target(name: str) -> Target:
    found = importlib.import_module(f"tests.fuzz.{name}").TARGET
    assert isinstance(found, Target)
    return found


class TestTargets:
    def test_are_all_tried(self) -> None:
        folder = Path(__file__).parent
        written = {path.stem for path in folder.glob("*.py") if not path.stem.startswith(("test_", "__"))}

        assert written - {"harness", "mutators"} == set(NAMES)

    @pytest.mark.parametrize("name", NAMES)
    def test_find_nothing_in_their_first_changes(self, name: str) -> None:
        target(name).try_many(150, seed=2026)

    @pytest.mark.parametrize("name", NAMES)
    def test_find_nothing_any_more_where_they_did(self, name: str) -> None:
        for path in harness.vectors(name):
            target(name).try_one(path.read_bytes())

    @pytest.mark.skipif(
        importlib.util.find_spec("atheris") is None, reason="Atheris has no build for this platform"
    )
    @pytest.mark.parametrize("name", ["signed_data", "http_fields"])
    def test_are_driven_by_libfuzzer(self, name: str) -> None:
        """Two of them, since each start takes seconds; `make fuzz` drives all."""
        done = subprocess.run(
            [sys.executable, "-m", f"tests.fuzz.{name}", "-runs=100", "-seed=1"],
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

        assert done.returncode == 0, done.stderr[-2000:]
        assert "Done " in done.stderr


class TestHarness:
    def test_tells_a_finding(self) -> None:
        """Otherwise the tests above would show nothing."""

        def examine(data: bytes) -> None:
            if b"!" in data:
                raise RuntimeError("found")

        hunted = Target(
            name="itself", examine=examine, seeds=lambda: [b"abc"], mutator=lambda data, chance: data + b"!"
        )

        with pytest.raises(RuntimeError, match="found"):
            hunted.try_many(5, seed=1)

    def test_tells_what_takes_too_long(self) -> None:
        slow = Target(
            name="itself",
            examine=lambda data: sum(range(100_000)) and None,
            seeds=list,
            mutator=lambda data, chance: data,
            slowest=0.0,
        )

        with pytest.raises(harness.TooSlowError):
            slow.try_one(b"")
