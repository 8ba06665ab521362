"""Room for the lengths of all files of a class record in a content type. Safe in one step: a wider column."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("platform_messages", "0002_bodies_of_several_files")]

    operations = [
        migrations.AlterField("outgoingmessage", "content_type", models.CharField(max_length=1000)),
    ]
