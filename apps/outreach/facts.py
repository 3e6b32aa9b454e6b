"""What a mail may say of a customer and an order, as text, one value for each placeholder."""

from datetime import date

from apps.accounts.models import Shop, User
from apps.core.templatetags.ui import money
from apps.customers.models import Customer, Order

from .templating import Footer

WHY = "You get this mail because you ordered at {shop}."
OUR_SHOP = "our shop"


def facts_of(customer: Customer, *, by: User, shop: Shop, order: Order | None = None) -> dict[str, str]:
    return {
        "first_name": customer.first_name,
        "name": customer.name,
        "rep": by.name.split(" ", maxsplit=1)[0],
        "shop": shop.name,
        **(_of_order(order, shop) if order else {}),
    }


def footer_of(shop: Shop, *, link: str = "") -> Footer:
    """`link`: where to end optional mail; empty for what is owed."""
    return Footer(shop.name, WHY.format(shop=shop.name or OUR_SHOP), link)


def _of_order(order: Order, shop: Shop) -> dict[str, str]:
    return {
        "order": order.external_id,
        "items": order.items,
        "total": money(order.total, shop.currency) if order.total else "",
        "placed_on": _day(shop.day_of(order.placed_at)),
        "promised_on": _day(order.promised_on) if order.promised_on else "",
    }


def _day(day: date) -> str:
    return f"{day.day} {day:%B}"
