"""Items that nobody has as a task, and why: what a manager or a marketer can do about them."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.urls import reverse

from apps.accounts.models import Role, User
from apps.accounts.permissions import has_role
from apps.campaigns.models import Campaign
from apps.core.bounded import bounded_counts
from apps.feedback.models import FeedbackItem
from apps.feedback.querysets import FeedbackQuerySet

LIMIT = 100
LOOKED_AT = 1_000  # of what waits, from either end: what has no task is older than the start, or new
OFF = "the campaign is off. Switch it on, or answer by hand."
BEFORE_START = "written before the campaign's start. Let older ones in by its backfill, or answer by hand."
NO_ROOM = "the campaign's limit of new tasks a day is reached. Raise it, or answer by hand."
TASK_CLOSED = "the task was closed without an answer. Answer by hand."


@dataclass(frozen=True)
class WithoutTask:
    """So many items, one reason, and the page where it can be changed."""

    count: int
    reason: str
    url: str

    @property
    def strong(self) -> str:
        number = f"{LIMIT - 1}+" if self.count >= LIMIT else str(self.count)
        return f"{number} {'item has' if self.count == 1 else 'items have'} no task:"


def without_task(user: User, campaign: Campaign | None, *, now: datetime) -> list[WithoutTask]:
    """One line a reason. What the next pass takes up by itself is not told of."""
    if campaign is None or not has_role(user, Role.MANAGER, Role.MARKETER):
        return []
    by_reason = _by_reason(_unaccounted(user), campaign, now)
    url = reverse("desk:campaign", args=[campaign.pk])
    counts = bounded_counts(list(by_reason.values()), LIMIT)
    return [WithoutTask(count, reason, url) for reason, count in zip(by_reason, counts, strict=True) if count]


def _unaccounted(user: User) -> FeedbackQuerySet:
    waiting = FeedbackItem.objects.waiting()
    oldest = waiting.order_by("received_at").values("pk")[:LOOKED_AT]
    newest = waiting.order_by("-received_at").values("pk")[:LOOKED_AT]
    looked_at = Q(pk__in=oldest) | Q(pk__in=newest)
    return FeedbackItem.objects.on_the_desk_of(user).waiting().filter(looked_at).unaccounted()


def _by_reason(items: FeedbackQuerySet, campaign: Campaign, now: datetime) -> dict[str, FeedbackQuerySet]:
    if not campaign.is_on:
        return {OFF: items}
    found = {NO_ROOM: items.enrolled(task=None), TASK_CLOSED: items.enrolled(task__isnull=False)}
    start = campaign.lets_in_from(now)
    if start is None:
        return found
    return {BEFORE_START: items.held_back(start), **found}
