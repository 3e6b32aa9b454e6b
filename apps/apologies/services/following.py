"""An order fails once more after its apology was heard: a case of its own, one at a time for each order.

Its incident tells of what was put right. The case names the order in its words alone, and limits count it
with that order (see `FOLLOW_UP` in limits.py).
"""

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Concat

from apps.campaigns.moment import Moment
from apps.core.logged import logged
from apps.core.statuses import record, rewrite
from apps.customers.models import Order

from ..detection import FROM_ORDERS, failed_orders, known_days
from ..models import STRENGTH, Incident, IncidentKind, IncidentStatus, Offer, OfferStatus
from ..models.incident import SEVERITIES
from ..querysets import IncidentQuerySet
from .limits import FOLLOW_UP
from .locking import lock_offers_of, locked_incident
from .refresh import refresh_offer

BEFORE, AFTER = FOLLOW_UP.split("{order}")
WORDS: dict[str, str] = {
    IncidentKind.LATE: "it is late.",
    IncidentKind.CANCELLED: "we cancelled it.",
    IncidentKind.LOST: "it never came.",
}


def beginning(order: Order) -> str:
    """How the words of each case about this order begin."""
    return f"{FOLLOW_UP.format(order=order.external_id)} "


def cases_of(order: Order) -> IncidentQuerySet:
    return Incident.objects.filter(
        order=None, customer=order.customer_id, detail__startswith=beginning(order)
    )


def open_cases_of(order: Order) -> IncidentQuerySet:
    """Still to be put right: what else is told of this order belongs there."""
    told = Offer.objects.filter(incident=OuterRef("pk"), status=OfferStatus.DELIVERED)
    return cases_of(order).filter(~Exists(told), status=IncidentStatus.OPEN).order_by("pk")


@transaction.atomic
def follow_apologised(moment: Moment) -> int:
    """A case for each order that failed worse than what they heard an apology for, once: how many.

    Late, and then lost or cancelled; rude, and then late. The offers are locked first: of two passes at once
    the second sees the cases of the first.
    """
    heard = list(_failed_worse(moment).values_list("incident__pk", flat=True))
    if not heard:
        return 0
    lock_offers_of(heard)
    orders = list(_failed_worse(moment))
    for order in orders:
        _follow(order, moment)
    return len(orders)


def _failed_worse(moment: Moment) -> QuerySet[Order]:
    """With their `failure`, `weight` and `known_day`, see `failed_orders`."""
    told = Offer.objects.filter(
        incident__order=OuterRef("pk"), status=OfferStatus.DELIVERED, decided_at__lte=moment.at
    )
    begins = Concat(Value(BEFORE), OuterRef("external_id"), Value(AFTER))
    cases = Incident.objects.filter(order=None, customer=OuterRef("customer_id"), detail__startswith=begins)
    worse = Q()
    for place, kind in enumerate(STRENGTH):
        if kind in FROM_ORDERS:
            is_new = ~Exists(cases.filter(kind__in=STRENGTH[place:]))
            worse |= Q(is_new, failure=kind, heard_for__in=STRENGTH[:place])
    failed = failed_orders(moment).filter(Exists(told), known_day__range=known_days(moment))  # type: ignore[misc]
    return failed.annotate(heard_for=Subquery(told.values("for_kind")[:1])).filter(worse)


def _follow(order: Order, moment: Moment) -> None:
    failure, weight, known_day = (getattr(order, name) for name in ("failure", "weight", "known_day"))
    words = f"{beginning(order)}{WORDS[failure]}"
    case = locked_incident(open_cases_of(order))
    if case is None:
        facts = {"kind": failure, "severity": weight, "known_on": known_day, "detected_at": moment.at}
        case = Incident.objects.create(customer_id=order.customer_id, detail=words, **facts)
        kept = logged(case)
        record(case, "detected", by=None, now=moment.at, to_status=IncidentStatus.OPEN, set=kept)
        return
    changes = {
        "kind": failure,
        "severity": max(case.severity, weight, key=SEVERITIES.index),
        "known_on": known_day,
        "detail": f"{case.detail}\n{words}",
    }
    rewrite(case, "changed", changes, by=None, now=moment.at, was=case.kind)
    refresh_offer(case, by=None, now=moment.at)
