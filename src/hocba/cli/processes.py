"""The sides as processes on this machine: one web server and one worker each, on loopback."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO

import urllib3

from hocba.cli import command_server
from hocba.cli.command_server import CommandServer
from hocba.sites import databases
from hocba.sites.environment import DEFAULT_PORTS, SIDES, state_directory

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

# The portal and the sector database have nothing to send of their own accord.
WORKERS = ("tracking", "transcripts", "city")
# Counterparts on loopback: the time-stamp authority, who answers for revocation, and the remote signing provider. The
# second one's address stands in the trust list of a demo that serves, so it must be the same the next time.
SIMULATOR_PORTS = {"tsa": 8110, "revocation": 8111, "remote-signing": 8112}
DOCUMENTED_PORTS = {**DEFAULT_PORTS, **SIMULATOR_PORTS}
# Web processes where a whole school works at once, as on a machine with two cores; the others have one.
FOR_A_SCHOOL = {"sector": 2, "tracking": 2, "transcripts": 2, "city": 2}
START_SECONDS = 60.0
STOP_SECONDS = 20.0


# A thread waits most of its time, for the database or another side; each keeps a connection to the database.
WEB_THREADS = 8

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


class StartError(Exception):
    """A process did not come up; the message says which one and where its log is."""


def free_ports() -> dict[str, int]:
    """A free loopback port for each side and each simulated counterpart."""
    sockets = {name: socket.create_server(("127.0.0.1", 0)) for name in DOCUMENTED_PORTS}
    ports = {name: listening.getsockname()[1] for name, listening in sockets.items()}
    for listening in sockets.values():
        listening.close()
    return ports


def default_ports() -> dict[str, int]:
    """The documented ports; raises StartError when one is taken."""
    for name, port in DOCUMENTED_PORTS.items():
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError as error:
                raise StartError(f"Cổng {port} ({name}) đang được chương trình khác sử dụng.") from error
    return DOCUMENTED_PORTS


@dataclass
class House:
    """All processes of the house, with one environment; a context manager that leaves none of them running.

    With `stops_database` it also stops the embedded server, if it was not running before: for commands that are the
    house to their user, while others may join a server that somebody else still needs.
    """

    ports: Mapping[str, int]
    environment: Mapping[str, str] = field(default_factory=dict)
    web_workers: Mapping[str, int] = field(default_factory=dict)
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    stops_database: bool = False

    def __post_init__(self) -> None:
        self._started: databases.EmbeddedServer | None = None
        self._command_servers: dict[str, CommandServer] = {}
        self._lock = threading.Lock()

    def __enter__(self) -> House:
        return self

    def __exit__(self, *exc: object) -> None:
        self.stop()
        if self._started is not None:
            self._started.stop()

    def address(self, side: str) -> str:
        """Base address of a side."""
        return f"http://127.0.0.1:{self.ports[side]}"

    def variables(self, side: str) -> dict[str, str]:
        """Environment of a process of one side."""
        urls = {f"HOCBA_{name.upper()}_URL": self.address(name) for name in SIDES}
        return {
            **os.environ,
            "HOCBA_STATE": str(state_directory()),
            "HOCBA_TSA_URL": f"http://127.0.0.1:{self.ports['tsa']}/",
            "DJANGO_SETTINGS_MODULE": f"hocba.sites.{side}",
            **urls,
            **self.environment,
        }

    def provision(self) -> None:
        """Start the embedded server unless databases are configured, and migrate every side, two at a time."""
        if not all(f"HOCBA_{side.upper()}_DATABASE_URL" in os.environ for side in SIDES):
            server = databases.EmbeddedServer(state_directory())
            if self.stops_database and not server.is_running():
                self._started = server
            databases.ensure_embedded()
        waiting = list(SIDES)
        running: dict[str, subprocess.Popen[bytes]] = {}
        while waiting or running:
            while waiting and len(running) < 2:
                side = waiting.pop(0)
                arguments = ["provision", "--role", _application_role(side)]
                running[side] = self._spawn(f"{side}-provision", side, _manage(side, arguments), owner=True)
            for side, process in list(running.items()):
                if process.poll() is not None:
                    del running[side]
                    if process.returncode:
                        raise StartError(
                            f"Không chuẩn bị được cơ sở dữ liệu {side}; xem {self.log(f'{side}-provision')}."
                        )
            time.sleep(0.02)

    def run(self, side: str, arguments: list[str], **variables: str) -> subprocess.CompletedProcess[bytes]:
        """Run one management command of a side to its end. Raises StartError with what it wrote."""
        try:
            done = self._command_server(side).run(arguments, variables)
        except OSError as error:
            raise StartError(
                f"Hệ thống {side} không chạy được lệnh; xem {self.log(f'{side}-commands')}."
            ) from error
        if done.returncode:
            tail = done.stderr.decode("utf-8", "replace").strip().splitlines()[-15:]
            raise StartError(
                f"Lệnh `hocba {side} {' '.join(arguments)}` không thành công:\n" + "\n".join(tail)
            )
        return done

    def stop_commands(self) -> None:
        """End what stands ready for `run`; the next command starts it again."""
        with self._lock:
            for server in self._command_servers.values():
                server.stop()
            self._command_servers.clear()

    def _command_server(self, side: str) -> CommandServer:
        with self._lock:
            if side not in self._command_servers:
                arguments = [
                    sys.executable,
                    "-W",
                    "ignore::RuntimeWarning",
                    "-m",
                    command_server.MODULE,
                    side,
                ]
                process = self._spawn(f"{side}-commands", side, arguments, is_asked=True)
                self._command_servers[side] = CommandServer(process)
            return self._command_servers[side]

    def start(self, sides: Iterable[str] = SIDES, *, workers: Iterable[str] = WORKERS) -> None:
        """Start web servers and workers, and wait until each answers."""
        chosen = list(sides)
        for side in chosen:
            self.start_web(side)
        for side in workers:
            if side in chosen:
                self.start_worker(side)
        for side in chosen:
            self.wait_ready(side)

    def start_web(self, side: str) -> None:
        """Start the web server of one side."""
        arguments = [
            sys.executable, "-m", "gunicorn", "hocba.sites.wsgi:application",
            "--bind", f"127.0.0.1:{self.ports[side]}",
            "--workers", str(self.web_workers.get(side, 1)),
            "--threads", str(WEB_THREADS), "--worker-class", "hocba.sites.web_worker.PatientWorker",
            "--keep-alive", "30", "--timeout", "120", "--preload",
            "--no-control-socket", "--log-level", "warning",
        ]  # fmt: skip
        self.processes[side] = self._spawn(side, side, arguments)

    def start_worker(self, side: str) -> None:
        """Start the worker of one side."""
        name = f"{side}-work"
        self.processes[name] = self._spawn(name, side, _manage(side, ["work"]))

    def start_tsa(self, keys: Path) -> None:
        """Start the simulated time-stamp authority with the key in a folder."""
        self._start_simulator("tsa", "timestamp_authority", keys)

    def start_revocation_service(self, keys: Path) -> None:
        """Start what publishes revocation lists and answers OCSP for the demo authority in a folder."""
        self._start_simulator("revocation", "revocation_service", keys)

    def start_remote_signing(self, keys: Path, client: Path) -> None:
        """Start the simulated remote signing provider over the keys in a folder; `client` is what it knows of us."""
        self._start_simulator("remote-signing", "remote_signing_provider", keys, client)

    def _start_simulator(self, name: str, module: str, *files: Path) -> None:
        program = f"hocba.simulators.{module}"
        arguments = [sys.executable, "-m", program, str(self.ports[name]), *map(str, files)]
        self.processes[name] = self._spawn(name, "city", arguments)

    def wait_ready(self, side: str) -> None:
        """Wait until a side answers; raises StartError when its process ends or time runs out."""
        pool = urllib3.PoolManager(retries=False, timeout=5)
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            if self.processes[side].poll() is not None:
                break
            try:
                if pool.request("GET", f"{self.address(side)}/readyz").status == 200:
                    return
            except urllib3.exceptions.HTTPError:
                pass
            time.sleep(0.05)
        raise StartError(f"Hệ thống {side} không khởi động được; xem {self.log(side)}.")

    def kill(self, name: str) -> None:
        """End one process at once, as a power cut would."""
        process = self.processes.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        """Ask every process to end, then make sure that it has."""
        self.stop_commands()
        for process in self.processes.values():
            process.terminate()
        end = time.monotonic() + STOP_SECONDS
        for process in self.processes.values():
            try:
                process.wait(max(0.1, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        self.processes.clear()

    def log(self, name: str) -> Path:
        """Where a process writes its log."""
        return state_directory() / "log" / f"{name}.log"

    def _spawn(
        self, name: str, side: str, arguments: list[str], *, owner: bool = False, is_asked: bool = False
    ) -> subprocess.Popen[bytes]:
        log = self.log(name)
        log.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        variables = self.variables(side) | ({"HOCBA_AS_OWNER": "True"} if owner else {})
        with open_log(log) as output:
            return subprocess.Popen(
                arguments,
                preexec_fn=_end_with_parent if _in_main_thread() else None,
                env=variables,
                stdin=subprocess.PIPE if is_asked else subprocess.DEVNULL,
                stdout=subprocess.PIPE if is_asked else output,
                stderr=output,
                start_new_session=True,
            )


def open_log(path: Path) -> BinaryIO:
    """A log to append to that nobody else may read, also when it was there before."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.fchmod(descriptor, 0o600)
    return os.fdopen(descriptor, "ab")


def _end_with_parent() -> None:
    """Linux only: ask the kernel to end this process when its parent is gone, even if that was killed."""
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _in_main_thread() -> bool:
    """The kernel means the thread that started the child, and only the main one lives as long as we do."""
    return threading.current_thread() is threading.main_thread()


def _manage(side: str, arguments: list[str]) -> list[str]:
    return [sys.executable, "-W", "ignore::RuntimeWarning", "-m", "hocba.cli", side, *arguments]


def _application_role(side: str) -> str:
    user = databases.settings_of(databases.url_of(side, as_owner=False))["USER"]
    return str(user)
