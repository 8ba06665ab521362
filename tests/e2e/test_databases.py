"""What the databases themselves keep, with the accounts the sides really use."""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from psycopg import errors, sql

from hocba.platform.tenancy import protection
from hocba.sites import databases
from hocba.sites.environment import SIDES
from tests.e2e.running import Running
from tests.e2e.walk import Walk
from tests.factories.workbooks import CODE, OTHER_CODE

pytestmark = pytest.mark.e2e

WITH_ROWS = ("sector", "tracking", "transcripts", "city")
FILLED = {
    "sector": "sector_results_reportedresult",
    "tracking": "tracking_sealing_documentsignature",
    "transcripts": "transcripts_records_issuedtranscript",
    "city": "city_archive_archivedtranscript",
}


class TestRoles:
    @pytest.mark.parametrize("as_owner", [False, True], ids=["application", "owner"])
    @pytest.mark.parametrize("side", SIDES)
    def test_open_no_database_but_their_own(self, running: Running, side: str, as_owner: bool) -> None:
        url = urlsplit(databases.url_of(side, as_owner=as_owner))
        for other in SIDES:
            address = urlunsplit(url._replace(path=f"/hocba_{other}"))
            if other == side:
                psycopg.connect(address).close()
                continue
            with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
                psycopg.connect(address)

    @pytest.mark.parametrize("side", SIDES)
    def test_of_the_application_own_nothing(self, running: Running, side: str) -> None:
        query = "select relname from pg_class where relowner = current_user::regrole"
        assert running.rows(side, query) == []


class TestAppendOnlyTables:
    @pytest.mark.parametrize("side", SIDES)
    def test_are_closed_to_the_application(self, walk: Walk, side: str) -> None:
        tables = _tables(walk.running, side, protection.append_only_tables())
        assert tables
        with psycopg.connect(databases.url_of(side, as_owner=False), autocommit=True) as connection:
            connection.execute("select set_config('hocba.school', '*', false)")
            for table in tables:
                for statement in ("delete from {}", "truncate {}", _update(connection, table)):
                    with pytest.raises(errors.InsufficientPrivilege):
                        connection.execute(sql.SQL(statement).format(sql.Identifier(table)))

    @pytest.mark.parametrize("side", WITH_ROWS)
    def test_are_closed_to_their_owner(self, walk: Walk, side: str) -> None:
        tables = _tables(walk.running, side, protection.append_only_tables())
        with psycopg.connect(databases.url_of(side, as_owner=True), autocommit=True) as connection:
            connection.execute("select set_config('hocba.school', '*', false)")
            filled = 0
            for table in tables:
                if connection.execute(
                    sql.SQL("select 1 from {} limit 1").format(sql.Identifier(table))
                ).fetchone():
                    filled += 1
                    for statement in ("delete from {}", "truncate {} cascade", _update(connection, table)):
                        with pytest.raises(errors.RestrictViolation, match="append only"):
                            connection.execute(sql.SQL(statement).format(sql.Identifier(table)))
            assert filled


class TestSchools:
    @pytest.mark.parametrize("side", WITH_ROWS)
    def test_do_not_see_rows_of_each_other(self, walk: Walk, other: object, side: str) -> None:
        for table in _tables(walk.running, side, protection.school_tables()):
            query = f'select distinct school_code from "{table}"'
            assert walk.running.rows(side, query, school=CODE) in ([], [(CODE,)]), table
            assert walk.running.rows(side, query, school=OTHER_CODE) in ([], [(OTHER_CODE,)]), table
            assert walk.running.rows(side, query, school="") == [], table
        assert walk.running.rows(side, f"select count(*) > 0 from {FILLED[side]}", school=CODE) == [(True,)]
        assert walk.running.rows(side, f"select count(*) from {FILLED[side]} where school_code = %s", CODE,
                                 school=OTHER_CODE) == [(0,)]  # fmt: skip

    @pytest.mark.parametrize("side", WITH_ROWS)
    def test_do_not_write_rows_of_each_other(self, walk: Walk, side: str) -> None:
        table = sql.Identifier(FILLED[side])
        with psycopg.connect(databases.url_of(side, as_owner=False)) as connection:
            connection.execute("select set_config('hocba.school', %s, true)", [OTHER_CODE])
            names = [
                row[0]
                for row in connection.execute(
                    "select column_name from information_schema.columns where table_name = %s order by 1",
                    [FILLED[side]],
                )
            ]
            values = [sql.Literal(CODE) if name == "school_code" else sql.SQL("null") for name in names]
            with pytest.raises(errors.InsufficientPrivilege, match="row-level security"):
                connection.execute(
                    sql.SQL("insert into {} ({}) values ({})").format(
                        table, sql.SQL(", ").join(map(sql.Identifier, names)), sql.SQL(", ").join(values)
                    )
                )


def _tables(running: Running, side: str, names: list[str]) -> list[str]:
    """Those of the tables that this side has."""
    query = "select relname from pg_class where relkind = 'r' and relname = any(%s) order by relname"
    return [name for (name,) in running.rows(side, query, names)]


def _update(connection: psycopg.Connection[tuple[object, ...]], table: str) -> str:
    """A change of nothing, in any column."""
    found = connection.execute(
        "select attname from pg_attribute where attrelid = %s::regclass and attnum > 0 and not attisdropped"
        " and attidentity = '' limit 1",
        [f'"{table}"'],
    ).fetchone()
    assert found
    return f'update {{}} set "{found[0]}" = "{found[0]}"'
