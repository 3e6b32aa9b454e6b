"""An outcome: the attempt, the time and the task's next step in one transaction."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from apps.core.models import Event
from apps.customers.models import Permission
from apps.effort.models import TimeEntry
from apps.worklist import services
from apps.worklist.models import Attempt, CareTask
from apps.worklist.signals import attempt_recorded, task_closed
from tests.factories import make_customer, make_task

pytestmark = pytest.mark.django_db
MINUTES = timedelta(minutes=1)


@pytest.fixture
def held(rep, team, now):
    """Taken three minutes ago."""
    return take(make_task(team=team), rep, now)


def take(task, rep, now):
    services.take(task, by=rep, now=now - 3 * MINUTES)
    return task


def end(task, rep, now, outcome, **more):
    return services.record_outcome(task, outcome=outcome, by=rep, now=now, **more)


def test_talked_ends_the_task_and_counts_its_time(held, rep, now):
    attempt = end(held, rep, now, "talked", notes="Likes the fit")
    held.refresh_from_db()
    assert (held.status, held.held_by, held.closed_at, held.attempts_made) == ("done", None, now, 1)
    assert (attempt.notes, attempt.started_at, attempt.ended_at) == ("Likes the fit", now - 3 * MINUTES, now)
    entry = TimeEntry.objects.get()
    assert (entry.seconds, entry.origin, entry.play, entry.customer) == (
        180,
        "proactive",
        "welcome",
        held.customer,
    )
    assert attempt.time_entry == entry
    event = Event.objects.filter(subject="worklist.caretask", subject_id=held.pk).last()
    assert (event.to_status, event.data) == ("done", {"outcome": "talked"})


def test_time_stops_at_the_lease(held, rep, now):
    end(held, rep, now + timedelta(hours=5), "talked")
    assert TimeEntry.objects.get().seconds == 15 * 60


@pytest.mark.parametrize("outcome", ["voicemail", "no_answer"])
def test_not_reached_is_tried_again_next_business_day_at_another_hour(held, rep, now, outcome):
    end(held, rep, now, outcome)
    held.refresh_from_db()
    assert (held.status, held.attempts_made, held.reach) == ("open", 1, "phone")
    assert held.opens_at == datetime(2026, 3, 5, 14, 0, tzinfo=UTC)  # tried at 10, so in the afternoon
    assert held.calls_from <= held.opens_at < held.calls_until


def test_a_friday_call_is_tried_again_on_monday(rep, team):
    friday = datetime(2026, 3, 6, 16, 30, tzinfo=UTC)
    task = take(make_task(team=team, calls_until=friday + timedelta(hours=3)), rep, friday)
    end(task, rep, friday, "no_answer")
    task.refresh_from_db()
    assert task.opens_at == datetime(2026, 3, 9, 10, 0, tzinfo=UTC)


def test_an_optional_call_ends_unreached_after_its_tries(rep, team, now):
    task = take(make_task(team=team, attempts_made=2), rep, now)
    end(task, rep, now, "no_answer")
    task.refresh_from_db()
    assert (task.status, task.close_reason) == ("expired", "Not reached in 3 tries")


def test_what_is_owed_takes_another_channel_and_is_never_dropped(rep, team, now):
    task = take(make_task(team=team, attempts_made=2, owed=True, priority=1), rep, now)
    end(task, rep, now, "no_answer")
    task.refresh_from_db()
    assert (task.status, task.reach, task.calls_from) == ("open", "email", None)


def test_without_any_channel_a_way_is_to_be_found(rep, team, now):
    customer = make_customer(email="")
    task = take(make_task(customer, team=team, attempts_made=2, owed=True, priority=1), rep, now)
    end(task, rep, now, "voicemail")
    task.refresh_from_db()
    assert (task.status, task.reach) == ("open", "find")


def test_a_call_back_is_ones_own_at_the_promised_time(held, rep, now):
    at = now + timedelta(hours=4)
    attempt = end(held, rep, now, "call_back", call_back_at=at)
    held.refresh_from_db()
    assert (held.status, held.assignee, held.priority) == ("open", rep, 0)
    assert held.opens_at == held.due_at == attempt.call_back_at == at
    assert services.take_next(rep, now=at - MINUTES) is None
    assert services.take_next(rep, now=at) == held


@pytest.mark.parametrize(
    ("hours", "words"), [(None, "Say when"), (-1, "has passed"), (12, "22:00 is outside the hours")]
)
def test_an_impossible_call_back_is_refused_and_changes_nothing(held, rep, now, hours, words):
    at = None if hours is None else now + timedelta(hours=hours)
    with pytest.raises(services.CannotPromise, match=words):
        end(held, rep, now, "call_back", call_back_at=at)
    held.refresh_from_db()
    assert held.status == "held"
    assert not Attempt.objects.exists()
    assert not TimeEntry.objects.exists()


def test_a_wrong_number_is_cleared(held, rep, now):
    end(held, rep, now, "wrong_number")
    held.refresh_from_db()
    held.customer.refresh_from_db()
    assert (held.customer.phone, held.status, held.reach) == ("", "open", "email")


def test_do_not_call_refuses_calls_and_withdraws_what_is_optional(held, rep, now):
    end(held, rep, now, "do_not_call")
    held.refresh_from_db()
    assert (held.status, held.close_reason) == ("withdrawn", "Asked not to be called")
    refused = Permission.objects.filter(customer=held.customer, channel="phone", state="refused")
    assert set(refused.values_list("purpose", flat=True)) == {"service", "recognition"}


def test_do_not_call_moves_what_is_owed_off_the_phone(rep, team, now):
    task = take(make_task(team=team, owed=True, priority=1), rep, now)
    end(task, rep, now, "do_not_call")
    task.refresh_from_db()
    assert (task.status, task.reach) == ("open", "email")


def test_a_problem_ends_an_optional_call_and_keeps_an_owed_one(rep, team, now):
    optional = take(make_task(team=team), rep, now)
    end(optional, rep, now, "problem_found")
    owed = take(make_task(team=team, owed=True, priority=1), rep, now)
    end(owed, rep, now, "problem_found")
    optional.refresh_from_db()
    owed.refresh_from_db()
    assert (optional.status, owed.status, owed.assignee) == ("done", "open", rep)


def test_a_lease_that_ran_out_does_not_lose_the_outcome(held, rep, now):
    services.sweep(now=now + timedelta(minutes=20))
    task = CareTask.objects.get(pk=held.pk)
    assert task.status == "open"
    end(task, rep, now + timedelta(minutes=21), "talked")
    task.refresh_from_db()
    assert task.status == "done"
    assert not TimeEntry.objects.exists()  # what nobody measured is not made up


def test_a_task_of_somebody_else_cannot_be_ended(held, manager, other_rep, now):
    with pytest.raises(services.CannotTake, match="Ana Duarte is working on this"):
        end(held, manager, now, "talked")
    with pytest.raises(PermissionDenied):
        end(held, other_rep, now, "talked")


def test_a_closed_task_takes_no_second_outcome(held, rep, now):
    end(held, rep, now, "talked")
    with pytest.raises(services.CannotTake, match="closed"):
        end(held, rep, now, "talked")
    assert Attempt.objects.count() == 1


def test_an_answer_may_be_recorded_beside_an_open_call(held, rep, team, now):
    reply = make_task(team=team, play="feedback_reply", reach="public")
    end(reply, rep, now, "replied")
    reply.refresh_from_db()
    held.refresh_from_db()
    assert (reply.status, held.status) == ("done", "held")


def test_news_goes_out_once_for_attempt_and_close(held, rep, now):
    heard = []
    attempt_recorded.connect(
        lambda attempt, **_: heard.append(attempt.outcome), weak=False, dispatch_uid="t1"
    )
    task_closed.connect(lambda task, **_: heard.append(task.status), weak=False, dispatch_uid="t2")
    try:
        end(held, rep, now, "talked")
    finally:
        attempt_recorded.disconnect(dispatch_uid="t1")
        task_closed.disconnect(dispatch_uid="t2")
    assert heard == ["talked", "done"]
