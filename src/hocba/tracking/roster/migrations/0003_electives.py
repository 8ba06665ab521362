from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tracking_roster", "0002_trust_bundle_copy")]

    operations = [
        migrations.AddField("pupil", "electives", models.JSONField(default=list)),
    ]
