"""The shop's settings: one shop, kept by an admin."""

from datetime import time

import pytest
from django.test import Client

from apps.accounts.models import Shop, User
from apps.core.models import Event

FIELDS = {
    "name": "Tern & Thistle",
    "time_zone": "America/Sao_Paulo",
    "currency": "BRL",
    "country": "BR",
    "subdivision": "sp",
    "calls_from": "09:30",
    "calls_until": "19:00",
    "day_0": "09:00-12:00, 13:00-18:00",
}


@pytest.fixture
def desk(client: Client, admin: User) -> Client:
    client.force_login(admin)
    return client


def test_an_admin_sets_the_shop(desk: Client) -> None:
    assert desk.post("/settings/", FIELDS)["Location"] == "/settings/"
    shop = Shop.objects.get()
    assert (shop.time_zone, shop.currency, shop.country, shop.subdivision) == (
        "America/Sao_Paulo",
        "BRL",
        "BR",
        "SP",
    )
    assert (shop.calls_from, shop.calls_until) == (time(9, 30), time(19))
    assert shop.hours == {"0": [["09:00", "12:00"], ["13:00", "18:00"]]}
    assert Event.objects.get(subject="accounts.shop").verb == "changed"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"calls_from": "06:00"}, "Nobody is called before 08:00"),
        ({"calls_until": "22:00"}, "Nobody is called after 21:00"),
        ({"calls_from": "19:30"}, "The last call must be later than the first"),
        ({"subdivision": "BY"}, "We do not know this region of that country"),
        ({"time_zone": "Mars/Base"}, "Select a valid choice"),
        ({"day_0": ""}, "Write the hours of at least one day"),
    ],
)
def test_what_cannot_be_is_explained(desk: Client, changes: dict[str, str], words: str) -> None:
    page = desk.post("/settings/", {**FIELDS, **changes}).content.decode()
    assert words in page
    assert Shop.objects.get().time_zone == "Europe/Berlin"


def test_the_page_shows_what_is_set(desk: Client) -> None:
    page = desk.get("/settings/").content.decode()
    assert 'value="09:00-17:00"' in page
    assert '<option value="Europe/Berlin" selected>' in page
