"""What the search finds: places by their name, then customers."""

from dataclasses import dataclass

from django.urls import reverse

from apps.accounts.models import Shop, User
from apps.customers.models import Customer
from apps.customers.search import find_customers

from ..places import places_named

SHOWN = 8


@dataclass(frozen=True)
class Hit:
    """One line: a customer with what tells them apart, or a place with its key after `g`."""

    name: str
    url: str
    icon: str
    detail: str = ""
    key: str = ""


def find(words: str, *, user: User, shop: Shop) -> list[Hit]:
    places = [Hit(place.name, place.url, place.icon, key=place.key) for place in places_named(words, user)]
    customers = find_customers(words, user=user, shop=shop, limit=SHOWN) if words else []
    return [*places[: SHOWN if words else None], *map(_customer, customers)]


def _customer(customer: Customer) -> Hit:
    where = ", ".join(part for part in (customer.city, customer.country) if part)
    detail = " · ".join(part for part in (customer.email, where, customer.external_id) if part)
    return Hit(str(customer), reverse("desk:customer", args=[customer.pk]), "user", detail)
