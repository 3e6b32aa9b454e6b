"""What is known of an offer and of the customer to whom it is made. Plain Python: any app can fill it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from babel.numbers import format_currency, format_decimal

COUPON, REFUND, CREDIT, GIFT = "coupon", "refund", "credit", "gift"
REPLACEMENT, WAIVED_FEE = "replacement", "waived_fee"


@dataclass(frozen=True)
class Remedy:
    """Something that a customer is given with an apology. kind: as in `OfferFacts`."""

    kind: str = ""
    amount: Decimal | None = None
    currency: str = ""


@dataclass(frozen=True)
class OfferFacts:
    """What goes with an apology. Everything may be left out: what is not known is not compared.

    kind: "coupon", "refund", "credit", "gift", "replacement", "waived_fee" or "". code: by which the
    customer claims it.
    on: the day by which they have it. given_before: what came with each apology to this customer in
    the last twelve months; Remedy() where it was words alone.
    waited, of_a_system: did they wait, and was it something that works or does not? None: it is read
    from the letter.
    """

    kind: str = ""
    amount: Decimal | None = None
    currency: str = ""
    code: str = ""
    on: date | None = None
    given_before: tuple[Remedy, ...] = ()
    waited: bool | None = None
    of_a_system: bool | None = None

    @property
    def is_new(self) -> bool:
        """Is it of another kind, or more, than whatever this customer was given before?

        Where nothing is known of it, what the letter gives is taken to be new. The same kind in another
        currency is not: nobody here knows the rate.
        """
        if not self.amount and not self.kind:
            return True
        same = [given for given in self.given_before if given.kind == self.kind]
        return all(self._is_more_than(given) for given in same)

    def _is_more_than(self, given: Remedy) -> bool:
        if self.currency and given.currency and given.amount and self.currency != given.currency:
            return False
        return (self.amount or 0) > (given.amount or 0)

    @property
    def sum(self) -> str:
        """The amount as a letter names it: "€40.00"; "" where there is none."""
        return written(self.amount, self.currency) if self.amount else ""


def written(amount: Decimal, currency: str) -> str:
    """As the pages of the product write money: "€40.00", "¥500"."""
    if not currency:
        return str(format_decimal(amount, format="#,##0.00", locale="en"))
    return str(format_currency(amount, currency, locale="en"))
