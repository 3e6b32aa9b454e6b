"""Find customers by the start of their name, e-mail or phone, or of an order's number."""

import re
from collections.abc import Iterable

from django.db import connection
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Lower

from apps.accounts.models import Shop, User

from .models import Customer, Order
from .phones import e164_start

SHOWN = 30
SHORTEST = 2
LAST_CHARACTER = chr(0x10FFFF)


def find_customers(words: str, *, user: User, shop: Shop, limit: int = SHOWN) -> list[Customer]:
    """At most `limit` customers, each way of finding read from its index and bounded by itself."""
    words = " ".join(words.split())
    if len(words) < SHORTEST:
        return []
    found: dict[int, Customer] = {}
    for customers in _ways(words, user, shop):
        for customer in customers[:limit]:
            found.setdefault(customer.pk, customer)
        if len(found) >= limit:
            break
    return list(found.values())[:limit]


def recent_customers(user: User, limit: int = SHOWN) -> list[Customer]:
    """Whose orders are the latest: what the page shows before anything is typed."""
    orders = Order.objects.visible_to(user).order_by("-placed_at").values_list("customer_id", flat=True)
    keys = list(dict.fromkeys(orders[: 3 * limit]))[:limit]
    by_key = Customer.objects.visible_to(user).in_bulk(keys)
    return [by_key[key] for key in keys]


def _ways(words: str, user: User, shop: Shop) -> Iterable[QuerySet[Customer]]:
    customers = Customer.objects.visible_to(user)
    phone = _phone(words, shop.country)
    if phone:
        yield customers.filter(_starts("phone", phone), ~Q(phone="")).order_by("phone")
    if "@" in words:
        yield customers.filter(_starts("email", words.lower()), ~Q(email="")).order_by("email")
        return
    number = words.removeprefix("#")
    orders = Order.objects.visible_to(user).filter(
        _starts("external_id", number) | _starts("external_id", f"#{number}")
    )
    if any(character.isdigit() for character in words):
        keys = list(orders.order_by("external_id").values_list("customer_id", flat=True)[:SHOWN])
        yield customers.filter(Q(pk__in=keys) | Q(pk__in=_by_external_id(customers, words)))
    named = customers.annotate(lower_name=Lower(F("name")))
    yield named.filter(_starts("lower_name", words.lower()), ~Q(name="")).order_by("lower_name", "pk")
    yield customers.filter(_starts("email", words.lower()), ~Q(email="")).order_by("email")


def _by_external_id(customers: QuerySet[Customer], words: str) -> list[int]:
    """Customers whose own number starts so, source by source: that is how the unique index is sorted."""
    sources = _sources(customers)
    exact = Q(external_id=words) if sources else Q(pk=None)
    return list(customers.filter(exact, source__in=sources).values_list("pk", flat=True)[:SHOWN])


def _sources(customers: QuerySet[Customer]) -> list[str]:
    """The few sources that there are, by hopping from one to the next along the index."""
    sources: list[str] = []
    first = customers.order_by("source").values_list("source", flat=True)
    following = first.first()
    while following is not None and len(sources) < 20:
        sources.append(following)
        following = first.filter(source__gt=following).first()
    return sources


def _starts(column: str, start: str) -> Q:
    """A condition that the index of `column` can answer."""
    if connection.vendor == "postgresql":
        return Q(**{f"{column}__startswith": start})
    return Q(**{f"{column}__gte": start, f"{column}__lt": start + LAST_CHARACTER})


def _phone(words: str, country: str) -> str:
    """What was typed as the start of an E.164 number, if it looks like one."""
    digits = re.sub(r"[\s().\-/]", "", words)
    if not re.fullmatch(r"(\+|00)?\d{4,}", digits):
        return ""
    if digits.startswith("00"):
        return "+" + digits[2:]
    return digits if digits.startswith("+") else e164_start(digits, country)
