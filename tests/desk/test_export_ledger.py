"""The ledger as a file for finance: what stands in it, who may take which rows, and who took which days."""

import csv
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import Team, User
from apps.apologies.codes import masked
from apps.apologies.finance import COLUMNS
from apps.apologies.models import Compensation
from apps.core.models import Event
from tests import factories
from tests.apologies.conftest import owe
from tests.apologies.money import given, make_budget

FILE = "/reports/budgets/ledger.csv"
MARCH = f"{FILE}?period=own&from=2026-03-01&to=2026-03-31"

pytestmark = pytest.mark.django_db


def give(by: User, team: Team | None, **facts: Any) -> None:
    """A coupon for a failed order of `facts`, out of the budget of its team."""
    order = factories.make_order(factories.make_customer(), **facts)
    incident = factories.make_incident(order.customer, order=order)
    given(by, factories.NOW, incident, task=owe(incident, team=team))


def read(client: Client, url: str = MARCH) -> list[dict[str, str]]:
    response = client.get(url)
    assert response.status_code == 200
    text = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    return list(csv.DictReader(StringIO(text)))


def orders(rows: list[dict[str, str]]) -> set[str]:
    return {row["order"] for row in rows}


def test_file_has_a_row_for_each_movement(client: Client, team: Team, manager: User) -> None:
    make_budget(team=team)
    give(manager, team, external_id="1042")
    client.force_login(manager)
    rows = read(client)

    assert list(rows[0]) == list(COLUMNS)
    assert [(row["from"], row["to"], row["order"]) for row in rows] == [
        ("available", "committed", "1042"),
        ("committed", "outstanding", "1042"),
    ]
    code = Compensation.objects.get().code or ""
    assert rows[1]["code"] == masked(code)
    assert code not in str(rows)
    assert client.get(MARCH)["Content-Disposition"] == (
        'attachment; filename="ledger-2026-03-01-to-2026-03-31.csv"'
    )


def test_file_ends_with_the_days_asked_for(client: Client, manager: User) -> None:
    give(manager, None)
    client.force_login(manager)
    day = factories.NOW.date()

    assert read(client, f"{FILE}?period=own&from={day}&to={day}")
    after = day + timedelta(days=1)
    assert read(client, f"{FILE}?period=own&from={after}&to={after}") == []


def test_manager_gets_their_teams_and_the_shops_alone(
    client: Client, team: Team, manager: User, admin: User
) -> None:
    other = factories.make_team("Stores")
    make_budget(team=other)
    give(manager, other, external_id="others, budget")
    make_budget(team=team)
    give(manager, team, external_id="own, budget")
    make_budget()
    give(manager, None, external_id="shop, budget")
    third = factories.make_team("Depot")
    give(manager, third, external_id="depot, shop's budget")
    client.force_login(manager)
    mine = {"own, budget", "shop, budget", "depot, shop's budget"}

    assert orders(read(client)) == mine
    client.force_login(admin)
    assert orders(read(client)) == mine | {"others, budget"}


def test_without_a_budget_it_goes_by_the_team_of_the_task(client: Client, team: Team, manager: User) -> None:
    give(manager, team, external_id="own")
    give(manager, None, external_id="nobody's")
    give(manager, factories.make_team("Stores"), external_id="others")
    client.force_login(manager)

    assert orders(read(client)) == {"own", "nobody's"}


def test_rep_and_marketer_get_none(client: Client, rep: User, marketer: User) -> None:
    for person in (rep, marketer):
        client.force_login(person)
        assert client.get(MARCH).status_code == 403
    assert not Event.objects.filter(verb="ledger exported").exists()


def test_file_is_only_read(client: Client, admin: User) -> None:
    client.force_login(admin)
    assert client.post(MARCH).status_code == 405


def test_file_runs_no_formula(client: Client, manager: User) -> None:
    give(manager, None, external_id='=HYPERLINK("https://evil.example")')
    client.force_login(manager)

    assert orders(read(client)) == {'\'=HYPERLINK("https://evil.example")'}


def test_it_is_kept_who_took_which_days(client: Client, manager: User) -> None:
    client.force_login(manager)
    read(client)
    event = Event.objects.get(verb="ledger exported")

    assert event.actor == manager
    assert event.data == {"first": "2026-03-01", "last": "2026-03-31"}


def test_page_of_the_budgets_leads_to_it(client: Client, manager: User) -> None:
    client.force_login(manager)
    assert f'action="{FILE}"' in client.get("/reports/budgets/").content.decode()


def test_days_that_cannot_be_read_give_the_last_weeks(client: Client, manager: User) -> None:
    client.force_login(manager)
    assert read(client, f"{FILE}?period=own&from=never&to=2026-13-45") == []


def test_file_costs_nine_queries_however_many_rows_it_has(
    client: Client, manager: User, django_assert_max_num_queries: Any
) -> None:
    """Session, user, shop twice, the Event with its savepoint, the cursor on PostgreSQL, the rows."""
    for _ in range(6):
        give(manager, None)
    client.force_login(manager)
    with django_assert_max_num_queries(9):
        assert len(read(client)) == 12
