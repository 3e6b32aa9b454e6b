"""What a customer said in a call, kept as feedback."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied

from apps.accounts.models import User
from apps.campaigns.models import Enrollment
from apps.core.statuses import Conflict, record
from apps.worklist.models import CareTask

from ..models import HEARD, FeedbackItem, FeedbackStatus
from ..permissions import may_answer
from .answers import Refused

PLACES = {"welcome": "Welcome call", "vip_recognition": "Thank-you call", "apology": "Apology call"}
WORDS_NEEDED = "Write down what they said, in their words."
ANSWERED_ALREADY = "What they said was answered in the meantime. Keep new words with the next call."


def keep_heard(task: CareTask, *, text: str, score: int | None, by: User, now: datetime) -> FeedbackItem:
    """One item a call: saying it again replaces the words while nobody has answered them."""
    if not may_answer(by):
        raise PermissionDenied
    if not text.strip():
        raise Refused(WORDS_NEEDED)
    said: dict[str, Any] = {"text": text.strip(), "score": score, "heard_by": by}
    known = FeedbackItem.objects.filter(source=HEARD, external_id=f"task:{task.pk}").first()
    if known:
        return _say_again(known, said, by, now)
    item = FeedbackItem.objects.create(
        source=HEARD,
        external_id=f"task:{task.pk}",
        customer_id=task.customer_id,
        order_id=_order_of(task),
        place=PLACES.get(task.play, "Call"),
        language=task.customer.language,
        received_at=now,
        heard_in_task=task,
        **said,
    )
    record(item, "heard", by=by, now=now, to_status=FeedbackStatus.WAITING, task=task.pk)
    return item


def _say_again(item: FeedbackItem, said: dict[str, Any], by: User, now: datetime) -> FeedbackItem:
    if all(getattr(item, name) == value for name, value in said.items()):
        return item
    was = item.text
    if not FeedbackItem.objects.filter(pk=item.pk, status=FeedbackStatus.WAITING).update(**said):
        raise Conflict(ANSWERED_ALREADY)
    for name, value in said.items():
        setattr(item, name, value)
    record(item, "heard again", by=by, now=now, was=was)
    return item


def _order_of(task: CareTask) -> int | None:
    """The order that a welcome call is about."""
    enrolled = Enrollment.objects.filter(task=task, play="welcome").first()
    return enrolled.subject_id if enrolled else None
