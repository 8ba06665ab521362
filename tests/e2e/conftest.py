"""The house, and one class that has walked through it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.e2e.people import People
from tests.e2e.running import shared
from tests.e2e.walk import walked
from tests.factories.workbooks import OTHER_CODE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hocba.cli.chain import Chain
    from tests.e2e.running import Running
    from tests.e2e.walk import Walk


@pytest.fixture(scope="session")
def started(pytestconfig: pytest.Config) -> Running:
    return shared(pytestconfig)


@pytest.fixture
def running(started: Running) -> Iterator[Running]:
    """The house; this process sees its state for as long as the test runs."""
    with started.at_home():
        yield started


@pytest.fixture(scope="session")
def walk_done(pytestconfig: pytest.Config) -> Walk:
    return walked(pytestconfig)


@pytest.fixture
def walk(walk_done: Walk, running: Running) -> Walk:
    """The class whose transcripts are archived."""
    return walk_done


@pytest.fixture(scope="session")
def other_prepared(started: Running) -> Chain:
    with started.at_home():
        chain = started.school(OTHER_CODE, OTHER_PUPILS)
        chain.prepare_school()
    return chain


@pytest.fixture
def other(other_prepared: Chain, running: Running) -> People:
    """The people of a second school, which has not entered a mark yet."""
    return People(other_prepared)


OTHER_PUPILS = 6
