"""The reply page: how an answer goes, and how it went."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.models import User
from apps.customers.models import Customer, Permission
from apps.feedback.models import FeedbackItem
from apps.feedback.services import answer
from apps.outreach.models import Message, Suppression
from apps.worklist.models import CareTask
from apps.worklist.services import record_outcome
from tests import factories

WORDS = "Dear Grace, you waited eleven days. That was our fault."
MAIL_FIRST = 'value="mail" id="id_way_0" checked'
POSTED_FIRST = 'value="posted" id="id_way_0" checked'


def page_of(client: Client, item: FeedbackItem) -> str:
    return client.get(reverse("desk:feedback_item", args=[item.pk])).content.decode()


def post(client: Client, item: FeedbackItem, **more: str) -> Any:
    url = reverse("desk:answer_feedback", args=[item.pk])
    return client.post(url, {"words": WORDS, **more}, follow=True)


def test_the_page_says_to_whom_a_mail_would_go(signed_in: Client, item: FeedbackItem, task: CareTask) -> None:
    page = page_of(signed_in, item)
    assert f"Send it by e-mail to {item.customer.email}" in page
    assert "Our answer to what you wrote" in page
    assert "I posted it where it was written" in page


@pytest.mark.parametrize(
    ("fields", "first"),
    [
        ({}, MAIL_FIRST),
        ({"place": "Welcome call", "source": "call"}, MAIL_FIRST),
        ({"place": "E-mail"}, MAIL_FIRST),
        ({"place": "Survey after the order"}, MAIL_FIRST),
        ({"place": "Trustpilot"}, POSTED_FIRST),
        ({"place": "Mail", "url": "https://reviews.example/7"}, POSTED_FIRST),
        ({"url": "https://reviews.example/7"}, POSTED_FIRST),
    ],
)
def test_a_mail_is_first_where_nobody_else_reads_it(
    signed_in: Client, shop: object, fields: dict[str, str], first: str
) -> None:
    assert first in " ".join(page_of(signed_in, factories.make_feedback(**fields)).split())


def test_what_was_said_in_a_call_is_posted_nowhere(signed_in: Client, shop: object) -> None:
    page = page_of(signed_in, factories.make_feedback(source="call", place="Welcome call"))
    assert "I told them another way" in page
    assert "posted it where it was written" not in page
    assert "post it where" not in page


def test_a_closed_address_leaves_one_way_and_says_why(
    signed_in: Client, item: FeedbackItem, now: datetime
) -> None:
    address = item.customer.email.lower()
    Suppression.objects.create(address=address, scope="all", reason="bounced", at=now)
    page = page_of(signed_in, item)
    assert "Send by mail" not in page
    assert "This address gets no mail any more" in page
    assert "Mark as answered" in page


def test_sending_queues_the_mail_and_offers_its_undo(
    signed_in: Client, item: FeedbackItem, task: CareTask
) -> None:
    page = post(signed_in, item, way="mail").content.decode()
    assert f"Your reply to {item.customer} goes out by e-mail." in page
    undo = reverse("desk:reopen_feedback", args=[item.pk]) + "?undo"
    assert f'action="{undo}"' in page
    signed_in.post(undo)
    item.refresh_from_db()
    assert (item.status, Message.objects.get().status) == ("waiting", "taken_back")


def test_a_late_undo_says_that_it_is_too_late(signed_in: Client, item: FeedbackItem, task: CareTask) -> None:
    post(signed_in, item, way="mail")
    Message.objects.update(status="sent")
    undo = reverse("desk:reopen_feedback", args=[item.pk]) + "?undo"
    page = signed_in.post(undo, follow=True).content.decode()
    assert f"It is too late to take this back: the mail to {item.customer} is being sent, or was." in page
    item.refresh_from_db()
    assert item.status == "answered"


@pytest.mark.parametrize("way", ["", "posted"])
def test_nothing_is_sent_unasked(signed_in: Client, item: FeedbackItem, task: CareTask, way: str) -> None:
    page = post(signed_in, item, way=way).content.decode()
    assert "is marked as answered" in page
    assert not Message.objects.exists()


def test_an_address_that_closed_meanwhile_keeps_the_words(
    signed_in: Client, item: FeedbackItem, task: CareTask, now: datetime
) -> None:
    page_of(signed_in, item)
    address = item.customer.email.lower()
    Suppression.objects.create(address=address, scope="all", reason="bounced", at=now)
    answered = post(signed_in, item, way="mail")
    assert answered.status_code == 422
    page = answered.content.decode()
    assert "This address gets no mail any more" in page
    assert WORDS in page
    item.refresh_from_db()
    assert item.status == "waiting"


def test_the_check_keeps_the_way_that_was_chosen(signed_in: Client, item: FeedbackItem) -> None:
    page = post(signed_in, item, way="posted", check="yes").content.decode()
    assert 'value="posted" id="id_way_1" checked' in " ".join(page.split())
    item.refresh_from_db()
    assert item.status == "waiting"


@pytest.mark.parametrize(
    ("status", "said"), [("queued", "Waits to be sent"), ("sent", "Sent"), ("delivered", "Arrived")]
)
def test_the_page_says_how_the_mail_stands(
    signed_in: Client, item: FeedbackItem, rep: User, now: datetime, status: str, said: str
) -> None:
    mail = answer(item, words=WORDS, by=rep, now=now, by_mail=True).message
    assert mail
    Message.objects.filter(pk=mail.pk).update(status=status)
    page = page_of(signed_in, item)
    assert f"</svg>{said}</span>" in page
    assert f"By e-mail to {mail.to_address}" in page
    assert f'href="{reverse("desk:mail", args=[mail.pk])}"' in page


def test_the_page_says_what_was_posted_and_what_was_said(
    signed_in: Client, item: FeedbackItem, task: CareTask, rep: User, now: datetime
) -> None:
    answer(item, words=WORDS, by=rep, now=now)
    assert "Posted where it was written" in page_of(signed_in, item)
    CareTask.objects.filter(pk=task.pk).update(status="open", closed_at=None, reach="post")
    FeedbackItem.objects.filter(pk=item.pk).update(status="waiting", closed_at=None)
    task.refresh_from_db()
    record_outcome(task, outcome="talked", by=rep, now=now + timedelta(minutes=1))
    assert "In a call" in page_of(signed_in, item)


def test_queries_of_an_answered_item(
    signed_in: Client, item: FeedbackItem, task: CareTask, rep: User, now: datetime
) -> None:
    """Those of the list, the item, its task, its answer with the mail, may a mail go, was it a failure."""
    answer(item, words=WORDS, by=rep, now=now, by_mail=True)
    page_of(signed_in, item)
    with CaptureQueriesContext(connection) as queries:
        page_of(signed_in, item)
    assert len(queries) <= 18


@pytest.mark.parametrize("channel", ["phone", "post"])
def test_where_no_mail_can_go_the_page_shows_the_other_ways_that_are_open(
    signed_in: Client, item: FeedbackItem, task: CareTask, rep: User, channel: str
) -> None:
    street = {"street": "12 Harbour Lane", "postcode": "BT1 5GS", "city": "Belfast", "email": ""}
    Customer.objects.filter(pk=item.customer_id).update(**street)
    page = page_of(signed_in, item)
    assert 'href="tel:+442079460112"' in page
    assert "+44 20 7946 0112" in page
    assert "12 Harbour Lane, BT1 5GS Belfast" in page
    refused = {"purpose": "service", "state": "refused", "at": factories.NOW}
    Permission.objects.create(customer=item.customer, channel=channel, **refused)
    page = page_of(signed_in, item)
    assert ("tel:" in page, "12 Harbour Lane" in page) == (channel == "post", channel == "phone")
