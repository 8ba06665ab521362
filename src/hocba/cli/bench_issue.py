"""The issuing chain, measured: the real sides as processes, real HTTP, real database, software keys.

`per_second` is that of issuing: from a sealed class record to the city's receipt (compile, 15 XML and 3 PDF
signatures, rendering, validation, archive, log). The stages before and after are given beside it.
"""

from __future__ import annotations

import os
import sys
import tempfile
import threading
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import psycopg

from hocba.cli import demo, serve
from hocba.cli.chain import Chain, ChainError, Stage
from hocba.cli.demo_keys import DemoKeys, demo_password
from hocba.cli.desk import DeskError
from hocba.cli.many_pupils import Multiplied
from hocba.cli.processes import FOR_A_SCHOOL, House, StartError, free_ports
from hocba.cli.progress import TerminalReport
from hocba.sites import databases
from hocba.sites.environment import state_directory

if TYPE_CHECKING:
    from collections.abc import Iterator

ISSUING = ("sign", "archive")
SAMPLE_SECONDS = 0.5


def run_bench(count: int) -> dict[str, Any] | None:
    """Measure `count` pupils in a state of its own; None (and a sentence on stderr) when the chain stopped."""
    with tempfile.TemporaryDirectory(prefix="hocba-bench-") as folder, _own_state(Path(folder)):
        try:
            return _measure(count, Path(folder))
        except (ChainError, StartError, DeskError) as error:
            sys.stderr.write(f"{error}\n")
            return None
        finally:
            databases.EmbeddedServer(state_directory()).stop()


def _measure(count: int, folder: Path) -> dict[str, Any]:
    workbooks = folder / "workbooks"
    Multiplied(demo.SAMPLE).write(workbooks, count)
    report = TerminalReport()
    password = demo_password(state_directory())
    with House(
        ports=free_ports(),
        environment={"HOCBA_DEMO_PASSWORD": password},
        web_workers=FOR_A_SCHOOL,
    ) as house:
        house.provision()
        serve.prepare_messages(house)
        house.start()
        keys = DemoKeys.open(state_directory() / "keys", now=datetime.now(UTC))
        chain = Chain(
            house=house,
            keys=keys,
            data=demo.read(workbooks),
            directory=workbooks,
            password=password,
            report=report,
        )
        chain.prepare_school()
        before = _stored_bytes()
        with _peak_memory() as peak:
            summary = demo.run_chain(chain, folder / "out")
        stored = _stored_bytes() - before
    if summary["verified"] != count:
        raise ChainError(f"chỉ {summary['verified']}/{count} học bạ xác thực hợp lệ")
    return _result(count, chain.stages, peak_mib=peak[0], bytes_each=stored // count)


def _result(count: int, stages: dict[str, Stage], *, peak_mib: float, bytes_each: int) -> dict[str, Any]:
    seconds = sum(stages[name].seconds for name in ISSUING)
    shown = {name: stage for name, stage in stages.items() if name != "prepare"}
    return {
        "name": "issue",
        "per_second": round(count / seconds, 1),
        "count": count,
        "seconds": round(seconds, 2),
        "stages": {
            name: {
                "per_second": round(count / max(stage.seconds, 1e-9), 1),
                "milliseconds": round(stage.seconds * 1000 / count, 2),
            }
            for name, stage in shown.items()
        },
        "peak_mib": round(peak_mib, 1),
        "bytes_each": bytes_each,
        "cpu_count": os.cpu_count(),
    }


def _stored_bytes() -> int:
    """What the city keeps: its files and its database."""
    files = state_directory() / "files" / "city"
    size = sum(path.stat().st_size for path in files.rglob("*") if path.is_file())
    with psycopg.connect(databases.url_of("city", as_owner=True)) as connection:
        found = connection.execute("select pg_database_size(current_database())").fetchone()
    return size + (int(found[0]) if found else 0)


@contextmanager
def _peak_memory() -> Iterator[list[float]]:
    """The highest sum of resident memory over this process and its children, in MiB."""
    peak, stop = [0.0], threading.Event()

    def watch() -> None:
        me = psutil.Process()
        while not stop.wait(SAMPLE_SECONDS):
            total = 0
            for process in (me, *me.children(recursive=True)):
                try:
                    total += process.memory_info().rss
                except psutil.NoSuchProcess:
                    continue
            peak[0] = max(peak[0], total / 2**20)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield peak
    finally:
        stop.set()
        watcher.join()


@contextmanager
def _own_state(folder: Path) -> Iterator[None]:
    """A state folder of its own, so that a measurement meets no earlier data and leaves none."""
    folder.chmod(0o755)  # the embedded server may run as another account
    before = os.environ.get("HOCBA_STATE")
    os.environ["HOCBA_STATE"] = str(folder / "state")
    (folder / "state").mkdir()
    try:
        yield
    finally:
        if before is None:
            del os.environ["HOCBA_STATE"]
        else:
            os.environ["HOCBA_STATE"] = before
