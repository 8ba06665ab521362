"""Which tests share a worker of pytest-xdist: all that need the house, since starting one takes long; and those in
which a page looks for the signing agent on its fixed ports, since each would find the other's.

`--dist loadgroup` with its marks would say so too, but groups nothing with pytest 9.2 (pytest-xdist issue 1386).
A plugin of its own (`-p tests.e2e.scheduling`), because the scheduler is made before any conftest here is read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from xdist.scheduler.loadscope import LoadScopeScheduling

HOUSE = "house"
DEMO = "demo"
AGENT = "agent"


def group_of(nodeid: str) -> str:
    """Tests with the same answer run in one worker; most tests are a group of their own."""
    if nodeid.startswith("tests/e2e/test_command_line.py"):
        name = nodeid.split("::")[1]
        return {"TestVerify": HOUSE, "TestDemo": DEMO}.get(name, nodeid)
    if nodeid.startswith("tests/browser/test_signing_"):
        return AGENT
    return HOUSE if nodeid.startswith(("tests/e2e/", "tests/external/test_judges.py")) else nodeid


@pytest.hookimpl(optionalhook=True, tryfirst=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> LoadScopeScheduling | None:
    """Groups as above, the largest first; only where groups are asked for."""
    if config.getvalue("dist") != "loadgroup":
        return None
    from xdist.scheduler.loadscope import LoadScopeScheduling

    class Scheduling(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return group_of(nodeid)

    return Scheduling(config, log)
