"""An item with the task that the engine made for it."""

from datetime import timedelta

import pytest

from apps.accounts.models import Shop, Team, User
from apps.feedback.models import FeedbackItem
from apps.worklist.models import CareTask, Reach
from tests import factories


def enroll(item: FeedbackItem, **fields: object) -> CareTask:
    """The item's open reply task."""
    facts = {"play": "feedback_reply", "owed": True, "priority": 1, "reach": Reach.PUBLIC}
    task = factories.make_task(item.customer, **{**facts, **fields})
    factories.make_enrollment(task, item.pk)
    return task


@pytest.fixture
def item(shop: Shop) -> FeedbackItem:
    return factories.make_feedback()


@pytest.fixture
def task(item: FeedbackItem, team: Team) -> CareTask:
    return enroll(item, team=team)


@pytest.fixture
def call(rep: User) -> CareTask:
    """A call that the rep is in."""
    held = {"status": "held", "held_by": rep, "held_at": factories.NOW}
    return factories.make_task(held_until=factories.NOW + timedelta(minutes=15), **held)
