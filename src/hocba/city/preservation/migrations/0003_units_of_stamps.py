"""The list by which older stamps are judged belongs to the moment of the stamp, not to that of the intent."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("city_preservation", "0002_relies_on")]

    operations = [
        migrations.AddField("archivestamp", "units_digest", models.CharField(default="", max_length=64)),
        migrations.AlterField("renewalintent", "units_digest", models.CharField(default="", max_length=64)),
    ]
