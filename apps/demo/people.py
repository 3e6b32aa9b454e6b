"""The demo shop's customers: who they are, when they came, how much they like to buy."""

import random
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from apps.customers.models import Customer, Permission

from .names import PersonName, some_name
from .places import Place, some_place, some_street

SOURCE = "demo"
MONTHS_14 = 425
REGULAR = 0.05
LANGUAGES = {"DE": "de", "FR": "fr", "PT": "pt", "SE": "sv", "NO": "nb"}
REFUSALS = {
    0.025: [("phone", "recognition")],
    0.032: [("phone", "recognition"), ("phone", "service")],
    0.042: [("email", "recognition"), ("email", "service")],
}


@dataclass(frozen=True)
class Buyer:
    """A customer's row, and what the row does not tell: how often they buy (orders a year), how much."""

    row: Customer
    place: Place
    appetite: float
    generous: bool


def make_buyers(count: int, *, anchor: datetime, chance: random.Random) -> list[Buyer]:
    """Customers in the order in which they came; more of them lately, as a shop that grows."""
    joined = sorted(MONTHS_14 * (1 - chance.random() ** 0.8) for _ in range(count))
    return [
        _buyer(number, anchor - timedelta(days=days), chance)
        for number, days in enumerate(reversed(joined), 1)
    ]


def _buyer(number: int, joined: datetime, chance: random.Random) -> Buyer:
    place = some_place(chance)
    name = some_name(place.country, chance)
    regular = chance.random() < REGULAR
    row = Customer(
        source=SOURCE,
        external_id=f"T{10_000 + number}",
        name=name.full,
        called="",
        pronoun=name.pronoun,
        email=_address(name, number) if chance.random() < 0.96 else "",
        phone=place.number(chance) if chance.random() < 0.93 else "",
        language=LANGUAGES.get(place.country, "en"),
        street=some_street(place.country, chance),
        city=place.city,
        state=place.state,
        postcode=place.code(chance),
        country=place.country,
        time_zone=place.time_zone,
        created_at=joined.replace(second=0, microsecond=0),
    )
    appetite = chance.uniform(5, 11) if regular else min(chance.lognormvariate(-0.1, 0.8), 5)
    return Buyer(row, place, appetite, regular)


def _address(name: PersonName, number: int) -> str:
    letters = unicodedata.normalize("NFKD", f"{name.given}.{name.family}".lower())
    plain = "".join(sign for sign in letters if sign.isascii() and (sign.isalpha() or sign in ".-"))
    return f"{plain}{number % 97}@example.com"


def make_permissions(buyers: list[Buyer], chance: random.Random) -> list[Permission]:
    """A few refuse calls or mails; some said at their first order that they like to be called."""
    found = []
    for buyer in buyers:
        drawn = chance.random()
        refused = next((pairs for limit, pairs in REFUSALS.items() if drawn < limit), [])
        found += [_permission(buyer, pair, Permission.State.REFUSED) for pair in refused]
        if drawn > 0.88:
            found.append(_permission(buyer, ("phone", "recognition"), Permission.State.GIVEN))
    return found


def _permission(buyer: Buyer, pair: tuple[str, str], state: str) -> Permission:
    channel, purpose = pair
    return Permission(
        customer=buyer.row,
        channel=channel,
        purpose=purpose,
        state=state,
        origin="At the first order",
        at=buyer.row.created_at,
    )
