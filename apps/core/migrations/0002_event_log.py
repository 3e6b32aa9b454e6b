"""The Event log becomes append-only. On SQLite a later migration that rebuilds its table drops the triggers
with it, and must end with `install` again: a test counts them."""

from django.db import migrations

from apps.core import events


def install(apps, schema_editor):
    postgresql = schema_editor.connection.vendor == "postgresql"
    for statement in events.POSTGRESQL_TRIGGERS if postgresql else events.SQLITE_TRIGGERS:
        schema_editor.execute(statement)


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION refuse_event_change() CASCADE")
        return
    schema_editor.execute("DROP TRIGGER event_stays")
    schema_editor.execute("DROP TRIGGER event_never_changes")


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]

    operations = [migrations.RunPython(install, remove)]
