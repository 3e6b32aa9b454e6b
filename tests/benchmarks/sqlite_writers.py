"""Eight reps on one SQLite file who take, note and close one task after another without a pause.

`python -m tests.benchmarks.sqlite_writers` in an environment whose CARECRM_DATA is an empty folder; prints
the seconds of every write as JSON. A program of its own, because the benches' Django is on PostgreSQL.
"""

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from typing import Any

import django

WRITERS, TASKS_EACH = 8, 60
AT = datetime(2026, 3, 4, 10, 0, tzinfo=UTC)


def main() -> None:
    django.setup()
    from django.core.management import call_command
    from django.db import connections

    call_command("migrate", verbosity=0)
    people = prepare()
    connections.close_all()
    context = get_context("fork")
    barrier, answers = context.Barrier(WRITERS), context.SimpleQueue()
    writers = [context.Process(target=write, args=(key, barrier, answers)) for key in people]
    for writer in writers:
        writer.start()
    seconds = [each for _ in writers for each in answers.get()]
    for writer in writers:
        writer.join()
    print(json.dumps(seconds))


def prepare() -> list[int]:
    from apps.accounts.models import Team, User
    from apps.customers.models import Customer
    from apps.worklist.models import CareTask

    team = Team.objects.create(name="Bench")
    customer = Customer.objects.create(source="bench", external_id="1", phone="+4930901820", created_at=AT)
    CareTask.objects.bulk_create(
        CareTask(
            key=f"bench:{n}",
            play="welcome",
            customer=customer,
            team=team,
            due_at=AT + timedelta(seconds=n),
            zone="Europe/Berlin",
            calls_from=AT - timedelta(hours=1),
            calls_until=AT + timedelta(hours=8),
            created_at=AT,
        )
        for n in range(2 * WRITERS * TASKS_EACH)
    )
    emails = [f"bench{number}@example.com" for number in range(WRITERS)]
    return [User.objects.create(email=email, name=email, team=team, password="!").pk for email in emails]


def write(key: int, barrier: Any, answers: Any) -> None:
    from apps.accounts.models import User
    from apps.worklist.services import record_outcome, save_notes, take_next

    user, seconds = User.objects.get(pk=key), list[float]()
    barrier.wait(60)
    for _ in range(TASKS_EACH):
        task: Any = timed(seconds, lambda: take_next(user, now=AT))
        timed(seconds, lambda task=task: save_notes(task, notes="They liked it.", by=user, now=AT))
        timed(seconds, lambda task=task: record_outcome(task, outcome="talked", by=user, now=AT))
    answers.put(seconds)


def timed(seconds: list[float], write: Callable[[], object]) -> object:
    began = time.perf_counter()
    answer = write()
    seconds.append(time.perf_counter() - began)
    return answer


if __name__ == "__main__":
    main()
