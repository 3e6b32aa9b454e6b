"""One engine pass over all four plays, beside hand-written INSERT ... SELECTs that write the same rows.

The hand-written side (`engine_by_hand.sql`) is one statement per play, with its guards, due days and calling
places given as ready tables; the clock of the engine includes working those out. It is told not to join by
nested loops where those take four times as long, so that it is no easy limit. Both sides run in a
transaction that is rolled back, in turns, and must have written the same number of rows to each table.
"""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from statistics import median

from . import REGULAR, Measure, Size

TURNS = 5
TABLES = [
    "apologies_incident",
    "campaigns_enrollment",
    "campaigns_refusal",
    "worklist_caretask",
    "apologies_offer",
    "core_event",
]
BY_HAND = Path(__file__).with_name("engine_by_hand.sql")
Counts = dict[str, int]


class Undo(Exception):
    """Ends a turn and takes back what it wrote."""


def run(size: Size) -> Iterator[Measure]:
    from .shop import build_shop, settle

    build_shop(size.customers, size.orders)
    prepare()
    engine, hand = [], []
    for _ in range(TURNS if not size.full else 2):
        for turn, seconds in ((by_hand, hand), (by_engine, engine)):
            settle()
            seconds.append(turn_of(turn))
    wrote, by_engine_wrote = hand[-1][1], engine[-1][1]
    assert wrote == by_engine_wrote, f"not the same rows: {wrote} by hand, {by_engine_wrote} by the engine"
    fast, slow = median(took for took, _ in hand), median(took for took, _ in engine)
    rows = sum(wrote.values())
    yield Measure("hand-written INSERT ... SELECT per play", fast, unit="s", detail=f"{rows:,} rows: {wrote}")
    yield Measure("one engine pass over four plays", slow, unit="s")
    yield Measure("engine / hand-written", slow / fast, limit=1.5, unit="times")
    yield preview(size)


def preview(size: Size) -> Measure:
    """The slowest preview page's count, which a marketer waits for."""
    from apps.campaigns.models import Campaign
    from apps.desk.campaigns.preview import preview_of

    from .shop import AT

    took = []
    for campaign in Campaign.objects.all():
        began = time.perf_counter()
        preview_of(campaign, AT)
        took.append(time.perf_counter() - began)
    return Measure("slowest campaign preview", max(took), limit=None if size.full else 2, unit="s")


def turn_of(write: Callable[[], None]) -> tuple[float, Counts]:
    """How long it took, and how many rows it wrote; then all is taken back."""
    from django.db import connection, transaction

    took, wrote = 0.0, {}
    with suppress(Undo), transaction.atomic():
        before = counts()
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL jit = off")  # compiling would take longer than running, on either side
        began = time.perf_counter()
        write()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        took = time.perf_counter() - began
        wrote = {table: n - before[table] for table, n in counts().items()}
        raise Undo
    return took, wrote


def counts() -> Counts:
    from django.db import connection

    with connection.cursor() as cursor:
        found = {}
        for table in TABLES:
            cursor.execute(f"SELECT count(*) FROM {table}")
            found[table] = cursor.fetchone()[0]
    return found


def by_engine() -> None:
    from apps.campaigns.engine import run_pass

    from .shop import AT

    run_pass(at=AT)


def by_hand() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        for statement in BY_HAND.read_text().split(";\n"):
            if statement.strip():
                cursor.execute(statement)


def prepare() -> None:
    """Switch every campaign on, and give the hand-written side what it would have to work out."""
    from django.db import connection

    from apps.accounts.models import Shop
    from apps.campaigns.models import Campaign
    from apps.campaigns.moment import Moment
    from apps.campaigns.zones import zone_of
    from apps.core.call_windows import call_window

    from .shop import AT

    Campaign.objects.update(is_on=True, starts_at=AT, backfill="all")
    moment, shop = Moment.of(AT), Shop.current()
    calendar = moment.calendar
    days = [moment.today - timedelta(days=n) for n in range(800)]
    due = [
        (day, n, calendar.end_of_day(calendar.add_business_days(day, n)), calendar.start_of_day(day))
        for day in days
        for n in (1, 2, 5)
    ]
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_due, bench_place, bench_at")
        cursor.execute("CREATE TABLE bench_due (day date, n int, due_at timestamptz, starts timestamptz)")
        cursor.execute(
            "CREATE TABLE bench_place (zone text, calls_from timestamptz, calls_until timestamptz)"
        )
        cursor.execute(
            "CREATE TABLE bench_at AS SELECT %s::timestamptz AS at, %s::date AS today", [AT, moment.today]
        )
        cursor.executemany("INSERT INTO bench_due VALUES (%s, %s, %s, %s)", due)
        cursor.execute("SELECT DISTINCT time_zone FROM customers_customer")
        zones = [zone for (zone,) in cursor.fetchall()]
        for name in zones:
            assert zone_of(name, "", "") == name
            window = call_window(calendar.zone.__class__(name), shop.calls_from, shop.calls_until, AT)
            cursor.execute("INSERT INTO bench_place VALUES (%s, %s, %s)", [name, *window])


if __name__ == "__main__":
    from .__main__ import measured, prepare_database

    prepare_database()
    missed = [measure for measure in measured("engine", REGULAR) if not measure.holds]
    sys.exit(1 if missed else 0)
