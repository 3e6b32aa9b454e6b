"""The plan's page and the page that matches agents: who may, what they do."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from apps.accounts.models import User
from apps.effort.models import AgentName, ShiftPlan, TimeEntry
from tests.factories import NOW


@pytest.fixture
def planner(client: Client, marketer: User) -> Client:
    client.force_login(marketer)
    return client


def this_month() -> date:
    return timezone.now().date().replace(day=1)


def test_targets_are_set_month_by_month(planner: Client) -> None:
    month = this_month()
    planner.post("/shift/plan/", {month.isoformat(): "12.5"})
    assert ShiftPlan.objects.get().target == Decimal("0.125")
    assert "is 12.5 % proactive" in planner.get("/shift/plan/").content.decode()
    planner.post("/shift/plan/", {month.isoformat(): ""})
    assert not ShiftPlan.objects.exists()


def test_stairs_fill_themselves(planner: Client) -> None:
    facts = {"first_month": "2026-11", "start": "5", "step": "5", "months": "3"}
    assert planner.post("/shift/plan/stairs/", facts).status_code == 302
    assert list(ShiftPlan.objects.values_list("month", "target")) == [
        (date(2026, 11, 1), Decimal("0.0500")),
        (date(2026, 12, 1), Decimal("0.1000")),
        (date(2027, 1, 1), Decimal("0.1500")),
    ]


@pytest.mark.parametrize("bad", [{"start": "101"}, {"first_month": "soon"}, {"months": "0"}, {"step": ""}])
def test_bad_stairs_are_explained(planner: Client, bad: dict) -> None:
    facts = {"first_month": "2026-11", "start": "5", "step": "5", "months": "3", **bad}
    page = planner.post("/shift/plan/stairs/", facts)
    assert page.status_code == 200
    assert page.context["filling"].errors
    assert not ShiftPlan.objects.exists()


def test_target_over_the_whole_is_explained(planner: Client) -> None:
    page = planner.post("/shift/plan/", {this_month().isoformat(): "101"})
    assert page.context["form"].errors
    assert not ShiftPlan.objects.exists()


def test_rep_may_not_plan(signed_in: Client) -> None:
    assert signed_in.get("/shift/plan/").status_code == 403
    assert signed_in.post("/shift/plan/", {}).status_code == 403
    assert signed_in.post("/shift/plan/stairs/", {}).status_code == 403


def test_manager_says_whose_time_it_is_and_takes_it_back(client: Client, manager: User, rep: User) -> None:
    TimeEntry.objects.create(
        agent="Desk Bot", origin="reactive", started_at=NOW, day=NOW.date(), seconds=60, source="import"
    )
    client.force_login(manager)
    assert "1 name from the help desk belongs to nobody" in client.get("/shift/agents/").content.decode()
    client.post("/shift/agents/match/", {"agent": "Desk Bot", "user": rep.pk})
    assert TimeEntry.objects.get().user == rep
    page = client.get("/shift/agents/").content.decode()
    assert "All help desk time has its person" in page
    client.post(f"/shift/agents/{AgentName.objects.get().pk}/part/")
    assert TimeEntry.objects.get().user is None


def test_match_without_a_person_is_explained(client: Client, manager: User) -> None:
    client.force_login(manager)
    page = client.post("/shift/agents/match/", {"agent": "Desk Bot"}, follow=True)
    assert "Choose whose time it is first." in page.content.decode()


def test_only_managers_match(client: Client, rep: User, marketer: User) -> None:
    for user in (rep, marketer):
        client.force_login(user)
        assert client.get("/shift/agents/").status_code == 403
        assert client.post("/shift/agents/match/", {"agent": "x", "user": rep.pk}).status_code == 403
        assert client.post("/shift/agents/1/part/").status_code == 403


def test_changes_of_matches_are_posts(client: Client, manager: User) -> None:
    client.force_login(manager)
    assert client.get("/shift/agents/match/").status_code == 405
    assert client.get("/shift/agents/1/part/").status_code == 405
    assert client.post("/shift/agents/99/part/").status_code == 404
