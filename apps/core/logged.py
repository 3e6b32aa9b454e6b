"""What the Event log keeps of a row, so that the log alone can rebuild it.

A model that names fields in `LOGGED` (by attname: `offer_id`, not `offer`) has their new values under `set`
in the data of each of its Events. Values are what JSON holds: keys are numbers; money and moments are text.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import F
from django.db.models.functions import JSONObject


def logged(row: models.Model, *names: str) -> dict[str, Any]:
    """The values of `row` that its Event keeps: of these fields, or of all that are logged."""
    fields = [name for name in _names(type(row)) if not names or name in names]
    return {name: as_logged(getattr(row, name)) for name in fields}


def logged_changes(model: type[models.Model], changes: Mapping[str, Any]) -> dict[str, Any]:
    """`changes` of a row or of many, by field or attname, as its Event keeps them."""
    by_attname = {model._meta.get_field(name).attname: value for name, value in changes.items()}  # type: ignore[union-attr]
    return {name: as_logged(value) for name, value in by_attname.items() if name in _names(model)}


def logged_columns(model: type[models.Model]) -> JSONObject:
    """The data of an Event for each row of a query over `model`, made in the database: `{"set": {...}}`.

    Values are as the database writes them in JSON; `from_log` reads them too.
    """
    return JSONObject(set=JSONObject(**{name: F(name) for name in _names(model)}))


def from_log(model: type[models.Model], values: Mapping[str, Any]) -> dict[str, Any]:
    """Logged values in the form of `logged`, whoever wrote them."""
    fields = {name: model._meta.get_field(name) for name in values}
    return {name: as_logged(_moment(fields[name].to_python(value))) for name, value in values.items()}  # type: ignore[union-attr]


def _moment(value: Any) -> Any:
    """SQLite writes moments without their zone, which is UTC."""
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) and value.tzinfo is None else value


def as_logged(value: Any) -> Any:
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return f"{value:.2f}" if isinstance(value, Decimal) else value


def _names(model: type[models.Model]) -> tuple[str, ...]:
    return getattr(model, "LOGGED", ())
