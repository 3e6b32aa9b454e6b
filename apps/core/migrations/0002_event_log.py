"""The Event log becomes append-only. On SQLite a later migration that rebuilds its table drops the triggers
with it, and must end with `install` again: a test counts them."""

from django.db import migrations

from apps.core.events import EVENTS


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]

    operations = [migrations.RunPython(EVENTS.install, EVENTS.remove)]
