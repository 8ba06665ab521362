"""A body may be several stored files; who looks for the next message reads pending ones alone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("platform_messages", "0001_initial")]

    operations = [
        migrations.AddField("outgoingmessage", "body_files", models.JSONField(default=list)),
        migrations.AddField("incomingmessage", "body_files", models.JSONField(default=list)),
        migrations.AddIndex(
            "outgoingmessage",
            models.Index(fields=["id"], condition=models.Q(("state", "PENDING")), name="outgoing_pending"),
        ),
    ]
