"""What other sides publish in versions, and which of them are copied."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("platform_messages", "0003_content_type_of_many_files")]

    operations = [
        migrations.CreateModel(
            name="FollowedThing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("feed", models.CharField(max_length=40)),
                ("name", models.CharField(blank=True, max_length=40)),
                ("named", models.PositiveBigIntegerField()),
                ("taken", models.PositiveBigIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("feed", "name"), name="followed_once"),
                ],
            },
        ),
    ]
