"""A batch whose time is over says so."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tracking_sealing", "0001_initial")]

    operations = [
        migrations.AlterField(
            "signingbatch",
            "state",
            models.CharField(
                choices=[
                    ("OPEN", "Open"),
                    ("COMPLETED", "Completed"),
                    ("SUPERSEDED", "Superseded"),
                    ("EXPIRED", "Expired"),
                ],
                default="OPEN",
                max_length=12,
            ),
        ),
    ]
