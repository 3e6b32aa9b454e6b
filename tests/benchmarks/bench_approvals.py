"""The approvals page, its list and an open offer, at 50 and at 50,000 open offers: the same queries, as fast.

`python -m tests.benchmarks approvals` runs this bench alone.
"""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from statistics import median
from typing import Any

from . import Measure, Size

SIZES = [50, 50_000]
VISITS = 60
WARM = 5
PAGES = ["list", "open offer"]

CUSTOMERS = """
INSERT INTO customers_customer
    (source, external_id, name, called, pronoun, email, phone, language, street, city, state, postcode,
     country, time_zone, note, created_at)
SELECT 'approvals', %(team)s || ':' || n, 'Grace Okafor ' || n, '', '', '', '+4930901820', '', '', 'Berlin',
       '', '', 'DE', '', '', %(at)s
FROM generate_series(1, %(count)s) n
"""
TASKS = """
INSERT INTO worklist_caretask
    (key, play, customer_id, team_id, status, reach, owed, priority, due_at, zone, facts, attempts_made,
     attempts_allowed, notes, created_at, close_reason)
SELECT 'apology:bench:' || id, 'apology', id, %(team)s, 'waiting', 'phone', true, 1, %(at)s, 'Europe/Berlin',
       '{}', 0, 3, '', %(at)s, ''
FROM customers_customer WHERE source = 'approvals' AND external_id LIKE %(mine)s
"""


def run(size: Size) -> Iterator[Measure]:
    """All offers of the shop are open ones of one team: first 50 of them, then 50,000, then 50 again."""
    took: dict[tuple[str, int], list[float]] = {(page, count): [] for page in PAGES for count in SIZES}
    asked: dict[tuple[str, int], int] = {}
    for count in [*SIZES, SIZES[0]]:
        empty()
        visit_all(count, prepare_team(count), took, asked)
    for page in PAGES:
        yield from measures(
            page,
            {count: took[page, count] for count in SIZES},
            {count: asked[page, count] for count in SIZES},
        )


def visit_all(
    count: int, user: Any, took: dict[tuple[str, int], list[float]], asked: dict[tuple[str, int], int]
) -> None:
    from django.test import Client

    browser = Client()
    browser.force_login(user)
    urls = dict(zip(PAGES, ["/approvals/", f"/approvals/{first_of(user)}/"], strict=True))
    for visit in range(VISITS + WARM):
        for page, url in urls.items():
            seconds = visited(browser, url)
            if visit >= WARM:
                took[page, count].append(seconds)
    for page, url in urls.items():
        asked[page, count] = queries_of(browser, url)


def measures(page: str, took: dict[int, list[float]], asked: dict[int, int]) -> Iterator[Measure]:
    small, large = SIZES
    for count in SIZES:
        detail = f"median of {VISITS}, {asked[count]} queries"
        yield Measure(
            f"Approvals, {page}, {count:,} offers", 1000 * median(took[count]), unit="ms", detail=detail
        )
    ratio = median(took[large]) / median(took[small])
    yield Measure(f"Approvals, {page}, {large:,} / {small:,}", ratio, limit=1.3, unit="times")
    more = abs(asked[large] - asked[small])
    yield Measure(f"Approvals, {page}: other queries at {large:,}", more, limit=0)


def visited(browser: Any, url: str) -> float:
    began = time.perf_counter()
    answer = browser.get(url, headers={"host": "localhost"})
    assert answer.status_code == 200, answer.status_code
    return time.perf_counter() - began


def queries_of(browser: Any, url: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        visited(browser, url)
    return len(queries)


def first_of(user: Any) -> int:
    from apps.apologies.models import Offer

    return int(
        Offer.objects.filter(task__team=user.team_id).order_by("due_at", "pk").values_list("pk", flat=True)[0]
    )


def prepare_team(count: int) -> Any:
    """A manager whose team has this many offers to decide, proposed by the pass itself."""
    from django.db import connection

    from apps.accounts.models import Role, Team, User
    from apps.apologies.services import propose_missing_offers

    team = Team.objects.get_or_create(name=f"Approvals {count}")[0]
    at = datetime.now(UTC)
    insert(count, team.pk, at)
    propose_missing_offers(now=at)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
    for name in ("first", "second"):
        email = f"approvals-{count}-{name}@example.com"
        user = User.objects.filter(email=email).first() or User(email=email, name=f"Manager {name}")
        user.team, user.password, user.role = team, "!", Role.MANAGER
        user.save()
    return user


def insert(count: int, team: int, at: datetime) -> None:
    """Customers with an incident and a waiting apology each."""
    from django.db import connection

    from apps.apologies.models import Incident
    from apps.campaigns.models import Campaign, Enrollment
    from apps.customers.models import Customer
    from apps.worklist.models import CareTask

    facts = {"count": count, "team": team, "at": at, "mine": f"{team}:%"}
    with connection.cursor() as cursor:
        cursor.execute(CUSTOMERS, facts)
        cursor.execute(TASKS, facts)
    campaign = Campaign.objects.get_or_create(play="apology", defaults={"name": "Apologies"})[0]
    mine = Customer.objects.filter(source="approvals", external_id__startswith=f"{team}:").order_by("pk")
    kept = {"kind": "wrong", "severity": "moderate", "known_on": at.date(), "detected_at": at}
    incidents = Incident.objects.bulk_create(
        (
            Incident(customer_id=key, detail="It was another one.", **kept)
            for key in mine.values_list("pk", flat=True)
        ),
        batch_size=5000,
    )
    by_customer = {incident.customer_id: incident.pk for incident in incidents}
    about = {"campaign": campaign, "play": "apology", "arm": "treatment"}
    moments = {"occurred_at": at, "due_at": at, "enrolled_at": at}
    tasks = CareTask.objects.filter(team=team, play="apology").values_list("pk", "customer_id")
    Enrollment.objects.bulk_create(
        (
            Enrollment(
                task_id=task,
                customer_id=customer,
                occasion=f"incident:{by_customer[customer]}",
                subject_id=by_customer[customer],
                **about,
                **moments,
            )
            for task, customer in tasks
        ),
        batch_size=5000,
    )


def empty() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE worklist_caretask, apologies_incident, apologies_offer CASCADE")
        cursor.execute("TRUNCATE campaigns_enrollment CASCADE")
        cursor.execute("DELETE FROM customers_customer WHERE source = 'approvals'")
