"""What a feedback item told of: one incident.

An incident names the item that told of it first; every later one keeps its incident in its own log.
"""

from datetime import datetime

from apps.accounts.models import User
from apps.core.models import Event
from apps.core.statuses import record
from apps.feedback.models import FeedbackItem

from ..models import Incident

TOLD_OF = "told_of_incident"


def lock_item(item: FeedbackItem) -> None:
    """Before its incident's offers: two who report from one item are one after the other."""
    list(FeedbackItem.objects.filter(pk=item.pk).select_for_update().values_list("pk"))


def told_by(item: FeedbackItem) -> Incident | None:
    """The incident that it told of, if it told of one."""
    first = Incident.objects.filter(feedback=item).order_by("pk").first()
    if first:
        return first
    told = Event.objects.filter(subject=item._meta.label_lower, subject_id=item.pk, verb=TOLD_OF)
    keys = [event.data["incident"] for event in told]
    return Incident.objects.filter(pk__in=keys).first() if keys else None


def keep_told(item: FeedbackItem, incident: Incident, *, by: User, now: datetime) -> None:
    """It told of this incident, and is not asked about again."""
    if told_by(item) is None:
        record(item, TOLD_OF, by=by, now=now, incident=incident.pk)
