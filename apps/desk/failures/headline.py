"""The report in one sentence that can be read out in a meeting, and its four figures."""

from apps.apologies.failure_cost import AGAIN_DAYS, Sums
from apps.core.templatetags.ui import duration, money, percent
from apps.desk.shift.figures import Figure

NOTHING = "No failures became known in these days"
HOW_COST = (
    "What the coupons, refunds, credits, gifts, replacements and waived fees of these failures cost us: "
    "redeemed and still open. What has expired cost nothing, what was taken back was not given."
)
HOW_TIME = (
    "Of the failures whose apology reached the customer: those where it did so before it was due, in "
    "business hours by how bad it was."
)
HOW_REDEEMED = "Coupons that the customer used, of those given with these apologies and not taken back."
HOW_AGAIN = (
    f"Customers who placed an order that counts within {AGAIN_DAYS} days after the apology reached them. "
    "Held against the apologies whose days are over, and those where they already ordered. "
    "Beside it those who answered the apology, by whichever way."
)


def headline(total: Sums, currency: str) -> str:
    """ "42 failures cost us €310.00 and 6 h 20 of care"."""
    if not total.incidents:
        return NOTHING
    failures = "1 failure" if total.incidents == 1 else f"{total.incidents:,} failures"
    spent = [money(total.of(each).cost, each) for each in currencies(total, currency) if total.of(each).cost]
    if total.seconds:
        spent.append(f"{duration(total.seconds)} of care")
    if not spent:
        return f"{failures} became known, and nothing was spent on them yet"
    *most, last = spent
    words = f"{', '.join(most)} and {last}" if most else last
    return f"{failures} cost us {words}"


def currencies(total: Sums, currency: str) -> list[str]:
    """The shop's own first, then the others that occur."""
    return [currency, *sorted(each for each in total.money if each != currency)]


def figures(total: Sums, currency: str) -> tuple[Figure, ...]:
    return (_cost(total, currency), _in_time(total), _redeemed(total), _again(total))


def _cost(total: Sums, currency: str) -> Figure:
    main = total.of(currency)
    others = [money(total.of(each).cost, each) for each in currencies(total, currency)[1:]]
    meaning = f"Worth {money(main.given, currency)} to the customers"
    if others:
        meaning += f"; and {', '.join(others)}"
    return Figure("What it cost us", money(main.cost, currency), "", meaning, HOW_COST)


def _in_time(total: Sums) -> Figure:
    of = f"of {total.delivered:,} that arrived"
    waiting = total.incidents - total.delivered
    meaning = f"{waiting:,} without an apology that arrived" if waiting else "Every failure has its apology"
    return Figure("Apologised for in time", f"{total.in_time:,}", of, meaning, HOW_TIME)


def _redeemed(total: Sums) -> Figure:
    of = f"of {total.coupons:,} given"
    if not total.coupons:
        return Figure("Coupons redeemed", "0", of, "None given yet", HOW_REDEEMED)
    meaning = f"{percent(total.coupons_redeemed / total.coupons)} of them"
    return Figure("Coupons redeemed", f"{total.coupons_redeemed:,}", of, meaning, HOW_REDEEMED)


def _again(total: Sums) -> Figure:
    of = f"of {total.again_known:,} we can tell of"
    early = total.delivered - total.again_known
    meaning = f"{total.answered:,} answered the apology"
    if early:
        meaning += f"; {early:,} still have days left"
    return Figure("Ordered again", f"{total.again:,}", of, meaning, HOW_AGAIN)
