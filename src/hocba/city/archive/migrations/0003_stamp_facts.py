"""Until when a stamp is good, and why authorities gave none."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("city_archive", "0002_expected_values")]

    operations = [
        migrations.AddField(
            "checkpointstamp", "algorithm", models.CharField(default="sha256", max_length=10)
        ),
        migrations.AddField("checkpointstamp", "good_until", models.DateTimeField(null=True, db_index=True)),
        migrations.CreateModel(
            name="StampFailure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("size", models.PositiveBigIntegerField()),
                ("host", models.CharField(max_length=200)),
                ("reason", models.CharField(max_length=500)),
                ("at", models.DateTimeField(db_index=True)),
            ],
            options={"abstract": False},
        ),
    ]
