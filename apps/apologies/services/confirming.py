"""What a customer wrote sounds like a failure of ours: a person confirms it, or says that it is none."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from apps.accounts.models import User
from apps.core.models import Event
from apps.core.statuses import Conflict, record
from apps.feedback.models import FeedbackItem

from ..deliveries import deliveries_of
from ..hearing import failure_heard
from ..models import STRENGTH, Incident, IncidentKind, Offer, OfferStatus, Severity
from ..permissions import may_report
from .incidents import NOT_YOURS_TO_REPORT, report_incident
from .telling import lock_item, told_by

NOT_A_FAILURE = "not_a_failure"
CONFIRMED_ALREADY = "Somebody confirmed this a moment ago. The apology is on its way."
PUT_RIGHT_SINCE = "They heard our apology since they wrote this. If more went wrong, make it an apology."


def heard_and_open(item: FeedbackItem) -> IncidentKind | None:
    """The failure that this item tells of, while nobody confirmed, dismissed or put it right."""
    kind = failure_heard(item)
    return None if kind is None or _is_settled(item) or apologised_since(item) else kind


def apologised_since(item: FeedbackItem) -> datetime | None:
    """When they heard our apology for what this item tells of, if that was after they wrote it.

    For its order, and for the same kind of failure or a stronger one.
    """
    kind = failure_heard(item)
    if kind is None or item.order_id is None:
        return None
    as_bad = STRENGTH[STRENGTH.index(kind) :]
    heard = Offer.objects.filter(
        incident__order=item.order_id, status=OfferStatus.DELIVERED, for_kind__in=as_bad
    )
    since = deliveries_of(heard.values("pk")).filter(at__gte=item.received_at)
    return since.values_list("at", flat=True).first()


def confirm_heard(item: FeedbackItem, *, kind: str, by: User, now: datetime) -> Incident:
    """An apology is owed for what this item tells: one incident, on its order if it has one."""
    if not may_report(by):
        raise PermissionDenied(NOT_YOURS_TO_REPORT)
    with transaction.atomic():
        lock_item(item)
        if told_by(item):
            raise Conflict(CONFIRMED_ALREADY)
        if apologised_since(item):
            raise Conflict(PUT_RIGHT_SINCE)
        return report_incident(
            item.customer,
            kind=kind,
            severity=Severity.MODERATE,
            detail=item.text or item.title,
            order=item.order,
            feedback=item,
            by=by,
            now=now,
        )


def dismiss_heard(item: FeedbackItem, *, by: User, now: datetime) -> None:
    """It is no failure of ours: nobody is asked again."""
    if not may_report(by):
        raise PermissionDenied(NOT_YOURS_TO_REPORT)
    if not _is_settled(item):
        record(item, NOT_A_FAILURE, by=by, now=now)


def _is_settled(item: FeedbackItem) -> bool:
    events = Event.objects.filter(subject=item._meta.label_lower, subject_id=item.pk)
    return told_by(item) is not None or events.filter(verb=NOT_A_FAILURE).exists()
