"""Versions of declarations are seconds of time, which end in 2038 as 32 bits. Rewrites a table of some thousand rows."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("city_schools", "0003_current_trust_files")]

    operations = [
        migrations.AlterField(
            model_name="school", name="declaration_version", field=models.PositiveBigIntegerField()
        ),
    ]
