"""An order fails once more after its apology was heard: a row of its own, one at a time for each order.

The order's first incident tells of what was put right; the later one follows it.
"""

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from apps.campaigns.moment import Moment
from apps.core.logged import logged
from apps.core.statuses import record, rewrite
from apps.customers.models import Order

from ..detection import FROM_ORDERS, lately_failed
from ..models import NEVER_HAPPENED, STRENGTH, Incident, IncidentKind, IncidentStatus, Offer, OfferStatus
from ..models.incident import SEVERITIES
from ..querysets import IncidentQuerySet
from .locking import lock_offers_of, locked_incident
from .refresh import refresh_offer

WORDS: dict[str, str] = {
    IncidentKind.LATE: "After our apology: it is late.",
    IncidentKind.CANCELLED: "After our apology we cancelled it.",
    IncidentKind.LOST: "After our apology it never came.",
}


def first_of(order: Order) -> IncidentQuerySet:
    """The order's own incident, if it has one."""
    return Incident.objects.filter(order=order, follows=None)


def open_cases_of(first: Incident) -> IncidentQuerySet:
    """Still to be put right: what else is told of this order belongs there."""
    told = Offer.objects.filter(incident=OuterRef("pk"), status=OfferStatus.DELIVERED)
    return first.followed_by.filter(~Exists(told), status=IncidentStatus.OPEN).order_by("pk")


@transaction.atomic
def follow_apologised(moment: Moment) -> int:
    """A case for each order that failed worse than what they heard an apology for, once: how many.

    Late, and then lost or cancelled; rude, and then late. The offers are locked first: of two passes at once
    the second sees the cases of the first.
    """
    failed = _failed_worse(moment).values("pk")
    heard = list(Incident.objects.filter(order__in=failed, follows=None).values_list("pk", flat=True))
    if not heard:
        return 0
    lock_offers_of(heard)
    orders = list(_failed_worse(moment))
    for order in orders:
        _follow(order, moment)
    return len(orders)


def _failed_worse(moment: Moment) -> QuerySet[Order]:
    """With the kind that they `heard_for`, and what `lately_failed` tells of each."""
    told = Offer.objects.filter(
        incident__order=OuterRef("pk"),
        incident__follows=None,
        status=OfferStatus.DELIVERED,
        decided_at__lte=moment.at,
    )
    later = Incident.objects.filter(order=OuterRef("pk"), follows__isnull=False)
    later = later.exclude(resolution=NEVER_HAPPENED)
    worse = Q()
    for place, kind in enumerate(STRENGTH):
        if kind in FROM_ORDERS:
            is_new = ~Exists(later.filter(kind__in=STRENGTH[place:]))
            worse |= Q(is_new, failure=kind, heard_for__in=STRENGTH[:place])
    failed = lately_failed(moment).filter(Exists(told))
    return failed.annotate(heard_for=Subquery(told.values("for_kind")[:1])).filter(worse)


def _follow(order: Order, moment: Moment) -> None:
    first = first_of(order).get()
    failure, weight, known_day = (getattr(order, name) for name in ("failure", "weight", "known_day"))
    later = locked_incident(open_cases_of(first))
    if later is None:
        later = Incident.objects.create(
            customer_id=order.customer_id,
            order=order,
            follows=first,
            kind=failure,
            severity=weight,
            known_on=known_day,
            detected_at=moment.at,
            detail=WORDS[failure],
        )
        kept = logged(later)
        record(later, "detected", by=None, now=moment.at, to_status=IncidentStatus.OPEN, set=kept)
        return
    changes = {
        "kind": failure,
        "severity": max(later.severity, weight, key=SEVERITIES.index),
        "known_on": known_day,
        "detail": f"{later.detail}\n{WORDS[failure]}",
    }
    rewrite(later, "changed", changes, by=None, now=moment.at, was=later.kind)
    refresh_offer(later, by=None, now=moment.at)
