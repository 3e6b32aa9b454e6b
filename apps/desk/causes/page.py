"""What the pages of causes show: suggested groups, the causes with their figures, one with its customers."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, DecimalField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from apps.accounts.models import Shop, User
from apps.apologies.clusters import band_of_cause, suggest_causes
from apps.apologies.models import LIVE, Cause, IncidentStatus, Offer, OfferStatus
from apps.apologies.querysets import OfferQuerySet
from apps.apologies.services import approvable_of

from .forms import DecisionForm, ImprovementForm

SHOWN = 100
NOT_GIVEN = [OfferStatus.DECLINED, OfferStatus.WITHDRAWN]
SEALED = [OfferStatus.APPROVED, OfferStatus.DELIVERED]
MONEY = DecimalField(max_digits=14, decimal_places=2)


@dataclass(frozen=True)
class CauseRow:
    """A cause with how many it let down, how many are decided, and what they are given together."""

    cause: Cause
    customers: int
    to_decide: int
    decided: int
    money: Decimal


def causes_context(user: User, *, now: datetime) -> dict[str, Any]:
    rows = [_row(cause) for cause in _with_figures(user)[:SHOWN]]
    return {"groups": suggest_causes(now=now), "rows": rows, "limit": SHOWN}


def cause_context(
    cause: Cause,
    user: User,
    *,
    decision: DecisionForm | None = None,
    improvement: ImprovementForm | None = None,
) -> dict[str, Any]:
    shop = Shop.current()
    band = band_of_cause(cause, shop.currency)
    offers = _offers(cause, user)
    proposed = Q(status=OfferStatus.PROPOSED)
    figures = offers.aggregate(
        all=Count("pk"), to_decide=Count("pk", proposed), sealed=Count("pk", Q(status__in=SEALED))
    )
    approvable = approvable_of(cause, user).aggregate(
        count=Count("pk"), sum=Coalesce(Sum("amount"), Decimal(0), output_field=MONEY)
    )
    decided = {"remedy": cause.remedy, "amount": cause.amount}
    suggested = {"remedy": band.kind, "amount": band.suggested} if band else {}
    return {
        "cause": cause,
        "band": band,
        "incidents": cause.incidents.count(),
        "without": _without_apology(cause),
        "elsewhere": _all_offers(cause).count() - figures["all"],
        "offers": offers[:SHOWN],
        "figures": figures,
        "approvable": approvable,
        "decision": decision or DecisionForm(initial=decided if cause.remedy else suggested),
        "improvement_form": improvement or ImprovementForm(),
        "limit": SHOWN,
    }


def _with_figures(user: User) -> "QuerySet[Cause, Any]":
    """One query: sums over offers would multiply the counts of incidents, so each is its own subquery."""
    offers = (
        Offer.objects.visible_to(user).filter(incident__cause=OuterRef("pk")).exclude(status__in=NOT_GIVEN)
    )
    counted = offers.order_by().values("incident__cause")
    return Cause.objects.visible_to(user).annotate(
        customers=Count("incidents__customer", distinct=True),
        to_decide=_number(counted, Q(status=OfferStatus.PROPOSED)),
        decided=_number(counted, Q(status__in=SEALED)),
        money=Coalesce(Subquery(counted.annotate(n=Sum("amount")).values("n"), MONEY), Decimal(0)),
    )


def _number(counted: "QuerySet[Any, Any]", which: Q) -> Coalesce:
    return Coalesce(Subquery(counted.filter(which).annotate(n=Count("pk")).values("n")), 0)


def _row(cause: Any) -> CauseRow:
    return CauseRow(cause, cause.customers, cause.to_decide, cause.decided, cause.money)


def _without_apology(cause: Cause) -> int:
    open_ones = cause.incidents.filter(status=IncidentStatus.OPEN)
    return open_ones.exclude(offers__status__in=LIVE).count()


def _all_offers(cause: Cause) -> OfferQuerySet:
    return Offer.objects.filter(incident__cause=cause).exclude(status__in=NOT_GIVEN)


def _offers(cause: Cause, user: User) -> OfferQuerySet:
    related = ["incident__customer", "incident__order", "proposed_by", "decided_by"]
    seen = _all_offers(cause).visible_to(user)
    return seen.select_related(*related).order_by("due_at", "pk")
