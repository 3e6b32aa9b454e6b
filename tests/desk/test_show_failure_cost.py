"""What failure cost: the page, the rows behind a line, the files, the budgets, and who may see them."""

import csv
import re
from datetime import date, timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from apps.accounts.models import Role, Shop, Team, User
from apps.apologies.models import Budget, Cause, Compensation, Incident, Offer
from apps.apologies.services import hear_back
from apps.core.statuses import record
from apps.effort.models import TimeEntry
from apps.worklist.models import Attempt
from tests import factories
from tests.apologies.conftest import owe

PAGE, ROWS = "/reports/failures/", "/reports/failures/rows/"
FILES = ("/reports/failures/table.csv", "/reports/failures/rows.csv")


def fail(
    team: Team | None, amount: int = 10, cost: int = 4, *, name: str = "Grace Okafor", **fields: Any
) -> Incident:
    """A failure of yesterday that was told in two minutes, with a coupon."""
    yesterday = timezone.now() - timedelta(days=1)
    order = factories.make_order(factories.make_customer(name=name), carrier=fields.pop("carrier", "DHL"))
    facts = {"order": order, "detected_at": yesterday, **fields}
    incident = factories.make_incident(order.customer, **facts)
    task = owe(incident, team=team, status="done")
    entry = TimeEntry.objects.create(
        origin="proactive",
        play="apology",
        started_at=yesterday,
        day=yesterday.date(),
        seconds=120,
        source="clock",
    )
    Attempt.objects.create(
        task=task,
        customer=order.customer,
        outcome="talked",
        time_entry=entry,
        started_at=yesterday,
        ended_at=yesterday,
    )
    decider = factories.make_user(Role.MANAGER)
    facts = {"task": task, "status": "delivered", "decided_by": decider, "due_at": yesterday}
    offer = factories.make_offer(incident, **facts)
    record(offer, "delivered", by=None, now=yesterday, to_status="delivered")
    Compensation.objects.create(
        offer=offer,
        kind="coupon",
        amount=amount,
        cost=cost,
        currency="EUR",
        issued_at=yesterday,
        status="redeemed",
        redeemed_at=yesterday,
    )
    return incident


def read(response: Any) -> list[dict[str, str]]:
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(StringIO(text)))


def as_text(client: Client, url: str) -> str:
    """A page's words without its markup."""
    response = client.get(url)
    assert response.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


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


def test_line_leads_to_its_failures(client: Client, team: Team, marketer: User) -> None:
    cause = Cause.objects.create(name="Storm", opened_at=timezone.now())
    fail(team, name="Anna Berg", cause=cause)
    fail(team, name="Bela Cole")
    client.force_login(marketer)
    lines = {line.name: line.url for line in client.get(PAGE).context["lines"]}
    assert "Anna Berg" in as_text(client, lines["Storm"])
    assert "Bela Cole" not in as_text(client, lines["Storm"])
    assert "Bela Cole" in as_text(client, lines["No cause named"])
    page = client.get(lines["Storm"])
    row = page.context["rows"][0]
    text = page.content.decode()
    assert f'href="/customers/{row.incident.customer_id}/"' in text
    assert f'href="/approvals/{row.offer.pk}/"' in text
    assert "Coupon €10.00" in text
    assert "2 min" in text


def test_rows_go_on_a_page_at_a_time(client: Client, marketer: User) -> None:
    at = timezone.now() - timedelta(hours=1)
    for n in range(53):
        factories.make_incident(detected_at=at + timedelta(seconds=n // 3))
    client.force_login(marketer)
    first = client.get(f"{ROWS}?by=kind&value=late")
    second = client.get(ROWS + first.context["older_url"])
    seen = [row.incident.pk for row in (*first.context["rows"], *second.context["rows"])]
    assert len(first.context["rows"]) == 50
    assert sorted(seen) == sorted(Incident.objects.values_list("pk", flat=True))
    assert "53 failures" in as_text(client, f"{ROWS}?by=kind&value=late")
    assert second.context["older_url"] == ""


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


def test_marketers_see_no_budgets(client: Client, team: Team, marketer: User) -> None:
    fail(team)
    client.force_login(marketer)
    assert client.get("/reports/budgets/").status_code == 403
    assert "Budget" not in as_text(client, PAGE)


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


def test_budgets_say_whether_they_last(client: Client, team: Team, manager: User) -> None:
    today = Shop.current().day_of(timezone.now())
    days = {"starts_on": today - timedelta(days=9), "ends_on": today + timedelta(days=20), "currency": "EUR"}
    money = {"committed": 50, "spent": 150, "redeemed": 30, "expired": 5}
    Budget.objects.create(team=team, amount=300, soft=180, **money, **days)
    client.force_login(manager)
    day = today + timedelta(days=5)
    for page in ("/reports/budgets/", PAGE):
        text = as_text(client, page)
        assert "€100.00 left of €300.00" in text
        assert f"At this rate it is used up on {day.day} {day:%b}" in text
        assert "Committed €50.00 Spent €150.00 of it redeemed €30.00 Expired, free again €5.00" in text
        assert "Past its soft stop" in text
        assert "A second approver above €180.00 Nothing above €300.00" in text
    assert "<h1>1 of 1 budget will not last</h1>" in client.get("/reports/budgets/").content.decode()


def test_no_budget_names_the_next_step(client: Client, manager: User) -> None:
    client.force_login(manager)
    assert "No budget is set" in as_text(client, "/reports/budgets/")


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


def test_rows_cost_eleven_queries_however_many_there_are(
    client: Client, team: Team, manager: User, django_assert_max_num_queries: Any
) -> None:
    """Session, user, shop twice, counts, share of today; rows, offers, what was given, number, name."""
    for _ in range(8):
        fail(team)
    client.force_login(manager)
    with django_assert_max_num_queries(11):
        assert len(client.get(f"{ROWS}?by=team&value={team.pk}").context["rows"]) == 8


def test_file_of_the_rows_costs_nine_queries_however_many_there_are(
    client: Client, team: Team, manager: User, django_assert_max_num_queries: Any
) -> None:
    """Session, user, shop, cursor begun and ended on PostgreSQL; rows, their offers, what was given."""
    for _ in range(8):
        fail(team)
    client.force_login(manager)
    with django_assert_max_num_queries(9):
        assert len(read(client.get(FILES[1]))) == 8
