"""What the search finds: places first, then customers, a dozen at most."""

from dataclasses import dataclass

from apps.accounts.models import User

from ..places import places_named


@dataclass(frozen=True)
class Hit:
    name: str
    url: str
    icon: str
    detail: str = ""


def find(words: str, user: User) -> list[Hit]:
    return [Hit(place.name, place.url, place.icon, "Place") for place in places_named(words, user)]
