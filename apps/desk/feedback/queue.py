"""The list beside the open item: what waits in order of its due time, what was answered, what is closed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from apps.accounts.calendars import shop_calendar
from apps.accounts.models import Shop, User
from apps.campaigns.models import Campaign, Enrollment
from apps.core.business_time import BusinessCalendar
from apps.feedback.due import UNHAPPY, answer_by
from apps.feedback.kinds import FeedbackKind, kind_of
from apps.feedback.models import FeedbackItem, FeedbackStatus
from apps.feedback.querysets import FeedbackQuerySet
from apps.feedback.services.holding import PLAY
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
    """One line of the list. `held_by` is its task's, where it has one.

    What came before the campaign's start is not owed yet: `due_at` is None, and it is never late.
    """

    item: FeedbackItem
    kind: FeedbackKind
    due_at: datetime | None
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


def feedback_campaign() -> Campaign | None:
    return Campaign.objects.filter(play=PLAY).first()


def rows_for(user: User, tab: str, *, shop: Shop, now: datetime, campaign: Campaign | None) -> list[Row]:
    """At most `SHOWN` rows of a tab, each list read along an index."""
    items = FeedbackItem.objects.on_the_desk_of(user).filter(status=TABS[tab])
    items = items.select_related("customer", "order")
    reader = _Reader(user, shop_calendar(shop), now, _start(campaign, now))
    if tab == "waiting":
        return _first_due(items, reader)
    return reader.rows(items.order_by("-closed_at")[:SHOWN])


def row_of(item: FeedbackItem, *, user: User, shop: Shop, now: datetime, campaign: Campaign | None) -> Row:
    return _Reader(user, shop_calendar(shop), now, _start(campaign, now)).rows([item])[0]


def next_to_answer(user: User, *, shop: Shop, now: datetime, after: FeedbackItem) -> FeedbackItem | None:
    """The first due item that nobody else is writing on."""
    for row in rows_for(user, "waiting", shop=shop, now=now, campaign=feedback_campaign()):
        if row.item.pk != after.pk and row.held_by is None:
            return row.item
    return None


def _start(campaign: Campaign | None, now: datetime) -> datetime | None:
    """From when on the campaign lets items in. One that was never on holds nothing back."""
    return campaign.lets_in_from(now) if campaign and campaign.starts_at else None


def _first_due(items: FeedbackQuerySet, reader: "_Reader") -> list[Row]:
    """What is owed, first due first; as far as there is room, what is held back follows, newest first."""
    if reader.start is None:
        return reader.rows(reader.first_due(items))
    since = items.filter(received_at__gte=reader.start)
    let_in = items.filter(received_at__lt=reader.start).enrolled().order_by("received_at")[:SHOWN]
    owed = reader.first_due(since, let_in)
    room = SHOWN - len(owed)
    others = items.held_back(reader.start).order_by("-received_at")[:room] if room else []
    return reader.rows([*owed, *others])


@dataclass(frozen=True)
class _Reader:
    """For whom rows are read, and from when on the campaign lets items in (None: ever)."""

    user: User
    calendar: BusinessCalendar
    now: datetime
    start: datetime | None

    def first_due(self, items: FeedbackQuerySet, more: Iterable[FeedbackItem] = ()) -> list[FeedbackItem]:
        """Two walks along the index, merged with `more`: due times grow with age in each."""
        unhappy = items.filter(score__lte=UNHAPPY).order_by("received_at")[:SHOWN]
        others = items.filter(Q(score=None) | Q(score__gt=UNHAPPY)).order_by("received_at")[:SHOWN]
        found = [*unhappy, *others, *more]
        return sorted(found, key=lambda item: (answer_by(item, self.calendar), item.received_at))[:SHOWN]

    def rows(self, items: Iterable[FeedbackItem]) -> list[Row]:
        items = list(items)
        enrolled = _enrolled([item.pk for item in items])
        rows = [self._row(item, enrolled) for item in items]
        if any(row.item.status != FeedbackStatus.WAITING for row in rows):
            return rows
        return sorted(rows, key=_as_due)

    def _row(self, item: FeedbackItem, enrolled: dict[int | None, CareTask | None]) -> Row:
        task = enrolled.get(item.pk)
        is_held_back = bool(self.start and item.received_at < self.start and item.pk not in enrolled)
        due_at = task.due_at if task else None if is_held_back else answer_by(item, self.calendar)
        is_late = item.status == FeedbackStatus.WAITING and due_at is not None and due_at < self.now
        is_held = task and task.status == TaskStatus.HELD and task.held_by_id != self.user.pk
        return Row(item, kind_of(item), due_at, is_late, task.held_by if task and is_held else None)


def _as_due(row: Row) -> tuple[bool, float, float]:
    """What is owed by its due time, then what is not, newest first."""
    if row.due_at is None:
        return True, -row.item.received_at.timestamp(), 0
    return False, row.due_at.timestamp(), row.item.received_at.timestamp()


def _enrolled(keys: list[int]) -> dict[int | None, CareTask | None]:
    """The items that a pass took up, each with its task if it has one by now."""
    enrolled = Enrollment.objects.filter(play=PLAY, subject_id__in=keys).order_by("pk")
    return {one.subject_id: one.task for one in enrolled.select_related("task__held_by")}
