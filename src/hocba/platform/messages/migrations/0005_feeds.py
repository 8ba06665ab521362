"""A feed has a row of its own: its day was kept as a followed thing of another name."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("platform_messages", "0004_followed_things")]

    operations = [
        migrations.CreateModel(
            name="Feed",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=40, unique=True)),
                ("asked_for_all_on", models.DateField()),
            ],
        ),
        # Whoever follows asks for everything once more, and then knows the day.
        migrations.RunSQL(
            "delete from platform_messages_followedthing where feed like '%:day'", migrations.RunSQL.noop
        ),
        migrations.AlterField("followedthing", "name", models.CharField(max_length=40)),
    ]
