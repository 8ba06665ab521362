"""Whose session it is, and what that person holds at this moment."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from django.contrib import auth
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.test import Client, override_settings
from django.utils import timezone

from hocba.platform.accounts import actions, queries, roles
from hocba.platform.accounts.actor import NOBODY, Actor
from hocba.platform.accounts.models import Membership, User
from hocba.platform.accounts.sessions import SessionStore
from hocba.transcripts.roles import ROLES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django import DjangoAssertNumQueries

pytestmark = pytest.mark.django_db
SCHOOL = "79764501"


@pytest.fixture(autouse=True)
def _roles() -> Iterator[None]:
    with override_settings(HOCBA_ROLES="hocba.transcripts.roles.ROLES"):
        roles.table.cache_clear()
        yield
    roles.table.cache_clear()


@pytest.fixture
def user() -> User:
    """Somebody with two roles at a school."""
    now = timezone.now()
    actions.ensure_account(username="lan", display_name="Lan", password="Mat-Khau-Tot-123", by="test", at=now)
    for role in ("subject_teacher", "homeroom_teacher"):
        actions.grant_role(
            username="lan",
            school_code=SCHOOL,
            role=role,
            holder_code="GV0001",
            valid_from=timezone.localdate(now),
            by="test",
            at=now,
        )
    return User.objects.get(username="lan")


@pytest.fixture
def request_of(user: User) -> HttpRequest:
    """A later request in the session of that person."""
    client = Client()
    client.force_login(user)
    request = HttpRequest()
    request.session = client.session
    return request


def actor_of(request: HttpRequest) -> Actor:
    return queries.actor_of(auth.get_user(request), on=timezone.localdate(), school_code=SCHOOL)


class TestSession:
    def test_names_the_person_with_every_role(
        self, request_of: HttpRequest, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        request_of.session.get("school_code")
        with django_assert_num_queries(1):
            actor = actor_of(request_of)

        assert (actor.name, actor.school_code, actor.holder_code) == ("lan", SCHOOL, "GV0001")
        assert actor.role_names == ("subject_teacher", "homeroom_teacher")
        assert (
            actor.permissions == ROLES["subject_teacher"].permissions | ROLES["homeroom_teacher"].permissions
        )

    def test_loses_a_role_with_the_next_request(self, request_of: HttpRequest) -> None:
        actor_of(request_of)
        Membership.objects.filter(role="homeroom_teacher").update(
            valid_from=dt.date(2020, 1, 1), valid_until=dt.date(2020, 1, 2)
        )

        assert actor_of(request_of).role_names == ("subject_teacher",)

    def test_keeps_who_holds_no_role_any_more_out_of_every_school(self, request_of: HttpRequest) -> None:
        Membership.objects.all().delete()

        actor = actor_of(request_of)

        assert (actor.name, actor.school_code, actor.permissions) == ("lan", "", frozenset())

    def test_ends_with_its_time(self, request_of: HttpRequest) -> None:
        Session.objects.update(expire_date=timezone.now())
        request_of.session = SessionStore(request_of.session.session_key)

        assert actor_of(request_of) is NOBODY
        assert request_of.session.session_key is None

    def test_ends_with_the_account(self, request_of: HttpRequest) -> None:
        User.objects.update(is_active=False)

        assert actor_of(request_of) is NOBODY

    def test_ends_with_the_password(self, request_of: HttpRequest, user: User) -> None:
        user.set_password("Mat-Khau-Khac-456")
        user.save()

        assert actor_of(request_of) is NOBODY
