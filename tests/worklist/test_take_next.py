"""Taking the next task: one's own first, then the pool, never twice, never against the clock or a refusal."""

from datetime import timedelta

import pytest

from apps.core.models import Event
from apps.customers.models import Permission
from apps.worklist import services
from apps.worklist.models import CareTask
from tests.factories import NOW, make_customer, make_task

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def test_the_pool_is_taken_by_priority_then_due(rep, team, now):
    later = make_task(team=team, due_at=now + 3 * HOUR)
    sooner = make_task(team=team, due_at=now + 2 * HOUR)
    owed = make_task(team=team, due_at=now + 9 * HOUR, owed=True, priority=1)
    order = []
    for _ in range(3):
        task = services.take_next(rep, now=now)
        order.append(task)
        CareTask.objects.filter(pk=task.pk).update(status="done", held_by=None)
    assert order == [owed, sooner, later]
    assert services.take_next(rep, now=now) is None


def test_ones_own_promise_comes_before_the_pool(rep, team, now):
    make_task(team=team, owed=True, priority=1, due_at=now - HOUR)
    mine = make_task(team=team, assignee=rep, priority=2, due_at=now + HOUR, opens_at=now - HOUR)
    assert services.take_next(rep, now=now) == mine


def test_a_promise_waits_for_its_time(rep, team, now):
    make_task(team=team, assignee=rep, priority=0, opens_at=now + HOUR)
    assert services.take_next(rep, now=now) is None


def test_nobody_is_called_outside_their_window(rep, team, now):
    make_task(team=team, calls_from=now + HOUR, calls_until=now + 5 * HOUR)
    make_task(team=team, calls_from=now - 5 * HOUR, calls_until=now)
    assert services.take_next(rep, now=now) is None


def test_a_letter_may_be_written_at_any_hour(rep, team, now):
    letter = make_task(team=team, reach="post", calls_from=None, calls_until=None)
    assert services.take_next(rep, now=now) == letter


def test_replies_are_left_to_their_own_page(rep, team, now):
    make_task(team=team, play="feedback_reply", reach="public")
    assert services.take_next(rep, now=now) is None


def test_who_refused_calls_for_thanks_is_not_called_for_thanks(rep, team, now):
    customer = make_customer()
    Permission.objects.create(
        customer=customer, channel="phone", purpose="recognition", state="refused", at=now
    )
    make_task(customer, team=team)
    owed = make_task(customer, team=team, owed=True, priority=1)
    assert services.take_next(rep, now=now) == owed
    CareTask.objects.filter(pk=owed.pk).update(status="done", held_by=None)
    assert services.take_next(rep, now=now) is None


def test_another_teams_pool_is_not_touched(rep, other_rep, now):
    make_task(team=other_rep.team)
    nobodys = make_task(team=None)
    assert services.take_next(rep, now=now) == nobodys


def test_who_holds_a_task_gets_it_again(rep, team, now):
    make_task(team=team)
    make_task(team=team)
    assert services.take_next(rep, now=now) == services.take_next(rep, now=now)
    assert CareTask.objects.filter(status="held").count() == 1


def test_a_claim_leaves_one_event_and_a_lease(rep, team, now):
    task = services.take_next(rep, now=now) or make_task(team=team)
    task = services.take_next(rep, now=now)
    event = Event.objects.get(subject="worklist.caretask", subject_id=task.pk)
    assert (event.from_status, event.to_status, event.actor, event.at) == ("open", "held", rep, now)
    task.refresh_from_db()
    assert (task.held_by, task.held_at, task.held_until) == (rep, now, now + timedelta(minutes=15))


def test_somebody_without_a_team_takes_from_every_pool(admin, other_rep, now):
    task = make_task(team=other_rep.team)
    assert services.take_next(admin, now=now) == task


def test_an_expired_task_is_not_handed_out(rep, team):
    make_task(team=team, expires_at=NOW)
    assert services.take_next(rep, now=NOW) is None


def test_start_calls_opens_the_workspace(signed_in, team, now):
    task = make_task(team=team, reach="email", calls_from=None, calls_until=None)
    assert signed_in.post("/calls/next/").url == f"/calls/{task.pk}/"
    assert signed_in.get("/calls/next/").status_code == 405


def test_start_calls_with_nothing_to_call_says_so(signed_in):
    answer = signed_in.post("/calls/next/", follow=True)
    assert "Nothing can be called right now" in answer.content.decode()


def test_a_marketer_takes_no_calls(client, marketer):
    client.force_login(marketer)
    assert client.post("/calls/next/").status_code == 403
