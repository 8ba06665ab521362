"""Working bytes are short-lived, and PDFs are compressed already: the database need not try again."""

from __future__ import annotations

from typing import ClassVar

from django.db import migrations

_COLUMNS = (
    ("transcripts_issuing_signingitem", "to_be_signed"),
    ("transcripts_issuing_signingitem", "prepared"),
    ("transcripts_issuing_signingitem", "signed"),
    ("transcripts_issuing_rendering", "pdf"),
)


def _set(storage: str) -> str:
    return ";".join(
        f"alter table {table} alter column {column} set storage {storage}" for table, column in _COLUMNS
    )


class Migration(migrations.Migration):
    dependencies: ClassVar = [("transcripts_issuing", "0001_initial")]

    operations: ClassVar = [migrations.RunSQL(_set("external"), _set("extended"))]
