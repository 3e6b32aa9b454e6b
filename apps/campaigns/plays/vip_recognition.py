from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Count, DateField, DateTimeField, F, Max, Sum, Value, Window
from django.db.models.functions import JSONObject, Round, RowNumber

from apps.campaigns.expressions import MoneyText
from apps.campaigns.models import Spender
from apps.campaigns.moment import Moment
from apps.customers.models import Order

from .base import Occasions, Play, Script

SPAN_DAYS = 365
TOP_PERCENT = 5
DUE_DAYS = 5
EXPIRES_DAYS = 30


class VipRecognition(Play):
    """A call that thanks a top customer and does something special. Once a quarter at most."""

    code = "vip_recognition"
    name = "VIP thanks"
    matched = "Top 5 % by net spend in the last 365 days"
    script = Script(
        goal="Thank them for staying with us, and do one special thing for them",
        opening_line=(
            "Good day, {first_name}, this is {rep} from {shop}. You have been with us for {orders} orders in "
            "a year. I am calling to say thank you, and I have nothing to sell."
        ),
        talk_points=(
            "Thank them for what they do: name something they bought or told us.\n"
            "Ask: what should we never change? What would you change first?\n"
            "Say which special thing I will do for them, and when it reaches them.\n"
            "Leave my name, and the number that reaches me."
        ),
        gestures=(
            "A handwritten card\nFree express delivery on the next order\nA small gift with the next parcel\n"
            "First look at what is new\nA thank-you from the founder"
        ),
        minutes=9,
    )

    def candidates(self, moment: Moment) -> Sequence[Occasions]:
        spend = {"placed_at__gt": moment.ago(days=SPAN_DAYS), "placed_at__lte": moment.at}
        spenders = (
            Order.objects.counted()
            .filter(**spend)
            .values("customer_id")
            .annotate(spent=Round(Sum("total"), 2), last_at=Max("placed_at"), orders_made=Count("pk"))
            .filter(spent__gt=0)
        )
        best_first = [F("spent").desc(), F("last_at").desc(), F("customer_id").asc()]
        ranked = Spender.objects.annotate(
            place=Window(RowNumber(), order_by=best_first), of=Window(Count("customer_id"))
        )
        return [
            Occasions(
                beneath={Spender: spenders},
                # rounded up, in whole numbers
                rows=ranked.filter(place__lte=(F("of") * TOP_PERCENT + 99) / 100),
                customer_id=F("customer_id"),
                occasion=Value(f"vip:{moment.quarter}"),
                occurred_at=Value(moment.at, DateTimeField()),
                due_from=Value(moment.today, DateField()),
                due_days=Value(DUE_DAYS),
                expires_at=Value(moment.ahead(days=EXPIRES_DAYS), DateTimeField()),
                facts=JSONObject(spent=MoneyText("spent"), orders="orders_made", place="place"),
            )
        ]

    def why(self, facts: Mapping[str, Any]) -> str:
        orders = facts.get("orders", 0)
        return f"{orders} {'order' if orders == 1 else 'orders'} in a year, no thanks for 90 days"
