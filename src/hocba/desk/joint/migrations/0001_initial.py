"""Lists over several batches."""

from __future__ import annotations

import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="JointBatch",
            fields=[
                ("school_code", models.CharField(db_index=True, max_length=20)),
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("desk", models.CharField(max_length=20)),
                ("by", models.CharField(max_length=150)),
                ("batches", models.JSONField()),
                ("digest", models.CharField(max_length=71)),
                ("listing", models.CharField(max_length=64)),
                ("opened_at", models.DateTimeField()),
            ],
            options={"indexes": [models.Index(fields=["by", "opened_at"], name="desk_joint_by")]},
        ),
    ]
