"""Giving more or less than is suggested: allowed, with a reason that stays with the offer."""

from decimal import Decimal

from apps.core.templatetags.ui import money
from apps.language import Remedy

from .models import CompensationKind, Offer
from .refusals import Refused
from .remedies import Band, band_for, facts_for

OUTSIDE = (
    "{least} to {most} is suggested here. Say why this one gives {amount}: the reason stays with the offer."
)
OTHER_THAN_CLUSTER = (
    "Everybody whom “{cause}” let down is given the same: {given}. "
    "Say why this one is not: the reason stays with the offer."
)


def band_of(offer: Offer, *, earlier: tuple[Remedy, ...] = ()) -> Band:
    """What is suggested for this offer, from its incident and what they were given before."""
    return band_for(facts_for(offer.incident, currency=offer.currency, earlier=earlier))


def given_by_cause(offer: Offer) -> tuple[str, Decimal] | None:
    """Kind and amount that its cause gives, inside the offer's own rail; None where that is undecided."""
    cause = offer.incident.cause
    if cause is None or cause.amount is None or not cause.remedy:
        return None
    facts = facts_for(offer.incident, currency=offer.currency)
    return cause.remedy, facts.inside_rail(cause.amount)


def departure_of(offer: Offer) -> str:
    """Why its cause gives more or less than is suggested; empty for what the system suggests."""
    return offer.incident.cause.departure if given_by_cause(offer) and offer.incident.cause else ""


def departure_needed(offer: Offer, amount: Decimal, kind: str, *, earlier: tuple[Remedy, ...] = ()) -> str:
    """Why a reason is asked for; empty where what is given is what is suggested."""
    decided = given_by_cause(offer)
    if decided:
        if decided == (kind, amount):
            return ""
        given = f"{money(decided[1], offer.currency)}, {CompensationKind(decided[0]).label.lower()}"
        return OTHER_THAN_CLUSTER.format(cause=offer.incident.cause, given=given)
    band = band_of(offer, earlier=earlier)
    if band.holds(amount):
        return ""
    sums = {"least": band.least, "most": band.most, "amount": amount}
    return OUTSIDE.format(**{name: money(value, offer.currency) for name, value in sums.items()})


def check_departure(
    offer: Offer,
    *,
    amount: Decimal,
    compensation: str,
    departure: str,
    earlier: tuple[Remedy, ...] = (),
) -> None:
    """Raises Refused where the amount or the kind departs from what is suggested, and nobody says why."""
    why = "" if departure.strip() else departure_needed(offer, amount, compensation, earlier=earlier)
    if why:
        raise Refused(why)
