"""Evidence of registered documents and its renewals."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="RenewalIntent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("TOKENS", "TOKENS"), ("DOCUMENTS", "DOCUMENTS")], max_length=10
                    ),
                ),
                ("algorithm", models.CharField(max_length=10)),
                ("root", models.BinaryField()),
                ("count", models.PositiveIntegerField()),
                ("units_digest", models.CharField(max_length=64)),
                ("by", models.CharField(max_length=120)),
                ("at", models.DateTimeField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Material",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("school_code", models.CharField(db_index=True, max_length=20)),
                ("digest", models.CharField(max_length=64)),
                ("leaf_index", models.PositiveBigIntegerField(unique=True)),
                ("at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("school_code", "digest"), name="city_material_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="PreservedTranscript",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("school_code", models.CharField(db_index=True, max_length=20)),
                ("leaf_index", models.PositiveBigIntegerField(unique=True)),
                ("transcript_id", models.UUIDField()),
                ("version", models.PositiveIntegerField()),
                ("xml_digest", models.CharField(max_length=64)),
                ("pdf_digest", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
                (
                    "material",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="transcripts",
                        to="city_preservation.material",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ArchiveStamp",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("authority", models.CharField(max_length=200)),
                ("token", models.BinaryField()),
                ("stamped_at", models.DateTimeField()),
                ("good_until", models.DateTimeField(db_index=True)),
                ("at", models.DateTimeField()),
                (
                    "intent",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stamp",
                        to="city_preservation.renewalintent",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="RenewedToken",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[("CHECKPOINT", "CHECKPOINT"), ("ARCHIVE", "ARCHIVE")], max_length=10
                    ),
                ),
                ("source_id", models.BigIntegerField()),
                ("lists", models.BinaryField()),
                (
                    "intent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tokens",
                        to="city_preservation.renewalintent",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RenewedTranscript",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("school_code", models.CharField(db_index=True, max_length=20)),
                ("evidence_digest", models.CharField(max_length=64)),
                ("lists", models.BinaryField()),
                (
                    "intent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="transcripts",
                        to="city_preservation.renewalintent",
                    ),
                ),
                (
                    "transcript",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="renewals",
                        to="city_preservation.preservedtranscript",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="preservedtranscript",
            constraint=models.UniqueConstraint(
                fields=("transcript_id", "version"), name="city_preserved_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="renewedtoken",
            constraint=models.UniqueConstraint(
                fields=("source", "source_id"), name="city_token_renewed_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="renewedtranscript",
            constraint=models.UniqueConstraint(
                fields=("intent", "transcript"), name="city_transcript_renewed_once"
            ),
        ),
    ]
