"""Statements written by hand: they bind on the server, and bytes cross in binary.

The object-relational layer writes bytes as text literals, which for signatures and PDFs of a whole class costs three to
four times as much (benchmarks), and puts every statement together anew. Row-level security binds these like all others;
they need an open scope like all others too (`scope.NoScopeError`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg
from django.db import connection

from hocba.platform.tenancy import scope

if TYPE_CHECKING:
    from collections.abc import Sequence


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
