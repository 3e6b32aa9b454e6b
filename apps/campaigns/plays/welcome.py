from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat, JSONObject

from apps.campaigns.expressions import MoneyText, hours_after, local_day
from apps.campaigns.moment import Moment
from apps.customers.models import Order

from .base import Occasions, Play, Script, Stale, said_day

WINDOW_DAYS = 14


def earlier_order(customer: str, placed_at: str, order: str) -> QuerySet[Order]:
    """A standing order of the same customer before this one; of two at one moment the first that came in."""
    same_moment = Q(placed_at=OuterRef(placed_at), pk__lt=OuterRef(order))
    before = Q(placed_at__lt=OuterRef(placed_at)) | same_moment
    return Order.objects.counted().filter(before, customer=OuterRef(customer))


class Welcome(Play):
    """A call shortly after a first order: thanks, and "what do you think?". Once per customer."""

    code = "welcome"
    name = "Welcome calls"
    matched = "First order in the last 14 days"
    once_per_customer = True
    script = Script(
        goal="Thank them for the first order, and hear in their own words how it went",
        opening_line=(
            "Good day, {first_name}, this is {rep} from {shop}. You ordered with us for the first time, "
            "and I am calling only to thank you for it. Do you have two minutes?"
        ),
        talk_points=(
            "Thank them for order {order}, and for choosing us.\n"
            "Ask: what do you think of it so far? Then listen, and write their words down.\n"
            "Ask: was anything harder than it should be?\n"
            "If something is wrong, say what I will do about it and by when.\n"
            "Leave my name, and the number that reaches me."
        ),
        minutes=7,
    )

    def candidates(self, moment: Moment) -> Sequence[Occasions]:
        placed = {"placed_at__gt": moment.ago(days=WINDOW_DAYS), "placed_at__lte": moment.at}
        earlier = earlier_order("customer", "placed_at", "pk")
        return [
            Occasions(
                rows=Order.objects.counted().filter(~Exists(earlier), **placed),
                customer_id=F("customer_id"),
                occasion=Concat(Value("order:"), F("external_id")),
                subject_id=F("pk"),
                occurred_at=F("placed_at"),
                due_from=local_day("placed_at", moment),
                expires_at=hours_after("placed_at", 24 * WINDOW_DAYS),
                facts=JSONObject(
                    order="external_id",
                    items="items",
                    total=MoneyText("total"),
                    placed_on=local_day("placed_at", moment),
                ),
            )
        ]

    def why(self, facts: Mapping[str, Any]) -> str:
        return f"First order {facts.get('order', '')}, placed {said_day(facts.get('placed_on'))}"

    def stale(self, moment: Moment) -> Sequence[Stale]:
        standing = Order.objects.counted().filter(pk=OuterRef("subject_id"), customer=OuterRef("customer"))
        earlier = earlier_order("customer", "occurred_at", "subject_id")
        return [
            Stale("The order was cancelled", ~Exists(standing)),
            Stale("It was not their first order", Exists(earlier)),
        ]
