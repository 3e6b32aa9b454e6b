from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def keep_what_was_set_aside(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """What was set aside before is known from the last word of its log."""
    messages = apps.get_model("outreach", "Message")._default_manager
    events = apps.get_model("core", "Event")._default_manager
    said = events.filter(subject="outreach.message", subject_id=models.OuterRef("pk")).order_by("-at", "-id")
    aside = messages.filter(status__in=["failed", "bounced"]).alias(
        last_said=models.Subquery(said.values("verb")[:1])
    )
    aside.filter(last_said="looked_at").update(looked_at=models.Subquery(said.values("at")[:1]))


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0002_event_log"),
        ("outreach", "0002_events_claims_and_inbound_mail"),
    ]

    operations = [
        migrations.AddField(
            model_name="message",
            name="looked_at",
            field=models.DateTimeField(help_text="Dealt with another way: nobody looks again", null=True),
        ),
        migrations.RunPython(keep_what_was_set_aside, migrations.RunPython.noop),
        migrations.RemoveIndex(model_name="message", name="message_to_look_at"),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(
                    ("looked_at__isnull", True), ("status__in", ["unknown", "failed", "bounced"])
                ),
                fields=["created_at"],
                name="message_to_look_at",
            ),
        ),
    ]
