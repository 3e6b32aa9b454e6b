from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from apps.accounts.models import User
from apps.outreach.models import Message, MessageStatus
from apps.outreach.services.suppressing import is_suppressed
from apps.outreach.unsubscribing import sample_url, unsubscribe_url
from apps.worklist.models import Attempt, CareTask, TaskStatus
from tests.factories import make_customer, make_order, make_task, make_template

WORDS = {"subject": "Your order {order}", "body": "Dear {first_name},\n\nthank you.\n\n{rep}"}


@pytest.fixture
def today() -> datetime:
    return timezone.now()


@pytest.fixture
def task(rep: User, today: datetime) -> CareTask:
    """A welcome that is written, on the rep's desk."""
    customer = make_customer(name="Grace Okafor", email="grace@example.com")
    order = make_order(customer, external_id="1042")
    held = {"status": "held", "held_by": rep, "held_at": today, "held_until": today + timedelta(minutes=20)}
    facts = {"order": order.external_id}
    return make_task(customer, reach="email", team=rep.team, due_at=today, facts=facts, **held)


def send(client: Client, task: CareTask, **more: str) -> Any:
    return client.post(f"/calls/{task.pk}/mail/", {**WORDS, **more})


def test_a_mail_is_queued_and_ends_the_task(signed_in: Client, task: CareTask, rep: User) -> None:
    assert send(signed_in, task).status_code == 302
    task.refresh_from_db()
    mail, attempt = Message.objects.get(), Attempt.objects.get()
    assert (task.status, attempt.outcome) == (TaskStatus.DONE, "replied")
    assert attempt.notes == "Dear Grace,\n\nthank you.\n\nAna"
    assert (mail.subject, mail.to_address, mail.by) == ("Your order 1042", "grace@example.com", rep)
    assert mail.key == f"task:{task.pk}:{attempt.pk}"
    assert mail.is_optional
    assert mail.send_at >= attempt.ended_at + timedelta(seconds=10)


def test_the_way_out_of_an_optional_mail_is_in_it_and_on_its_page(signed_in: Client, task: CareTask) -> None:
    send(signed_in, task)
    mail = Message.objects.get()
    link = unsubscribe_url(mail)
    assert f"No more of these: {link}" in mail.text
    assert f'<a href="{link}" rel="noopener noreferrer">No more of these</a>' in mail.html
    assert f"No more of these: {link}" in signed_in.get(f"/mails/{mail.pk}/").content.decode()

    program = Client(enforce_csrf_checks=True)
    path = urlsplit(link).path
    assert program.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert is_suppressed(mail.to_address, optional=True)
    assert not is_suppressed(mail.to_address, optional=False)


def test_an_owed_mail_has_no_way_out(signed_in: Client, task: CareTask) -> None:
    CareTask.objects.filter(pk=task.pk).update(owed=True)
    send(signed_in, task)
    mail = Message.objects.get()
    assert not mail.is_optional
    assert "unsubscribe" not in mail.text + mail.html


def test_a_mail_that_is_only_shown_holds_a_link_that_leads_nowhere(signed_in: Client, task: CareTask) -> None:
    page = send(signed_in, task, preview="yes").content.decode()
    assert f"No more of these: {sample_url()}" in page
    assert not Message.objects.exists()
    assert signed_in.get(urlsplit(sample_url()).path).status_code == 404


def test_taking_the_outcome_back_takes_the_mail_back(signed_in: Client, task: CareTask) -> None:
    send(signed_in, task)
    signed_in.post(f"/calls/attempts/{Attempt.objects.get().pk}/undo/")
    task.refresh_from_db()
    assert task.status == TaskStatus.HELD
    assert Message.objects.get().status == MessageStatus.TAKEN_BACK
    send(signed_in, task)
    statuses = Message.objects.order_by("pk").values_list("status", flat=True)
    assert list(statuses) == [MessageStatus.TAKEN_BACK, MessageStatus.QUEUED]


def test_an_outcome_stands_once_its_mail_has_gone(signed_in: Client, task: CareTask) -> None:
    send(signed_in, task)
    Message.objects.update(status="sent")
    answer = signed_in.post(f"/calls/attempts/{Attempt.objects.get().pk}/undo/", follow=True)
    assert 'class="toast toast-alert"' in answer.content.decode()
    task.refresh_from_db()
    assert task.status == TaskStatus.DONE
    assert Message.objects.get().status == MessageStatus.SENT


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"body": "Dear {surname}"}, "surname is no placeholder"),
        ({"body": "For {promised_on}"}, "Not known: promised_on"),
        ({"subject": "Hi\r\nBcc: x@example.com"}, "line break"),
    ],
)
def test_what_cannot_be_sent_leaves_the_task_and_the_words(
    signed_in: Client, task: CareTask, changes: dict[str, str], told: str
) -> None:
    answer = send(signed_in, task, **changes)
    assert told in answer.content.decode()
    assert not Message.objects.exists()
    task.refresh_from_db()
    assert task.status == TaskStatus.HELD


def test_a_look_sends_nothing(signed_in: Client, task: CareTask) -> None:
    page = send(signed_in, task, preview="yes").content.decode()
    assert "What Grace Okafor gets:" in page
    assert "Your order 1042" in page
    assert not Message.objects.exists()


def test_templates_of_the_play_can_be_begun_with(signed_in: Client, task: CareTask) -> None:
    template = make_template(name="Thanks", body="Dear {first_name}, from the template.")
    make_template(name="Of another play", play="apology")
    make_template(name="Put aside", is_active=False)
    page = signed_in.get(f"/calls/{task.pk}/", {"template": template.pk}).content.decode()
    assert "from the template." in page
    assert "Of another play" not in page
    assert "Put aside" not in page


def test_a_mail_is_written_in_tasks_by_mail_only(signed_in: Client, task: CareTask) -> None:
    CareTask.objects.update(reach="phone")
    assert "Send the mail" not in signed_in.get(f"/calls/{task.pk}/").content.decode()
    assert send(signed_in, task).status_code == 404


def test_another_teams_task_is_not_answered(client: Client, other_rep: User, task: CareTask) -> None:
    client.force_login(other_rep)
    assert send(client, task).status_code == 404
    assert client.get(f"/calls/{task.pk}/mail/").status_code in {404, 405}
    assert not Message.objects.exists()
