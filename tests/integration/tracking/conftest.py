"""A school whose roster is copied, marks entered, certificates approved."""

from __future__ import annotations

import pytest

from hocba.tracking.roster import trust
from tests.fakes.sides import Sides, sides  # noqa: F401 (a fixture)
from tests.integration.tracking.desk import Desk


@pytest.fixture(autouse=True)
def _fresh_trust() -> None:
    """Rows vanish with the test's transaction, so must what was built from them."""
    trust.forget()


@pytest.fixture
def desk(db: None, sides: Sides) -> Desk:  # noqa: F811
    """The school of `tests.factories.small_school` with people, accounts, certificates and no marks yet."""
    return Desk.at_work(sides)
