"""How many transcripts a class has is counted where it is shown."""

from __future__ import annotations

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("transcripts_records", "0003_no_state_between_sealed_and_archived")]

    operations = [migrations.RemoveField("compilation", "size")]
