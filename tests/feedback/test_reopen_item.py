from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.core.statuses import Conflict
from apps.effort.models import TimeEntry
from apps.feedback.models import FeedbackItem
from apps.feedback.services import answer, open_item, record_unanswerable, reopen
from apps.worklist.models import Attempt, CareTask, TaskStatus
from tests.factories import make_task


def answered(item: FeedbackItem, by: User, now: datetime) -> datetime:
    """Opened, and answered three minutes later."""
    open_item(item, by=by, now=now)
    later = now + timedelta(minutes=3)
    answer(item, words="Thank you.", by=by, now=later)
    return later


def test_undo_within_seconds_takes_back_attempt_and_time(
    item: FeedbackItem, task: CareTask, rep: User, now: datetime
) -> None:
    closed = answered(item, rep, now)
    reopen(item, by=rep, now=closed + timedelta(seconds=8))
    item.refresh_from_db()
    task.refresh_from_db()
    assert (item.status, item.closed_at, item.reply.sent_at) == ("waiting", None, None)
    assert item.reply.words == "Thank you."
    assert (task.status, task.held_by) == (TaskStatus.HELD, rep)
    assert Attempt.objects.get().undone_at == closed + timedelta(seconds=8)
    assert not TimeEntry.objects.exists()


@pytest.mark.parametrize(("seconds", "entries"), [(15, 0), (16, 1)])
def test_the_time_is_taken_back_as_long_as_any_outcome_is(
    item: FeedbackItem, task: CareTask, rep: User, now: datetime, seconds: int, entries: int
) -> None:
    closed = answered(item, rep, now)
    reopen(item, by=rep, now=closed + timedelta(seconds=seconds))
    assert TimeEntry.objects.count() == entries


def test_reopening_days_later_opens_the_task_and_keeps_the_time(
    item: FeedbackItem, task: CareTask, rep: User, manager: User, now: datetime
) -> None:
    closed = answered(item, rep, now)
    reopen(item, by=manager, now=closed + timedelta(days=2))
    item.refresh_from_db()
    task.refresh_from_db()
    assert (item.status, task.status, task.held_by) == ("waiting", TaskStatus.OPEN, None)
    assert TimeEntry.objects.get().seconds == 180
    assert not FeedbackItem.objects.unaccounted().exists()


def test_who_is_on_a_call_can_reopen_an_item(
    item: FeedbackItem, task: CareTask, rep: User, manager: User, now: datetime
) -> None:
    closed = answered(item, rep, now)
    make_task(status="held", held_by=manager, held_at=now, held_until=now + timedelta(days=3))
    reopen(item, by=manager, now=closed + timedelta(days=2))
    task.refresh_from_db()
    assert task.status == TaskStatus.OPEN


def test_undo_of_an_item_without_a_task_takes_its_time_back(
    item: FeedbackItem, rep: User, now: datetime
) -> None:
    answer(item, words="Thank you.", by=rep, now=now, opened_at=now - timedelta(minutes=1))
    reopen(item, by=rep, now=now + timedelta(seconds=5))
    item.refresh_from_db()
    assert item.status == "waiting"
    assert not TimeEntry.objects.exists()


def test_reopening_an_unanswerable_item_forgets_its_reason_and_opens_its_task(
    item: FeedbackItem, task: CareTask, rep: User, now: datetime
) -> None:
    record_unanswerable(item, reason="Anonymous", by=rep, now=now)
    reopen(item, by=rep, now=now + timedelta(days=1))
    item.refresh_from_db()
    task.refresh_from_db()
    assert (item.status, item.unanswerable_reason, task.status) == ("waiting", "", TaskStatus.OPEN)


def test_a_waiting_item_cannot_be_reopened(item: FeedbackItem, rep: User, now: datetime) -> None:
    with pytest.raises(Conflict, match="waits already"):
        reopen(item, by=rep, now=now)


def test_posting_reopens_and_shows_the_item(signed_in: Client, item: FeedbackItem, rep: User) -> None:
    answer(item, words="Thank you.", by=rep, now=item.received_at)
    page = signed_in.post(reverse("desk:reopen_feedback", args=[item.pk]), follow=True)
    assert page.redirect_chain == [(reverse("desk:feedback_item", args=[item.pk]), 302)]
    assert "waits for an answer again" in page.content.decode()


def test_posting_on_a_waiting_item_says_so(signed_in: Client, item: FeedbackItem) -> None:
    page = signed_in.post(reverse("desk:reopen_feedback", args=[item.pk]), follow=True)
    assert "This item waits already." in page.content.decode()


def test_wrong_method_role_and_team_are_refused(
    client: Client, item: FeedbackItem, task: CareTask, other_rep: User, marketer: User
) -> None:
    url = reverse("desk:reopen_feedback", args=[item.pk])
    client.force_login(other_rep)
    assert client.get(url).status_code == 405
    assert client.post(url).status_code == 404
    client.force_login(marketer)
    assert client.post(url).status_code == 403
