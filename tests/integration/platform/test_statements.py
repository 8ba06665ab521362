"""Statements written by hand keep to the scope as queries do."""

from __future__ import annotations

import pytest

from hocba.platform.tenancy import scope, statements
from hocba.transcripts.roster.models import School

pytestmark = pytest.mark.django_db
HERE, ELSEWHERE = "79764501", "79764599"


@pytest.fixture(autouse=True)
def _schools() -> None:
    with scope.whole_site():
        School.objects.create(school_code=HERE, name="Hoa Phượng")
        School.objects.create(school_code=ELSEWHERE, name="Hoa Mai")


class TestRows:
    def test_are_those_of_a_query(self) -> None:
        with scope.whole_site():
            found = statements.rows(School, "true order by name", [])

            assert found == list(School.objects.order_by("name"))
            assert [row.name for row in found] == ["Hoa Mai", "Hoa Phượng"]
            assert not found[0]._state.adding

    def test_are_those_of_the_school_in_scope(self) -> None:
        with scope.acting_for(HERE):
            assert [row.school_code for row in statements.rows(School, "true", [])] == [HERE]
            assert statements.rows(School, "school_code = %t", [ELSEWHERE]) == []

    def test_can_be_locked(self) -> None:
        with scope.acting_for(HERE):
            assert [row.name for row in statements.rows(School, "name = %t for update", ["Hoa Phượng"])]


class TestWithoutScope:
    def test_nothing_is_read(self) -> None:
        with pytest.raises(scope.NoScopeError):
            statements.fetch("select 1", [])
        with pytest.raises(scope.NoScopeError):
            statements.rows(School, "true", [])

    def test_nothing_is_changed(self) -> None:
        with pytest.raises(scope.NoScopeError):
            statements.run("update transcripts_roster_school set name = ''", [])
