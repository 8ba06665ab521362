"""How a batch is signed, its stored list, and batches that were stopped."""

from __future__ import annotations

from django.db import migrations, models

CHANNELS = [(name, name) for name in ("token", "remote", "hsm", "offline", "program")]


class Migration(migrations.Migration):
    dependencies = [("tracking_sealing", "0002_expired_batches")]

    operations = [
        migrations.AddField(
            "signingbatch", "listing", models.CharField(max_length=64, blank=True, default="")
        ),
        migrations.AddField(
            "signingbatch",
            "channel",
            models.CharField(max_length=10, choices=CHANNELS, default="program"),
        ),
        migrations.AlterField(
            "signingbatch",
            "state",
            models.CharField(
                choices=[
                    ("OPEN", "Open"),
                    ("COMPLETED", "Completed"),
                    ("STOPPED", "Stopped"),
                    ("SUPERSEDED", "Superseded"),
                    ("EXPIRED", "Expired"),
                ],
                default="OPEN",
                max_length=12,
            ),
        ),
    ]
