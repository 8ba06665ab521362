"""Programs of others that tests use when they are there, and must have with HOCBA_REQUIRE_EXTERNAL=True."""

from __future__ import annotations

import os

import pytest


def skip_without(program: str, *, installed: bool) -> pytest.MarkDecorator:
    """Skips tests without the program; where it is asked for they run, and fail for want of it."""
    required = os.environ.get("HOCBA_REQUIRE_EXTERNAL") == "True"
    return pytest.mark.skipif(not installed and not required, reason=f"{program} is not installed")
