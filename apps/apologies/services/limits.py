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

from collections.abc import Iterable
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
from .budgets import budget_of, locked_budget
from .ledger import locked_offer, not_enough, standing

YEAR = timedelta(days=365)
CENT = Decimal("0.01")
GIVEN_FOR = ("amount", "incident", "incident__order")
USED_FOR = ("amount", "offer__incident", "offer__incident__order")

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

    for_failure: Decimal  # for the same incident, or for the same order by whichever of its incidents
    for_customer: Decimal
    by_proposer: Decimal | None  # of the same proposer's day; None for what the system proposed


@dataclass(frozen=True)
class Foreseen:
    """What an approval would meet, in words; empty where it meets nothing."""

    refused: str = ""
    second: str = ""


def check_limits(offer: Offer, *, by: User, now: datetime) -> None:
    """May `by` approve this much? Raises OverLimit with the limit and what is left of it.

    In the transaction that approves, its locks hold until the end of that.
    """
    with transaction.atomic():
        _lock(offer)
        _check(offer, by.role, _word(offer, by.role), _beside(offer, now))


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
    role = role if role in DECIDING_ROLES else Role.MANAGER
    _check(offer, role, _word(offer, role), beside)


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
    over = _over_second(offer, _word(offer, by.role), _beside(offer, now))
    if over:
        return over
    with transaction.atomic():
        return _over_soft(offer, locked_budget(offer, now=now))


def foresee(offer: Offer, *, by: User, now: datetime) -> Foreseen:
    """What an approval by `by` would meet as things are now. It locks nothing: the approval asks again."""
    word, beside, budget = _word(offer, by.role), _beside(offer, now), budget_of(offer, now=now)
    try:
        _check(offer, by.role, word, beside)
        _check_rail(offer, offer.amount, beside)
        _check_budget(offer, budget)
    except OverLimit as over:
        return Foreseen(refused=str(over))
    if offer.status == OfferStatus.SECONDING:
        return Foreseen()
    return Foreseen(second=_over_second(offer, word, beside) or _over_soft(offer, budget))


def word_of(role: str, kind: str, currency: str) -> Word:
    """The row for this kind, else that for all others, else what stands in the code."""
    rows = {row.kind: row for row in Limit.objects.filter(role=role, kind__in=["", kind])}
    if row := rows.get(kind) or rows.get(""):
        return Word(row.one_offer, row.second_above, row.customer_year, row.proposer_day)
    default = astuple(DEFAULTS.get(role, NOTHING))
    return Word(*(None if limit is None else in_currency(limit, currency) for limit in default))


def _word(offer: Offer, role: str) -> Word:
    return word_of(role, offer.compensation, offer.currency)


def _over_second(offer: Offer, word: Word, beside: Beside) -> str:
    total = beside.for_failure + offer.amount
    if word.second_above is None or total <= word.second_above:
        return ""
    return SECOND_BY_LIMIT.format(sum=_money(total, offer), limit=_money(word.second_above, offer))


def _check_budget(offer: Offer, budget: Budget | None) -> None:
    """As the ledger refuses it."""
    more = offer.amount - standing(offer).committed
    if budget and more > budget.amount - budget.committed - budget.spent:
        raise not_enough(budget, more)


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


def _check(offer: Offer, role: str, word: Word, beside: Beside) -> None:
    for limit, before, message in (
        (word.one_offer, beside.for_failure, ONE_OFFER),
        (word.customer_year, beside.for_customer, CUSTOMER_YEAR),
        (word.proposer_day, beside.by_proposer, PROPOSER_DAY),
    ):
        if limit is not None and before is not None and before + offer.amount > limit:
            raise OverLimit(_told(message, offer, role, limit, before))


def _check_rail(offer: Offer, amount: Decimal, beside: Beside) -> None:
    order = offer.incident.order
    most = most_allowed(order.total if order else None, offer.currency)
    if most is None:
        return
    before = beside.for_failure
    if before + amount <= most:
        return
    sums = {"most": most, "before": before, "left": max(most - before, Decimal(0))}
    told = AT_MOST_MORE if before else AT_MOST
    raise OverLimit(told.format(**{name: _money(each, offer) for name, each in sums.items()}))


def _beside(offer: Offer, now: datetime, only: Q | None = None) -> Beside:
    """`only` of the other offers; of this one what it gave before, where that was used and taken back."""
    incident = offer.incident
    others = Offer.objects.filter(only or Q()).exclude(pk=offer.pk)
    approved = _approved(others, now)
    used = Compensation.objects.filter(
        Q(offer__in=others.values("pk")) | Q(offer=offer.pk),
        status=CompensationStatus.REVERSED,
        redeemed_at__isnull=False,
        issued_at__gte=now - YEAR,
    )
    given = [
        *approved.filter(incident__customer=incident.customer_id).values_list(*GIVEN_FOR),
        *used.filter(offer__incident__customer=incident.customer_id).values_list(*USED_FOR),
    ]
    same = [
        amount for amount, pk, order in given if pk == incident.pk or (order and order == incident.order_id)
    ]
    mine = _same_proposer(offer)
    proposed = [approved.filter(mine), used.filter(offer__in=Offer.objects.filter(mine))] if mine else []
    return Beside(
        for_failure=_sum(same),
        for_customer=_sum(amount for amount, *_ in given),
        by_proposer=_sum(rows.aggregate(sum=Sum("amount"))["sum"] for rows in proposed) if mine else None,
    )


def _sum(amounts: Iterable[Decimal | None]) -> Decimal:
    """To the cent."""
    return sum((amount or Decimal(0) for amount in amounts), Decimal(0)).quantize(CENT)


def _approved(offers: QuerySet[Offer], now: datetime) -> QuerySet[Offer]:
    """Approved, also by the first of two, or given, in twelve months; not what was taken back since."""
    given = Compensation.objects.filter(offer=OuterRef("pk"))
    taken_back = Q(Exists(given)) & ~Q(Exists(given.standing()))
    counted = [OfferStatus.SECONDING, OfferStatus.APPROVED, OfferStatus.DELIVERED]
    approved = offers.annotate(approved_at=Coalesce("decided_at", "first_approved_at"))
    return approved.filter(status__in=counted, approved_at__gte=now - YEAR).exclude(
        taken_back, status=OfferStatus.DELIVERED
    )


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
