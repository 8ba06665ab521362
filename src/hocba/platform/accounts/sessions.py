"""Django's sessions in the database, read by a statement written by hand: every request reads one."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends import db
from django.db import connection
from django.utils import timezone

_READ = "select session_data from django_session where session_key = %s and expire_date > %s"


class SessionStore(db.SessionStore):
    """The name is what Django looks for in the module of its setting SESSION_ENGINE."""

    def load(self) -> dict[str, Any]:
        """What the session holds; one that is over or unknown holds nothing and gets a new key."""
        with connection.cursor() as cursor:
            cursor.execute(_READ, [self.session_key, timezone.now()])
            row = cursor.fetchone()
        if row is None:
            self._session_key = None
            return {}
        found: dict[str, Any] = self.decode(row[0])
        return found
