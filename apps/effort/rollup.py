"""The proof of the daily sums: they must equal the raw entries, and can be made anew from them."""

from dataclasses import dataclass

from django.db import connection, transaction
from django.db.models import Count, Sum, Value
from django.db.models.functions import Coalesce

from . import rollup_sql
from .models import DailyEffort, TimeEntry

Sums = dict[tuple[object, ...], tuple[int, int]]


@dataclass(frozen=True)
class RollupCheck:
    """How many rows there are, and how many of them differ from the raw sum."""

    rows: int
    differing: int


def raw_sums() -> Sums:
    """(day, team, play, origin) -> (seconds, entries), from the raw entries."""
    rows = (
        TimeEntry.objects.order_by()
        .values_list("day", Coalesce("team_id", Value(0)), "play", "origin")
        .annotate(total=Sum("seconds"), number=Count("id"))
    )
    return {row[:4]: (row[4], row[5]) for row in rows}


def kept_sums() -> Sums:
    """The same from the rollup."""
    rows = DailyEffort.objects.values_list("day", "team_key", "play", "origin", "seconds", "entries")
    return {row[:4]: (row[4], row[5]) for row in rows}


def check_rollup() -> RollupCheck:
    raw, kept = raw_sums(), kept_sums()
    keys = raw.keys() | kept.keys()
    return RollupCheck(len(kept), sum(raw.get(key) != kept.get(key) for key in keys))


def rebuild_rollup() -> int:
    """Make the daily sums anew from the raw entries; writers wait meanwhile. Returns the number of rows."""
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("LOCK TABLE effort_timeentry IN SHARE MODE")
        cursor.execute("DELETE FROM effort_dailyeffort")
        cursor.execute(rollup_sql.REBUILD)
    return DailyEffort.objects.count()
