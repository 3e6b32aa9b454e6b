"""Streets and carriers. SQLite makes a table anew to add a column, and forgets the indexes written in SQL."""

from importlib import import_module

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

SEARCH = import_module("apps.customers.migrations.0002_search_indexes")


def keep_search_indexes(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "sqlite":
        for name in SEARCH.INDEXES:
            editor.execute(f"DROP INDEX IF EXISTS {name}")
        SEARCH.add(apps, editor)


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0003_one_index_for_the_orders_of_a_customer"),
    ]

    operations = [
        migrations.AddField(
            model_name="customer",
            name="street",
            field=models.CharField(
                blank=True, help_text="Street and number, as on an envelope", max_length=200
            ),
        ),
        migrations.AddField(
            model_name="order",
            name="carrier",
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.RunPython(keep_search_indexes, keep_search_indexes),
    ]
