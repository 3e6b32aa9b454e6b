"""The proof that the books balance: each line says what was compared, and names what differs.

Everything is summed in the database; what comes back are the rows that differ, and one row a budget.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import Any

from django.db.models import Case, Count, DecimalField, Exists, F, OuterRef, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce

from .models import Account, Budget, Compensation, CouponCode, LedgerEntry, Offer, OfferStatus
from .replay import REBUILT, differences
from .seal import is_intact
from .services.compensations import ACCOUNT_OF
from .services.ledger import SUMS, cents

HELD = [account for account in Account.values if account != Account.AVAILABLE]
GIVABLE = [OfferStatus.APPROVED, OfferStatus.DELIVERED]
CENT = Decimal("0.01")
MOST = 100  # differences from the log that are named; a broken log would name millions
MONEY = DecimalField(max_digits=14, decimal_places=2)


@dataclass(frozen=True)
class Line:
    """`differences` name a row and what is wrong with it; none is what should be."""

    what: str
    checked: int
    differences: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        return {"what": self.what, "checked": self.checked, "differences": list(self.differences)}


def reconcile() -> list[Line]:
    """To be read in one transaction, on PostgreSQL a repeatable one, while others work."""
    return [Line(what, number, tuple(found)) for what, (number, found) in _compared()]


def rebuilt() -> Line:
    """The log alone tells incidents, offers and compensations as they are.

    Names the field that differs and not what stands in it: that may be words about somebody.
    """
    found = [
        f"{one.table.rpartition('.')[2]} {one.key}: {one.field} is not what its events say"
        for one in islice(differences(), MOST + 1)
    ]
    numbers = [table._base_manager.count() for table in REBUILT]
    names = (table._meta.verbose_name_plural for table in REBUILT)
    counted = ", ".join(f"{number:,} {name}" for number, name in zip(numbers, names, strict=True))
    shown = [*found[:MOST], "and more"] if len(found) > MOST else found
    return Line(f"The event log rebuilds {counted}", sum(numbers), tuple(shown))


def _compared() -> Iterator[tuple[str, tuple[int, Iterable[str]]]]:
    for what, compare in LINES:
        yield what, compare()


def _budgets() -> tuple[int, list[str]]:
    """Each of the four sums is what the budget's entries say."""
    sums: dict[int, dict[str, Decimal]] = {}
    for account, sign in (("from_account", -1), ("to_account", 1)):
        moved = LedgerEntry.objects.exclude(budget=None).values_list("budget", account)
        for budget, name, total in moved.annotate(total=Sum("amount")).order_by():
            for each in SUMS[name]:
                kept = sums.setdefault(budget, {})
                kept[each] = kept.get(each, Decimal(0)) + sign * _cents(total)
    rows = list(Budget.objects.select_related("team"))
    names = ("committed", "spent", "redeemed", "expired")
    found = [
        f"budget {row.pk} ({row}): {name} is {getattr(row, name)}, its entries say {said}"
        for row in rows
        for name in names
        if getattr(row, name) != (said := sums.get(row.pk, {}).get(name, Decimal(0)))
    ]
    return len(rows), found


def _bounds() -> tuple[int, list[str]]:
    """No budget is exceeded."""
    over = Budget.objects.filter(amount__lt=cents(F("committed") + F("spent")))
    return Budget.objects.count(), [f"budget {row.pk} ({row}) is exceeded" for row in over]


def _committed() -> tuple[int, list[str]]:
    """What is set aside for an offer is its amount, or nothing, as its status says.

    An approval from before the ledger has no entries; one whose compensation was taken back may have its
    money set aside again, or not.
    """
    given = Compensation.objects.filter(offer=OuterRef("pk"))
    rows: QuerySet[Any] = Offer.objects.annotate(
        kept=_balance(Account.COMMITTED),
        lines=Count("entries"),
        is_live=Exists(given.standing()),
        was_given=Exists(given),
    )
    entered = rows.filter(lines__gt=0)
    due = Q(status__in=GIVABLE, is_live=False)
    right = Q(kept=0) & (~due | Q(was_given=True)) | due & Q(kept=F("amount"))
    found = [f"offer {row.pk} ({row.status}): {row.kept} is set aside" for row in entered.exclude(right)]
    return LedgerEntry.objects.values("offer").distinct().count(), found


def _given() -> tuple[int, list[str]]:
    """The entries of a compensation end exactly on the account that its status names."""
    rows = Compensation.objects.annotate(
        **{f"on_{account}": _balance(account) for account in HELD if account != "committed"}
    )
    right = Q()
    for status in ("issued", "redeemed", "expired", "reversed"):
        expected = Q(status=status)
        for account in ("outstanding", "redeemed", "expired"):
            amount = F("amount") if ACCOUNT_OF.get(status) == account else Value(Decimal(0), MONEY)
            expected &= Q(**{f"on_{account}": amount})
        right |= expected
    found = [
        f"compensation {row.pk} ({row.status}, {row.amount}): its entries leave {_standing(row)}"
        for row in rows.exclude(right)
    ]
    return Compensation.objects.count(), found


