from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from apps.accounts.models import User
from apps.core.models import Event
from apps.core.statuses import Conflict
from apps.feedback.models import FeedbackItem
from apps.feedback.services import answer, keep_heard
from apps.feedback.services.answers import Refused
from apps.worklist.models import CareTask
from tests import factories


@pytest.fixture
def welcome(rep: User) -> CareTask:
    """A welcome call about a first order."""
    order = factories.make_order()
    task = factories.make_task(order.customer, team=rep.team)
    factories.make_enrollment(task, order.pk)
    return task


def test_what_was_said_becomes_feedback_about_the_order(welcome: CareTask, rep: User, now: datetime) -> None:
    item = keep_heard(welcome, text=" Lovely jacket. ", score=5, by=rep, now=now)
    assert (item.text, item.score, item.place) == ("Lovely jacket.", 5, "Welcome call")
    assert (item.customer, item.order, item.heard_by, item.heard_in_task) == (
        welcome.customer,
        welcome.customer.orders.get(),
        rep,
        welcome,
    )
    assert (item.received_at, item.status) == (now, "waiting")
    assert Event.objects.get(subject="feedback.feedbackitem").verb == "heard"


def test_keeping_twice_makes_one_item(welcome: CareTask, rep: User, now: datetime) -> None:
    first = keep_heard(welcome, text="Lovely.", score=5, by=rep, now=now)
    again = keep_heard(welcome, text="Lovely.", score=5, by=rep, now=now)
    assert (again, FeedbackItem.objects.count(), Event.objects.count()) == (first, 1, 1)


def test_saying_it_better_replaces_the_words(welcome: CareTask, rep: User, now: datetime) -> None:
    keep_heard(welcome, text="Lovely.", score=5, by=rep, now=now)
    keep_heard(welcome, text="Lovely, but late.", score=4, by=rep, now=now + timedelta(minutes=1))
    item = FeedbackItem.objects.get()
    assert (item.text, item.score) == ("Lovely, but late.", 4)


def test_answered_words_are_not_replaced(welcome: CareTask, rep: User, now: datetime) -> None:
    item = keep_heard(welcome, text="Lovely.", score=5, by=rep, now=now)
    answer(item, words="Thank you.", by=rep, now=now)
    with pytest.raises(Conflict, match="answered in the meantime"):
        keep_heard(welcome, text="Other", score=1, by=rep, now=now)


def test_words_are_needed(welcome: CareTask, rep: User, now: datetime) -> None:
    with pytest.raises(Refused, match="Write down what they said"):
        keep_heard(welcome, text=" ", score=5, by=rep, now=now)


def test_marketer_hears_nobody(welcome: CareTask, marketer: User, now: datetime) -> None:
    with pytest.raises(PermissionDenied):
        keep_heard(welcome, text="Hello", score=None, by=marketer, now=now)
