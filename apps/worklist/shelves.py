"""The heads of the queues: each shelf is one limited walk along one index, however long the queue behind it.

A person's next tasks lie on several shelves (their own, their team's calls, its other work, the same of no
team). A query over all of them at once would sort the whole pool; their heads, joined by id, stay small.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import BooleanField, Case, Exists, Q, QuerySet, Value, When
from django.db.models.expressions import RawSQL

from apps.accounts.models import Team, User

from .models import REPLY_PLAY, CareTask
from .querysets import CareTaskQuerySet
from .templates import Template, template_of

Shelf = QuerySet[Any, Any]
HEAD = 40  # more than the people who may be taking from one shelf in the same instant


def pools_of(user: User) -> list[int | None]:
    """The teams whose pool a person takes from: their own and none; without a team, every one."""
    if user.team_id is not None:
        return [user.team_id, None]
    return [*Team.objects.order_by("id").values_list("id", flat=True), None]


def next_in_line(user: User, now: datetime) -> CareTaskQuerySet:
    """What can be worked this moment, best first: one's own promises, then the pool."""
    return line_of(user.pk, pools_of(user), now)


def line_of(user_id: int, pools: list[int | None], now: datetime) -> CareTaskQuerySet:
    shelves: list[Shelf] = [own_due(user_id, now)]
    for team_id in pools:
        shelves += [calls_now(team_id, now), written_now(team_id, now)]
    own_first = Case(When(assignee=user_id, then=Value(0)), default=Value(1))
    return (
        CareTask.objects.filter(on_any(shelves, HEAD), status="open")
        .phone_not_refused()
        .order_by(own_first, "priority", "due_at", "id")
    )


def day_shelves(user_id: int, pools: list[int | None], now: datetime) -> list[Shelf]:
    """What a day is made of: one's own, what one holds, and each pool's calls, letters and replies."""
    shelves: list[Shelf] = [
        CareTask.objects.of_person(user_id).in_order(),
        CareTask.objects.filter(status="held", held_by=user_id),
    ]
    for team_id in pools:
        shelves += [calls_now(team_id, now), written_now(team_id, now)]
        shelves += [replies_now(team_id, now), calls_later(team_id, now)]
    return shelves


def claim_template(pools: list[int | None]) -> Template:
    """The first row of the line, locked where the database can; none for whoever holds a task already.

    Built by Django once, then only filled in.
    """
    return template_of(_claim_line, pools)


def _claim_line(user_id: int, pools: list[int | None], now: datetime, *, skip_locked: bool) -> Shelf:
    holds = CareTask.objects.filter(status="held", held_by=user_id)
    line = line_of(user_id, pools, now).filter(~Exists(holds))
    return (line.select_for_update(skip_locked=True, of=("self",)) if skip_locked else line)[:1]


def own_due(user_id: int, now: datetime) -> Shelf:
    callable_now = ~Q(reach="phone") | Q(calls_from__lte=now, calls_until__gt=now)
    own = CareTask.objects.of_person(user_id).exclude(play=REPLY_PLAY)
    return own.filter(callable_now).due_by_now(now).in_order()


def calls_now(team_id: int | None, now: datetime) -> Shelf:
    """Calls inside the customer's hours. Outside everybody's hours it costs one look at the windows."""
    calls = CareTask.objects.in_pool(team_id).calls()
    any_open = Exists(calls.in_calling_window(now))
    return calls.filter(any_open).in_calling_window(now).due_by_now(now).in_order()


def calls_later(team_id: int | None, now: datetime) -> Shelf:
    """Calls whose window opens next, the earliest first."""
    later = CareTask.objects.in_pool(team_id).calls().filter(calls_from__gt=now)
    return later.order_by("calls_from", "calls_until")


def written_now(team_id: int | None, now: datetime) -> Shelf:
    return CareTask.objects.in_pool(team_id).written().due_by_now(now).in_order()


def replies_now(team_id: int | None, now: datetime) -> Shelf:
    return CareTask.objects.in_pool(team_id).replies().due_by_now(now).in_order()


def snoozed(team_id: int | None, user_id: int, now: datetime) -> Shelf:
    """Retries and skips of the pool, and one's own, whose time is still to come."""
    rows = CareTask.objects.filter(
        Q(assignee__isnull=True) | Q(assignee=user_id), status="open", team=team_id
    )
    return rows.filter(opens_at__gt=now).order_by("opens_at")


def all_open(team_id: int | None) -> list[Shelf]:
    """The team's whole queue in its order, whoever it is promised to, whatever the hour."""
    pool = CareTask.objects.in_pool(team_id)
    promised = CareTask.objects.filter(status="open", assignee__isnull=False, team=team_id)
    return [
        pool.calls().in_order(),
        pool.written().in_order(),
        pool.replies().in_order(),
        promised.in_order(),
    ]


def on_any(shelves: Iterable[Shelf], head: int) -> RawSQL:
    """A condition: among the first `head` of any of the shelves."""
    parts: list[str] = []
    params: list[Any] = []
    for number, shelf in enumerate(shelves):
        sql, values = shelf.values("id")[:head].query.sql_with_params()
        parts.append(f"SELECT id FROM ({sql}) shelf_{number}")  # noqa: S608 - compiled by Django
        params += values
    sql = f"worklist_caretask.id IN ({' UNION ALL '.join(parts)})"
    return RawSQL(sql, params, output_field=BooleanField())  # noqa: S611 - no text from outside
