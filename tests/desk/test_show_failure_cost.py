"""What failure cost: the page and its files, and who may see them."""

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from apps.accounts.models import Team, User
from apps.apologies.models import Cause, Compensation, Offer
from apps.apologies.services import hear_back
from tests import factories

from .failures import FILES, PAGE, ROWS, as_text, fail, read


def test_page_says_what_failure_cost_in_one_sentence(client: Client, team: Team, marketer: User) -> None:
    fail(team)
    fail(team, amount=20, cost=6)
    client.force_login(marketer)
    page = client.get(PAGE).content.decode()
    assert "<h1>2 failures cost us €10.00 and 4 min of care</h1>" in page
    text = as_text(client, PAGE)
    assert "Worth €30.00 to the customers" in text
    assert "Apologised for in time 2 of 2 that arrived" in text
    assert "Coupons redeemed 2 of 2 given 100 % of them" in text
    assert "Ordered again 0 of 0 we can tell of 0 answered the apology; 2 still have days left" in text


def test_picture_table_and_file_show_the_same(client: Client, team: Team, marketer: User) -> None:
    fail(team)
    fail(team, carrier="Northern Parcel", cost=9)
    client.force_login(marketer)
    response = client.get(f"{PAGE}?by=carrier")
    lines = {line.name: line.money.cost for line in response.context["lines"]}
    assert lines == {"Northern Parcel": Decimal(9), "DHL": Decimal(4)}
    assert response.context["total"].money.cost == sum(lines.values())
    drawn = re.findall(r"<title>([^<]+)</title>", str(response.context["picture"]))
    assert drawn == ["Northern Parcel: €9.00", "DHL: €4.00"] * 2  # the wide drawing and the narrow one
    file = read(client.get(f"{FILES[0]}?by=carrier"))
    assert {row["carrier"]: Decimal(row["cost to us"]) for row in file} == lines
    assert [row["care seconds"] for row in file] == ["120", "120"]


def test_who_answered_stands_beside_who_ordered_again(
    client: Client, team: Team, marketer: User, rep: User
) -> None:
    fail(team)
    quiet = fail(team)
    offer = Offer.objects.exclude(incident=quiet).get()
    for text in ("Thank you", "One more thing"):
        hear_back(offer, text=text, by=rep, now=timezone.now())
    client.force_login(marketer)
    assert "of 0 we can tell of 1 answered the apology; 2 still" in as_text(client, PAGE)
    assert client.get(PAGE).context["total"].sums.answered == 1
    assert [row["answered"] for row in read(client.get(FILES[0]))] == ["1"]
    assert as_text(client, ROWS).count("They answered") == 1
    assert sorted(row["answered"] for row in read(client.get(FILES[1]))) == ["", "yes"]


def test_other_currencies_have_their_own_lines(client: Client, team: Team, marketer: User) -> None:
    fail(team)
    Compensation.objects.update(currency="SEK")
    client.force_login(marketer)
    text = as_text(client, f"{PAGE}?by=kind")
    assert "1 failure cost us SEK4.00 and 2 min of care" in text.replace("\xa0", "")
    rows = read(client.get(f"{FILES[0]}?by=kind"))
    assert [(row["incidents"], row["currency"], row["given"]) for row in rows] == [
        ("1", "EUR", "0.00"),
        ("", "SEK", "10.00"),
    ]


@pytest.mark.parametrize(
    ("sort", "names"),
    [
        ("name", ["Ant", "bee", "Cat"]),
        ("-name", ["Cat", "bee", "Ant"]),
        ("failures", ["Ant", "Cat", "bee"]),
        ("-cost", ["Cat", "bee", "Ant"]),
        ("nonsense", ["Cat", "bee", "Ant"]),
    ],
)
def test_table_is_sorted_by_its_heads(
    client: Client, team: Team, marketer: User, sort: str, names: list[str]
) -> None:
    for name, cost in [("Ant", 1), ("bee", 2), ("bee", 3), ("Cat", 6)]:
        fail(team, cost=cost, carrier=name)
    client.force_login(marketer)
    response = client.get(PAGE, {"by": "carrier", "sort": sort})
    expected = ["Cat", "Ant", "bee"] if sort == "failures" else names
    assert [line.name for line in response.context["lines"]] == expected
    heads = {head.name: head for head in response.context["heads"]}
    url = heads["Carrier"].url
    assert ("sort=-name" in url) is (sort == "name")


@pytest.mark.parametrize(
    "query",
    ["by=cause&value=x", "by=team&value=-1", "by=kind&value=none", "by=nothing&value=9", "before_id=x"],
)
def test_address_that_cannot_be_read_breaks_nothing(client: Client, marketer: User, query: str) -> None:
    client.force_login(marketer)
    assert client.get(f"{ROWS}?{query}").status_code == 200
    assert client.get(f"{PAGE}?{query}").status_code == 200


