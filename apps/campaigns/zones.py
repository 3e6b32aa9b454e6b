"""Which zone a customer is in: nothing where what is known leaves more than one."""

from functools import lru_cache
from zoneinfo import available_timezones

import phonenumbers
from babel.core import get_global
from phonenumbers.timezone import time_zones_for_geographical_number

from apps.customers.zones import zone_of_country

PREFIX = 9  # so many signs of a number tell where it is


def zone_of(time_zone: str, country: str, prefix: str) -> str:
    """Their own zone, else their country's one time, else the only zone of how their number begins."""
    if time_zone:
        return time_zone if time_zone in known_zones() else ""
    if zone := zone_of_country(country):
        return zone
    zones = zones_of_number(prefix)
    return zones[0] if len(zones) == 1 else ""


@lru_cache(maxsize=1)
def known_zones() -> frozenset[str]:
    return frozenset(available_timezones())


@lru_cache(maxsize=1)
def one_zone_countries() -> list[str]:
    countries = {where for where in get_global("zone_territories").values() if where.isalpha()}
    return sorted(country for country in countries if zone_of_country(country))


@lru_cache(maxsize=20_000)
def zones_of_number(prefix: str) -> tuple[str, ...]:
    try:
        number = phonenumbers.parse(prefix)
    except phonenumbers.NumberParseException:
        return ()
    return tuple(zone for zone in time_zones_for_geographical_number(number) if zone in known_zones())
