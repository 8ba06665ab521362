"""Statements written by hand keep to the scope as queries do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.db.transaction import TransactionManagementError

from hocba.platform.tenancy import scope, statements
from hocba.transcripts.roster.models import School

if TYPE_CHECKING:
    from pytest_django import DjangoAssertNumQueries

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
            found = statements.rows(School, "true", [], order="name")

            assert found == list(School.objects.order_by("name"))
            assert [row.name for row in found] == ["Hoa Mai", "Hoa Phượng"]
            assert not found[0]._state.adding

    def test_are_those_of_the_school_in_scope(self) -> None:
        with scope.acting_for(HERE):
            assert [row.school_code for row in statements.rows(School, "true", [])] == [HERE]
            assert statements.rows(School, "school_code = %t", [ELSEWHERE]) == []

    def test_can_be_locked(self) -> None:
        with scope.acting_for(HERE):
            assert [row.name for row in statements.rows(School, "name = %t", ["Hoa Phượng"], lock=True)]

    def test_stay_in_the_school_whatever_the_condition_says(self) -> None:
        with scope.acting_for(HERE):
            found = statements.rows(School, "name = %t or true", ["Hoa Mai"])

        assert [row.school_code for row in found] == [HERE]


class TestPromisesOfDjangosCursors:
    def test_are_counted(self, django_assert_num_queries: DjangoAssertNumQueries) -> None:
        with scope.whole_site(), django_assert_num_queries(2):
            statements.fetch("select 1", [])
            statements.run("update transcripts_roster_school set name = name", [])

    def test_go_no_further_in_a_transaction_that_failed(self) -> None:
        with scope.whole_site(), transaction.atomic():
            with pytest.raises(DatabaseError), transaction.atomic(savepoint=False):
                statements.fetch("select 1 / 0", [])
            with pytest.raises(TransactionManagementError):
                statements.fetch("select 1", [])

    def test_tell_of_a_broken_rule_as_django_does(self) -> None:
        query = "insert into transcripts_roster_school select * from transcripts_roster_school"
        with scope.whole_site(), pytest.raises(IntegrityError), transaction.atomic():
            statements.run(query, [])


class TestWithoutScope:
    def test_nothing_is_read(self) -> None:
        with pytest.raises(scope.NoScopeError):
            statements.fetch("select 1", [])
        with pytest.raises(scope.NoScopeError):
            statements.rows(School, "true", [])

    def test_nothing_is_changed(self) -> None:
        with pytest.raises(scope.NoScopeError):
            statements.run("update transcripts_roster_school set name = ''", [])
