"""Today: the rep's day, in at most ten queries, whatever waits."""

from datetime import timedelta

import pytest
from django.utils import timezone

from apps.accounts.models import User
from apps.customers.models import Permission
from apps.effort.services import record_time
from apps.worklist.models import CareTask
from apps.worklist.services.times import LEASE
from tests.caches import empty_cache
from tests.factories import make_customer, make_incident, make_offer, make_task

pytestmark = pytest.mark.django_db


def call_now(name="Grace Okafor", **fields):
    now = timezone.now()
    window = {"calls_from": now - timedelta(hours=1), "calls_until": now + timedelta(hours=3)}
    day = {"due_at": now + timedelta(hours=2), "created_at": now - timedelta(days=1)}
    return make_task(make_customer(name=name), **{**window, **day, **fields})


def test_rep_sees_the_day_in_one_sentence(signed_in, team):
    call_now("Grace Okafor", team=team)
    call_now("Ola Berg", team=None)
    page = signed_in.get("/").content.decode()
    assert "2\N{NO-BREAK SPACE}calls" in page
    assert "Grace Okafor" in page
    assert "Ola Berg" in page


def test_the_headline_names_whom_the_button_opens(signed_in, rep, team):
    """A promise to somebody who sleeps is not what to hurry for."""
    now = timezone.now()
    asleep = {"calls_from": now + timedelta(hours=9), "calls_until": now + timedelta(hours=20)}
    promised = {"team": team, "assignee": rep, "priority": 0, "due_at": now - timedelta(hours=3)}
    call_now("Hieu Dang", zone=elsewhere(now), **{**promised, **asleep})
    call_now("Ola Berg", team=team, zone=noon(now), facts={"order": "1042"})
    page = signed_in.get("/").content.decode()
    assert "Ola Berg waits" in page
    assert "You promised Hieu Dang" not in page
    opened = signed_in.post("/calls/next/", follow=True).content.decode()
    assert 'id="name" tabindex="-1">Ola Berg' in opened
    assert "Ola Berg is open on your desk." in signed_in.get("/").content.decode()


def noon(now):
    """A zone where it is about noon now."""
    behind = now.hour - 12
    return f"Etc/GMT{'+' if behind >= 0 else '-'}{abs(behind)}"


def elsewhere(now):
    """A zone where it is about midnight now."""
    behind = now.hour if now.hour <= 12 else now.hour - 24
    return f"Etc/GMT{'+' if behind >= 0 else '-'}{abs(behind)}"


@pytest.mark.parametrize("has_team", [True, False])
def test_the_menu_counts_what_the_tab_counts(client, manager, team, other_rep, has_team):
    """Also of who sees all teams, with a task in hand and one that is closed to calls."""
    User.objects.filter(pk=manager.pk).update(team=team if has_team else None)
    for number in range(23):
        call_now(f"Customer {number}", team=team)
        call_now(f"Other {number}", team=other_rep.team)
    now = timezone.now()
    call_now("In hand", team=team, status="held", held_by=manager, held_at=now, held_until=now + LEASE)
    refused = call_now("Refused", team=team, assignee=manager).customer
    refusal = {"channel": "phone", "purpose": "recognition", "state": "refused", "at": now}
    Permission.objects.create(customer=refused, **refusal)
    client.force_login(manager)
    context = client.get("/").context
    menu = next(place.count for place in context["places"].main if place.name == "Today")
    tab = next(tab["count"] for tab in context["tabs"] if tab["name"] == "Mine")
    assert menu == tab
    assert menu == (21 if has_team else 41)


def test_an_empty_day_says_what_comes_next(signed_in):
    page = signed_in.get("/").content.decode()
    assert "Nothing is waiting" in page
    assert "Start calls" not in page


def test_another_teams_task_is_not_listed(signed_in, other_rep):
    call_now("Hidden Person", team=other_rep.team)
    assert "Hidden Person" not in signed_in.get("/?tab=team").content.decode()


def test_waiting_apology_is_not_shown_to_reps(signed_in, team):
    call_now("Tomasz Wieczorek", team=team, play="apology", status="waiting", owed=True)
    assert "Tomasz" not in signed_in.get("/").content.decode()


@pytest.mark.parametrize("tab", ["mine", "team", "snoozed", "done"])
def test_today_takes_at_most_ten_queries(signed_in, rep, team, tab, django_assert_max_num_queries):
    for number in range(6):
        call_now(f"Customer {number}", team=team)
    call_now("Lucía Ferrer", team=team, assignee=rep, priority=0)
    moment = timezone.now() - timedelta(minutes=1)
    record_time(user=rep, origin="proactive", started_at=moment, seconds=60)
    empty_cache()
    with django_assert_max_num_queries(10):
        assert signed_in.get(f"/?tab={tab}").status_code == 200


def test_a_marketer_goes_to_the_shift_board(client, marketer):
    client.force_login(marketer)
    assert client.get("/").url == "/shift/"


def test_today_is_only_read(signed_in):
    assert signed_in.post("/").status_code == 405
    assert not CareTask.objects.exists()


@pytest.mark.parametrize(
    ("who", "told", "button"),
    [
        ("manager", "1 offer waits for a decision.", ">Decide</a>"),
        ("rep", "1 offer came back to be changed.", '?tab=returned">Change</a>'),
    ],
)
def test_each_role_is_told_what_it_can_do_about_an_apology(
    client, request, team, second_manager, who, told, button
):
    decided = {"status": "returned", "decided_by": second_manager, "decided_at": timezone.now()}
    for fields in ({}, decided):
        make_offer(make_incident(make_customer()), **fields)
    client.force_login(request.getfixturevalue(who))
    page = client.get("/").content.decode()
    assert told in page
    assert "Until then this customer hears nothing." in page
    assert button in page
