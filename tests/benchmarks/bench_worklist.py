"""Taking the next task beside a bare transaction of the same writes, and Today at three sizes of queue.

Clients are processes with a connection each, as web workers are. Both sides take turns in one run. After each
claim the client closes its task by a plain UPDATE outside the clock, so that it can take another.

`python -m tests.benchmarks.bench_worklist` runs this bench alone.
"""

import random
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from statistics import median, quantiles
from typing import Any

from . import REGULAR, Measure, Size

AT = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)
QUEUE = 20_000
CLAIMS = {"turn": 800, "double": 100_000}
TURNS = 3
VISITS = 200
THINK = 2.5  # seconds between two tasks of one person, on average: a call takes minutes
SIZES = [1_000, 100_000, 1_000_000]

TASKS = """
INSERT INTO worklist_caretask
    (key, play, customer_id, team_id, status, reach, owed, priority, due_at, opens_at, expires_at, zone,
     calls_from, calls_until, facts, attempts_made, attempts_allowed, notes, created_at, close_reason)
SELECT 'bench:' || n, play, customer, %(team)s, 'open', reach, owed, CASE WHEN owed THEN 1 ELSE 2 END,
       %(at)s + n * interval '1 second', NULL, %(at)s + interval '20 days', 'Europe/Berlin',
       CASE WHEN reach = 'phone' THEN %(at)s + CASE WHEN n %% 4 = 0 THEN interval '3 hours'
                                                    ELSE -interval '2 hours' END END,
       CASE WHEN reach = 'phone' THEN %(at)s + interval '10 hours' END,
       '{"order": "1042", "placed_on": "2026-03-02", "score": 2}', 0, 3, '', %(at)s, ''
FROM (SELECT n, %(first)s + n %% %(customers)s AS customer,
             (ARRAY['welcome', 'feedback_reply', 'vip_recognition', 'apology'])[1 + n %% 4] AS play,
             n %% 2 = 1 AS owed,
             CASE n %% 4 WHEN 1 THEN 'public' ELSE 'phone' END AS reach
      FROM generate_series(1, %(count)s) n) made
"""
CUSTOMERS = """
INSERT INTO customers_customer
    (source, external_id, name, called, pronoun, email, phone, language, street, city, state, postcode,
     country, time_zone, note, created_at)
SELECT 'bench', n::text, 'Grace Okafor ' || n, '', '', '', '+4930901820', '', '', 'Berlin', '', '', 'DE',
       '', '', %(at)s
FROM generate_series(1, %(count)s) n
"""
BARE_CLAIM = """
UPDATE worklist_caretask SET status = 'held', held_by_id = %(user)s, held_at = %(at)s, held_until = %(until)s
WHERE id = (SELECT id FROM worklist_caretask
            WHERE team_id = %(team)s AND status = 'open' AND assignee_id IS NULL AND reach = 'phone'
              AND NOT (play = 'feedback_reply') AND calls_from <= %(at)s AND calls_until > %(at)s
            ORDER BY priority, due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id
"""
BARE_EVENT = """
INSERT INTO core_event (at, actor_id, subject, subject_id, verb, from_status, to_status, reason, data)
VALUES (%s, %s, 'worklist.caretask', %s, 'held', 'open', 'held', '', '{}')
"""
CLOSE = """
UPDATE worklist_caretask SET status = 'done', held_by_id = NULL WHERE held_by_id = %s AND status = 'held'
"""
DOUBLE = """
SELECT count(*) FROM (SELECT subject_id FROM core_event WHERE subject = 'worklist.caretask' AND verb = 'held'
                      AND id > %s GROUP BY subject_id HAVING count(*) > 1) twice
"""


def run(size: Size) -> Iterator[Measure]:
    yield from rates()
    yield from waits()
    yield from doubles()
    yield from today()


