"""Which school the current transaction acts for."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

from django.db import connection, transaction

if TYPE_CHECKING:
    from collections.abc import Iterator

WHOLE_SITE = "*"

_current: ContextVar[str | None] = ContextVar("hocba_school", default=None)


class NoScopeError(Exception):
    """A query on rows of schools was built outside `acting_for` and `whole_site`."""


class ScopeConflictError(Exception):
    """A scope for one school was opened inside the scope of another."""


def current() -> str:
    """The school code of the open scope, or WHOLE_SITE. Raises NoScopeError outside a scope."""
    school = _current.get()
    if school is None:
        raise NoScopeError("open platform.tenancy.scope.acting_for(school) first")
    return school


@contextmanager
def acting_for(school_code: str, *, savepoint: bool = True) -> Iterator[None]:
    """Run a transaction in which only the rows of one school exist.

    Without `savepoint` a transaction that is open already cannot go on after an error in here.
    """
    if not school_code or school_code == WHOLE_SITE:
        raise ScopeConflictError("a school code is needed")
    with _scope(school_code, savepoint=savepoint):
        yield


@contextmanager
def whole_site(*, savepoint: bool = True) -> Iterator[None]:
    """Run a transaction over all schools: workers, machine messages and the city's officers only."""
    with _scope(WHOLE_SITE, savepoint=savepoint):
        yield


@contextmanager
def _scope(school_code: str, *, savepoint: bool) -> Iterator[None]:
    outer = _current.get()
    if outer is not None and outer not in {school_code, WHOLE_SITE}:
        raise ScopeConflictError(f"already acting for {outer}")
    token = _current.set(school_code)
    try:
        with transaction.atomic(savepoint=savepoint):
            _tell_database(school_code)
            yield
            if outer is not None:
                _tell_database(outer)
    finally:
        _current.reset(token)


def _tell_database(school_code: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select set_config('hocba.school', %s, true)", [school_code])
