"""Where the demo's chain spends its time: `python -m benchmarks.bench_chain [PUPILS]`, a line a stage.

For every stage the seconds of the wall and the seconds of the processor by process, children included: the web servers
and workers of the sides, the embedded database, and the driver that stands for the school's people. Everything runs in
a state of its own; the machine should be quiet, since both kinds of seconds suffer from company.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from hocba.cli import demo, serve
from hocba.cli.chain import Chain, total_seconds
from hocba.cli.demo_keys import DemoKeys, demo_password
from hocba.cli.many_pupils import Multiplied
from hocba.cli.processes import FOR_A_SCHOOL, House, free_ports
from hocba.cli.progress import TerminalReport
from hocba.sites.environment import state_directory

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PUPILS = 239
LEAST_SHOWN = 0.05


class Meter:
    """Seconds of the processor since the last look, by process."""

    def __init__(self, house: House, state: Path) -> None:
        self.house = house
        self.state = str(state)
        self.before = self.now()

    def now(self) -> dict[str, float]:
        """Seconds so far."""
        known = {process.pid: name for name, process in self.house.processes.items()}
        found: dict[str, float] = {}
        for process in psutil.Process().children(recursive=True):
            try:
                name = next(
                    (known[each.pid] for each in (process, *process.parents()) if each.pid in known),
                    "commands",
                )
                found[name] = found.get(name, 0.0) + _seconds(process)
            except psutil.NoSuchProcess:
                continue
        for process in psutil.process_iter(["name"]):
            if process.info["name"] == "postgres" and self._is_ours(process):
                found["postgres"] = found.get("postgres", 0.0) + _seconds(process)
        found["driver"] = _seconds(psutil.Process())
        return found

    def take(self) -> dict[str, float]:
        """What was spent since the last call."""
        now = self.now()
        spent = {name: round(seconds - self.before.get(name, 0.0), 2) for name, seconds in now.items()}
        self.before = now
        return {name: seconds for name, seconds in sorted(spent.items()) if seconds >= LEAST_SHOWN}

    def _is_ours(self, process: psutil.Process) -> bool:
        try:
            return any(
                self.state in word for each in (process, *process.parents()) for word in each.cmdline()
            )
        except psutil.NoSuchProcess:
            return False


def _seconds(process: psutil.Process) -> float:
    """Of the process and of its children that have ended."""
    times = process.cpu_times()
    return times.user + times.system + times.children_user + times.children_system


def main() -> None:
    """Run the chain once and print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else PUPILS
    with tempfile.TemporaryDirectory(prefix="hocba-bench-") as folder:
        Path(folder).chmod(0o755)
        os.environ["HOCBA_STATE"] = str(Path(folder) / "state")
        workbooks = Path(folder) / "workbooks"
        Multiplied(demo.SAMPLE).write(workbooks, count)
        with _school(workbooks) as chain:
            _measure(chain, Path(folder) / "out")


@contextmanager
def _school(workbooks: Path) -> Iterator[Chain]:
    password = demo_password(state_directory())
    with House(
        ports=free_ports(),
        environment={"HOCBA_DEMO_PASSWORD": password},
        web_workers=FOR_A_SCHOOL,
        stops_database=True,
    ) as house:
        house.provision()
        serve.prepare_messages(house)
        house.start()
        keys = DemoKeys.open(state_directory() / "keys", now=datetime.now(UTC))
        yield Chain(
            house=house,
            keys=keys,
            data=demo.read(workbooks),
            directory=workbooks,
            password=password,
            report=TerminalReport(quiet=True),
        )


def _measure(chain: Chain, out: Path) -> None:
    meter = Meter(chain.house, state_directory())
    print(f"load before {os.getloadavg()[0]:.1f}")
    for title, step in (
        ("prepare", chain.prepare_school),
        ("enter", chain.enter_marks),
        ("class record", chain.sign_class_records),
        ("sign, archive", chain.sign_transcripts),
    ):
        _line(title, step, meter)
    pairs: list[tuple[Path, Path]] = []
    _line("export", lambda: pairs.extend(chain.export(out)), meter)
    _line("verify", lambda: chain.verify(pairs, out), meter)
    seconds = total_seconds(stage for name, stage in chain.stages.items() if name != "prepare")
    print(f"{len(pairs)} transcripts, chain {seconds:.1f} s, load after {os.getloadavg()[0]:.1f}")


def _line(title: str, step: Callable[[], object], meter: Meter) -> None:
    start = time.perf_counter()
    step()
    wall, spent = time.perf_counter() - start, meter.take()
    parts = ", ".join(f"{name} {seconds}" for name, seconds in spent.items())
    print(f"{title:<14} {wall:5.1f} s, processor {sum(spent.values()):5.1f} s: {parts}", flush=True)


if __name__ == "__main__":
    main()
