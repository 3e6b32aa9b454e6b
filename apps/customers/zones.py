"""Where it is now, where the customer is: the explicit zone, else the country's, else the phone number's."""

from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import phonenumbers
from babel.core import get_global
from phonenumbers import timezone as phone_zones

from apps.accounts.models import Shop

from .models import Customer

UNKNOWN_ZONE = "Etc/Unknown"


def customer_zone(customer: Customer, shop: Shop) -> ZoneInfo | None:
    """The customer's zone if it is known for sure, else None.

    A country counts where all of it keeps one time; a phone number where it has one zone.
    """
    name = customer.time_zone or zone_of_country(customer.country) or zone_of_phone(customer.phone)
    if not name:
        return None
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return None


@lru_cache(maxsize=300)
def zone_of_country(country: str) -> str:
    """The zone of a country that keeps one time all over, else nothing."""
    zones = [name for name in get_global("territory_zones").get(country, []) if _exists(name)]
    return zones[0] if len({_clock(name) for name in zones}) == 1 else ""


@lru_cache(maxsize=10_000)
def zone_of_phone(phone: str) -> str:
    if not phone:
        return ""
    try:
        zones = phone_zones.time_zones_for_number(phonenumbers.parse(phone))
    except phonenumbers.NumberParseException:
        return ""
    known = [name for name in zones if name != UNKNOWN_ZONE and _exists(name)]
    return known[0] if len(known) == 1 else ""


def _exists(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return False
    return True


@lru_cache(maxsize=600)
def _clock(name: str) -> tuple[object, ...]:
    """How a zone's clock runs today: two zones of the same clock are one to a caller."""
    zone = ZoneInfo(name)
    return tuple(datetime(2026, month, 1, tzinfo=zone).utcoffset() for month in range(1, 13))
