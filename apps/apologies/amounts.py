"""The shares that a remedy begins with, and the rails that no offer leaves (see `remedies`).

Where the figures come from:

- an apology needs a cost to us, and a small coupon is its best form: 1.5 million riders, $5
  (Halperin, Ho, List and Muir 2022). Hence a coupon, and `FLOOR`;
- about 80 % of the price restores on average, and beyond about 150 % loyalty falls
  (Edstroem 2022; Haesevoets 2017). Hence `SHARES` up to 80 % and the rail `AT_MOST` of 150 %.

`CEILING` is ours: no proposal goes above it by itself, however dear the order was. A manager may.
"""

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from functools import lru_cache

from babel.numbers import get_currency_precision

from .models import Severity

RESTORES = Decimal("0.80")
AT_MOST = Decimal("1.50")
SHARES = {
    Severity.MINOR.value: Decimal("0.10"),
    Severity.MODERATE.value: Decimal("0.25"),
    Severity.SERIOUS.value: RESTORES,
}
# In a currency with cents; one without them (yen) has a hundred times as much
FLOOR = Decimal(5)
CEILING = Decimal(100)
WITHOUT_ORDER = {
    Severity.MINOR.value: Decimal(5),
    Severity.MODERATE.value: Decimal(10),
    Severity.SERIOUS.value: Decimal(25),
}


def most_allowed(order_total: Decimal | None, currency: str) -> Decimal | None:
    """150 % of the order, rounded down to what the currency can pay; None where there is no order."""
    if not order_total:
        return None
    smallest = Decimal(1) if unit_of(currency) > 1 else Decimal("0.01")
    return (order_total * AT_MOST).quantize(smallest, ROUND_DOWN)


def cost_of(amount: Decimal, *, before: Decimal, cost: Decimal) -> Decimal:
    """What `amount` costs us, where `before` cost `cost`; all of it where nothing was given before."""
    if not before:
        return amount
    return (cost * amount / before).quantize(Decimal("0.01"), ROUND_HALF_UP)


def share_of_order(amount: Decimal, order_total: Decimal | None) -> Decimal | None:
    return amount / order_total if order_total else None


def rounded(amount: Decimal, unit: Decimal) -> Decimal:
    """To whole units from ten on, to halves below: nobody is given 12.37."""
    step = unit if amount >= 10 * unit else unit / 2
    return (amount / step).quantize(Decimal(1), ROUND_HALF_UP) * step.quantize(Decimal("0.01"))


@lru_cache(maxsize=100)
def unit_of(currency: str) -> Decimal:
    """A hundred in a currency without cents."""
    return Decimal(1) if get_currency_precision(currency or "EUR") else Decimal(100)


def in_currency(amount: Decimal, currency: str) -> Decimal:
    """A figure for a currency with cents, in `currency`: 250 is 25,000 yen."""
    return amount * unit_of(currency)
