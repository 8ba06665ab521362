"""Statements written by hand: they bind on the server, and bytes cross in binary.

The object-relational layer writes bytes as text literals, which for signatures and PDFs of a whole class costs three to
four times as much (benchmarks), and puts every statement together anew. Row-level security binds these like all others;
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


def rows(model: type[_Row], where: str, values: Sequence[Any]) -> list[_Row]:
    """Rows of the school in scope, as a query of the model gives them; `where` may go on with order and lock."""
    school = scope.current()
    if school != scope.WHOLE_SITE:
        where, values = f"school_code = %t and {where}", [school, *values]
    select, names = _columns(model)
    return [model.from_db(connection.alias, names, row) for row in fetch(f"{select} where {where}", values)]


@cache
def _columns(model: type[SchoolScoped]) -> tuple[str, list[str]]:
    fields = model._meta.concrete_fields
    columns = ", ".join(f'"{field.column}"' for field in fields)
    return f'select {columns} from "{model._meta.db_table}"', [field.attname for field in fields]  # noqa: S608 (names of ours)


def fetch(query: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    """The rows of a statement, in the transaction of this thread's connection. Placeholders are `%t` and `%b`."""
    return _cursor().execute(query, values, binary=True).fetchall()


def run(query: str, values: Sequence[Any]) -> int:
    """Run a statement without rows; how many rows it changed."""
    return _cursor().execute(query, values).rowcount


def _cursor() -> psycopg.Cursor[tuple[Any, ...]]:
    scope.current()
    connection.ensure_connection()
    return psycopg.Cursor(connection.connection, row_factory=psycopg.rows.tuple_row)
