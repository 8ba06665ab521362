"""Worlds that take long to build, built once in each test process: later tests are given the same rows and files.

A world is built in the first test that asks for it, through the actions, as in life, and that test goes on with it.
What was written is read back at once, and inserted again, table by table, into the transaction of every later test.
Sequences are never rolled back in PostgreSQL, so new rows of a test never take the numbers of saved ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from django.conf import settings
from django.db import connection

from hocba.platform.files import store
from hocba.platform.tenancy import scope

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

T = TypeVar("T")

COLUMNS = """
    select table_name, string_agg(quote_ident(column_name), ', ')
    from information_schema.columns join information_schema.tables using (table_schema, table_name)
    where table_schema = 'public' and table_type = 'BASE TABLE' and is_generated = 'NEVER'
    group by table_name order by table_name
"""
INSERT = """
    insert into "{table}" ({columns}) overriding system value
    select {columns} from json_populate_recordset(null::"{table}", %s)
"""


@dataclass(frozen=True, slots=True)
class _Saved:
    """What a world left behind, and what its builder returned."""

    made: Any
    rows: dict[str, str]  # statement that inserts them: the rows as a JSON array
    files: tuple[bytes, ...]


_WORLDS: dict[Hashable, _Saved] = {}


def built_once(key: Hashable, build: Callable[[], T]) -> T:
    """Build a world where nothing is yet, or put back what it wrote when this process built it before.

    Returns what `build` returned the first time: the same object for every test, so none may change it.
    """
    if key in _WORLDS:
        _put_back(_WORLDS[key])
    else:
        _WORLDS[key] = _built(build)
    made: T = _WORLDS[key].made
    return made


def _built(build: Callable[[], object]) -> _Saved:
    assert not _files(), "a world is built where nothing was before"
    with scope.whole_site():
        before = _counts()
    made = build()
    with scope.whole_site(), connection.cursor() as cursor:
        after = _counts()
        migrated = {table for table, count in before.items() if count}
        assert all(after[table] == before[table] for table in migrated), "a world leaves what migrations made"
        rows = {}
        for table, columns in _columns().items():
            if after[table] and table not in migrated:
                cursor.execute(f'select json_agg(rows)::text from "{table}" rows')
                rows[INSERT.format(table=table, columns=columns)] = cursor.fetchone()[0]
    return _Saved(made, rows, tuple(path.read_bytes() for path in _files()))


def _put_back(saved: _Saved) -> None:
    for content in saved.files:
        store.put(content)
    with scope.whole_site(), connection.cursor() as cursor:
        for insert, rows in saved.rows.items():
            cursor.execute(insert, [rows])


def _columns() -> dict[str, str]:
    """The columns of every table that are written, as SQL lists them."""
    with connection.cursor() as cursor:
        cursor.execute(COLUMNS)
        return dict(cursor.fetchall())


def _counts() -> dict[str, int]:
    """How many rows every table has."""
    with connection.cursor() as cursor:
        cursor.execute(
            " union all ".join(f"select '{table}', count(*) from \"{table}\"" for table in _columns())
        )
        return dict(cursor.fetchall())


def _files() -> list[Path]:
    return [path for path in Path(settings.HOCBA_FILES).rglob("*") if path.is_file()]
