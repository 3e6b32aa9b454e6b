"""The order in which rows are locked: first the offer, then its task, then its incident.

Whoever changes more than one of them locks in this order, so that two of them wait for each other's end and
never for each other's lock. The worklist begins with the task: it says so by `task_locking` before.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet

from apps.worklist.models import CareTask

from ..conflicts import conflict
from ..models import Incident, Offer


def lock_offer(offer: Offer) -> None:
    """Lock `offer` and its task, and read both anew. Needs a transaction."""
    related = ["incident__customer", "incident__order", "proposed_by"]
    offer.refresh_from_db(
        from_queryset=Offer.objects.select_for_update(of=("self",)).select_related(*related)
    )
    if offer.task_id:
        offer.task = CareTask.objects.select_for_update(of=("self",)).get(pk=offer.task_id)


def lock_as_shown(offer: Offer, *, version: int, now: datetime) -> None:
    """Lock `offer`; raises Conflict with what happened where it is no longer what a page showed."""
    seen = offer.status
    lock_offer(offer)
    if offer.version != version or offer.status != seen:
        raise conflict(offer, now=now)


def lock_offers_of(incidents: Iterable[int]) -> None:
    """Lock the offers of these incidents, so that the incidents may be locked after them."""
    offers = Offer.objects.filter(incident__in=list(incidents)).order_by("pk")
    list(offers.select_for_update(of=("self",)).values_list("pk"))


def locked_incident(incidents: QuerySet[Incident]) -> Incident | None:
    """The first of them, its offers locked before it."""
    lock_offers_of(incidents.values_list("pk", flat=True))
    return incidents.select_for_update(of=("self",)).first()
