"""Both files go to the city in one message: there is nothing between sealed and archived any more."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("transcripts_records", "0002_frozen_versions")]

    operations = [
        migrations.RunSQL(
            "update transcripts_records_transcriptversion set status = 'SEALED' where status = 'SENT'",
            migrations.RunSQL.noop,
        ),
        migrations.AlterField(
            "transcriptversion",
            "status",
            models.CharField(
                choices=[
                    ("COMPILED", "COMPILED"),
                    ("SUBJECTS_SIGNED", "SUBJECTS_SIGNED"),
                    ("RENDERED", "RENDERED"),
                    ("HOMEROOM_SIGNED", "HOMEROOM_SIGNED"),
                    ("PRINCIPAL_SIGNED", "PRINCIPAL_SIGNED"),
                    ("SEALED", "SEALED"),
                    ("ARCHIVED", "ARCHIVED"),
                    ("REFUSED_BY_CITY", "REFUSED_BY_CITY"),
                ],
                max_length=20,
            ),
        ),
    ]
