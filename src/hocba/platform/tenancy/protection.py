"""SQL that makes the database itself keep what the models declare; derived, so that it cannot be forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import apps
from django.db import connection

from hocba.platform.tenancy.rows import AppendOnly, SchoolScoped

if TYPE_CHECKING:
    from django.db.models import Model

REFUSE_FUNCTION = """
create or replace function hocba_refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'rows of % are written once (append only)', tg_table_name using errcode = 'restrict_violation';
end $$
"""

POLICY = """
using (school_code = current_setting('hocba.school', true) or current_setting('hocba.school', true) = '*')
with check (school_code = current_setting('hocba.school', true) or current_setting('hocba.school', true) = '*')
"""


def school_tables() -> list[str]:
    """Every table whose rows belong to schools."""
    return sorted(_table(model) for model in apps.get_models() if issubclass(model, SchoolScoped))


def append_only_tables() -> list[str]:
    """Every table whose rows are written once."""
    return sorted(_table(model) for model in apps.get_models() if issubclass(model, AppendOnly))


def statements(*, application_role: str | None) -> list[str]:
    """All statements, safe to run again; grants only where an application role is named."""
    result = [REFUSE_FUNCTION]
    for table in school_tables():
        result += [
            f'alter table "{table}" enable row level security',
            f'alter table "{table}" force row level security',
            f'drop policy if exists school on "{table}"',
            f'create policy school on "{table}" {POLICY}',
        ]
    for table in append_only_tables():
        result += [
            f'drop trigger if exists append_only on "{table}"',
            f'create trigger append_only before update or delete on "{table}" '
            "for each row execute function hocba_refuse_change()",
            f'drop trigger if exists append_only_truncate on "{table}"',
            f'create trigger append_only_truncate before truncate on "{table}" '
            "for each statement execute function hocba_refuse_change()",
        ]
    return result + (_grants(application_role) if application_role else [])


def apply(*, application_role: str | None) -> None:
    """Run all statements on the site's database as the owner of its tables."""
    with connection.cursor() as cursor:
        for statement in statements(application_role=application_role):
            cursor.execute(statement)


def _grants(role: str) -> list[str]:
    result = [
        f'grant usage on schema public to "{role}"',
        f'grant select, insert, update, delete on all tables in schema public to "{role}"',
        f'grant usage, select on all sequences in schema public to "{role}"',
        f'grant execute on all functions in schema public to "{role}"',
    ]
    return result + [
        f'revoke update, delete, truncate on "{table}" from "{role}"' for table in append_only_tables()
    ]


def _table(model: type[Model]) -> str:
    return model._meta.db_table
