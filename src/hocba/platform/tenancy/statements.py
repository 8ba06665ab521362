"""Statements written by hand: they bind on the server, and bytes cross in binary.

The object-relational layer writes bytes as text literals, which is slow for signatures and PDFs of a whole class, and
puts every statement together anew. Row-level security binds these like all others;
they need an open scope like all others too (`scope.NoScopeError`).
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

import psycopg
from django.db import connection

from hocba.platform.tenancy import scope

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hocba.platform.tenancy.rows import SchoolScoped

_Row = TypeVar("_Row", bound="SchoolScoped")


def rows(
    model: type[_Row], where: str, values: Sequence[Any], *, order: str = "", lock: bool = False
) -> list[_Row]:
    """Rows of the school in scope, as a query of the model gives them; with `lock` until the transaction ends.

    `order` are columns. Whatever the condition says, it is asked of the rows in scope only.
    """
    school, where = scope.current(), f"({where})"
    if school != scope.WHOLE_SITE:
        where, values = f"school_code = %t and {where}", [school, *values]
    select, names = _columns(model)
    ordered = f" order by {order}" if order else ""
    query = f"{select} where {where}{ordered}{' for update' if lock else ''}"
    return [model.from_db(connection.alias, names, row) for row in fetch(query, values)]


@cache
def _columns(model: type[SchoolScoped]) -> tuple[str, list[str]]:
    fields = model._meta.concrete_fields
    columns = ", ".join(f'"{field.column}"' for field in fields)
    return f'select {columns} from "{model._meta.db_table}"', [field.attname for field in fields]  # noqa: S608 (names of ours)


def fetch(query: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    """The rows of a statement, in the transaction of this thread's connection. Placeholders are `%t` and `%b`."""
    return _executed(query, values, binary=True).fetchall()


def run(query: str, values: Sequence[Any]) -> int:
    """Run a statement without rows; how many rows it changed."""
    return _executed(query, values).rowcount


def _executed(query: str, values: Sequence[Any], *, binary: bool = False) -> psycopg.Cursor[tuple[Any, ...]]:
    """What Django's own cursors promise holds here too: a transaction that failed goes no further, errors are Django's,

    and whoever counts statements counts these.
    """
    scope.current()
    connection.ensure_connection()
    connection.validate_no_broken_transaction()
    if connection.queries_logged:
        connection.queries_log.append({"sql": query, "time": ""})
    with connection.wrap_database_errors:
        cursor = psycopg.Cursor(connection.connection, row_factory=psycopg.rows.tuple_row)
        return cursor.execute(query, values, binary=binary)
