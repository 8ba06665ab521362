"""Rows of schools stay apart, twice."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from hocba.platform.audit import actions as audit
from hocba.platform.audit.models import AuditEvent
from hocba.platform.tenancy import scope


class TestScope:
    def test_is_refused_when_none_is_open(self) -> None:
        with pytest.raises(scope.NoScopeError):
            scope.current()

    @pytest.mark.django_db
    def test_refuses_another_school_inside(self) -> None:
        with scope.acting_for("A"), pytest.raises(scope.ScopeConflictError), scope.acting_for("B"):
            pass

    @pytest.mark.django_db
    def test_tells_the_database_and_forgets_afterwards(self) -> None:
        with scope.acting_for("A"), connection.cursor() as cursor:
            cursor.execute("select current_setting('hocba.school', true)")
            assert cursor.fetchone() == ("A",)


@pytest.mark.django_db
class TestAppendOnly:
    def test_refuses_update_and_delete_in_the_database_itself(self) -> None:
        audit.record(tag="a:b:c", target="x", by="t", at=timezone.now())
        event = AuditEvent.objects.get()

        for statement in (
            "update platform_audit_auditevent set by = 'x'",
            "delete from platform_audit_auditevent",
        ):
            with (
                pytest.raises(DatabaseError, match="append only"),
                transaction.atomic(),
                connection.cursor() as c,
            ):
                c.execute(statement)

        event.refresh_from_db()
        assert event.by == "t"

    def test_refuses_a_tag_without_grammar(self) -> None:
        with pytest.raises(audit.TagError):
            audit.record(tag="Revoked", target="x", by="t", at=timezone.now())
