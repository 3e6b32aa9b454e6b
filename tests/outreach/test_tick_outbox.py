"""The clock of the outbox, and the tasks it wakes."""

from datetime import datetime, timedelta

import pytest
from celery import current_app
from django.utils import timezone

from apps.outreach import schedules, tasks
from apps.outreach.models import Message
from apps.outreach.services import claim_mails, tick

from .conftest import QueueMail
from .provider import Provider

pytestmark = pytest.mark.django_db


@pytest.fixture
def nudged(monkeypatch: pytest.MonkeyPatch) -> list[tuple]:
    sent: list[tuple] = []
    monkeypatch.setattr(
        "apps.core.nudges._send", lambda name, args, **options: sent.append((name, args, options))
    )
    return sent


@pytest.mark.parametrize(("due", "senders"), [(0, 0), (1, 1), (10, 1), (11, 2), (95, 8)])
def test_it_wakes_as_many_senders_as_there_is_work_for(
    mail: QueueMail, now: datetime, nudged: list, django_capture_on_commit_callbacks, due: int, senders: int
):
    for _ in range(due):
        mail()
    mail(send_at=now + timedelta(seconds=1))

    with django_capture_on_commit_callbacks(execute=True):
        assert tick(now=now) == senders
    assert nudged == senders * [("outreach.send", (), {"expires": 10})]


def test_it_ends_claims_that_ran_out(mail: QueueMail, now: datetime, nudged: list):
    mail()
    claim_mails(now=now)

    tick(now=now + timedelta(minutes=6))

    assert Message.objects.get().status == "queued"


def test_the_task_sends_what_is_due(provider: Provider, mail: QueueMail):
    message = mail(now=timezone.now())

    tasks.send()
    tasks.send()

    assert provider.accepted == {str(message.pk): 1}


def test_the_schedule_names_a_task():
    assert {schedule.task for schedule in schedules.SCHEDULES} <= set(current_app.tasks)
    tasks.tick()
