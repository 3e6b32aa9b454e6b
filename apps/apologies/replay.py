"""The Event log alone rebuilds incidents, offers and compensations: here, held against the tables."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models

from apps.core.logged import from_log, logged
from apps.core.models import Event

from .models import Compensation, Incident, Offer

REBUILT: tuple[type[models.Model], ...] = (Incident, Offer, Compensation)
CHUNK = 1000


@dataclass(frozen=True)
class Difference:
    """A field of a row that is not as its log says; `by_log` is None where the log says nothing of it."""

    table: str
    key: int
    field: str
    in_table: Any
    by_log: Any

    def __str__(self) -> str:
        return f"{self.table} {self.key}: {self.field} is {self.in_table!r}, by the log {self.by_log!r}"


def differences(tables: Iterable[type[models.Model]] = REBUILT) -> Iterator[Difference]:
    """Where the tables and their log part, in the order of keys; a chunk of rows is read at a time."""
    for table in tables:
        rows: models.QuerySet[Any] = table._base_manager.order_by("pk")
        last = 0
        while chunk := list(rows.filter(pk__gt=last)[:CHUNK]):
            last = chunk[-1].pk
            rebuilt = rebuild(table, [row.pk for row in chunk])
            for row in chunk:
                yield from _compare(row, rebuilt.get(row.pk, {}))


def rebuild(table: type[models.Model], keys: Iterable[int]) -> dict[int, dict[str, Any]]:
    """The logged fields of these rows, from nothing but their Events, in the order in which they came."""
    told = Event.objects.filter(subject=table._meta.label_lower, subject_id__in=list(keys)).order_by("pk")
    rows: dict[int, dict[str, Any]] = {}
    for key, data in told.values_list("subject_id", "data"):
        rows.setdefault(key, {}).update(from_log(table, data.get("set", {})))
    return rows


def _compare(row: models.Model, by_log: dict[str, Any]) -> Iterator[Difference]:
    for field, value in logged(row).items():
        if by_log.get(field) != value or field not in by_log:
            yield Difference(row._meta.label_lower, row.pk, field, value, by_log.get(field))