def rates() -> Iterator[Measure]:
    """Claims a second of 8 clients, ours and bare, in turns."""
    people = prepare(QUEUE * 2, clients=8)
    ours, bare = [], []
    for _ in range(TURNS):
        for claim, rate in ((take_bare, bare), (take_ours, ours)):
            seconds = clients(people, claim, CLAIMS["turn"] // 8)
            rate.append(len(people) * sum(len(each) for each in seconds) / sum(map(sum, seconds)))
    yield Measure("bare claim and Event, 8 clients", median(bare), unit="a s")
    yield Measure("take_next, 8 clients", median(ours), unit="a s")
    yield Measure("take_next / bare", median(ours) / median(bare), limit=0.2, at_least=True, unit="times")


def waits() -> Iterator[Measure]:
    """How long 50 people wait who each work a task for a moment, and 50 who all press at the same instant."""
    people = prepare(QUEUE, clients=50)
    working = clients(people, take_ours, 20, think=THINK)
    yield p95("p95 of 50 who take 20 tasks a second", working, limit=100)
    at_once = clients(people, take_ours, 20, together=True)
    yield p95("p95 of 50 who press at the same instant", at_once, limit=100)


def p95(what: str, seconds: list[list[float]], limit: float) -> Measure:
    flat = sorted(value for each in seconds for value in each)
    detail = f"median {1000 * median(flat):.0f} ms of {len(flat):,}"
    return Measure(what, 1000 * quantiles(flat, n=20)[-1], limit, unit="ms", detail=detail)


def doubles() -> Iterator[Measure]:
    """100,000 claims by 32 clients: none twice."""
    from django.db import connection

    from apps.core.models import Event

    count = CLAIMS["double"]
    people = prepare(4 * count + 4 * 32, clients=32)  # every fourth is an owed call, inside its hours
    before = Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    began = time.perf_counter()
    seconds = clients(people, take_ours, count // 32)
    took = time.perf_counter() - began
    with connection.cursor() as cursor:
        cursor.execute(DOUBLE, [before])
        twice = cursor.fetchone()[0]
    made = sum(len(each) for each in seconds)
    yield Measure("double claims of 32 clients", twice, limit=0, detail=f"of {made:,} in {took:.0f} s")


def today() -> Iterator[Measure]:
    """Today's page with 1,000, 100,000 and 1,000,000 open tasks, visited in turns."""
    from django.test import Client

    took: dict[int, list[float]] = {size: [] for size in SIZES}
    teams = {size: prepare_team(size) for size in SIZES}
    browsers = {}
    for size, user in teams.items():
        browsers[size] = Client()
        browsers[size].force_login(user)
    for visit in range(VISITS + 5):
        for size, browser in browsers.items():
            began = time.perf_counter()
            answer = browser.get("/", headers={"host": "localhost"})
            assert answer.status_code == 200, answer.status_code
            if visit >= 5:
                took[size].append(time.perf_counter() - began)
    small = median(took[SIZES[0]])
    yield Measure(f"Today, {SIZES[0]:,} open tasks", 1000 * small, unit="ms", detail=f"median of {VISITS}")
    for size in SIZES[1:]:
        now = median(took[size])
        yield Measure(f"Today, {size:,} open tasks", 1000 * now, unit="ms")
        yield Measure(f"Today, {size:,} / {SIZES[0]:,}", now / small, limit=1.3, unit="times")


def prepare(tasks: int, *, clients: int) -> list[int]:
    """An empty worklist but for one team's pool; the keys of its reps."""
    from django.db import connection

    from apps.accounts.models import Team, User

    empty()
    team = Team.objects.get_or_create(name="Bench")[0]
    insert(tasks, team.pk, AT)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE) worklist_caretask")
    people = []
    for number in range(clients):
        email = f"bench{number}@example.com"
        user = User.objects.filter(email=email).first() or User(email=email, name=f"Bench {number}")
        user.team, user.password = team, "!"
        user.save()
        people.append(user.pk)
    return people


def prepare_team(tasks: int) -> Any:
    """A rep whose team has this many open tasks, due about now."""
    from django.db import connection

    from apps.accounts.models import Team, User

    if tasks == SIZES[0]:
        empty()
    team = Team.objects.get_or_create(name=f"Bench {tasks}")[0]
    insert(tasks, team.pk, datetime.now(UTC))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE) worklist_caretask")
    email = f"bench-{tasks}@example.com"
    user = User.objects.filter(email=email).first() or User(email=email, name=f"Bench {tasks}")
    user.team, user.password = team, "!"
    user.save()
    return user


def empty() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE worklist_caretask CASCADE")
        cursor.execute("DELETE FROM customers_customer WHERE source = 'bench'")
        cursor.execute(CUSTOMERS, {"count": 1000, "at": AT})


def insert(tasks: int, team: int, at: datetime) -> None:
    from django.db import connection

    from apps.customers.models import Customer

    first = Customer.objects.filter(source="bench").order_by("pk").values_list("pk", flat=True)[0]
    facts = {"count": tasks, "team": team, "at": at, "first": first, "customers": 1000}
    with connection.cursor() as cursor:
        cursor.execute(TASKS.replace("'bench:'", f"'bench:{team}:'"), facts)


def clients(
    people: list[int],
    claim: Callable[[Any], bool],
    each: int,
    *,
    together: bool = False,
    think: float = 0,
) -> list[list[float]]:
    """Seconds of every claim, by client. Processes start together, after a claim that does not count: a web
    worker lives for hours, and connects and builds its queries once.

    `together` starts every claim together too; `think` is the mean of their pauses before a claim.
    """
    from django.db import connections

    connections.close_all()
    context = get_context("fork")
    barrier, answers = context.Barrier(len(people)), context.SimpleQueue()
    workers = [
        context.Process(target=client, args=(key, claim, each, barrier, together, think, answers))
        for key in people
    ]
    for worker in workers:
        worker.start()
    seconds = [answers.get() for _ in workers]  # one that fails sends nothing but its trace
    for worker in workers:
        worker.join()
    return seconds


def client(
    key: int,
    claim: Callable[[Any], bool],
    each: int,
    barrier: Any,
    together: bool,
    think: float,
    answers: Any,
) -> None:
    from django.db import connection

    from apps.accounts.models import User

    user = User.objects.get(pk=key)
    seconds: list[float] = []
    chance = random.Random(key)
    for turn in range(1 + each):
        if together or turn == 1:
            barrier.wait(60)
        time.sleep(2 * think * chance.random() if turn else 0)
        began = time.perf_counter()
        claimed = claim(user)
        if turn:
            seconds.append(time.perf_counter() - began)
        assert claimed, "nothing was handed out although the queue is long"
        with connection.cursor() as cursor:
            cursor.execute(CLOSE, [user.pk])
    connection.close()
    answers.put(seconds)


def take_ours(user: Any) -> bool:
    from apps.worklist.services import take_next

    return take_next(user, now=AT) is not None


def take_bare(user: Any) -> bool:
    from django.db import connection, transaction

    values = {"user": user.pk, "team": user.team_id, "at": AT, "until": AT + timedelta(minutes=15)}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(BARE_CLAIM, values)
        row = cursor.fetchone()
        if row:
            cursor.execute(BARE_EVENT, [AT, user.pk, row[0]])
    return row is not None


def main() -> int:
    from .__main__ import measured, prepare_database

    prepare_database()
    with suppress(KeyboardInterrupt):
        return 1 if [one for one in measured("worklist", REGULAR) if not one.holds] else 0
    return 1


if __name__ == "__main__":
    sys.exit(main())
