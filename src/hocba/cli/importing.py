"""Committing a school's workbooks: people to the sector database, marks to the gradebook.

Works with the sides that serve, or starts the two it needs for as long as it takes. Doing it again changes
nothing; results on their way to the sector database leave with the next worker.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import urllib3

from hocba.cli import serve
from hocba.cli.processes import DOCUMENTED_PORTS, House, StartError, free_ports
from hocba.sites.environment import address

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from hocba.documents.workbooks.values import SchoolData

NEEDED = ("sector", "tracking")


def commit(directory: Path, data: SchoolData) -> int:
    """0 when everything is in; 1 with a sentence on stderr when something stopped it."""
    place = ["--school", data.school.code, "--school-year", data.school.school_year]
    try:
        with _house() as house:
            house.run("sector", ["import_people", str(directory)])
            house.run("tracking", ["sync_roster", *place, "--without-certificates"])
            done = house.run("tracking", ["import_marks", str(directory)])
    except StartError as error:
        sys.stderr.write(
            f"Chưa ghi xong: {error}\nChạy lại lệnh này sau khi xử lý; phần đã ghi không bị ghi hai lần.\n"
        )
        return 1
    sys.stderr.write(f"Đã ghi vào hệ thống: {len(data.pupils)} học sinh; {done.stdout.decode().strip()}\n")
    return 0


@contextmanager
def _house() -> Iterator[House]:
    if all(_answers(side) for side in NEEDED):
        yield House(ports=DOCUMENTED_PORTS)
        return
    with House(ports=free_ports()) as house:
        house.provision()
        serve.prepare_messages(house)
        house.start(NEEDED, workers=())
        yield house


def _answers(side: str) -> bool:
    try:
        return (
            urllib3.PoolManager(retries=False, timeout=2).request("GET", f"{address(side)}/readyz").status
            == 200
        )
    except urllib3.exceptions.HTTPError:
        return False
