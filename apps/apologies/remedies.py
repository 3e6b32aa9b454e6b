"""What an apology should give: a band from what is known of the failure, the same for equal cases.

The suggested amount is a share of the order by severity (see `amounts` for where the figures come from), and
then in this order:

- what the customer had to do because of it raises it by a quarter or a half;
- so does each earlier apology within twelve months: a second one that gives the same does harm;
- our part in it: in part halves it, none leaves a sign of good will;
- it stays between floor and ceiling, and never goes above 150 % of the order.

The band reaches from half of it to half more. Outside of it a manager says why (see `departures`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from apps.core.templatetags.ui import money, percent
from apps.language import Remedy

from .amounts import AT_MOST, CEILING, FLOOR, SHARES, WITHOUT_ORDER, most_allowed, rounded, unit_of
from .models import CompensationKind, CustomerEffort, Incident, Offer, OfferStatus, Responsibility

BY_EFFORT = {
    CustomerEffort.NONE.value: Decimal(1),
    CustomerEffort.SOME.value: Decimal("1.25"),
    CustomerEffort.MUCH.value: Decimal("1.5"),
}
BY_EARLIER = (Decimal(1), Decimal("1.25"), Decimal("1.5"))  # the last from the third on
BY_PART = {
    Responsibility.WHOLE.value: Decimal(1),
    Responsibility.PART.value: Decimal("0.5"),
    Responsibility.NONE.value: Decimal(0),
}
NARROW, WIDE = Decimal("0.5"), Decimal("1.5")
GIVEN = (OfferStatus.SECONDING, OfferStatus.APPROVED, OfferStatus.DELIVERED)
# What is proposed first, and what instead where they were given that already. A refund needs an order
IN_TURN = (
    CompensationKind.COUPON,
    CompensationKind.REFUND,
    CompensationKind.CREDIT,
    CompensationKind.GIFT,
)


@dataclass(frozen=True)
class RemedyFacts:
    """What the band is read from.

    earlier: what came with each apology to them in twelve months; for_order: what is given for this order
    already, by the apologies that this one follows.
    """

    severity: str
    order_total: Decimal | None = None
    currency: str = "EUR"
    responsibility: str = Responsibility.WHOLE.value
    effort: str = CustomerEffort.NONE.value
    earlier: Sequence[Remedy] = field(default=())
    for_order: Decimal = Decimal(0)

    @property
    def rail(self) -> Decimal | None:
        """What may be given at most; all of it where nothing is left, which the approver is told."""
        most = most_allowed(self.order_total, self.currency)
        return most if most is None or most <= self.for_order else most - self.for_order

    def inside_rail(self, amount: Decimal) -> Decimal:
        rail = self.rail
        return amount if rail is None else min(amount, rail)


@dataclass(frozen=True)
class Band:
    """least <= suggested <= most, in the order's currency; why: each step of the reckoning in words."""

    least: Decimal
    suggested: Decimal
    most: Decimal
    kind: str
    currency: str
    why: tuple[str, ...]

    def holds(self, amount: Decimal) -> bool:
        return self.least <= amount <= self.most


def facts_for(incident: Incident, *, currency: str, earlier: Sequence[Remedy] = ()) -> RemedyFacts:
    """From an incident loaded with its order."""
    return RemedyFacts(
        severity=incident.severity,
        order_total=incident.order.total if incident.order else None,
        currency=currency,
        responsibility=incident.responsibility,
        effort=incident.customer_effort,
        earlier=earlier,
        for_order=given_before([incident]).get(incident.pk, Decimal(0)),
    )


def given_before(incidents: Iterable[Incident]) -> Mapping[int, Decimal]:
    """By key of each of these that follows another: what is approved or given for its order beside it."""
    later = {one.pk: one.order_id for one in incidents if one.follows_id}
    if not later:
        return {}
    given = Offer.objects.filter(incident__order__in=later.values(), status__in=GIVEN)
    rows = list(given.values_list("incident", "incident__order", "amount"))
    return {
        pk: sum((amount for incident, of, amount in rows if of == order and incident != pk), Decimal(0))
        for pk, order in later.items()
    }


