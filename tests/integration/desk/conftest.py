"""The desk of each school side in turn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hocba.tracking.roster import trust as tracking_trust
from hocba.transcripts.roster import trust as transcripts_trust
from tests.fakes.sides import Sides, sides  # noqa: F401 (a fixture)
from tests.integration.desk import benches

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper


@pytest.fixture(params=["tracking", "transcripts"])
def bench(
    request: pytest.FixtureRequest,
    db: None,
    sides: Sides,  # noqa: F811
    settings: SettingsWrapper,
) -> benches.Bench:
    """A teacher of that side with something to sign."""
    tracking_trust.forget()
    transcripts_trust.forget()
    settings.ROOT_URLCONF = f"hocba.sites.{request.param}_urls"
    settings.HOCBA_SIDE = request.param
    return benches.tracking(sides) if request.param == "tracking" else benches.transcripts()
