"""Incidents that turn out never to have happened, once a wrong date or status was corrected."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import TruncDate

from apps.accounts.models import Shop
from apps.core.statuses import advance_all
from apps.customers.models import Order
from apps.worklist.models import CareTask, TaskStatus
from apps.worklist.services import withdraw_tasks

from ..models import LIVE, NEVER_HAPPENED, Incident, IncidentKind, IncidentStatus, Offer, OfferStatus
from ..querysets import IncidentQuerySet
from .delivery import end_with_letter, is_out
from .locking import lock_offers_of
from .refresh import refresh_offer
from .resolving import unresolve
from .voiding import release_if_approved

HAPPENED_AFTER_ALL = "It happened after all"


def resolve_unfounded(*, now: datetime) -> int:
    """Resolve every such incident that the system itself detected: how many. One Event a row.

    What a person reported stays until a person resolves it. An arrival never takes back that a parcel was
    late, and no more does a customer who cancels what is late: only that we cancelled it is wrong then. One
    whose customer is on the phone right now is left to the next pass; one whose apology was heard stays as it
    was told, because their answer may wait. A pass over the past takes back nothing that was detected after
    it. An order that was not cancelled after all, but did come late, goes on as late. What a letter gave that
    is out already stays given.
    """
    unfounded = _unfounded(Shop.current().zone, now)
    with transaction.atomic():
        keys = list(unfounded.values_list("pk", flat=True))
        if not keys:
            return 0
        offers = Offer.objects.filter(incident__in=keys, status__in=LIVE)
        locked = list(offers.order_by("pk").select_for_update(of=("self",)))
        for approved in (offer for offer in locked if offer.status == OfferStatus.APPROVED):
            if is_out(approved):
                end_with_letter(approved, by=None, now=now)
            else:
                release_if_approved(approved, by=None, now=now, reason=NEVER_HAPPENED)
        advance_all(offers, OfferStatus.WITHDRAWN, by=None, now=now, reason=NEVER_HAPPENED)
        tasks = CareTask.objects.filter(play="apology", enrollment__subject_id__in=keys)
        withdraw_tasks(tasks, reason=NEVER_HAPPENED, now=now)
        closed = {"resolved_at": now, "resolution": NEVER_HAPPENED}
        found = Incident.objects.filter(pk__in=keys, status=IncidentStatus.OPEN)
        return advance_all(
            found, IncidentStatus.RESOLVED, by=None, now=now, reason=NEVER_HAPPENED, changes=closed
        )


def reopen_founded(owing: QuerySet[Order], *, now: datetime) -> int:
    """What was taken back as never happened, and whose order is now among the `owing`: how many.

    A promise that was moved, and then not kept either. Its task and its offer wait to be decided anew.
    """
    found = Incident.objects.filter(
        order__in=owing.values("pk"), follows=None, status=IncidentStatus.RESOLVED, resolution=NEVER_HAPPENED
    )
    with transaction.atomic():
        keys = list(found.values_list("pk", flat=True))
        lock_offers_of(keys)
        reopened = list(found.filter(pk__in=keys).select_related("customer", "order"))
        for incident in reopened:
            unresolve(incident, reason=HAPPENED_AFTER_ALL, by=None, now=now)
            refresh_offer(incident, by=None, now=now)
    return len(reopened)


def _unfounded(zone: ZoneInfo, now: datetime) -> IncidentQuerySet:
    today = now.astimezone(zone).date()
    arrived_on = TruncDate("order__delivered_at", tzinfo=zone)
    never_promised = Q(order__promised_on=None)
    in_time = Q(arrived_on__lte=F("order__promised_on"))
    not_yet_due = Q(order__promised_on__gte=today)
    was_late = Q(kind__in=[IncidentKind.LATE, IncidentKind.LOST])
    was_cancelled = Q(kind=IncidentKind.CANCELLED, order__is_void=False)
    # what is left of it was heard before, or follows anew
    later_cancelled = Q(was_cancelled, follows__isnull=False)
    by_customer = Q(kind=IncidentKind.CANCELLED, order__is_void=True, order__cancelled_by_customer=True)
    detected = Incident.objects.filter(
        status=IncidentStatus.OPEN, reported_by=None, order__isnull=False, detected_at__lte=now
    )
    detected = detected.exclude(offers__task__status=TaskStatus.HELD)
    detected = detected.exclude(offers__status=OfferStatus.DELIVERED)
    return detected.annotate(arrived_on=arrived_on).filter(
        by_customer | later_cancelled | (was_late | was_cancelled) & (never_promised | in_time | not_yet_due)
    )