def test_manager_does_not_see_another_teams_failures(
    client: Client, team: Team, manager: User, admin: User
) -> None:
    fail(team, name="Anna Berg")
    fail(None, name="Nobodys Cole")
    fail(factories.make_team("Stores"), name="Stores Only")
    client.force_login(manager)
    assert "2 failures cost us" in as_text(client, PAGE)
    text = as_text(client, ROWS)
    assert "Anna Berg" in text
    assert "Nobodys Cole" in text
    assert "Stores Only" not in text
    assert [row["customer"] for row in read(client.get(FILES[1]))] == ["Nobodys Cole", "Anna Berg"]
    assert {row["team"] for row in read(client.get(f"{FILES[0]}?by=team"))} == {"Care", "No team"}
    client.force_login(admin)
    assert "3 failures cost us" in as_text(client, PAGE)


@pytest.mark.parametrize("url", [PAGE, ROWS, *FILES, "/reports/budgets/"])
def test_reps_may_not_see_it(client: Client, rep: User, url: str) -> None:
    client.force_login(rep)
    assert client.get(url).status_code == 403


@pytest.mark.parametrize("url", [PAGE, ROWS, "/reports/budgets/"])
def test_pages_are_only_read(client: Client, admin: User, url: str) -> None:
    client.force_login(admin)
    assert client.post(url).status_code == 405


def test_colleague_who_was_rude_is_named_nowhere(
    client: Client, team: Team, manager: User, marketer: User, admin: User
) -> None:
    rude = factories.make_user(name="Quentin Sharp", team=team)
    detail = "Quentin Sharp hung up on me"
    incident = fail(team, kind="rude", colleague=rude, detail=detail, reported_by=rude)
    assert incident.colleague == rude
    for viewer in (manager, marketer, admin):
        client.force_login(viewer)
        for by in ("cause", "kind", "product", "carrier", "team"):
            assert "Quentin" not in as_text(client, f"{PAGE}?by={by}")
        assert "Quentin" not in as_text(client, ROWS)
        for file in FILES:
            assert "Quentin" not in str(read(client.get(file)))


def test_files_run_no_formula(client: Client, team: Team, marketer: User) -> None:
    cause = Cause.objects.create(name="=cmd|' /C calc'!A0", opened_at=timezone.now())
    fail(team, name='+HYPERLINK("https://evil.example")', carrier="@DHL", cause=cause)
    client.force_login(marketer)
    assert read(client.get(FILES[0]))[0]["cause"] == "'=cmd|' /C calc'!A0"
    row = read(client.get(FILES[1]))[0]
    assert row["customer"] == '\'+HYPERLINK("https://evil.example")'
    assert (row["carrier"], row["cause"]) == ("'@DHL", "'=cmd|' /C calc'!A0")


def test_text_of_others_is_escaped(client: Client, team: Team, marketer: User) -> None:
    fail(team, name="<b>Anna</b>", carrier='"><script>x</script>')
    client.force_login(marketer)
    for url in (f"{PAGE}?by=carrier", f'{ROWS}?by=carrier&value="><script>x</script>'):
        page = client.get(url).content.decode()
        assert "<script>x" not in page
        assert "<b>Anna" not in page


def test_empty_page_names_the_next_step(client: Client, marketer: User) -> None:
    client.force_login(marketer)
    page = client.get(PAGE).content.decode()
    assert "<h1>No failures became known in these days</h1>" in page
    assert 'href="/customers/"' in page


def test_days_of_ones_own_are_the_shops(client: Client, team: Team, marketer: User) -> None:
    at = factories.NOW.replace(hour=23, minute=30)  # the next day in Berlin
    fail(team, detected_at=at)
    client.force_login(marketer)

    def shown(day: date) -> int:
        return client.get(f"{PAGE}?period=own&from={day}&to={day}").context["total"].sums.incidents

    assert shown(at.date()) == 0
    assert shown(at.date() + timedelta(days=1)) == 1


def test_reports_lead_to_each_other(client: Client, manager: User, marketer: User, rep: User) -> None:
    client.force_login(manager)
    for page in ("/shift/", PAGE, "/reports/budgets/"):
        text = client.get(page).content.decode()
        for other in ("/shift/", PAGE, "/reports/budgets/"):
            assert f'href="{other}"' in text
    client.force_login(marketer)
    assert f'href="{PAGE}"' in client.get("/shift/").content.decode()
    client.force_login(rep)
    assert f'href="{PAGE}"' not in client.get("/shift/").content.decode()


@pytest.mark.parametrize("by", ["cause", "kind", "product", "carrier", "team"])
def test_page_costs_at_most_twelve_queries(
    client: Client, team: Team, manager: User, by: str, django_assert_max_num_queries: Any
) -> None:
    """Session, user, shop twice, team, counts, share of today; failures, apologies, money, names; budgets."""
    for n in range(6):
        fail(team, carrier=f"C{n}", cause=Cause.objects.create(name=f"{n}", opened_at=timezone.now()))
    client.force_login(manager)
    with django_assert_max_num_queries(12):
        assert client.get(f"{PAGE}?by={by}").status_code == 200
