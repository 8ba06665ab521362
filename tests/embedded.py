"""A real PostgreSQL for the tests: started once, by the process that starts the workers; and compiled modules.

A plugin of its own (`-p tests.embedded`), because the settings are read before any conftest runs.
"""

from __future__ import annotations

import os
import secrets
import shutil
import sys
import tempfile
from pathlib import Path

import psycopg
import pytest

from hocba.sites.databases import EmbeddedServer

NAME = "HOCBA_EVERYTHING_OWNER_DATABASE_URL"

_started: list[tuple[EmbeddedServer, Path]] = []


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    """Start the embedded server unless a database is given; xdist's workers inherit the address."""
    _keep_bytecode()
    os.environ.setdefault("HOCBA_LOG_LEVEL", "ERROR")
    if os.environ.get(NAME):
        return
    directory = Path(tempfile.mkdtemp(prefix="hocba-tests-"))
    directory.chmod(0o755)  # the server runs as another account when the tests run as root
    os.environ["HOCBA_STATE"] = str(directory)
    server = EmbeddedServer(directory)
    superuser = server.start()
    _started.append((server, directory))
    password = secrets.token_hex(8)
    with psycopg.connect(superuser, autocommit=True) as connection:
        # Not a superuser: row-level security binds it as it binds the real roles.
        connection.execute(
            f"create role hocba_test login createdb nosuperuser nobypassrls password '{password}'"
        )
        connection.execute(
            "create database hocba owner hocba_test template template0 encoding 'UTF8' locale 'C.UTF-8'"
        )
        connection.execute("alter system set fsync = off")
        connection.execute("select pg_reload_conf()")
    host = superuser.split("host=")[1]
    os.environ[NAME] = f"postgresql://hocba_test:{password}@/hocba?host={host}"


def _keep_bytecode() -> None:
    """Where Python is told to write no bytecode, as in many containers, keep it in the environment all the same.

    Else each of the many processes that the tests start compiles Django and all of the house anew.
    """
    if not sys.dont_write_bytecode:
        return
    sys.dont_write_bytecode = False
    sys.pycache_prefix = os.environ["PYTHONPYCACHEPREFIX"] = str(Path(sys.prefix) / "bytecode")
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    """Stop the server that this process started."""
    for server, directory in _started:
        server.stop()
        shutil.rmtree(directory, ignore_errors=True)
