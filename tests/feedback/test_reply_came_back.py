"""What comes back of a reply by mail: the mail itself, or what the customer wrote to it."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.core.models import Event
from apps.feedback.models import FeedbackItem
from apps.feedback.services import answer, open_item, record_unanswerable, reopen
from apps.outreach.models import InboundMail, Message, MessageStatus, ProviderEvent, Suppression
from apps.outreach.replying import reply_address
from apps.outreach.services import send_due
from apps.outreach.services.events import follow_events
from apps.outreach.services.replies import keep_mail, read_mails
from apps.outreach.signals import customer_wrote
from apps.worklist.models import CareTask, TaskStatus
from tests import factories

WORDS = "Dear Grace, you waited eleven days. That was our fault."
THEIRS = "Thank you. And the second parcel?"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def mail(item: FeedbackItem, task: CareTask, rep: User, now: datetime) -> Message:
    """The item's answer, sent."""
    return sent(item, rep, now)


def sent(item: FeedbackItem, rep: User, now: datetime) -> Message:
    message = answer(item, words=WORDS, by=rep, now=now, by_mail=True).message
    assert message
    send_due(clock=lambda: now + MINUTE, until=now + 2 * MINUTE)
    message.refresh_from_db()
    assert message.status == MessageStatus.SENT
    return message


def bounce(message: Message, now: datetime, reason: str = "550 no such user.") -> None:
    facts = {"at": now, "address": message.to_address, "reason": reason, "data": {"type": "bounce"}}
    ProviderEvent.objects.create(external_id=f"e{message.pk}", message=message, kind="bounce", **facts)
    follow_events(message, now=now)


def write(message: Message | None, item: FeedbackItem, now: datetime, text: str = THEIRS) -> None:
    customer_wrote.send(InboundMail, customer=item.customer, message=message, text=text, now=now)


def test_a_mail_that_came_back_puts_the_item_before_all_else_on_its_writers_desk(
    item: FeedbackItem, task: CareTask, mail: Message, rep: User, now: datetime
) -> None:
    later = now + timedelta(hours=3)
    bounce(mail, later)
    item.refresh_from_db()
    task.refresh_from_db()
    assert (item.status, item.closed_at, item.reply.sent_at) == ("waiting", None, None)
    assert (item.reply.words, item.reply.message) == (WORDS, mail)
    assert (task.status, task.assignee, task.priority, task.closed_at) == (TaskStatus.OPEN, rep, 0, None)
    assert task.due_at > later
    assert not FeedbackItem.objects.unaccounted().exists()
    event = Event.objects.get(subject="feedback.feedbackitem", verb="waiting")
    assert (event.actor, event.reason, event.at) == (None, "The mail came back", later)


def test_a_mail_that_is_refused_before_it_leaves_comes_back_too(
    item: FeedbackItem, task: CareTask, rep: User, now: datetime
) -> None:
    answer(item, words=WORDS, by=rep, now=now, by_mail=True)
    address = item.customer.email.lower()
    Suppression.objects.create(address=address, scope="all", reason="spam", at=now)
    send_due(clock=lambda: now + MINUTE, until=now + 2 * MINUTE)
    item.refresh_from_db()
    task.refresh_from_db()
    assert (item.status, task.status, task.assignee) == ("waiting", TaskStatus.OPEN, rep)
    assert item.reply.message is not None
    assert item.reply.message.status == MessageStatus.FAILED


def test_the_page_says_that_it_came_back_and_why(
    signed_in: Client, item: FeedbackItem, mail: Message, now: datetime
) -> None:
    bounce(mail, now + MINUTE)
    page = signed_in.get(reverse("desk:feedback_item", args=[item.pk])).content.decode()
    assert "<strong>The mail came back:</strong> 550 no such user." in page
    assert reverse("desk:mail", args=[mail.pk]) in page
    assert WORDS in page
    assert "Send it by e-mail" not in page, "the address is dead"
    assert "gets no mail any more" in page


def test_it_goes_to_the_pool_where_its_writer_has_left(
    item: FeedbackItem, task: CareTask, mail: Message, rep: User, now: datetime
) -> None:
    rep.is_active = False
    rep.save(update_fields=["is_active"])
    bounce(mail, now + MINUTE)
    task.refresh_from_db()
    assert (task.status, task.assignee) == (TaskStatus.OPEN, None)


