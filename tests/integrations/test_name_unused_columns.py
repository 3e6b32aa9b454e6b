"""The report names the columns that were not used, so that a misspelt header is seen."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from apps.accounts.models import Shop, User
from apps.core.csv_reader import Unused, unused_words
from apps.integrations.models import ImportRun

from .conftest import Import, Write

ORDERS = "order_id,customer_id,placed_at,total"
ORDER = "1042,c1,2026-02-27 10:30:00,49.50"


def said(command: str, *arguments: str, **options: Any) -> str:
    out = StringIO()
    call_command(command, *arguments, stdout=out, stderr=StringIO(), **options)
    return out.getvalue()


def test_the_command_names_them(db: None, write: Write) -> None:
    path = write("o.csv", f"{ORDERS},colour,gift_wrap", f"{ORDER},red,no")

    text = said("import_shop", source="web", orders=path, currency="EUR")
    again = json.loads(said("import_shop", source="web", orders=path, json=True))

    assert "\nNot used: colour, gift_wrap.\n" in text
    assert again["not_used"] == {"orders": {"count": 2, "columns": ["colour", "gift_wrap"]}}


def test_where_all_was_used_nothing_is_said(db: None, write: Write) -> None:
    path = write("o.csv", f"{ORDERS},day_promised", f"{ORDER},2026-03-02")
    options: dict[str, Any] = {"source": "web", "orders": path, "map": ["promised_on=day_promised"]}

    assert "Not used" not in said("import_shop", currency="EUR", **options)
    assert "not_used" not in json.loads(said("import_shop", json=True, **options))


def test_of_several_files_each_is_named(run: Import, write: Write) -> None:
    report = run(
        customers=write("c.csv", "customer_id,name,emial", "c1,Grace,g@example.com"),
        orders=write("o.csv", ORDERS, ORDER),
        feedback=write("f.csv", "id,order_id,received_at,mood,weather", "f1,1042,2026-03-01,fine,wet"),
    )

    assert unused_words(report.unused) == "Not used: emial (customers); mood, weather (feedback)."


def test_a_column_that_another_stands_in_for_is_not_used(run: Import, write: Write) -> None:
    both = write("c.csv", "customer_id,name,first_name,email,email_address", "c1,Grace Okafor,Grace,,")
    parts = write("d.csv", "customer_id,first_name,last_name", "c1,Grace,Okafor")

    assert unused_words(run(customers=both).unused) == "Not used: first_name, email_address."
    assert unused_words(run(customers=parts).unused) == ""


def test_the_page_names_them_and_runs_nothing(
    client: Client, manager: User, shop: Shop, write: Write
) -> None:
    said("import_shop", source="web", customers=write("c.csv", "customer_id,<b>size</b>", "c1,4"))
    client.force_login(manager)

    page = client.get(reverse("desk:import_run", args=[ImportRun.objects.get().pk])).content.decode()

    assert "Not used: &lt;b&gt;size&lt;/b&gt;." in page
    assert "<b>size" not in page


def test_many_and_long_names_stay_one_short_sentence() -> None:
    many = Unused.of((n, f"extra {n}") for n in range(1200))
    assert str(many).endswith("extra 8, extra 9 and 1,190 more")

    odd = Unused.of([(3, " "), (4, "x" * 100_000), (5, "two\nlines\x1b[31m \u202egnp")])
    assert odd.names == ("column 4 (no name)", "x" * 39 + "…", "two lines [31m gnp")


@pytest.mark.parametrize(
    ("command", "lines", "options"),
    [
        ("import_contacts", ("agent,started,seconds,queue", "Ana,2026-02-02 09:15:00,372,b"), {}),
        ("import_coupon_codes", ("code,amount,queue", "SPRING-2026-A,5,b"), {"currency": "EUR"}),
        ("import_redemptions", ("code,order,redeemed_at,queue", "SPRING-2026-A,1,2026-02-02,b"), {}),
    ],
)
def test_the_other_imports_name_theirs(
    shop: Shop, write: Write, command: str, lines: tuple[str, ...], options: dict[str, str]
) -> None:
    path: Path = write("file.csv", *lines)

    assert "Not used: queue.\n" in said(command, str(path), **options)
    printed = json.loads(said(command, str(path), json=True, **options))
    assert printed["not_used"] == {"count": 1, "columns": ["queue"]}
