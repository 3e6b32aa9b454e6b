"""The shift board over a year with a million time entries, beside a minimal page and the bare rollup query.

The three take turns in one run and the medians count. The board keeps the figures that are not about time
(calls, feedback, orders) for five minutes; what it costs to count them is printed for the record. So is what
the triggers cost a bulk insert.

`python -m tests.benchmarks.bench_shift` runs this bench alone.
"""

import sys
import time
from collections.abc import Callable, Iterator
from statistics import median
from typing import Any

from . import REGULAR, Measure, Size

ENTRIES = 1_000_000
ROUNDS = 200
FIRST, LAST = "2025-03-03", "2026-03-02"

FILL = """
INSERT INTO effort_timeentry
    (user_id, agent, team_id, origin, play, customer_id, started_at, day, seconds, channel, topic, source)
SELECT (%(users)s::bigint[])[1 + n %% 40], '', (%(teams)s::bigint[])[1 + n %% 4], origin,
    CASE origin WHEN 'proactive'
         THEN (ARRAY['welcome', 'vip_recognition', 'feedback_reply', 'apology'])[1 + n %% 4] ELSE '' END,
    NULL, day + interval '9 hours', day, 60 + n %% 900, 'phone', '', 'clock'
FROM (SELECT n, DATE '2025-03-03' + (n %% 365)::int AS day,
          CASE WHEN n %% 97 = 0 THEN 'internal' WHEN n %% 6 = 0 THEN 'proactive' ELSE 'reactive' END AS origin
      FROM generate_series(1, %(count)s) AS n) AS made
"""
ROLLUP = """
SELECT day, origin, sum(seconds), sum(entries) FROM effort_dailyeffort
WHERE day BETWEEN %s AND %s GROUP BY day, origin
"""


def run(size: Size) -> Iterator[Measure]:
    from .shop import build_shop

    build_shop(size.customers, size.orders)
    people = make_people()
    yield from inserts(people)
    yield from board(people)


def make_people() -> dict[str, list[int]]:
    """Forty people in four teams, and the marketer who looks at the board."""
    from datetime import UTC, datetime

    from apps.accounts.models import Role, Team, User

    teams = [Team.objects.get_or_create(name=f"Bench {n}")[0] for n in range(4)]
    for n in range(40):
        User.objects.update_or_create(
            email=f"bench-rep{n}@example.com",
            defaults={
                "name": f"Rep {n}",
                "role": Role.REP,
                "team": teams[n % 4],
                "date_joined": datetime(2024, 1, 1, tzinfo=UTC),
            },
        )
    looks = {"name": "Lea Roth", "role": Role.MARKETER}
    User.objects.update_or_create(email="bench-lea@example.com", defaults=looks)
    reps = User.objects.filter(email__startswith="bench-rep").values_list("pk", flat=True)
    return {"teams": [team.pk for team in teams], "users": list(reps)}


def inserts(people: dict[str, list[int]]) -> Iterator[Measure]:
    """Fill the year; a tenth of it first, with the triggers and without them."""
    from django.db import connection

    from apps.effort.rollup import check_rollup

    with connection.cursor() as cursor:
        bare, kept = [], []
        for _ in range(3):
            for timings, switch in ((bare, "DISABLE"), (kept, "ENABLE")):
                cursor.execute("TRUNCATE effort_timeentry, effort_dailyeffort RESTART IDENTITY CASCADE")
                cursor.execute(f"ALTER TABLE effort_timeentry {switch} TRIGGER USER")
                timings.append(timed(lambda: cursor.execute(FILL, {**people, "count": ENTRIES // 10})))
        cursor.execute("TRUNCATE effort_timeentry, effort_dailyeffort RESTART IDENTITY CASCADE")
        cursor.execute(FILL, {**people, "count": ENTRIES})
        cursor.execute("ANALYZE effort_timeentry, effort_dailyeffort")
    ratio = median(bare) / median(kept)
    yield Measure("bulk insert with the daily sums, of its rate without", ratio)
    differing = check_rollup().differing
    yield Measure("daily sums that differ from the raw entries", differing, 0)


def board(people: dict[str, list[int]]) -> Iterator[Measure]:
    from django.core.cache import cache
    from django.db import connection
    from django.test import Client, override_settings
    from django.test.utils import CaptureQueriesContext

    from apps.accounts.models import User

    url = f"/shift/?period=own&from={FIRST}&to={LAST}"
    hosts = {"ALLOWED_HOSTS": ["testserver"], "ROOT_URLCONF": "tests.benchmarks.shift_urls"}
    with override_settings(**hosts), connection.cursor() as cursor:
        client = Client()
        client.force_login(User.objects.get(email="bench-lea@example.com"))

        def rollup() -> Any:
            cursor.execute(ROLLUP, [FIRST, LAST])
            return cursor.fetchall()

        turns = {
            "minimal": lambda: client.get("/minimal/"),
            "board": lambda: client.get(url),
            "rollup": rollup,
        }
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(url).status_code == 200
        yield Measure("queries of the board, nothing kept", len(queries), 10)
        took = take_turns(turns)
        over = (took["board"] - took["minimal"]) / took["rollup"]
        detail = ", ".join(f"{name} {seconds * 1000:.1f} ms" for name, seconds in took.items())
        yield Measure("board over a minimal page, in rollup queries", over, 5, detail=detail)
        for by in ("month", "team", "play"):
            took = take_turns({**turns, "board": lambda by=by: client.get(f"{url}&by={by}")}, ROUNDS // 4)
            over = (took["board"] - took["minimal"]) / took["rollup"]
            yield Measure(f"the same by {by}", over, 5, detail=f"board {took['board'] * 1000:.1f} ms")
        cold = [timed(lambda: (cache.clear(), client.get(url))) for _ in range(5)]
        yield Measure("board that counts its other figures anew", median(cold) * 1000, unit="ms")


def take_turns(turns: dict[str, Callable[[], Any]], rounds: int = ROUNDS) -> dict[str, float]:
    """The median seconds of each, interleaved."""
    timings: dict[str, list[float]] = {name: [] for name in turns}
    for _ in range(rounds):
        for name, action in turns.items():
            timings[name].append(timed(action))
    return {name: median(seconds) for name, seconds in timings.items()}


def timed(action: Callable[[], Any]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


if __name__ == "__main__":
    from .__main__ import measured, prepare_database

    prepare_database()
    sys.exit(any(not measure.holds for measure in list(measured("shift", REGULAR))))
