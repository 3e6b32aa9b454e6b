from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, models

from .ledger import execute


@contextmanager
def temporary_table(model: type[models.Model]) -> Iterator[None]:
    """The table of an unmanaged model, of this connection: two passes at once do not see each other's."""
    name = model._meta.db_table
    columns = [
        f'"{field.column}" {field.db_type(connection)}'
        for field in model._meta.local_concrete_fields
        if field.column
    ]
    execute(f'DROP TABLE IF EXISTS "{name}"')
    execute(f'CREATE TEMPORARY TABLE "{name}" ({", ".join(columns)})')
    yield
    execute(f'DROP TABLE IF EXISTS "{name}"')
