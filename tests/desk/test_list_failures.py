"""The failures behind a line of what failure cost, a page at a time, and as a file."""

from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from apps.accounts.models import Team, User
from apps.apologies.models import Cause, Incident
from tests import factories

from .failures import FILES, PAGE, ROWS, as_text, fail, read


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
