"""Always true: every item has an open task, a sent reply or a recorded reason; else it is unaccounted."""

from datetime import datetime, timedelta

import pytest

from apps.accounts.models import Team, User
from apps.feedback.models import FeedbackItem
from apps.feedback.services import answer, open_item, record_unanswerable, reopen
from apps.worklist.models import CareTask
from apps.worklist.services import record_outcome, undo_outcome
from tests import factories
from tests.feedback.conftest import enroll

unaccounted = FeedbackItem.objects.unaccounted


def test_new_items_wait_for_the_next_pass(item: FeedbackItem) -> None:
    assert unaccounted().get() == item


@pytest.mark.parametrize("status", ["waiting", "open"])
def test_an_open_task_accounts_for_it(item: FeedbackItem, team: Team, status: str) -> None:
    enroll(item, team=team, status=status)
    assert not unaccounted().exists()


@pytest.mark.parametrize("status", ["withdrawn", "expired", "done"])
def test_a_closed_task_alone_does_not(item: FeedbackItem, team: Team, status: str) -> None:
    enroll(item, team=team, status=status)
    assert unaccounted().get() == item


def test_another_items_task_does_not(item: FeedbackItem, team: Team) -> None:
    other = factories.make_feedback(item.customer)
    enroll(other, team=team)
    assert unaccounted().get() == item


def test_every_step_leaves_it_accounted_for(
    item: FeedbackItem, task: CareTask, rep: User, now: datetime
) -> None:
    def later(seconds: int) -> datetime:
        return now + timedelta(seconds=seconds)

    open_item(item, by=rep, now=now)
    assert not unaccounted().exists()
    answer(item, words="Thank you.", by=rep, now=later(60))
    assert not unaccounted().exists()
    reopen(item, by=rep, now=later(65))
    assert not unaccounted().exists()
    record_unanswerable(item, reason="Anonymous", by=rep, now=later(70))
    assert not unaccounted().exists()
    reopen(item, by=rep, now=later(4_000))
    assert not unaccounted().exists()


@pytest.mark.parametrize("outcome", ["talked", "replied"])
def test_an_outcome_recorded_elsewhere_answers_the_item(
    item: FeedbackItem, task: CareTask, rep: User, now: datetime, outcome: str
) -> None:
    open_item(item, by=rep, now=now)
    task.refresh_from_db()
    ended = now + timedelta(minutes=2)
    attempt = record_outcome(task, outcome=outcome, by=rep, now=ended, notes="Rang her, all fine.")
    item.refresh_from_db()
    assert (item.status, item.reply.words) == ("answered", "Rang her, all fine.")
    assert not unaccounted().exists()
    undo_outcome(attempt, by=rep, now=ended + timedelta(seconds=9))
    item.refresh_from_db()
    assert (item.status, item.reply.sent_at) == ("waiting", None)
    assert not unaccounted().exists()
