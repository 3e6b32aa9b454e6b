"""For ten seconds an outcome can be taken back: task, lease, customer and time are as they were."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from apps.core.statuses import advance
from apps.customers.models import Permission
from apps.effort.models import TimeEntry
from apps.worklist import services
from apps.worklist.models import Attempt, CareTask
from apps.worklist.signals import attempt_undone
from tests.factories import make_task

pytestmark = pytest.mark.django_db
SECONDS = timedelta(seconds=1)
KEPT = ["status", "priority", "due_at", "opens_at", "expires_at", "reach", "calls_from", "calls_until"]
KEPT += ["attempts_made", "assignee_id", "held_by_id", "held_at", "closed_at", "close_reason"]


def as_is(task):
    return CareTask.objects.filter(pk=task.pk).values(*KEPT).get()


def held_by(rep, team, now, **fields):
    task = make_task(team=team, expires_at=now + timedelta(days=14), **fields)
    services.take(task, by=rep, now=now - 60 * SECONDS)
    return task


def undo(attempt, by, now):
    return services.undo_outcome(Attempt.objects.get(pk=attempt.pk), by=by, now=now)


@pytest.mark.parametrize("owed", [False, True])
@pytest.mark.parametrize(
    "outcome",
    ["talked", "voicemail", "no_answer", "call_back", "wrong_number", "do_not_call", "problem_found"],
)
@pytest.mark.parametrize("attempts_made", [0, 2])
def test_every_outcome_can_be_taken_back(rep, team, now, outcome, owed, attempts_made):
    task = held_by(rep, team, now, owed=owed, priority=1 if owed else 2, attempts_made=attempts_made)
    before, phone = as_is(task), task.customer.phone
    at = now + timedelta(hours=2) if outcome == "call_back" else None
    attempt = services.record_outcome(
        task, outcome=outcome, by=rep, now=now, notes="Likes it", call_back_at=at
    )
    assert as_is(task) != before
    undo(attempt, rep, now + 9 * SECONDS)
    assert as_is(task) == before
    task.refresh_from_db()
    task.customer.refresh_from_db()
    assert task.notes == "Likes it"
    assert task.customer.phone == phone
    assert not Permission.objects.filter(customer=task.customer, state="refused").exists()
    assert not TimeEntry.objects.exists()


def test_the_next_task_goes_back_untouched(rep, team, now):
    task = held_by(rep, team, now)
    following = make_task(team=team)
    attempt = services.record_outcome(task, outcome="talked", by=rep, now=now)
    assert services.take_next(rep, now=now) == following
    undo(attempt, rep, now + 5 * SECONDS)
    following.refresh_from_db()
    assert (following.status, following.opens_at) == ("open", None)
    assert services.task_held_by(rep) == task


def test_the_networks_five_seconds_are_allowed_for(rep, team, now):
    attempt = services.record_outcome(held_by(rep, team, now), outcome="talked", by=rep, now=now)
    undo(attempt, rep, now + 15 * SECONDS)
    assert services.task_held_by(rep) == attempt.task


def test_after_ten_seconds_it_stands(rep, team, now):
    task = held_by(rep, team, now)
    attempt = services.record_outcome(task, outcome="talked", by=rep, now=now)
    with pytest.raises(services.CannotUndo, match="more than ten seconds ago"):
        undo(attempt, rep, now + 16 * SECONDS)
    task.refresh_from_db()
    assert task.status == "done"
    assert TimeEntry.objects.count() == 1


def test_a_second_undo_changes_nothing(rep, team, now):
    task = held_by(rep, team, now)
    attempt = services.record_outcome(task, outcome="talked", by=rep, now=now)
    undo(attempt, rep, now + SECONDS)
    with pytest.raises(services.CannotUndo, match="already taken back"):
        undo(attempt, rep, now + 2 * SECONDS)


def test_only_ones_own_outcome(rep, manager, team, now):
    attempt = services.record_outcome(held_by(rep, team, now), outcome="talked", by=rep, now=now)
    with pytest.raises(PermissionDenied):
        undo(attempt, manager, now)


def test_it_stands_once_somebody_else_went_on(rep, manager, team, now):
    task = held_by(rep, team, now, owed=True, priority=1, attempts_made=2)
    attempt = services.record_outcome(task, outcome="no_answer", by=rep, now=now)
    services.take(CareTask.objects.get(pk=task.pk), by=manager, now=now)
    with pytest.raises(services.CannotUndo, match="has worked on this since"):
        undo(attempt, rep, now + SECONDS)


def test_an_answer_that_was_opened_again_since_stands(rep, team, now):
    task = make_task(team=team, reach="email", owed=True, priority=1)
    attempt = services.record_outcome(task, outcome="replied", by=rep, now=now)
    task.refresh_from_db()
    advance(task, "open", by=None, now=now + SECONDS, reason="They answered")
    with pytest.raises(services.CannotUndo, match="worked on this since"):
        undo(attempt, rep, now + 5 * SECONDS)
    attempt.refresh_from_db()
    assert attempt.undone_at is None


def test_the_outcome_can_be_recorded_again(rep, team, now):
    task = held_by(rep, team, now)
    first = services.record_outcome(task, outcome="talked", by=rep, now=now)
    task = undo(first, rep, now + 4 * SECONDS)
    services.record_outcome(task, outcome="voicemail", by=rep, now=now + 9 * SECONDS)
    assert list(Attempt.objects.standing().values_list("outcome", flat=True)) == ["voicemail"]
    assert TimeEntry.objects.get().seconds == 69


def test_the_undo_is_news(rep, team, now):
    heard = []
    attempt_undone.connect(lambda attempt, **_: heard.append(attempt.pk), weak=False, dispatch_uid="t3")
    try:
        attempt = services.record_outcome(held_by(rep, team, now), outcome="talked", by=rep, now=now)
        undo(attempt, rep, now)
    finally:
        attempt_undone.disconnect(dispatch_uid="t3")
    assert heard == [attempt.pk]
