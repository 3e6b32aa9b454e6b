"""A reply that goes by mail: queued with the answer, and taken back with it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.core.models import Event
from apps.core.statuses import Conflict
from apps.customers.models import Customer, Permission
from apps.effort.models import TimeEntry
from apps.feedback.models import FeedbackItem, Reply
from apps.feedback.services import answer, open_item, reopen, undo_answer
from apps.outreach.models import Message, MessageStatus, Suppression
from apps.outreach.services import CannotSend, claim_mails, take_back_mail, why_no_mail
from apps.outreach.templating import CannotRender
from apps.worklist.models import Attempt, CareTask, TaskStatus
from tests import factories
from tests.feedback.conftest import enroll

WORDS = "Dear Grace,\n\nyou waited eleven days. That was {our} fault: <b>https://example.com</b>"
SECOND = timedelta(seconds=1)


def send(item: FeedbackItem, by: User, now: datetime) -> Message:
    reply = answer(item, words=WORDS, by=by, now=now, by_mail=True)
    assert reply.message
    return reply.message


def refuse(customer: Customer, now: datetime, *, purpose: str = "service") -> None:
    Permission.objects.create(customer=customer, channel="email", purpose=purpose, state="refused", at=now)


def suppress(customer: Customer, now: datetime, scope: str = "all") -> None:
    Suppression.objects.create(address=customer.email.lower(), scope=scope, reason="bounced", at=now)


def test_the_mail_holds_the_words_as_written_and_closes_item_and_task(
    item: FeedbackItem, task: CareTask, rep: User, now: datetime
) -> None:
    open_item(item, by=rep, now=now)
    later = now + timedelta(minutes=4)
    mail = send(item, rep, later)
    item.refresh_from_db()
    task.refresh_from_db()
    assert (item.status, item.closed_at, task.status) == ("answered", later, TaskStatus.DONE)
    assert (item.reply.words, item.reply.sent_at, item.reply.message) == (WORDS, later, mail)
    assert (mail.to_address, mail.by, mail.category) == (item.customer.email, rep, "feedback_reply")
    assert (mail.key, mail.is_optional, mail.status) == (f"reply:{item.reply.pk}:1", False, "queued")
    assert mail.send_at >= later + timedelta(seconds=10)
    assert mail.text.startswith(WORDS)
    assert "&lt;b&gt;https://example.com&lt;/b&gt;" in mail.html
    assert "<a " not in mail.html
    assert "you told us something" in mail.text
    assert (Attempt.objects.get().outcome, TimeEntry.objects.get().seconds) == ("replied", 240)


@pytest.mark.parametrize(
    ("fields", "number", "subject"),
    [
        ({}, "", "Our answer to what you wrote"),
        ({}, "1042", "Our answer to what you wrote about order 1042"),
        ({}, "4f1b" * 8, "Our answer to what you wrote"),
        ({"source": "call"}, "1042", "Our answer to what you told us about order 1042"),
    ],
)
def test_the_subject_says_what_it_answers(
    shop: object, rep: User, now: datetime, fields: dict[str, Any], number: str, subject: str
) -> None:
    order = factories.make_order(external_id=number) if number else None
    item = factories.make_feedback(order.customer if order else None, order=order, **fields)
    assert send(item, rep, now).subject == subject


def test_an_item_without_a_task_is_answered_by_mail_too(item: FeedbackItem, rep: User, now: datetime) -> None:
    reply = answer(item, words=WORDS, by=rep, now=now, opened_at=now - 9 * SECOND, by_mail=True)
    assert reply.message
    entry = TimeEntry.objects.get()
    assert (entry.seconds, entry.channel) == (9, "email")


def test_posting_by_hand_sends_nothing(item: FeedbackItem, task: CareTask, rep: User, now: datetime) -> None:
    assert answer(item, words=WORDS, by=rep, now=now).message is None
    assert not Message.objects.exists()


@pytest.mark.parametrize("why", ["no address", "bad address", "refused", "suppressed"])
def test_a_closed_address_is_told_and_closes_nothing(
    item: FeedbackItem, task: CareTask, rep: User, now: datetime, why: str
) -> None:
    customer = item.customer
    if "address" in why:
        Customer.objects.filter(pk=customer.pk).update(email="" if why == "no address" else "grace@")
        customer.refresh_from_db()
    refuse(customer, now) if why == "refused" else None
    suppress(customer, now) if why == "suppressed" else None
    told = why_no_mail(customer)
    assert "nother way" in told
    with pytest.raises(CannotSend, match="nother way"):
        send(item, rep, now)
    item.refresh_from_db()
    task.refresh_from_db()
    assert (item.status, task.status) == ("waiting", TaskStatus.OPEN)
    assert not Message.objects.exists()
    assert not Reply.objects.exists()


def test_who_ended_optional_mail_still_gets_an_answer(
    item: FeedbackItem, task: CareTask, rep: User, now: datetime
) -> None:
    refuse(item.customer, now, purpose="recognition")
    suppress(item.customer, now, scope="optional")
    assert why_no_mail(item.customer) == ""
    assert send(item, rep, now).status == "queued"


def test_what_no_mail_can_carry_closes_nothing(item: FeedbackItem, rep: User, now: datetime) -> None:
    with pytest.raises(CannotRender, match="no mail can carry"):
        answer(item, words="Dear\x07 Grace", by=rep, now=now, by_mail=True)
    item.refresh_from_db()
    assert item.status == "waiting"


def test_a_marketer_sends_nothing(item: FeedbackItem, marketer: User, now: datetime) -> None:
    with pytest.raises(PermissionDenied):
        send(item, marketer, now)


def test_an_answer_that_comes_second_sends_no_second_mail(
    item: FeedbackItem, rep: User, manager: User, now: datetime
) -> None:
    stale = FeedbackItem.objects.get(pk=item.pk)
    mail = send(item, rep, now)
    with pytest.raises(Conflict):
        send(stale, manager, now)
    assert list(Message.objects.all()) == [mail]


def test_undo_within_seconds_takes_the_mail_back(
    item: FeedbackItem, task: CareTask, rep: User, now: datetime
) -> None:
    open_item(item, by=rep, now=now)
    mail = send(item, rep, now + 60 * SECOND)
    undo_answer(item, by=rep, now=now + 69 * SECOND)
    item.refresh_from_db()
    task.refresh_from_db()
    mail.refresh_from_db()
    assert (item.status, task.status, task.held_by) == ("waiting", TaskStatus.HELD, rep)
    assert (mail.status, item.reply.sent_at, item.reply.words) == (MessageStatus.TAKEN_BACK, None, WORDS)
    assert not TimeEntry.objects.exists()
    again = send(item, rep, now + 80 * SECOND)
    assert (again.pk != mail.pk, again.key) == (True, f"reply:{item.reply.pk}:2")


@pytest.mark.parametrize("verb", [undo_answer, reopen])
def test_once_the_mail_is_on_its_way_the_undo_changes_nothing(
    item: FeedbackItem, task: CareTask, rep: User, now: datetime, verb: Any
) -> None:
    mail = send(item, rep, now)
    claim_mails(now=mail.send_at)
    with pytest.raises(Conflict, match="too late to take this back"):
        verb(item, by=rep, now=now + 15 * SECOND)
    item.refresh_from_db()
    task.refresh_from_db()
    assert (item.status, task.status) == ("answered", TaskStatus.DONE)
    assert item.reply.sent_at == now
    assert not Attempt.objects.exclude(undone_at=None).exists()


def test_a_late_undo_never_reopens_what_has_left(
    item: FeedbackItem, task: CareTask, rep: User, now: datetime
) -> None:
    mail = send(item, rep, now)
    Message.objects.filter(pk=mail.pk).update(status="delivered")
    with pytest.raises(Conflict, match="too late"):
        undo_answer(item, by=rep, now=now + timedelta(hours=1))
    item.refresh_from_db()
    assert item.status == "answered"


def test_reopening_days_later_leaves_the_mail_with_whoever_has_it(
    item: FeedbackItem, task: CareTask, manager: User, rep: User, now: datetime
) -> None:
    mail = send(item, rep, now)
    Message.objects.filter(pk=mail.pk).update(status="delivered")
    reopen(item, by=manager, now=now + timedelta(days=2))
    item.refresh_from_db()
    mail.refresh_from_db()
    assert (item.status, mail.status, item.reply.message) == ("waiting", "delivered", mail)


def test_reopening_takes_a_mail_back_that_still_waits(
    item: FeedbackItem, task: CareTask, manager: User, rep: User, now: datetime
) -> None:
    mail = send(item, rep, now)
    reopen(item, by=manager, now=now + timedelta(hours=2))
    mail.refresh_from_db()
    assert mail.status == MessageStatus.TAKEN_BACK


def test_taking_the_outcome_back_takes_the_mail_back(
    signed_in: Client, item: FeedbackItem, task: CareTask, rep: User
) -> None:
    signed_in.post(reverse("desk:answer_feedback", args=[item.pk]), {"words": WORDS, "way": "mail"})
    signed_in.post(reverse("desk:undo_outcome", args=[Attempt.objects.get().pk]))
    item.refresh_from_db()
    assert (item.status, Message.objects.get().status) == ("waiting", MessageStatus.TAKEN_BACK)


def test_an_outcome_stands_once_its_mail_is_on_its_way(
    signed_in: Client, item: FeedbackItem, task: CareTask, rep: User
) -> None:
    signed_in.post(reverse("desk:answer_feedback", args=[item.pk]), {"words": WORDS, "way": "mail"})
    Message.objects.update(status="sent")
    signed_in.post(reverse("desk:undo_outcome", args=[Attempt.objects.get().pk]))
    item.refresh_from_db()
    task.refresh_from_db()
    assert (item.status, task.status) == ("answered", TaskStatus.DONE)


def test_a_mail_taken_back_on_its_own_page_leaves_nothing_unanswered(
    item: FeedbackItem, task: CareTask, manager: User, rep: User, now: datetime
) -> None:
    mail = send(item, rep, now)
    take_back_mail(mail, by=manager, now=now + 5 * SECOND)
    item.refresh_from_db()
    task.refresh_from_db()
    assert (item.status, task.status, task.assignee) == ("waiting", TaskStatus.OPEN, rep)
    assert not FeedbackItem.objects.unaccounted().exists()
    event = Event.objects.filter(subject="feedback.feedbackitem", verb="waiting").get()
    assert (event.actor, event.reason) == (manager, "The mail was taken back")


def test_another_items_task_is_left_alone(
    item: FeedbackItem, task: CareTask, rep: User, now: datetime
) -> None:
    other = enroll(factories.make_feedback(), team=rep.team)
    send(item, rep, now)
    reopen(item, by=rep, now=now + SECOND)
    other.refresh_from_db()
    assert other.status == TaskStatus.OPEN
