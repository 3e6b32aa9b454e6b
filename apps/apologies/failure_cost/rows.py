"""The incidents behind a figure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import OuterRef, Prefetch

from ..models import Compensation, CompensationStatus, Incident, Offer, OfferStatus
from ..querysets import IncidentQuerySet
from .dimensions import By, UnknownKey, key_of, of_latest_task, read_key
from .sums import answered, seconds_spent


@dataclass(frozen=True)
class FailureRow:
    """One incident: the offer that stands for it, what was given, did they answer, the seconds it took."""

    incident: Incident
    offer: Offer | None
    given: list[Compensation]
    answered: bool
    seconds: int
    team_name: str

    @property
    def delivered(self) -> bool:
        return self.offer is not None and self.offer.status == OfferStatus.DELIVERED

    @property
    def cost(self) -> Decimal:
        return sum(
            (each.cost for each in self.given if each.status != CompensationStatus.EXPIRED), Decimal(0)
        )


def failures_with(found: IncidentQuerySet, by: By, value: str) -> IncidentQuerySet:
    """Those of `found` whose key is `value`, as an address writes it: empty is where nothing is known."""
    try:
        key = read_key(by, value)
    except UnknownKey:
        return found.none()
    marked = found.alias(key=key_of(by))
    return marked.filter(key__isnull=True) if key is None else marked.filter(key=key)


def newest_first(found: IncidentQuerySet) -> IncidentQuerySet:
    """With what a row shows of each. Who was rude is not among it."""
    offers = Offer.objects.order_by("-pk")
    given = Compensation.objects.standing().order_by("pk")
    mine = Offer.objects.filter(incident=OuterRef(OuterRef("pk"))).values("pk")
    return (
        found.annotate(
            spent=seconds_spent(), answered=answered(mine), team_name=of_latest_task("task__team__name")
        )
        .select_related("customer", "order", "cause")
        .prefetch_related(
            Prefetch("offers", offers.prefetch_related(Prefetch("given", given, to_attr="not_reversed")))
        )
        .order_by("-detected_at", "-pk")
    )


def cost_rows(incidents: Iterable[Incident]) -> Iterator[FailureRow]:
    """Of incidents as `newest_first` reads them."""
    for incident in incidents:
        offers = list(incident.offers.all())
        given = [each for offer in offers for each in offer.not_reversed]  # type: ignore[attr-defined]
        spent, team_name = incident.spent, incident.team_name or ""  # type: ignore[attr-defined]
        has_answered: bool = incident.answered  # type: ignore[attr-defined]
        yield FailureRow(incident, _standing(offers), given, has_answered, spent, team_name)


def _standing(offers: list[Offer]) -> Offer | None:
    """The one that is neither declined nor withdrawn, else the latest."""
    ended = {OfferStatus.DECLINED, OfferStatus.WITHDRAWN}
    return next((offer for offer in offers if offer.status not in ended), offers[0] if offers else None)
