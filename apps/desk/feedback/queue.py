"""The list beside the open item: what waits in order of its due time, what was answered, what is closed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from apps.accounts.calendars import shop_calendar
from apps.accounts.models import Shop, User
from apps.campaigns.models import Enrollment
from apps.core.business_time import BusinessCalendar
from apps.feedback.due import UNHAPPY, answer_by
from apps.feedback.kinds import FeedbackKind, kind_of
from apps.feedback.models import FeedbackItem, FeedbackStatus
from apps.feedback.querysets import FeedbackQuerySet
from apps.worklist.models import CareTask, TaskStatus

SHOWN = 50
TABS = {
    "waiting": FeedbackStatus.WAITING,
    "answered": FeedbackStatus.ANSWERED,
    "closed": FeedbackStatus.UNANSWERABLE,
}
KIND_ICONS = {
    FeedbackKind.COMPLAINT: "alert",
    FeedbackKind.PRAISE: "heart",
    FeedbackKind.IDEA: "bulb",
    FeedbackKind.COMMENT: "feedback",
}


@dataclass(frozen=True)
class Row:
    """One line of the list; `open` and `held_by` are the task's, where it has one."""

    item: FeedbackItem
    kind: FeedbackKind
    due_at: datetime
    is_late: bool
    held_by: User | None = None

    @property
    def icon(self) -> str:
        return KIND_ICONS[self.kind]

    @property
    def where(self) -> str:
        """`Review, 2 of 5`: the place, and the score if it has one."""
        score = f"{self.item.score} of 5" if self.item.score else ""
        return ", ".join(filter(None, [self.item.place or self.item.source, score]))


def rows_for(user: User, tab: str, *, shop: Shop, now: datetime) -> list[Row]:
    """At most `SHOWN` rows of a tab, each list read along an index."""
    items = FeedbackItem.objects.on_the_desk_of(user).filter(status=TABS[tab])
    items = items.select_related("customer", "order")
    calendar = shop_calendar(shop)
    if tab == "waiting":
        return _first_due(items, calendar, user, now)
    return list(_rows(items.order_by("-closed_at")[:SHOWN], calendar, user, now))


def row_of(item: FeedbackItem, *, user: User, shop: Shop, now: datetime) -> Row:
    return next(iter(_rows([item], shop_calendar(shop), user, now)))


def next_to_answer(user: User, *, shop: Shop, now: datetime, after: FeedbackItem) -> FeedbackItem | None:
    """The first due item that nobody else is writing on."""
    for row in rows_for(user, "waiting", shop=shop, now=now):
        if row.item.pk != after.pk and row.held_by is None:
            return row.item
    return None


def _first_due(items: FeedbackQuerySet, calendar: BusinessCalendar, user: User, now: datetime) -> list[Row]:
    """Two walks along the index of what waits, merged: due times grow with age in each."""
    unhappy = items.filter(score__lte=UNHAPPY).order_by("received_at")[:SHOWN]
    others = items.filter(Q(score=None) | Q(score__gt=UNHAPPY)).order_by("received_at")[:SHOWN]
    oldest = sorted([*unhappy, *others], key=lambda item: (answer_by(item, calendar), item.received_at))
    rows = _rows(oldest[:SHOWN], calendar, user, now)
    return sorted(rows, key=lambda row: (row.due_at, row.item.received_at))


def _rows(
    items: Iterable[FeedbackItem], calendar: BusinessCalendar, user: User, now: datetime
) -> Iterable[Row]:
    items = list(items)
    tasks = _tasks([item.pk for item in items])
    for item in items:
        task = tasks.get(item.pk)
        due_at = task.due_at if task else answer_by(item, calendar)
        is_late = item.status == FeedbackStatus.WAITING and due_at < now
        is_held = task and task.status == TaskStatus.HELD and task.held_by_id != user.pk
        yield Row(item, kind_of(item), due_at, is_late, task.held_by if task and is_held else None)


def _tasks(keys: list[int]) -> dict[int | None, CareTask]:
    enrolled = Enrollment.objects.filter(play="feedback_reply", subject_id__in=keys, task__isnull=False)
    return {one.subject_id: one.task for one in enrolled.select_related("task__held_by") if one.task}
