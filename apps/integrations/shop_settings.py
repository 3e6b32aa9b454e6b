"""The shop's zone, currency and country: set by its first import, and kept by every later one."""

from collections import Counter
from datetime import datetime
from itertools import islice
from zoneinfo import ZoneInfo, available_timezones

from babel.numbers import list_currencies

from apps.accounts.models import Shop
from apps.core.csv_reader import Table, UnusableFile
from apps.customers.imports.customers import country_codes
from apps.customers.zones import zone_of_country

SAMPLE_ROWS = 1000
DEMO_IS_HERE = (
    "The demo shop is in this database, and its customers would mix with real ones. "
    "Remove it with: manage.py demo --remove"
)


def settle_shop(
    *, time_zone: str, currency: str, country: str, file_currency: str, needs_currency: bool, now: datetime
) -> Shop:
    """The shop with its settings checked against what is asked for; not saved yet."""
    shop = Shop.current()
    if shop.demo_seed is not None:
        raise UnusableFile(DEMO_IS_HERE)
    asked = {
        "time_zone": known_zone(time_zone),
        "currency": known_currency(currency),
        "country": known_country(country),
    }
    if shop.configured_at:
        _refuse_conflicts(shop, asked)
    for name, value in asked.items():
        if value and (not shop.configured_at or not getattr(shop, name)):
            setattr(shop, name, value)
    if not shop.configured_at and not time_zone:
        shop.time_zone = zone_of_country(shop.country) or shop.time_zone
    shop.currency = shop.currency or file_currency
    if needs_currency and not shop.currency:
        raise UnusableFile("Which currency do these orders count in? Say it with --currency, such as EUR.")
    if needs_currency and file_currency and file_currency != shop.currency:
        raise UnusableFile(
            f"These orders count in {file_currency}, this shop in {shop.currency}. "
            "One installation is one shop with one currency."
        )
    if needs_currency or shop.currency:
        shop.configured_at = shop.configured_at or now
    return shop


def _refuse_conflicts(shop: Shop, asked: dict[str, str]) -> None:
    labels = {"time_zone": "time zone", "currency": "currency", "country": "country"}
    for name, value in asked.items():
        stands = getattr(shop, name)
        if value and stands and value != stands:
            raise UnusableFile(
                f"This shop's {labels[name]} is {stands}, set by its first import; {value} does not fit. "
                "Leave the option out, or use a database of its own for another shop."
            )


def known_zone(name: str) -> str:
    if name and name not in available_timezones():
        raise UnusableFile(f'There is no time zone "{name}". Write it like Europe/Berlin.')
    return str(ZoneInfo(name)) if name else ""


def known_currency(code: str) -> str:
    code = code.strip().upper()
    if code and code not in list_currencies():
        raise UnusableFile(f'There is no currency "{code}". Write its three letters, like EUR.')
    return code


def known_country(code: str) -> str:
    found = country_codes().get(code.strip().lower(), "")
    if code.strip() and not found:
        raise UnusableFile(f'There is no country "{code}". Write its two letters, like DE.')
    return found


def currency_of(table: Table, column: int) -> str:
    """The currency that most of the file's first rows are in; blank where they do not say."""
    told = Counter(cells[column].strip().upper() for cells in islice(table.cells(), SAMPLE_ROWS))
    told.pop("", None)
    return told.most_common(1)[0][0] if told else ""
