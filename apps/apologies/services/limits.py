"""How far whose word goes.

Four limits of the approver's role, for one kind of compensation or for all others (`Limit`; `DEFAULTS` where
there is no row):

- one offer: what is approved for one incident counts together, and so does a later case of the same order;
- a second approver above a sum, of the same;
- one customer in twelve months: what was approved or given, of every kind;
- one proposer and day: what they proposed on the shop's day on which this was proposed, of every kind.

And one rail for everybody: all that is given for one order stays within 150 % of it.

What was taken back counts no more, unless they had used it. The offer, its customer and its proposer are
locked before anything is summed, so that two approvals at once see each other.
"""

from dataclasses import astuple, dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from apps.accounts.models import Role, Shop, User
from apps.core.templatetags.ui import money
from apps.customers.models import Customer

from ..amounts import in_currency, most_allowed
from ..models import Budget, Compensation, CompensationStatus, Limit, Offer, OfferStatus
from ..permissions import DECIDING_ROLES
from ..refusals import OverLimit
from .budgets import locked_budget
from .ledger import locked_offer, standing

YEAR = timedelta(days=365)
CENT = Decimal("0.01")

ONE_OFFER = "{role} approves at most {limit} for one incident, and with this it would be {sum}. {todo}"
CUSTOMER_YEAR = (
    "{role} approves at most {limit} for one customer in twelve months, and with this it would be {sum}. "
    "{todo}"
)
PROPOSER_DAY = (
    "{role} approves at most {limit} of what one person proposes in a day, and with this it would be {sum}. "
    "{todo}"
)
AT_MOST = "At most {most}: 150 % of the order. More than that harms."
AT_MOST_MORE = (
    "At most {left} more: {before} is given for this order already, and {most} is 150 % of it. "
    "More than that harms."
)
LOWER = "Lower the amount to {left}, or {ask}."
NOTHING_LEFT = "Nothing of it is left: {ask}."
SECOND_BY_LIMIT = "It gives {sum} for one incident. Above {limit}, two people approve."
SECOND_BY_BUDGET = "The budget of {budget} would stand at {sum}. Above {limit}, two people approve."


@dataclass(frozen=True)
class Word:
    """How far a role's word goes, in the offer's currency; None sets no limit."""

    one_offer: Decimal | None
    second_above: Decimal | None
    customer_year: Decimal | None
    proposer_day: Decimal | None


# In a currency with cents; one without them (yen) has a hundred times as much
DEFAULTS: dict[str, Word] = {
    Role.MANAGER: Word(Decimal(250), Decimal(150), Decimal(400), Decimal(2000)),
    Role.ADMIN: Word(Decimal(1000), Decimal(150), Decimal(1000), None),
}
NOTHING = Word(Decimal(0), None, None, None)


@dataclass(frozen=True)
class Beside:
    """What counts beside an offer: what was approved, and what was used and taken back afterwards."""

    approved: QuerySet[Offer]
    used: QuerySet[Compensation]

    def sum(self, scope: Q) -> Decimal:
        """Of the offers in `scope`, to the cent."""
        used = self.used.filter(offer__in=Offer.objects.filter(scope).values("pk"))
        sums = (rows.aggregate(sum=Sum("amount"))["sum"] for rows in (self.approved.filter(scope), used))
        return sum((each or Decimal(0) for each in sums), Decimal(0)).quantize(CENT)


def check_limits(offer: Offer, *, by: User, now: datetime) -> None:
    """May `by` approve this much? Raises OverLimit with the limit and what is left of it.

    In the transaction that approves, its locks hold until the end of that.
    """
    with transaction.atomic():
        _lock(offer)
        _check(offer, by.role, _beside(offer, now))


def check_again(offer: Offer, *, now: datetime) -> None:
    """Does the approval of this offer still hold, by limits and order as they are now? Raises OverLimit.

    What was approved later was weighed against this one then, and counts not against it. An approver who has
    another role by now has the word of a manager.
    """
    _lock(offer)
    role = offer.decided_by.role if offer.decided_by else Role.MANAGER
    earlier = Q(decided_at__lt=offer.decided_at) | Q(decided_at=offer.decided_at, pk__lt=offer.pk)
    beside = _beside(offer, now, earlier)
    _check_rail(offer, offer.amount, beside)
    _check(offer, role if role in DECIDING_ROLES else Role.MANAGER, beside)


def check_rail(offer: Offer, amount: Decimal, *, now: datetime) -> None:
    """Raises OverLimit where, with `amount`, more than 150 % of an order is given for it: nobody's word does.

    With all that is approved for the order, as with limits. In the transaction that approves, call it once
    the customer is locked.
    """
    _check_rail(offer, amount, _beside(offer, now))


def second_needed(offer: Offer, *, by: User, now: datetime) -> str:
    """Why a second approver is needed after `by`; empty where none is.

    The budget is locked, so that two approvals at once see what the other sets aside: in the transaction that
    approves, it stays so until the money is.
    """
    above = word_of(by.role, offer.compensation, offer.currency).second_above
    total = _beside(offer, now).sum(_same_failure(offer)) + offer.amount
    if above is not None and total > above:
        return SECOND_BY_LIMIT.format(sum=_money(total, offer), limit=_money(above, offer))
    with transaction.atomic():
        return _over_soft(offer, locked_budget(offer, now=now))


