"""Holding a task: chosen, renewed, given back, swept."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from apps.core.models import Event
from apps.core.statuses import Conflict
from apps.customers.models import Permission
from apps.worklist import services
from apps.worklist.models import CareTask
from tests.factories import make_customer, make_task

pytestmark = pytest.mark.django_db
MINUTES = timedelta(minutes=1)


def test_a_chosen_task_is_held(rep, team, now):
    task = make_task(team=team)
    services.take(task, by=rep, now=now)
    services.take(task, by=rep, now=now)
    assert Event.objects.filter(subject_id=task.pk, verb="held").count() == 1


def test_one_holds_at_most_one_task(rep, team, now):
    first, second = make_task(make_customer(name="Grace"), team=team), make_task(team=team)
    services.take(first, by=rep, now=now)
    with pytest.raises(services.CannotTake, match="still have Grace open"):
        services.take(second, by=rep, now=now)


def test_the_database_keeps_one_hold_a_person(rep, team, now):
    for _ in range(2):
        make_task(team=team)
    with pytest.raises(IntegrityError), transaction.atomic():
        CareTask.objects.update(status="held", held_by=rep, held_until=now)


def test_a_held_task_is_taken_by_nobody_else(rep, manager, team, now):
    task = make_task(team=team)
    services.take(task, by=rep, now=now)
    with pytest.raises(services.CannotTake, match="Ana Duarte is working on this"):
        services.take(CareTask.objects.get(pk=task.pk), by=manager, now=now)


def test_a_stale_page_does_not_take_it_either(rep, manager, team, now):
    task = make_task(team=team)
    stale = CareTask.objects.get(pk=task.pk)
    services.take(task, by=rep, now=now)
    with pytest.raises(Conflict):
        services.take(stale, by=manager, now=now)


def test_a_chosen_call_asks_for_permission_again(rep, team, now):
    customer = make_customer()
    task = make_task(customer, team=team)
    Permission.objects.create(
        customer=customer, channel="phone", purpose="recognition", state="refused", at=now
    )
    with pytest.raises(services.CannotTake, match="asked not to be called"):
        services.take(task, by=rep, now=now)


def test_a_chosen_call_asks_the_clock_where_they_are(rep, team):
    night = datetime(2026, 3, 4, 22, 30, tzinfo=UTC)
    task = make_task(team=team, calls_from=night, calls_until=night + timedelta(hours=1))
    told = r"22:30 where they are\. Calls are possible from tomorrow 10:00 your time"
    with pytest.raises(services.CannotTake, match=told):
        services.take(task, by=rep, now=night)


def test_another_teams_task_cannot_be_taken(other_rep, team, now):
    with pytest.raises(PermissionDenied):
        services.take(make_task(team=team), by=other_rep, now=now)


def test_a_task_that_waits_for_a_manager_cannot_be_taken(rep, team, now):
    with pytest.raises(services.CannotTake, match="has not approved"):
        services.take(make_task(team=team, status="waiting"), by=rep, now=now)


def test_notes_renew_the_lease(rep, team, now):
    task = make_task(team=team)
    services.take(task, by=rep, now=now)
    services.save_notes(task, notes="Likes the fit", by=rep, now=now + 10 * MINUTES)
    task.refresh_from_db()
    assert (task.notes, task.held_until) == ("Likes the fit", now + 25 * MINUTES)


def test_notes_of_a_lost_task_are_refused(rep, manager, team, now):
    task = make_task(team=team)
    services.take(task, by=rep, now=now)
    with pytest.raises(Conflict):
        services.save_notes(task, notes="x", by=manager, now=now)


def test_leaving_needs_a_reason(rep, team, now):
    task = make_task(team=team)
    services.take(task, by=rep, now=now)
    with pytest.raises(ValueError, match="Say in a few words"):
        services.release(task, by=rep, now=now, reason=" ")
    services.release(task, by=rep, now=now + MINUTES, reason="A colleague knows them")
    task.refresh_from_db()
    assert (task.status, task.held_by, task.opens_at) == ("open", None, now + 61 * MINUTES)
    assert Event.objects.filter(subject_id=task.pk).last().reason == "A colleague knows them"


def test_a_lease_that_ran_out_returns_the_task_with_its_notes(rep, team, now):
    task = make_task(team=team)
    services.take(task, by=rep, now=now)
    services.save_notes(task, notes="Half a sentence", by=rep, now=now)
    assert services.sweep(now=now + 14 * MINUTES)["leases_returned"] == 0
    assert services.sweep(now=now + 15 * MINUTES)["leases_returned"] == 1
    task.refresh_from_db()
    assert (task.status, task.held_by, task.notes) == ("open", None, "Half a sentence")
    assert services.sweep(now=now + 15 * MINUTES)["leases_returned"] == 0


def test_the_sweep_expires_what_is_optional_only(team, now):
    optional = make_task(team=team, expires_at=now)
    owed = make_task(team=team, expires_at=now, owed=True, priority=1)
    assert services.sweep(now=now)["expired"] == 1
    optional.refresh_from_db()
    owed.refresh_from_db()
    assert (optional.status, owed.status) == ("expired", "open")
    assert Event.objects.get(subject_id=optional.pk).reason == "Its time ran out"


def test_the_sweep_moves_passed_windows_on_per_zone(team, now):
    evening = datetime(2026, 3, 4, 21, 0, tzinfo=UTC)
    london = make_task(team=team, zone="Europe/London", calls_until=evening)
    tokyo = make_task(team=team, zone="Asia/Tokyo", calls_until=evening - timedelta(hours=9))
    unknown = make_task(team=team, zone="", calls_from=None, calls_until=None)
    assert services.sweep(now=evening)["windows_moved"] == 3
    for task, opens in [(london, 9), (tokyo, 0), (unknown, 8)]:
        task.refresh_from_db()
        assert task.calls_from == datetime(2026, 3, 5, opens, tzinfo=UTC)
    assert services.sweep(now=evening)["windows_moved"] == 0


def test_the_sweep_stops_calls_that_were_refused_since(team, now):
    customer = make_customer()
    optional, owed = make_task(customer, team=team), make_task(customer, team=team, owed=True, priority=1)
    for purpose in ("service", "recognition"):
        Permission.objects.create(
            customer=customer, channel="phone", purpose=purpose, state="refused", at=now
        )
    assert services.sweep(now=now)["refused"] == 2
    optional.refresh_from_db()
    owed.refresh_from_db()
    assert (optional.status, owed.status, owed.reach) == ("withdrawn", "open", "email")
    moved = Event.objects.get(subject_id=owed.pk, verb="left_phone")
    assert moved.reason == "Asked not to be called: write a mail"


def test_withdrawn_tasks_leave_held_ones_to_their_person(rep, team, now):
    held, free, waiting = make_task(team=team), make_task(team=team), make_task(team=team, status="waiting")
    services.take(held, by=rep, now=now)
    assert services.withdraw_tasks(CareTask.objects.all(), reason="Order refunded", now=now) == 2
    states = dict(CareTask.objects.values_list("pk", "status"))
    assert states == {held.pk: "held", free.pk: "withdrawn", waiting.pk: "withdrawn"}


def test_an_approved_task_opens_with_its_calling_window(manager, team, now):
    task = make_task(team=team, status="waiting", calls_from=None, calls_until=None)
    services.open_task(task, by=manager, now=now, due_at=now)
    task.refresh_from_db()
    assert (task.status, task.calls_until) == ("open", datetime(2026, 3, 4, 20, 0, tzinfo=UTC))
    assert task.due_at == now


def test_what_opens_later_is_due_no_sooner(manager, team, now):
    task = make_task(team=team, status="waiting")
    services.open_task(task, by=manager, now=now, due_at=now, opens_at=now + timedelta(days=2))
    assert (task.opens_at, task.due_at) == (now + timedelta(days=2), now + timedelta(days=2))
