"""How a batch is signed, its stored list, batches that were stopped, and why a value was refused."""

from __future__ import annotations

from django.db import migrations, models

CHANNELS = [(name, name) for name in ("token", "remote", "hsm", "offline", "program")]
STATES = [(name, name) for name in ("OPEN", "COMPLETED", "STOPPED", "SUPERSEDED")]


class Migration(migrations.Migration):
    dependencies = [("transcripts_issuing", "0002_working_bytes_uncompressed")]

    operations = [
        migrations.AddField(
            "signingbatch", "listing", models.CharField(max_length=64, blank=True, default="")
        ),
        migrations.AddField(
            "signingbatch",
            "channel",
            models.CharField(max_length=10, choices=CHANNELS, default="program"),
        ),
        migrations.AlterField("signingbatch", "status", models.CharField(max_length=10, choices=STATES)),
        migrations.AddField(
            "signingitem", "reason", models.CharField(max_length=500, blank=True, db_default="")
        ),
    ]