def gift_for(facts: RemedyFacts, *, by_cause: tuple[str, Decimal] | None) -> Remedy:
    """Kind and amount as its cause was decided, else as suggested. No kind comes twice within a year."""
    if by_cause is None:
        return Remedy(kind_for(facts), suggested_for(facts), facts.currency)
    kind, amount = by_cause
    return Remedy(_not_again(kind, facts), amount, facts.currency)


def band_for(facts: RemedyFacts) -> Band:
    suggested = suggested_for(facts)
    unit, rail = unit_of(facts.currency), facts.rail
    widest = rounded(suggested * WIDE, unit)
    return Band(
        least=min(rounded(suggested * NARROW, unit), suggested),
        suggested=suggested,
        most=max(suggested, widest if rail is None else min(widest, rail)),
        kind=kind_for(facts),
        currency=facts.currency,
        why=_why(facts),
    )


def suggested_for(facts: RemedyFacts) -> Decimal:
    """The amount alone: what a pass over thousands of incidents asks for."""
    unit = unit_of(facts.currency)
    factor = BY_EFFORT[facts.effort] * _by_earlier(facts) * BY_PART[facts.responsibility]
    wanted = _share(facts, unit) * factor
    return facts.inside_rail(rounded(min(max(wanted, FLOOR * unit), CEILING * unit), unit))


def kind_for(facts: RemedyFacts) -> str:
    """A coupon, or the first kind that they were not given yet."""
    given = {one.kind for one in facts.earlier}
    possible = [kind for kind in IN_TURN if facts.order_total or kind != CompensationKind.REFUND]
    return next((kind.value for kind in possible if kind not in given), CompensationKind.CREDIT.value)


def _not_again(kind: str, facts: RemedyFacts) -> str:
    """`kind`, or another where they were given that within a year already."""
    return kind_for(facts) if kind in {one.kind for one in facts.earlier} else kind


def _share(facts: RemedyFacts, unit: Decimal) -> Decimal:
    if not facts.order_total:
        return WITHOUT_ORDER[facts.severity] * unit
    return SHARES[facts.severity] * facts.order_total


def _by_earlier(facts: RemedyFacts) -> Decimal:
    return BY_EARLIER[min(len(facts.earlier), len(BY_EARLIER) - 1)]


def _why(facts: RemedyFacts) -> tuple[str, ...]:
    unit, rail = unit_of(facts.currency), facts.rail
    lines = [_start(facts, unit)]
    if facts.effort != CustomerEffort.NONE:
        lines.append(f"{CustomerEffort(facts.effort).label}: {_more(BY_EFFORT[facts.effort])} more")
    if facts.earlier:
        times = "once" if len(facts.earlier) == 1 else f"{len(facts.earlier)} times"
        lines.append(f"We apologised {times} in 12 months: {_more(_by_earlier(facts))} more, something else")
    if facts.responsibility == Responsibility.PART:
        lines.append("Our fault in part: half of that")
    if facts.responsibility == Responsibility.NONE:
        lines.append("Not our fault: a sign of good will")
    suggested = suggested_for(facts)
    if suggested == rail:
        lines.append(f"Never over {percent(AT_MOST)} of the order")
    elif suggested == FLOOR * unit:
        lines.append(f"At least {money(suggested, facts.currency)}: less is not heard as an apology")
    elif suggested == CEILING * unit:
        lines.append(f"Not above {money(suggested, facts.currency)} by itself")
    return tuple(lines)


def _start(facts: RemedyFacts, unit: Decimal) -> str:
    if not facts.order_total:
        return f"{facts.severity.capitalize()}, no order: {money(_share(facts, unit), facts.currency)}"
    share = percent(SHARES[facts.severity])
    return f"{facts.severity.capitalize()}: {share} of {money(facts.order_total, facts.currency)}"


def _more(factor: Decimal) -> str:
    return percent(factor - 1)
