"""Opening an item holds its task, so that its time is measured and nobody answers it twice."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from apps.accounts.models import User
from apps.campaigns.models import Enrollment
from apps.core.statuses import Conflict
from apps.worklist.models import CareTask, TaskStatus
from apps.worklist.services import CannotTake, take, task_held_by
from apps.worklist.services.leases import let_go
from apps.worklist.services.times import WITHOUT_OUTCOME, measure

from ..models import FeedbackItem, FeedbackStatus
from ..permissions import may_answer

PLAY = "feedback_reply"
OPENED_ANOTHER = "Opened another item"
HELD_BY_OTHER = "{name} is answering this. It comes back here if they let it go."


@dataclass(frozen=True)
class Opened:
    """An item as one person finds it: its task if it has one, and why it cannot be answered now."""

    task: CareTask | None
    in_the_way: str = ""
    beside: CareTask | None = None  # a call of theirs that is still open


def task_of(item: FeedbackItem) -> CareTask | None:
    """The task that its occasion made; items that came in after the last pass have none yet."""
    enrolled = Enrollment.objects.filter(play=PLAY, subject_id=item.pk, task__isnull=False)
    found = enrolled.select_related("task__held_by").order_by("-pk").first()
    return found.task if found else None


def open_item(item: FeedbackItem, *, by: User, now: datetime) -> Opened:
    """Take the item's task for this person. A reply they had open before goes back.

    A call that they still have open stays: they may write beside it, and its clock counts for both.
    """
    task = task_of(item)
    if item.status != FeedbackStatus.WAITING or not may_answer(by):
        return Opened(task)
    if task and task.status == TaskStatus.HELD and task.held_by_id != by.pk:
        return Opened(task, in_the_way=HELD_BY_OTHER.format(name=task.held_by))
    try:
        call = let_go_of_others(task, by=by, now=now)
        if call is None and task and task.status == TaskStatus.OPEN:
            take(task, by=by, now=now)
        return Opened(task, beside=call)
    except (CannotTake, Conflict) as reason:
        return Opened(task_of(item), in_the_way=str(reason))


def let_go_of_others(task: CareTask | None, *, by: User, now: datetime) -> CareTask | None:
    """Give back another reply that this person holds; a call that is still open is returned, and stays."""
    held = task_held_by(by)
    if held is None or (task and held.pk == task.pk):
        return None
    if held.play != PLAY:
        return held
    give_back(held, by=by, now=now, reason=OPENED_ANOTHER)
    return None


def give_back(task: CareTask, *, by: User, now: datetime, reason: str) -> None:
    """Without a rest: nobody was bothered by looking at it. The time it took is kept."""
    with transaction.atomic():
        measure(task, by=by, now=now, topic=WITHOUT_OUTCOME)
        let_go(task, by=by, now=now, reason=reason, opens_at=task.opens_at)
