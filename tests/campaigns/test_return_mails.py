"""A task's mail that does not go after all: the task is open again for whoever wrote it."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from apps.accounts.models import Shop, Team, User
from apps.campaigns.mailing import send_for
from apps.core.models import Event
from apps.core.statuses import Conflict
from apps.outreach.models import Message, ProviderEvent
from apps.outreach.services import send_again, send_due, take_back_mail
from apps.outreach.services.events import follow_events
from apps.outreach.templating import Words
from apps.worklist.models import Attempt, CareTask, Outcome, TaskStatus
from apps.worklist.services import record_outcome, undo_outcome, withdraw_tasks
from tests.factories import NOW, make_suppression, make_task
from tests.outreach.provider import Provider

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
LATER = NOW + HOUR


@pytest.fixture(autouse=True)
def provider(settings: Any) -> Any:
    with Provider() as provider:
        settings.SENDGRID_API_KEY, settings.SENDGRID_HOST = "SG.test", provider.url
        settings.MAIL_FROM, settings.MAIL_TIMEOUT = "care@tern.example", 10
        yield provider


@pytest.fixture
def team(everything_let_in: Shop) -> Team:
    return Team.objects.create(name="Care")


def written(rep: User, **fields: Any) -> tuple[CareTask, Message]:
    held = {"status": "held", "held_by": rep, "held_at": NOW, "held_until": NOW + HOUR}
    task = make_task(reach="email", team=rep.team, **{**held, **fields})
    send_for(task, Words("Thanks", "Dear {first_name|friend}"), by=rep, shop=Shop.current(), now=NOW)
    return task, Message.objects.get()


def send(now: datetime = NOW) -> None:
    send_due(clock=lambda: now + MINUTE, until=now + 2 * MINUTE)


def failed(provider: Provider, rep: User, **fields: Any) -> tuple[CareTask, Message]:
    provider.answers("400", "ok")
    task, message = written(rep, **{"owed": True, **fields})
    send()
    task.refresh_from_db()
    message.refresh_from_db()
    return task, message


def stands(task: CareTask) -> tuple[str, User | None]:
    task.refresh_from_db()
    return task.status, task.assignee


@pytest.mark.parametrize("owed", [True, False])
def test_taken_back_on_its_page_its_task_is_open_again(rep: User, manager: User, owed: bool) -> None:
    task, message = written(rep, owed=owed)
    take_back_mail(message, by=manager, now=NOW)
    assert stands(task) == (TaskStatus.OPEN, rep)
    assert (task.closed_at, task.reach, task.priority) == (None, "email", 0 if owed else 2)
    assert task.due_at > LATER
    event = Event.objects.filter(subject="worklist.caretask", to_status="open").latest("pk")
    assert (event.actor, event.reason) == (manager, "The mail was taken back")


def test_taken_back_with_its_outcome_the_task_is_held_as_before(rep: User) -> None:
    task, message = written(rep)
    undo_outcome(Attempt.objects.get(), by=rep, now=NOW)
    task.refresh_from_db()
    message.refresh_from_db()
    assert (task.status, task.held_by, message.status) == (TaskStatus.HELD, rep, "taken_back")


def test_an_owed_mail_that_was_refused_for_good_opens_its_task(provider: Provider, rep: User) -> None:
    task, message = failed(provider, rep)
    assert message.status == "failed"
    assert stands(task) == (TaskStatus.OPEN, rep)
    assert (task.priority, task.expires_at, task.reach) == (0, None, "email")


def test_one_that_bounced_goes_another_way(provider: Provider, rep: User) -> None:
    task, message = written(rep, owed=True)
    send()
    make_suppression(message.to_address)
    event = {"kind": "bounce", "at": LATER, "external_id": "e1", "data": {"type": "bounce"}}
    ProviderEvent.objects.create(message=message, address=message.to_address, **event)
    follow_events(message, now=LATER)
    assert stands(task) == (TaskStatus.OPEN, rep)
    assert task.reach == ("phone" if task.customer.phone else "find")


def test_what_is_optional_gives_way(provider: Provider, rep: User) -> None:
    task, message = failed(provider, rep, owed=False)
    assert (message.status, task.status) == ("failed", TaskStatus.DONE)


def test_who_has_left_leaves_it_to_the_team(provider: Provider, rep: User) -> None:
    task, message = written(rep, owed=True)
    User.objects.filter(pk=rep.pk).update(is_active=False)
    take_back_mail(message, by=None, now=NOW)
    assert stands(task) == (TaskStatus.OPEN, None)


def test_sent_again_it_ends_its_task_again(provider: Provider, rep: User) -> None:
    task, message = failed(provider, rep)
    send_again(message, by=rep, now=LATER)
    assert stands(task)[0] == TaskStatus.DONE
    send(LATER)
    assert provider.accepted == {str(message.pk): 1}
    assert stands(task)[0] == TaskStatus.DONE


def test_sent_again_and_refused_again_it_opens_again(provider: Provider, rep: User) -> None:
    task, message = failed(provider, rep)
    provider.answers("400")
    send_again(message, by=rep, now=LATER)
    send(LATER)
    assert stands(task) == (TaskStatus.OPEN, rep)


def test_sent_again_it_is_taken_back_by_its_outcome_or_on_its_page(provider: Provider, rep: User) -> None:
    task, message = failed(provider, rep)
    send_again(message, by=rep, now=LATER)
    undo_outcome(Attempt.objects.latest("pk"), by=rep, now=LATER)
    message.refresh_from_db()
    assert (message.status, stands(task)[0]) == ("taken_back", TaskStatus.OPEN)


def test_who_was_reached_another_way_gets_no_second_mail(provider: Provider, rep: User) -> None:
    task, message = failed(provider, rep)
    record_outcome(task, outcome=Outcome.TALKED, by=rep, now=LATER)
    with pytest.raises(Conflict, match="another way since"):
        send_again(message, by=rep, now=LATER)
    message.refresh_from_db()
    assert message.status == "failed"


def test_what_is_no_longer_due_is_not_sent_again(provider: Provider, rep: User) -> None:
    task, message = failed(provider, rep)
    withdraw_tasks(CareTask.objects.filter(pk=task.pk), reason="Cancelled", now=LATER)
    with pytest.raises(Conflict, match="no longer due"):
        send_again(message, by=rep, now=LATER)


def test_another_teams_task_is_theirs(provider: Provider, rep: User, other_rep: User) -> None:
    _, message = failed(provider, rep)
    with pytest.raises(Conflict, match="Another team"):
        send_again(message, by=other_rep, now=LATER)
