"""Zones, currencies and countries to choose from, by name."""

from functools import cache
from zoneinfo import available_timezones

import holidays
from babel import Locale
from babel.numbers import list_currencies

REGIONS = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
LOCALE = Locale("en")
Choices = list[tuple[str, str]]


@cache
def zone_choices() -> Choices:
    zones = sorted(zone for zone in available_timezones() if zone.split("/")[0] in REGIONS)
    return [("UTC", "UTC"), *((zone, zone.replace("_", " ")) for zone in zones)]


@cache
def currency_choices() -> Choices:
    codes = sorted(code for code in list_currencies() if code in LOCALE.currencies)
    return [(code, f"{code}, {LOCALE.currencies[code]}") for code in codes]


@cache
def country_choices() -> Choices:
    """The countries whose public holidays are known."""
    names = [(code, str(LOCALE.territories.get(code, code))) for code in holidays.list_supported_countries()]
    return sorted(names, key=lambda pair: pair[1])


def subdivisions(country: str) -> list[str]:
    """The parts of a country with holidays of their own."""
    return list(holidays.list_supported_countries().get(country, []))