def test_an_item_without_a_task_waits_for_the_next_pass(item: FeedbackItem, rep: User, now: datetime) -> None:
    mail = sent(item, rep, now)
    bounce(mail, now + MINUTE)
    item.refresh_from_db()
    assert item.status == "waiting"
    assert list(FeedbackItem.objects.unaccounted()) == [item]


def test_what_was_answered_anew_is_not_reopened_by_the_mail_before(
    item: FeedbackItem, task: CareTask, mail: Message, rep: User, manager: User, now: datetime
) -> None:
    reopen(item, by=manager, now=now + timedelta(hours=1))
    answer(item, words="Posted.", by=manager, now=now + timedelta(hours=2))
    bounce(mail, now + timedelta(hours=3))
    item.refresh_from_db()
    task.refresh_from_db()
    assert (item.status, task.status) == ("answered", TaskStatus.DONE)


def test_a_reason_that_a_person_recorded_stands(
    item: FeedbackItem, task: CareTask, mail: Message, rep: User, now: datetime
) -> None:
    reopen(item, by=rep, now=now + timedelta(hours=1))
    record_unanswerable(item, reason="Not about us", by=rep, now=now + timedelta(hours=2))
    bounce(mail, now + timedelta(hours=3))
    item.refresh_from_db()
    assert item.status == "unanswerable"


def test_other_mails_that_come_back_change_nothing(
    item: FeedbackItem, task: CareTask, mail: Message, now: datetime
) -> None:
    bounce(factories.make_message(item.customer), now + MINUTE)
    item.refresh_from_db()
    assert item.status == "answered"


def test_what_they_write_to_our_answer_reopens_its_item_for_its_writer(
    item: FeedbackItem, task: CareTask, mail: Message, rep: User, now: datetime
) -> None:
    write(mail, item, now + timedelta(days=1))
    item.refresh_from_db()
    task.refresh_from_db()
    assert (item.status, item.reply.words, item.reply.message) == ("waiting", "", mail)
    assert (task.status, task.assignee, task.priority) == (TaskStatus.OPEN, rep, 0)
    assert task.facts["wrote"] == THEIRS
    assert FeedbackItem.objects.count() == 1
    assert Event.objects.filter(subject="feedback.feedbackitem", reason="They wrote back").count() == 1


def test_their_words_are_shown_and_ours_beside_them(
    signed_in: Client, item: FeedbackItem, mail: Message, rep: User, now: datetime
) -> None:
    write(mail, item, now + timedelta(days=1), "And the <second> parcel?")
    page = signed_in.get(reverse("desk:feedback_item", args=[item.pk])).content.decode()
    assert "They wrote back" in page
    assert "And the &lt;second&gt; parcel?" in page
    assert "What we had written" in page
    assert WORDS in page


def test_a_second_mail_of_theirs_interrupts_nobody_who_writes(
    item: FeedbackItem, task: CareTask, mail: Message, rep: User, now: datetime
) -> None:
    write(mail, item, now + timedelta(days=1))
    item.refresh_from_db()
    open_item(item, by=rep, now=now + timedelta(days=1, minutes=1))
    write(mail, item, now + timedelta(days=1, minutes=2), "Never mind, it is here.")
    task.refresh_from_db()
    assert (task.status, task.held_by) == (TaskStatus.HELD, rep)
    assert task.facts["wrote"] == "Never mind, it is here."


def test_a_mail_of_theirs_about_nothing_of_ours_reopens_nothing(
    item: FeedbackItem, mail: Message, now: datetime
) -> None:
    write(None, item, now + timedelta(days=1))
    write(factories.make_message(item.customer), item, now + timedelta(days=1))
    item.refresh_from_db()
    assert item.status == "answered"


def test_an_answer_by_mail_comes_in_whole_through_the_door(
    signed_in: Client, item: FeedbackItem, rep: User, now: datetime, settings: object
) -> None:
    settings.SENDGRID_REPLY_DOMAIN = "replies.example.com"  # type: ignore[attr-defined]
    mail = sent(item, rep, now)  # its item has no task, so the page reads what they wrote from their mail
    fields = {
        "headers": "Message-ID: <their-1@example.com>",
        "from": item.customer.email,
        "to": reply_address(mail),
        "text": f"{THEIRS}\n\nOn Wed, 4 Mar 2026 Tern wrote:\n> {WORDS}",
    }
    keep_mail(fields, now=now + MINUTE)
    read_mails(now=now + MINUTE)
    item.refresh_from_db()
    assert item.status == "waiting"
    assert THEIRS in signed_in.get(reverse("desk:feedback_item", args=[item.pk])).content.decode()
