from typing import Any

from django.db import models


def apply_changes(row: models.Model, values: dict[str, Any]) -> list[str]:
    """Set what differs and save only that. Returns the names that changed, for the Event."""
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    if changed:
        row.save(update_fields=changed)
    return changed
