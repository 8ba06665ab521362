"""The files of the class that the end-to-end tests walk through the house."""

from __future__ import annotations

import pytest

from tests.e2e.walk import Walk, walked


@pytest.fixture(scope="session")
def walk(pytestconfig: pytest.Config) -> Walk:
    return walked(pytestconfig)
