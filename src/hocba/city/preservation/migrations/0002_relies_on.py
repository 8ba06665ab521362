"""The digests that an archive stamp rests on."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("city_preservation", "0001_initial")]

    operations = [
        migrations.AddField("archivestamp", "relies_on", models.CharField(default="", max_length=100)),
    ]
