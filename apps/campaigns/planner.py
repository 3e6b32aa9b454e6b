"""From an occasion to a task: when it is due, how the customer is reached, where and when they may be called.

Days, zones and calling windows are worked out once each and joined; no customer passes through Python.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Concat

from apps.core.call_windows import call_window
from apps.worklist.models import CareTask, Reach

from .ledger import insert_joined
from .models import Arm, CallingPlace, Campaign, DueDay, Enrollment, Verdict
from .moment import Moment
from .plays import Play
from .plays.base import Sql
from .temporary import temporary_table
from .zones import PREFIX, one_zone_countries, zone_of

ADDRESSES = {
    Reach.PHONE: "c.phone <> ''",
    Reach.EMAIL: "c.email <> ''",
    Reach.POST: "c.name <> '' AND c.postcode <> '' AND c.city <> ''",
}


@contextmanager
def due_days(verdicts: QuerySet[Verdict], moment: Moment) -> Iterator[None]:
    """When each of the days of `verdicts` makes something due, as a table to join."""
    with temporary_table(DueDay):
        days = verdicts.order_by().values_list("due_from", "due_days").distinct()
        calendar = moment.calendar
        DueDay.objects.bulk_create(
            DueDay(due_from=day, due_days=n, due_at=calendar.end_of_day(calendar.add_business_days(day, n)))
            for day, n in days
        )
        yield


def open_tasks(play: Play, campaign: Campaign, moment: Moment, source: Sql) -> int:
    """One task for each row of `source` (customer_id, occasion, facts, due_at, expires_at)."""
    rows, params = source
    with calling_places(source, moment):
        return insert_joined(
            CareTask,
            {
                "key": ("%s || s.customer_id || ':' || s.occasion", (f"{play.code}:",)),
                "play": ("%s", (play.code,)),
                "customer_id": "s.customer_id",
                "team_id": ("%s", (campaign.team_id,)),
                "status": ("%s", (play.task_status.value,)),
                "reach": reach_of(play),
                "owed": ("%s", (play.owed,)),
                "priority": ("%s", (play.priority,)),
                "due_at": "s.due_at",
                "expires_at": "s.expires_at",
                "zone": "p.zone",
                "calls_from": "p.calls_from",
                "calls_until": "p.calls_until",
                "facts": "s.facts",
                "created_at": ("%s", (connection.ops.adapt_datetimefield_value(moment.at),)),
            },
            (
                f"({rows}) s JOIN customers_customer c ON c.id = s.customer_id "
                f"JOIN {CallingPlace._meta.db_table} p "
                f"ON (p.time_zone, p.country, p.prefix) = ({place_of_customer()}) "
                "WHERE true",
                params,
            ),
            "ON CONFLICT (key) DO NOTHING",
        )


def reach_of(play: Play) -> str:
    """SQL: the first channel of the play that the customer `c` has and has not refused."""
    refused = (
        "EXISTS (SELECT 1 FROM customers_permission r WHERE r.customer_id = c.id AND r.state = 'refused' "
        "AND r.purpose = '{purpose}' AND r.channel = '{channel}')"
    )
    cases = " ".join(
        f"WHEN {ADDRESSES[channel]} AND NOT {refused.format(purpose=play.purpose, channel=channel.value)} "
        f"THEN '{channel.value}'"
        for channel in play.channels
    )
    return f"CASE {cases} ELSE '{play.last_resort.value}' END"


def place_of_customer() -> str:
    """SQL: the place of the customer `c`. The number counts only where nothing else gives one zone."""
    known = ", ".join(f"'{country}'" for country in one_zone_countries())
    return (
        "c.time_zone, CASE WHEN c.time_zone = '' THEN c.country ELSE '' END, "
        f"CASE WHEN c.time_zone = '' AND c.country NOT IN ({known}) "
        f"THEN substr(c.phone, 1, {PREFIX}) ELSE '' END"
    )


@contextmanager
def calling_places(source: Sql, moment: Moment) -> Iterator[None]:
    """Zone and calling window of each place that the customers of `source` are in, as a table to join."""
    rows, params = source
    with temporary_table(CallingPlace):
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT DISTINCT {place_of_customer()} FROM customers_customer c "  # noqa: S608
                f"JOIN (SELECT DISTINCT customer_id FROM ({rows}) q) s ON s.customer_id = c.id",
                params,
            )
            places = cursor.fetchall()
        CallingPlace.objects.bulk_create(_calling_place(place, moment) for place in places)
        yield


def _calling_place(place: tuple[str, str, str], moment: Moment) -> CallingPlace:
    zone = zone_of(*place)
    shop = moment.shop
    window = call_window(
        ZoneInfo(zone) if zone else moment.zone, shop.calls_from, shop.calls_until, moment.at
    )
    return CallingPlace(
        time_zone=place[0],
        country=place[1],
        prefix=place[2],
        zone=zone,
        calls_from=window[0],
        calls_until=window[1],
    )


def room_today(play: Play, campaign: Campaign, moment: Moment) -> int | None:
    """How many more tasks may be opened on the shop's day; None is no limit."""
    if campaign.tasks_per_day is None:
        return None
    start = moment.calendar.start_of_day(moment.today)
    end = moment.calendar.start_of_day(moment.today + timedelta(days=1))
    opened = CareTask.objects.filter(play=play.code, created_at__gte=start, created_at__lt=end).count()
    return max(campaign.tasks_per_day - opened, 0)


def waiting_enrollments(play: Play, campaign: Campaign, moment: Moment) -> QuerySet[Enrollment]:
    """Enrolled, without a task yet, and still due: in order of due."""
    rows = Enrollment.objects.filter(
        Q(expires_at=None) | Q(expires_at__gt=moment.at),
        campaign=campaign,
        arm=Arm.TREATMENT,
        task=None,
        enrolled_at__lte=moment.at,
    )
    for stale in play.stale(moment):
        rows = rows.exclude(stale.condition)
    return rows.order_by("due_at", "pk")


def link_tasks(campaign: Campaign) -> None:
    """Tie enrollments to the tasks that were just opened for them."""
    key = Concat("play", Value(":"), Cast("customer_id", CharField()), Value(":"), "occasion")
    theirs: Any = CareTask.objects.filter(key=OuterRef("task_key"))
    unlinked = Enrollment.objects.filter(campaign=campaign, arm=Arm.TREATMENT, task=None)
    unlinked.annotate(task_key=key).filter(Exists(theirs)).update(task_id=Subquery(theirs.values("pk")[:1]))
