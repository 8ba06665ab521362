"""Copies of what became of the certificates a school declared. A new table: safe in one step."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("transcripts_roster", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="DeclaredCopy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("school_code", models.CharField(db_index=True, max_length=20)),
                ("content", models.BinaryField()),
                ("digest", models.CharField(max_length=64)),
                ("taken_at", models.DateTimeField()),
            ],
            options={"abstract": False},
        ),
    ]
