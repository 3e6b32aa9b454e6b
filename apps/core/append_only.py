"""Tables that only grow, by triggers: a row is never changed, and only goes inside `purging()`.

On SQLite a later migration that rebuilds such a table drops its triggers with it, and must end with
`install` again: tests count them.
"""

from dataclasses import dataclass
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor


@dataclass(frozen=True)
class AppendOnly:
    """`install` and `remove` are the two functions of a RunPython. `noun` names the triggers."""

    table: str
    noun: str
    refused: str

    def install(self, apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
        postgresql = schema_editor.connection.vendor == "postgresql"
        for statement in self._postgresql() if postgresql else self._sqlite():
            schema_editor.execute(statement)

    def remove(self, apps: Any, schema_editor: BaseDatabaseSchemaEditor) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP FUNCTION refuse_{self.noun}_change() CASCADE")
            return
        schema_editor.execute(f"DROP TRIGGER {self.noun}_stays")
        schema_editor.execute(f"DROP TRIGGER {self.noun}_never_changes")

    def _sqlite(self) -> tuple[str, ...]:
        return (
            f"""CREATE TRIGGER {self.noun}_never_changes BEFORE UPDATE ON {self.table}
                BEGIN SELECT RAISE(ABORT, '{self.refused}'); END""",
            f"""CREATE TRIGGER {self.noun}_stays BEFORE DELETE ON {self.table} WHEN NOT events_may_go()
                BEGIN SELECT RAISE(ABORT, '{self.refused}'); END""",
        )

    def _postgresql(self) -> tuple[str, ...]:
        return (
            f"""CREATE FUNCTION refuse_{self.noun}_change() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    IF TG_OP = 'DELETE' AND current_setting('carecrm.events_may_go', true) = 'yes' THEN
                        RETURN OLD;
                    END IF;
                    RAISE EXCEPTION '{self.refused}' USING ERRCODE = 'integrity_constraint_violation';
                END $$""",
            f"""CREATE TRIGGER {self.noun}_stays BEFORE UPDATE OR DELETE ON {self.table}
                FOR EACH ROW EXECUTE FUNCTION refuse_{self.noun}_change()""",
        )
