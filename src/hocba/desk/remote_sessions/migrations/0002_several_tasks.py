"""A session may sign several tasks at once."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("desk_remote_sessions", "0001_initial")]

    operations = [
        migrations.AlterField("remotesession", "task", models.CharField(max_length=3000)),
    ]
