"""The engine plans calls by the same zone that the customer's page shows."""

import pytest

from apps.accounts.models import Shop
from apps.campaigns.zones import PREFIX, one_zone_countries, zone_of
from apps.customers.models import Customer
from apps.customers.zones import customer_zone

COUNTRIES = ["", "GB", "DE", "BR", "US", "IN", "ES", "NZ", "XX"]
NUMBERS = ["", "+442079460112", "+14155550100", "+551155550100", "+491711234567", "garbage"]


@pytest.mark.parametrize("country", COUNTRIES)
@pytest.mark.parametrize("phone", NUMBERS)
@pytest.mark.parametrize("time_zone", ["", "Europe/Lisbon", "Not/AZone"])
def test_engine_and_page_know_the_same_zone(country: str, phone: str, time_zone: str) -> None:
    shown = customer_zone(Customer(time_zone=time_zone, country=country, phone=phone), Shop())
    assert zone_of(time_zone, country, phone[:PREFIX]) == (shown.key if shown else "")


def test_a_country_of_two_names_and_one_clock_has_one_time() -> None:
    """Germany: Berlin and Buesingen."""
    assert "DE" in one_zone_countries()
    assert zone_of("", "DE", "+44207946") == "Europe/Berlin"
