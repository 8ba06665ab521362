from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sector_enrolment", "0001_initial")]

    operations = [
        migrations.AddField("enrolment", "electives", models.JSONField(default=list)),
    ]
