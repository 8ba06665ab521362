"""What transcripts must say by their class record; with a record kept before this, none can be compared any more."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("city_archive", "0001_initial")]

    operations = [
        migrations.RemoveField("archivedclassrecord", "personal_ids"),
        migrations.AddField(
            "archivedclassrecord", "expected", models.JSONField(default=dict), preserve_default=False
        ),
        migrations.AddField(
            "archivedclassrecord",
            "expected_values",
            models.CharField(default="", max_length=64),
            preserve_default=False,
        ),
    ]
