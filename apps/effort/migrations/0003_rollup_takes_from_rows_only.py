"""Install the triggers anew: on SQLite, a delete no longer makes a row below nothing."""

from importlib import import_module

from django.db import migrations

triggers = import_module("apps.effort.migrations.0002_rollup_triggers")


class Migration(migrations.Migration):
    dependencies = [("effort", "0002_rollup_triggers")]

    operations = [migrations.RunPython(triggers.install, migrations.RunPython.noop)]
