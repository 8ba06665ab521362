from __future__ import annotations

import pytest

from tests.external.programs import skip_without


@pytest.mark.parametrize(
    ("required", "installed", "skipped"), [("", False, True), ("True", False, False), ("", True, False)]
)
def test_a_missing_program_is_skipped_unless_it_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, required: str, installed: bool, skipped: bool
) -> None:
    monkeypatch.setenv("HOCBA_REQUIRE_EXTERNAL", required)
    assert skip_without("program", installed=installed).args == (skipped,)
