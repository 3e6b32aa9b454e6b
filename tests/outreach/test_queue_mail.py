"""Writing a mail into the outbox, and taking it back."""

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from apps.accounts.models import User
from apps.core.models import Event
from apps.core.statuses import Conflict
from apps.outreach.models import Message
from apps.outreach.services import CannotSend, claim_mails, queue_optional_mail, send_due, take_back_mail
from apps.outreach.templating import Footer, render_letter
from apps.outreach.unsubscribing import unsubscribe_url
from tests.factories import make_customer

from .conftest import QueueMail
from .provider import Provider

pytestmark = pytest.mark.django_db
TEN = timedelta(seconds=10)


def test_the_same_key_is_the_same_mail(mail: QueueMail, now: datetime):
    first = mail(key="offer:1")
    again = mail(key="offer:1", subject="Another", customer=first.customer)

    assert again == first
    assert again.subject == first.subject
    assert Event.objects.filter(subject="outreach.message", verb="queued").count() == 1


def test_optional_mail_shows_its_own_link_in_both_parts(mail: QueueMail):
    first, second = mail(purpose="recognition"), mail(purpose="recognition")

    for message, other in ((first, second), (second, first)):
        message.refresh_from_db()
        link, foreign = unsubscribe_url(message), unsubscribe_url(other)
        for part in (message.text, message.html):
            assert link in part
            assert foreign not in part


def test_optional_mail_queued_twice_is_one_with_its_words_as_they_were(mail: QueueMail):
    first = mail(key="task:1", purpose="recognition")
    again = mail(key="task:1", purpose="recognition", text="Others", customer=first.customer)

    assert again == first
    assert again.text == first.text


def test_optional_mail_without_its_link_is_a_defect_and_not_queued(shop: object, now: datetime):
    with pytest.raises(ValueError, match="its link"):
        queue_optional_mail(
            make_customer(),
            key="task:1",
            category="welcome",
            draw=lambda link: render_letter("Thanks", "For your order", footer=Footer("Shop")),
            by=None,
            now=now,
        )
    assert not Message.objects.exists()


def test_owed_mail_holds_no_way_out(mail: QueueMail):
    message = mail()

    assert not message.is_optional
    assert "unsubscribe" not in message.text + message.html


def test_a_mail_goes_with_the_transaction_of_what_it_is_about(mail: QueueMail):
    with pytest.raises(RuntimeError), transaction.atomic():
        mail()
        raise RuntimeError

    assert not Message.objects.exists()


def test_what_a_person_sends_waits_ten_seconds_and_the_systems_goes_at_once(
    provider: Provider, mail: QueueMail, rep: User, now: datetime
):
    theirs, ours = mail(by=rep), mail()

    assert theirs.send_at > now + TEN
    assert ours.send_at == now
    assert mail(by=rep, send_at=now + 2 * TEN).send_at == now + 2 * TEN
    for soon in (now - TEN, now + TEN / 10):
        assert mail(by=rep, send_at=soon).send_at == theirs.send_at
    send_due(clock=lambda: now + TEN, until=now + 2 * TEN)
    assert provider.accepted == {str(ours.pk): 1}


def test_a_mail_taken_back_within_ten_seconds_is_never_sent(
    provider: Provider, mail: QueueMail, rep: User, now: datetime
):
    message = mail(by=rep)

    take_back_mail(message, by=rep, now=now + TEN)
    send_due(clock=lambda: now + 10 * TEN, until=now + 11 * TEN)

    message.refresh_from_db()
    assert message.status == "taken_back"
    assert not provider.requests


def test_a_mail_that_a_worker_has_cannot_be_taken_back(mail: QueueMail, rep: User, now: datetime):
    seen = mail()
    claim_mails(now=now)

    with pytest.raises(Conflict, match="too late"):
        take_back_mail(seen, by=rep, now=now)
    with pytest.raises(Conflict, match="too late"):
        take_back_mail(Message.objects.get(), by=rep, now=now)


def test_only_those_who_speak_with_customers_send_and_take_back(
    mail: QueueMail, marketer: User, now: datetime
):
    with pytest.raises(PermissionDenied):
        mail(by=marketer)
    with pytest.raises(PermissionDenied):
        take_back_mail(mail(), by=marketer, now=now)


@pytest.mark.parametrize("evil", ["a\r\nBcc: x@y.z", "a\nb", "a\rb", "a\0b", "a\u2028b", "a\x0bb", "a\x85b"])
def test_a_line_break_gets_into_no_header(mail: QueueMail, evil: str):
    if "\0" not in evil:
        with pytest.raises(CannotSend, match="line break"):
            mail(customer=make_customer(name=evil))
        with pytest.raises(CannotSend, match="line break"):
            mail(customer=make_customer(email=f"{evil}@example.com"))
    with pytest.raises(CannotSend, match="line break"):
        mail(subject=evil)
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"subject": " "}, "subject"),
        ({"subject": "x" * 201}, "200"),
        ({"text": " "}, "words"),
        ({"html": ""}, "words"),
        ({"text": "a\0b"}, "control"),
    ],
)
def test_a_mail_without_its_parts_is_refused(mail: QueueMail, fields: dict[str, str], says: str):
    with pytest.raises(CannotSend, match=says):
        mail(**fields)


@pytest.mark.parametrize(("address", "says"), [("", "no e-mail"), ("grace.example.com", "cannot be right")])
def test_an_address_that_cannot_be_right_is_refused(mail: QueueMail, address: str, says: str):
    with pytest.raises(CannotSend, match=says):
        mail(customer=make_customer(email=address))