def _standing(row: Any) -> str:
    places = {account: getattr(row, f"on_{account}") for account in ("outstanding", "redeemed", "expired")}
    return ", ".join(f"{value} {account}" for account, value in places.items() if value) or "nothing"


def _approved() -> tuple[int, list[str]]:
    """Whatever was given is what a seal stands for: offer, kind, amount, cost and currency."""
    live = Compensation.objects.standing().select_related("offer")
    found = [
        f"compensation {row.pk}: {why}" for row in live.iterator() if (why := _unapproved(row, row.offer))
    ]
    return live.count(), found


def _unapproved(row: Compensation, offer: Offer) -> str:
    if offer.status not in GIVABLE or not offer.approved_hash:
        return f"offer {offer.pk} is not approved"
    given = (row.kind, row.amount, row.cost, row.currency)
    if given != (offer.compensation, offer.amount, offer.cost, offer.currency):
        return f"is not what offer {offer.pk} gives"
    return "" if is_intact(offer) else f"offer {offer.pk} is not what was approved"


def _once() -> tuple[int, list[str]]:
    """An offer has at most one compensation that was not taken back."""
    live = Compensation.objects.standing().values("offer").order_by()
    twice = live.annotate(number=Count("pk")).filter(number__gt=1)
    return live.distinct().count(), [f"offer {row['offer']}: given {row['number']} times" for row in twice]


def _codes() -> tuple[int, list[str]]:
    """A code of the pool is the one that was given."""
    taken = CouponCode.objects.exclude(compensation=None)
    wrong = taken.exclude(compensation__code=F("code"))
    return taken.count(), [f"coupon code {row.pk} is not that of its compensation" for row in wrong]


def _accounts() -> tuple[int, list[str]]:
    """What left the available lies in the other accounts, and there just what the rows say, by currency."""
    entered = _account_sums()
    found = [
        f"{currency}: all accounts together are {total}, not nothing"
        for currency, sums in entered.items()
        if (total := sum(sums.values(), Decimal(0)))
    ]
    rows = Compensation.objects.standing().values_list("currency", "status").order_by()
    told = {
        (currency, str(ACCOUNT_OF[status])): _cents(total)
        for currency, status, total in rows.annotate(total=Sum("amount"))
    }
    for currency in {*entered, *(currency for currency, _ in told)}:
        for account in ("outstanding", "redeemed", "expired"):
            there = entered.get(currency, {}).get(account, Decimal(0))
            if there != (said := told.get((currency, account), Decimal(0))):
                found.append(f"{currency}: {account} holds {there}, the compensations say {said}")
    return LedgerEntry.objects.count(), found


def _account_sums() -> dict[str, dict[str, Decimal]]:
    sums: dict[str, dict[str, Decimal]] = {}
    for side, sign in (("from_account", -1), ("to_account", 1)):
        for currency, account, total in (
            LedgerEntry.objects.values_list("currency", side).annotate(total=Sum("amount")).order_by()
        ):
            kept = sums.setdefault(currency, {})
            kept[account] = kept.get(account, Decimal(0)) + sign * _cents(total)
    return sums


def _entries() -> tuple[int, list[str]]:
    """Every entry is in the currency of its offer and its budget, and of its compensation's offer."""
    wrong: QuerySet[LedgerEntry] = LedgerEntry.objects.filter(
        ~Q(currency=F("offer__currency"))
        | Q(budget__isnull=False) & ~Q(currency=F("budget__currency"))
        | Q(compensation__isnull=False) & ~Q(offer=F("compensation__offer"))
    )
    return LedgerEntry.objects.count(), [f"entry {row.pk} does not fit its offer or budget" for row in wrong]


def _balance(account: str) -> Any:
    """What the entries of a row leave on an account."""
    amount = F("entries__amount")
    signed = Case(
        When(entries__to_account=account, then=amount),
        When(entries__from_account=account, then=-amount),
        default=Value(Decimal(0)),
        output_field=MONEY,
    )
    return cents(Coalesce(Sum(signed), Value(Decimal(0)), output_field=MONEY))


def _cents(total: Decimal | None) -> Decimal:
    return (total or Decimal(0)).quantize(CENT)


LINES: tuple[tuple[str, Callable[[], tuple[int, list[str]]]], ...] = (
    ("The four sums of each budget are what its entries say", _budgets),
    ("No budget is exceeded", _bounds),
    ("What is set aside for an offer is what its status says", _committed),
    ("The entries of a compensation end where its status says", _given),
    ("What was given is what was approved", _approved),
    ("An offer is given once", _once),
    ("A code of the pool is the one that was given", _codes),
    ("All accounts together are nothing, and hold what the compensations say", _accounts),
    ("Entries are in the currency of their offer and budget", _entries),
)
