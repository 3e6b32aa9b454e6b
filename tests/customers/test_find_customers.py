import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from apps.accounts.models import Shop, User
from apps.customers.search import find_customers
from tests.factories import make_customer, make_order


@pytest.mark.parametrize(
    "words",
    [
        "grace",
        "Grace O",
        "GRACE@EX",
        "+44 20 7946",
        "0044 2079460199",
        "1042",
        "#1042",
        "cust-7",
    ],
)
def test_a_customer_is_found_by_the_start_of_what_is_known(rep: User, shop: Shop, words: str) -> None:
    grace = make_customer(
        name="Grace Okafor", email="grace@example.com", phone="+442079460199", external_id="cust-7"
    )
    make_order(grace, external_id="1042")
    make_customer(name="Paul Achterberg", email="paul@example.com", phone="+4930901820")

    assert find_customers(words, user=rep, shop=shop) == [grace]


def test_a_national_number_is_read_with_the_shop_s_country(rep: User, shop: Shop) -> None:
    paul = make_customer(phone="+4930901820")

    assert find_customers("030 901820", user=rep, shop=shop) == [paul]
    assert find_customers("030 901", user=rep, shop=shop) == [paul]


def test_wildcards_are_letters(rep: User, shop: Shop) -> None:
    make_customer(name="Grace Okafor")

    assert find_customers("gra%", user=rep, shop=shop) == []
    assert find_customers("_race", user=rep, shop=shop) == []


def test_what_is_found_is_bounded(rep: User, shop: Shop) -> None:
    for _ in range(5):
        make_customer(name="Grace Okafor")

    assert len(find_customers("grace", user=rep, shop=shop, limit=3)) == 3


def test_the_page_finds_and_says_when_it_does_not(signed_in: Client) -> None:
    grace = make_customer(name="Grace Okafor")

    found = signed_in.get(reverse("desk:customers"), {"q": "grace"})
    nobody = signed_in.get(reverse("desk:customers"), {"q": "zebra"})

    assert reverse("desk:customer", args=[grace.pk]) in found.content.decode()
    assert "Nobody starts like that" in nobody.content.decode()


def test_the_page_starts_with_the_latest_to_order(signed_in: Client) -> None:
    quiet, buyer = make_customer(name="Quiet One"), make_customer(name="Busy Buyer")
    make_order(buyer)

    page = signed_in.get(reverse("desk:customers")).content.decode()

    assert buyer.name in page
    assert quiet.name not in page


def test_an_empty_shop_says_where_customers_come_from(signed_in: Client) -> None:
    page = signed_in.get(reverse("desk:customers")).content.decode()

    assert "No customers yet" in page
    assert reverse("desk:imports") in page


def test_searching_reads_the_indexes(rep: User, shop: Shop) -> None:
    """On PostgreSQL a plan of a table this small would scan it anyway, so scans are switched off."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(
                "EXPLAIN SELECT 1 FROM customers_customer WHERE lower(name) LIKE 'gra%' AND name <> ''"
            )
        else:
            cursor.execute(
                "EXPLAIN QUERY PLAN SELECT 1 FROM customers_customer "
                "WHERE lower(name) >= 'gra' AND lower(name) < 'grb' AND name <> ''"
            )
        assert "customer_by_name" in str(cursor.fetchall())
