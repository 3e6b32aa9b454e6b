"""The triggers that keep the daily sums. On SQLite a later migration that rebuilds the table of entries drops
them with it: it must end with `install` again (a test counts them)."""

from django.db import migrations

from apps.effort import rollup_sql


def install(apps, schema_editor):
    remove(apps, schema_editor)
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    statements = rollup_sql.postgresql_install() if is_postgresql else rollup_sql.sqlite_install()
    for statement in statements:
        schema_editor.execute(statement)
    schema_editor.execute("DELETE FROM effort_dailyeffort")
    schema_editor.execute(rollup_sql.REBUILD)


def remove(apps, schema_editor):
    is_postgresql = schema_editor.connection.vendor == "postgresql"
    statements = rollup_sql.postgresql_remove() if is_postgresql else rollup_sql.sqlite_remove()
    for statement in statements:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("effort", "0001_initial")]

    operations = [migrations.RunPython(install, remove)]
