"""Which trust file of a name counts, as a table of its own."""

import django.db.models.deletion
from django.db import migrations, models

_FILL = """
insert into city_schools_currenttrustfile (name, file_id)
select distinct on (name) name, id from city_schools_trustfile order by name, id desc
"""


class Migration(migrations.Migration):
    dependencies = [
        ("city_schools", "0002_renewals_and_revocations"),
    ]

    operations = [
        migrations.CreateModel(
            name="CurrentTrustFile",
            fields=[
                ("name", models.CharField(max_length=100, primary_key=True, serialize=False)),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="city_schools.trustfile",
                    ),
                ),
            ],
        ),
        migrations.RunSQL(_FILL, migrations.RunSQL.noop),
    ]
