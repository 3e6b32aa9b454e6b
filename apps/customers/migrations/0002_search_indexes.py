"""Indexes by which the search finds the start of a name, an e-mail, a phone or an order number.

They are SQL because the two databases need different ones: PostgreSQL compares by locale unless an index says
`text_pattern_ops`.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

INDEXES = {
    "customer_by_name": ("customers_customer", "lower(name)", "name <> ''"),
    "customer_by_email": ("customers_customer", "email", "email <> ''"),
    "customer_by_phone": ("customers_customer", "phone", "phone <> ''"),
    "order_by_number": ("customers_order", "external_id", ""),
}


def add(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    order = " text_pattern_ops" if editor.connection.vendor == "postgresql" else ""
    for name, (table, column, condition) in INDEXES.items():
        where = f" WHERE {condition}" if condition else ""
        editor.execute(f"CREATE INDEX {name} ON {table} ({column}{order}){where}")


def drop(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for name in INDEXES:
        editor.execute(f"DROP INDEX {name}")


class Migration(migrations.Migration):
    dependencies = [("customers", "0001_initial")]
    operations = [migrations.RunPython(add, drop)]
