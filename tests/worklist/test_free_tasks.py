"""Who no longer works on tasks holds nothing back: their tasks go to the team."""

from datetime import timedelta

import pytest

from apps.accounts.models import User
from apps.accounts.services.people import change_person
from apps.core.models import Event
from apps.effort.models import TimeEntry
from apps.worklist.models import CareTask
from apps.worklist.services import take_next
from tests.factories import NOW, make_task

pytestmark = pytest.mark.django_db


def switch_off(user: User, by: User) -> None:
    same = {"name": user.name, "email": user.email, "role": user.role, "team": user.team, "hours": None}
    change_person(user, **same, is_active=False, by=by, now=NOW)


def test_a_promised_call_back_goes_to_the_team_and_keeps_its_moment(
    rep: User, manager: User, admin: User
) -> None:
    promise = make_task(team=rep.team, assignee=rep, priority=0, due_at=NOW, opens_at=NOW)
    switch_off(rep, admin)
    taken = take_next(manager, now=NOW)
    assert taken == promise
    assert (taken.priority, taken.due_at) == (0, NOW)
    event = Event.objects.get(subject="worklist.caretask", subject_id=promise.pk, verb="freed")
    assert (event.actor_id, event.reason) == (admin.pk, "Ana Duarte no longer works on tasks")


def test_the_task_on_their_desk_goes_back_at_once(rep: User, admin: User) -> None:
    lease = {"held_by": rep, "held_at": NOW, "held_until": NOW + timedelta(minutes=15)}
    task = make_task(team=rep.team, status="held", assignee=rep, notes="Rang twice", **lease)
    switch_off(rep, admin)
    task.refresh_from_db()
    assert (task.status, task.held_by, task.assignee, task.notes) == ("open", None, None, "Rang twice")


def test_what_they_worked_on_it_is_kept(rep: User, admin: User) -> None:
    lease = {"held_at": NOW - timedelta(minutes=9), "held_until": NOW + timedelta(minutes=13)}
    make_task(team=rep.team, status="held", held_by=rep, **lease)
    switch_off(rep, admin)
    entry = TimeEntry.objects.get()
    assert (entry.user, entry.seconds, entry.topic) == (rep, 7 * 60, "Left without an outcome")


def test_who_becomes_a_marketer_keeps_no_tasks(rep: User, admin: User) -> None:
    promise = make_task(team=rep.team, assignee=rep)
    same = {"name": rep.name, "email": rep.email, "team": rep.team, "hours": None}
    change_person(rep, **same, role="marketer", is_active=True, by=admin, now=NOW)
    assert CareTask.objects.get(pk=promise.pk).assignee is None


def test_what_they_have_closed_stays_theirs(rep: User, admin: User) -> None:
    done = make_task(team=rep.team, status="done", assignee=rep, closed_at=NOW)
    switch_off(rep, admin)
    assert CareTask.objects.get(pk=done.pk).assignee == rep
