from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tracking_roster", "0001_initial")]

    operations = [
        migrations.AddField("pupil", "electives", models.JSONField(default=list)),
    ]