def word_of(role: str, kind: str, currency: str) -> Word:
    """The row for this kind, else that for all others, else what stands in the code."""
    rows = {row.kind: row for row in Limit.objects.filter(role=role, kind__in=["", kind])}
    if row := rows.get(kind) or rows.get(""):
        return Word(row.one_offer, row.second_above, row.customer_year, row.proposer_day)
    default = astuple(DEFAULTS.get(role, NOTHING))
    return Word(*(None if limit is None else in_currency(limit, currency) for limit in default))


def _over_soft(offer: Offer, budget: Budget | None) -> str:
    if budget is None or budget.soft is None:
        return ""
    total = budget.committed + budget.spent + offer.amount - standing(offer).committed
    if total <= budget.soft:
        return ""
    figures = {"sum": _money(total, offer), "limit": _money(budget.soft, offer)}
    return SECOND_BY_BUDGET.format(budget=budget.team or "the shop", **figures)


def _lock(offer: Offer) -> None:
    """Offer, customer, proposer: the order in which all who move money lock (see ledger.py)."""
    incident = locked_offer(offer.pk).incident
    list(Customer.objects.select_for_update(no_key=True).filter(pk=incident.customer_id).values_list("pk"))
    if offer.proposed_by_id:
        list(User.objects.filter(pk=offer.proposed_by_id).select_for_update(no_key=True).values_list("pk"))


def _check(offer: Offer, role: str, beside: Beside) -> None:
    word = word_of(role, offer.compensation, offer.currency)
    for limit, scope, message in (
        (word.one_offer, _same_failure(offer), ONE_OFFER),
        (word.customer_year, Q(incident__customer=offer.incident.customer_id), CUSTOMER_YEAR),
        (word.proposer_day, _same_proposer(offer), PROPOSER_DAY),
    ):
        if limit is None or scope is None:
            continue
        before = beside.sum(scope)
        if before + offer.amount > limit:
            raise OverLimit(_told(message, offer, role, limit, before))


def _check_rail(offer: Offer, amount: Decimal, beside: Beside) -> None:
    order = offer.incident.order
    most = most_allowed(order.total if order else None, offer.currency)
    if most is None:
        return
    before = beside.sum(_same_failure(offer))
    if before + amount <= most:
        return
    sums = {"most": most, "before": before, "left": max(most - before, Decimal(0))}
    told = AT_MOST_MORE if before else AT_MOST
    raise OverLimit(told.format(**{name: _money(each, offer) for name, each in sums.items()}))


def _beside(offer: Offer, now: datetime, only: Q | None = None) -> Beside:
    """`only` of the other offers; of this one what it gave before, where that was used and taken back."""
    others = Offer.objects.filter(only or Q()).exclude(pk=offer.pk)
    used = Compensation.objects.filter(
        Q(offer__in=others.values("pk")) | Q(offer=offer.pk),
        status=CompensationStatus.REVERSED,
        redeemed_at__isnull=False,
        issued_at__gte=now - YEAR,
    )
    return Beside(_approved(others, now), used)


def _approved(offers: QuerySet[Offer], now: datetime) -> QuerySet[Offer]:
    """Approved, also by the first of two, or given, in twelve months; not what was taken back since."""
    given = Compensation.objects.filter(offer=OuterRef("pk"))
    taken_back = Q(Exists(given)) & ~Q(Exists(given.standing()))
    counted = [OfferStatus.SECONDING, OfferStatus.APPROVED, OfferStatus.DELIVERED]
    approved = offers.annotate(approved_at=Coalesce("decided_at", "first_approved_at"))
    return approved.filter(status__in=counted, approved_at__gte=now - YEAR).exclude(
        taken_back, status=OfferStatus.DELIVERED
    )


def _same_failure(offer: Offer) -> Q:
    """Those of the same order, by whichever of its incidents; without an order, of the same incident."""
    incident = offer.incident
    return Q(incident__order=incident.order_id) if incident.order_id else Q(incident=incident.pk)


def _same_proposer(offer: Offer) -> Q | None:
    """None for what the system proposed."""
    if offer.proposed_by_id is None:
        return None
    zone = Shop.current().zone
    day = offer.proposed_at.astimezone(zone).date()
    start, end = (datetime.combine(day + timedelta(days=more), time.min, zone) for more in (0, 1))
    return Q(proposed_by=offer.proposed_by_id, proposed_at__gte=start, proposed_at__lt=end)


def _told(message: str, offer: Offer, role: str, limit: Decimal, before: Decimal) -> str:
    ask = {
        Role.MANAGER.value: "ask an admin",
        Role.ADMIN.value: "raise the limit in the back office",
    }.get(role, "ask a manager")
    left = limit - before
    todo = LOWER.format(left=_money(left, offer), ask=ask) if left > 0 else NOTHING_LEFT.format(ask=ask)
    return message.format(
        role=_a(Role(role).label),
        limit=_money(limit, offer),
        sum=_money(before + offer.amount, offer),
        todo=todo,
    )


def _a(word: str) -> str:
    return f"{'An' if word[0] in 'AEIOU' else 'A'} {word.lower()}"


def _money(amount: Decimal, offer: Offer) -> str:
    return money(amount, offer.currency)
