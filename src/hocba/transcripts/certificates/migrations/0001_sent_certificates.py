"""What a school declared on its page. A new table: safe in one step."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies: list[tuple[str, str]] = []

    operations = [
        migrations.CreateModel(
            name="SentCertificate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("school_code", models.CharField(db_index=True, max_length=20)),
                ("version", models.PositiveBigIntegerField()),
                ("der", models.BinaryField()),
                ("holder", models.CharField(max_length=30)),
                ("name", models.CharField(max_length=200)),
                ("positions", models.JSONField()),
                ("sent_at", models.DateTimeField()),
                ("sent_by", models.CharField(max_length=120)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("SENT", "Đang gửi"),
                            ("TAKEN", "Sở đã nhận"),
                            ("NOT_TAKEN", "Sở không nhận"),
                        ],
                        default="SENT",
                        max_length=10,
                    ),
                ),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("problem", models.TextField(blank=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("answered_at", None), ("outcome", "SENT"))
                        | (~models.Q(("outcome", "SENT")) & models.Q(("answered_at__isnull", False))),
                        name="transcripts_sent_answer_whole",
                    )
                ],
            },
        ),
    ]
