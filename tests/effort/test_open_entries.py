"""The entries behind a number: the same sum, one's own only for a rep, a page at a time."""

from datetime import timedelta

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.effort.models import TimeEntry
from tests.factories import NOW

DAYS = f"from={NOW.date() - timedelta(days=6)}&to={NOW.date()}"


def add(user: User | None, number: int = 1, **more: object) -> None:
    fields = {"origin": "reactive", "seconds": 60, "started_at": NOW, "day": NOW.date(), "source": "logged"}
    team = user.team if user else None
    rows = [TimeEntry(user=user, team=team, **{**fields, **more}) for _ in range(number)]
    TimeEntry.objects.bulk_create(rows)


@pytest.fixture
def entries(rep: User, other_rep: User) -> None:
    add(rep, origin="proactive", play="welcome", seconds=120)
    add(rep, 2)
    add(other_rep, 3)
    add(None, agent="bot")
    add(rep, day=NOW.date() - timedelta(days=30))


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("", 7),
        ("&origin=proactive", 1),
        ("&play=welcome", 1),
        ("&play=none", 6),
        ("&team=0", 1),
        ("&origin=reactive&team=0", 1),
        ("&origin=nonsense&team=x", 7),
        ("&team=99999999999999999999&before=99999999999999999999", 7),
    ],
)
def test_marketer_sees_the_entries_of_a_number(
    client: Client, entries: None, marketer: User, query: str, number: int
) -> None:
    client.force_login(marketer)
    page = client.get(f"/shift/entries/?{DAYS}{query}")
    assert len(page.context["rows"]) == page.context["number"] == number


def test_team_is_shown_by_name(client: Client, entries: None, marketer: User, rep: User) -> None:
    client.force_login(marketer)
    page = client.get(f"/shift/entries/?{DAYS}&team={rep.team_id}")
    assert len(page.context["rows"]) == 3
    assert "Care time of Care" in page.content.decode()


def test_rep_sees_only_their_own(client: Client, entries: None, rep: User, other_rep: User) -> None:
    client.force_login(rep)
    page = client.get(f"/shift/entries/?{DAYS}")
    assert {each.row.user_id for each in page.context["rows"]} == {rep.pk}
    assert len(page.context["rows"]) == 3
    assert page.context["number"] is None
    page = client.get(f"/shift/entries/?{DAYS}&user={other_rep.pk}")
    assert page.context["rows"] == []
    assert other_rep.name not in page.content.decode()


def test_unmatched_entry_names_its_agent(client: Client, entries: None, manager: User) -> None:
    client.force_login(manager)
    assert "bot (unmatched)" in client.get(f"/shift/entries/?{DAYS}&team=0").content.decode()


def test_pages_show_each_entry_once(client: Client, rep: User, manager: User) -> None:
    add(rep, 60)
    add(rep, 60, day=NOW.date() - timedelta(days=1))
    client.force_login(manager)
    url, seen = f"/shift/entries/?{DAYS}", []
    while url:
        page = client.get(url)
        seen += [each.row.pk for each in page.context["rows"]]
        url = page.context["older_url"] and f"/shift/entries/{page.context['older_url']}"
    assert len(seen) == len(set(seen)) == 120


def test_entries_cost_the_same_whatever_their_number(
    client: Client, rep: User, manager: User, django_assert_max_num_queries: object
) -> None:
    """Session, user, shop twice, waiting counts, share of today, entries, sums."""
    add(rep, 300)
    client.force_login(manager)
    with django_assert_max_num_queries(9):
        client.get(f"/shift/entries/?{DAYS}")


def test_entries_are_private_and_only_read(client: Client, rep: User) -> None:
    assert client.get("/shift/entries/").status_code == 302
    client.force_login(rep)
    assert client.post("/shift/entries/").status_code == 405
    assert client.get("/shift/entries/?from=x&to=y&before_day=z").status_code == 200
