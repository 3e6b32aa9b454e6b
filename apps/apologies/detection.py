"""Incidents read from the orders themselves: cancelled by us, late, or lost.

Days are the shop's. Known is the first day on which we could know without looking into the future:

- cancelled: a void order, known on its promised day (none where the customer cancelled);
- late: not delivered by the end of the promised day, known the day after;
- lost: handed to the carrier and still undelivered on the 11th day after the promised day, known on that
  day. An arrival turns it back into late, known as late.
"""

from datetime import date, timedelta
from typing import Any

from django.db.models import (
    Case,
    Exists,
    F,
    FilteredRelation,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import JSONObject

from apps.campaigns.expressions import DaysAfter, local_day
from apps.campaigns.ledger import insert_select
from apps.campaigns.moment import Moment
from apps.core.logged import logged_columns
from apps.core.models import Event
from apps.customers.models import Order

from .models import (
    NEVER_HAPPENED,
    STRENGTH,
    Incident,
    IncidentKind,
    IncidentStatus,
    Offer,
    OfferStatus,
    Severity,
)
from .models.incident import SEVERITIES

KNOWN_DAYS = 29  # an incident known longer than that is too old for an apology
LATE_AFTER = 1
LOST_AFTER = 11
MINOR_DAYS = 3  # delivered at most so many days late
FROM_ORDERS = [IncidentKind.CANCELLED, IncidentKind.LATE, IncidentKind.LOST]


def failed_orders(moment: Moment) -> QuerySet[Order]:
    """Orders by which we have failed somebody, however long ago.

    Each with its `failure` (a kind), `known_after` (days after the promised one), `known_day` and `weight`
    (a severity).
    """
    undelivered = Q(delivered_at=None) | Q(delivered_at__gt=moment.at)
    cancelled = Q(is_void=True, cancelled_by_customer=False)
    lost_days = moment.today - timedelta(days=LOST_AFTER)
    lost = undelivered & Q(is_void=False, handed_to_carrier_at__lte=moment.at, promised_on__lte=lost_days)
    too_late = Q(delivered_at=None) | Q(delivered_on__gt=F("promised_on"))
    late = too_late & Q(is_void=False, promised_on__lt=moment.today)
    mild = Q(delivered_at__lte=moment.at, delivered_on__lte=DaysAfter("promised_on", MINOR_DAYS))
    return (
        Order.objects.annotate(delivered_on=local_day("delivered_at", moment))
        .filter(cancelled | lost | late, placed_at__lte=moment.at, promised_on__lte=moment.today)
        .annotate(
            failure=Case(
                When(cancelled, then=Value(IncidentKind.CANCELLED.value)),
                When(lost, then=Value(IncidentKind.LOST.value)),
                default=Value(IncidentKind.LATE.value),
            ),
            known_after=Case(
                When(cancelled, then=0),
                When(lost, then=LOST_AFTER),
                default=LATE_AFTER,
                output_field=IntegerField(),
            ),
            weight=Case(
                When(cancelled | lost, then=Value(Severity.SERIOUS.value)),
                When(mild, then=Value(Severity.MINOR.value)),
                default=Value(Severity.MODERATE.value),
            ),
        )
        .annotate(known_day=DaysAfter("promised_on", F("known_after")))
    )


def known_days(moment: Moment) -> tuple[date, date]:
    """The days on which an incident must have become known for an apology to be owed."""
    return moment.today - timedelta(days=KNOWN_DAYS), moment.today


def lately_failed(moment: Moment) -> QuerySet[Order]:
    """Failed orders that became known in the last 29 days."""
    first_promised = moment.today - timedelta(days=KNOWN_DAYS + LOST_AFTER)
    return failed_orders(moment).filter(  # type: ignore[misc]
        promised_on__gte=first_promised, known_day__range=known_days(moment)
    )


def owing_orders(moment: Moment) -> QuerySet[Order]:
    """Those that failed lately and are not resolved: an apology is owed. Each with its `incident`, its first.

    One that the system resolved because it never happened is owed again once it happens.
    """
    resolved = Incident.objects.filter(
        order=OuterRef("pk"), follows=None, status=IncidentStatus.RESOLVED, resolved_at__lte=moment.at
    ).exclude(resolution=NEVER_HAPPENED)
    first = FilteredRelation("incidents", condition=Q(incidents__follows=None))
    return lately_failed(moment).filter(~Exists(resolved)).annotate(incident=first)


def stands_as(moment: Moment) -> Case:
    """The kind of an owing order: as a person reported it, where that is the stronger one."""
    reported = Q(incident__reported_by__isnull=False, incident__detected_at__lte=moment.at)
    cases = [
        When(
            reported & Q(failure=kind, incident__kind__in=STRENGTH[STRENGTH.index(kind) :]),
            then=F("incident__kind"),
        )
        for kind in FROM_ORDERS
    ]
    return Case(*cases, default=F("failure"))


def reported_incidents(moment: Moment) -> QuerySet[Incident]:
    """Unresolved incidents that a person reported, that no order explains, or that follow an apology."""
    by_hand = Q(reported_by__isnull=False) | Q(order=None) | ~Q(kind__in=FROM_ORDERS)
    by_hand |= Q(follows__isnull=False)
    unresolved = Q(status=IncidentStatus.OPEN) | Q(resolved_at__gt=moment.at)
    return Incident.objects.filter(by_hand, unresolved, detected_at__lte=moment.at)


def write_incidents(moment: Moment) -> int:
    """One new Incident for each owing order that has none; how many."""
    newest = Incident.objects.aggregate(newest=Max("pk"))["newest"] or 0
    made = insert_select(
        owing_orders(moment).filter(incidents=None),
        Incident,
        {
            "customer_id": F("customer_id"),
            "order_id": F("pk"),
            "kind": F("failure"),
            "severity": F("weight"),
            "known_on": F("known_day"),
            "detected_at": moment.at,
        },
        "ON CONFLICT (order_id) WHERE follows_id IS NULL DO NOTHING",
    )
    new = Incident.objects.filter(pk__gt=newest, reported_by=None)
    _record(new, moment, verb="detected", to_status=IncidentStatus.OPEN.value, data=logged_columns(Incident))
    return made


def follow_orders(moment: Moment) -> int:
    """Late becomes lost, and late again on arrival, and a promise was for another day than we had read;
    what a person reported only gets stronger, and no milder. What they heard an apology for stays as it was
    told. What came after it turns along, but grows worse in `services.following` alone.

    How many incidents changed: what was made of them has to follow.
    """
    order = lately_failed(moment).filter(pk=OuterRef("order_id"))
    facts = {name: Subquery(order.values(name)[:1]) for name in ("failure", "known_day", "weight")}
    detected = Q(reported_by=None, kind__in=FROM_ORDERS)
    told = Offer.objects.filter(incident=OuterRef("pk"), status=OfferStatus.DELIVERED)
    changed = (
        Incident.objects.filter(status=IncidentStatus.OPEN, order__isnull=False, detected_at__lte=moment.at)  # type: ignore[misc]
        .annotate(**facts)
        .filter(detected | Q(_weaker_than_its_order(), follows=None), ~Exists(told), failure__isnull=False)
        .exclude(kind=F("failure"), known_on=F("known_day"))
        .annotate(grave=_as_grave_as_told())
    )
    if not changed.exists():
        return 0
    now = JSONObject(kind=F("failure"), known_on=F("known_day"), severity=F("grave"))
    _record(changed, moment, verb="changed", data=JSONObject(was=F("kind"), kind=F("failure"), set=now))
    return changed.update(kind=F("failure"), known_on=F("known_day"), severity=F("grave"))


def _as_grave_as_told() -> Case:
    """The weight of the order's failure, or what a person reported where that is graver."""
    graver = Q()
    for place, severity in enumerate(SEVERITIES):
        graver |= Q(severity=severity, weight__in=SEVERITIES[:place])
    return Case(When(graver & Q(reported_by__isnull=False), then=F("severity")), default=F("weight"))


def _weaker_than_its_order() -> Q:
    weaker = Q()
    for kind in FROM_ORDERS:
        weaker |= Q(failure=kind, kind__in=STRENGTH[: STRENGTH.index(kind)])
    return weaker


def _record(rows: QuerySet[Incident], moment: Moment, **given: Any) -> None:
    """One Event for each incident."""
    about = {"at": moment.at, "subject": Incident._meta.label_lower, "subject_id": F("pk")}
    insert_select(rows, Event, {**about, **given})
