"""The four lists of Today: mine, the team's, snoozed, done. Each is one query over the queues' heads."""

from dataclasses import dataclass

from django.db.models import OuterRef, Subquery

from apps.core.bounded import bounded_counts
from apps.feedback.models import FeedbackItem
from apps.worklist.models import Attempt, CareTask
from apps.worklist.shelves import (
    Shelf,
    all_open,
    day_shelves,
    on_any,
    pools_of,
    snoozed,
)

from .rows import Row, Viewer, row_of, with_what_rows_need

SHOWN = 20  # of each shelf: about what one day holds
TABS = {"mine": "Mine", "team": "Team", "snoozed": "Snoozed", "done": "Done"}
GROUPS = {
    "open": "Open on your desk",
    "promised": "Promised",
    "soon": "Window closes soon",
    "now": "Good to call now",
    "written": "To write, any time",
    "later": "Window opens later",
    "replies": "Replies, any time",
}


@dataclass(frozen=True)
class Group:
    title: str
    rows: list[Row]


def mine(viewer: Viewer, pools: list[int | None]) -> list[Row]:
    """What one would work today: one's own, then the head of the team's pool."""
    rows = rows_on(day_shelves(viewer.user.pk, pools, viewer.now), viewer)
    return sorted(rows, key=_as_they_come)


def team(viewer: Viewer, pools: list[int | None]) -> list[Row]:
    rows = rows_on([shelf for team_id in pools for shelf in all_open(team_id)], viewer)
    return sorted(rows, key=lambda row: (row.task.priority, row.task.due_at))[: 2 * SHOWN]


def put_off(viewer: Viewer, pools: list[int | None]) -> list[Row]:
    rows = rows_on([snoozed(team_id, viewer.user.pk, viewer.now) for team_id in pools], viewer)
    return sorted(rows, key=lambda row: row.task.opens_at or row.task.due_at)


def rows_on(shelves: list[Shelf], viewer: Viewer) -> list[Row]:
    tasks = with_what_rows_need(CareTask.objects.filter(on_any(shelves, SHOWN)).phone_not_refused())
    return [row_of(task, viewer) for task in tasks]


def first_in_line(rows: list[Row], viewer: Viewer) -> Row | None:
    """What the next start opens: what can be worked this moment, in the order in which it is taken."""
    ready = [row for row in rows if _is_ready(row, viewer)]
    own = viewer.user.pk
    return min(
        ready,
        key=lambda row: (row.task.assignee_id != own, row.task.priority, row.task.due_at, row.task.pk),
        default=None,
    )


def _is_ready(row: Row, viewer: Viewer) -> bool:
    if row.group in {"open", "replies"} or (row.task.opens_at and row.task.opens_at > viewer.now):
        return False
    return row.window is None or row.window.is_open


def grouped(rows: list[Row]) -> list[Group]:
    groups = [Group(title, [row for row in rows if row.group == code]) for code, title in GROUPS.items()]
    return [group for group in groups if group.rows]


def attempts_today(viewer: Viewer) -> list[Attempt]:
    """One's attempts since midnight, the latest first, with what was kept as feedback in the call."""
    midnight = viewer.now.astimezone(viewer.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    words = FeedbackItem.objects.filter(heard_in_task=OuterRef("task")).values("text")[:1]
    attempts = Attempt.objects.standing().filter(by=viewer.user, ended_at__gte=midnight)
    attempts = attempts.select_related("task", "customer").annotate(heard=Subquery(words))
    return list(attempts.order_by("-ended_at")[:100])


def counts(viewer: Viewer, pools: list[int | None]) -> tuple[int, int]:
    """The sizes of the team's list and of what is snoozed, each counted to 100 at most."""
    whole = [shelf for team_id in pools for shelf in all_open(team_id)]
    put_off = [snoozed(team_id, viewer.user.pk, viewer.now) for team_id in pools]
    sizes = bounded_counts([*whole, *put_off])
    return sum(sizes[: len(whole)]), sum(sizes[len(whole) :])


def pools(viewer: Viewer) -> list[int | None]:
    return pools_of(viewer.user)


def _as_they_come(row: Row) -> tuple[object, ...]:
    later = row.task.calls_from if row.group == "later" and row.task.calls_from else row.task.due_at
    return (list(GROUPS).index(row.group), row.task.priority, later, row.task.pk)
