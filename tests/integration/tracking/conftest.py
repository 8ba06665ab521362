"""A school whose roster is copied, marks entered, certificates approved."""

from __future__ import annotations

import pytest

from tests.fakes.sides import Sides, sides  # noqa: F401 (a fixture)
from tests.integration.tracking.desk import Desk


@pytest.fixture
def desk(db: None, sides: Sides) -> Desk:  # noqa: F811
    """The school of `tests.factories.small_school` with people, accounts, certificates and no marks yet."""
    return Desk.of_school(sides)
