"""What leaves, once each and in order, and what becomes of it by what the provider answers."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings as project

from apps.core.models import Event
from apps.customers.models import Purpose
from apps.outreach import wire
from apps.outreach.gateway import HOLDS_A_KEY
from apps.outreach.models import Message, MessageStatus
from apps.outreach.replying import message_at, message_named_in
from apps.outreach.services import send_due

from .conftest import MINUTE, Heard, QueueMail, send, sent
from .provider import Provider

pytestmark = pytest.mark.django_db


def test_an_accepted_mail_is_sent_once_and_says_so(provider: Provider, mail: QueueMail, now: datetime):
    message = sent(mail(), now)

    assert (message.status, message.provider_id, message.sent_at) == ("sent", "sg-1", now)
    assert (message.claim, message.tries, message.first_tried_at) == (None, 1, now)
    assert send(now) == 0
    assert provider.accepted == {str(message.pk): 1}
    events = Event.objects.filter(subject="outreach.message", subject_id=message.pk).order_by("id")
    assert list(events.values_list("verb", flat=True)) == ["queued", "sending", "sent"]


def test_the_provider_gets_the_whole_mail(provider: Provider, mail: QueueMail, now: datetime, settings: Any):
    settings.SENDGRID_REPLY_DOMAIN, settings.MAIL_REPLY_TO = "", "Ana <ana@tern.example>"
    message = sent(mail(), now)

    (found,) = provider.mails
    assert found["from"] == {"email": "care@tern.example", "name": "Tern & Thistle"}
    assert found["reply_to"] == {"email": "ana@tern.example", "name": "Ana"}
    assert found["personalizations"] == [{"to": [{"email": message.to_address, "name": message.to_name}]}]
    assert found["categories"] == ["apology"]
    assert found["custom_args"] == {"message": str(message.pk)}
    assert [part["type"] for part in found["content"]] == ["text/plain", "text/html"]
    assert "headers" not in found
    assert "mail_settings" not in found
    assert provider.headers[0]["Authorization"] == "Bearer SG.test"


def test_an_answer_finds_the_mail_by_its_address_and_by_its_id(
    provider: Provider, mail: QueueMail, now: datetime
) -> None:
    message = sent(mail(), now)

    (found,) = provider.mails
    assert message_at([found["reply_to"]["email"]]) == message
    assert message_named_in(found["headers"]["Message-ID"]) == message


def test_optional_mail_says_how_to_end_it(provider: Provider, mail: QueueMail, now: datetime, settings: Any):
    settings.CARECRM_URL = "https://care.tern.example"
    message = sent(mail(purpose=Purpose.RECOGNITION), now)

    assert [part["value"] for part in provider.mails[0]["content"]] == [message.text, message.html]
    headers = provider.mails[0]["headers"]
    link = headers["List-Unsubscribe"].strip("<>")
    assert f"No more of these: {link}" in message.text
    assert f'href="{link}"' in message.html
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["List-Unsubscribe"].startswith("<https://care.tern.example/mail/unsubscribe/")


def test_the_demo_shop_sends_to_the_sandbox(provider: Provider, mail: QueueMail, shop, now: datetime):
    shop.demo_seed = 7
    shop.save(update_fields=["demo_seed"])
    provider.answers("200")

    assert sent(mail(), now).status == "sent"
    assert provider.mails[0]["mail_settings"] == {"sandbox_mode": {"enable": True}}


def test_without_a_key_nothing_leaves_and_the_path_is_the_same(
    provider: Provider, mail: QueueMail, now: datetime, settings: Any
):
    settings.SENDGRID_API_KEY = ""
    message = sent(mail(), now)

    assert (message.status, message.provider_id) == ("sent", f"local-{message.pk}")
    assert not provider.requests


@pytest.mark.parametrize("answer", ["400", "401", "403", "404", "413", "302:Location=/elsewhere"])
def test_other_refusals_are_final(
    provider: Provider, mail: QueueMail, now: datetime, answer: str, came_back: Heard
):
    provider.answers(answer)
    message = sent(mail(), now)

    assert message.status == "failed"
    assert answer[:3] in message.reason
    assert [news["message"].pk for news in came_back] == [message.pk]
    assert send(now + timedelta(days=1)) == 0
    assert len(provider.requests) == 1
    assert list(Message.objects.needs_a_look(now)) == [message]


def test_a_mail_that_cannot_be_built_fails_alone(
    provider: Provider, mail: QueueMail, now: datetime, came_back: Heard
):
    """The SDK refuses what looks like one of its keys."""
    messages = [mail(), mail(text="SG.abc.def is what I see."), mail()]
    send(now)

    assert [Message.objects.get(pk=each.pk).status for each in messages] == ["sent", "failed", "sent"]
    failed = Message.objects.get(pk=messages[1].pk)
    assert failed.reason == HOLDS_A_KEY
    assert [news["message"] for news in came_back] == [failed]
    assert provider.accepted == {str(messages[0].pk): 1, str(messages[2].pk): 1}


@pytest.mark.parametrize("answer", ["silence", "cut", "reset", "accept-then-cut", "accept-then-silence"])
def test_what_is_lost_after_the_body_is_unknown_and_never_sent_again_by_itself(
    provider: Provider, mail: QueueMail, now: datetime, answer: str, settings: Any
):
    settings.MAIL_TIMEOUT = 0.5 if "silence" in answer else 10
    provider.answers(answer, "ok")
    message = sent(mail(), now)

    assert (message.status, message.claim) == ("unknown", None)
    assert send(now + timedelta(days=2)) == 0
    assert len(provider.requests) == 1
    assert not Message.objects.needs_a_look(now + timedelta(minutes=14, seconds=59))
    assert list(Message.objects.needs_a_look(now + timedelta(minutes=15))) == [message]


def test_a_status_line_counts_though_its_body_is_cut(provider: Provider, mail: QueueMail, now: datetime):
    provider.answers("body-cut-202")
    message = sent(mail(), now)

    assert (message.status, message.provider_id) == ("sent", "sg-cut")


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        ("early-ok", "sent"),
        ("early-early-102:X=y", "unknown"),
        ("early-503", "queued"),
        ("early-400", "failed"),
        ("early-cut", "unknown"),
        ("early-accept-then-cut", "unknown"),
        ("101", "unknown"),
        ("early-" * 21 + "ok", "unknown"),
    ],
)
def test_what_comes_before_the_answer_is_none(
    provider: Provider, mail: QueueMail, now: datetime, answer: str, status: str
):
    provider.answers(answer)

    assert sent(mail(), now).status == status


def test_what_there_is_no_time_for_goes_back(provider: Provider, mail: QueueMail, now: datetime):
    for _ in range(3):
        mail()
    times = iter(4 * [now])

    assert send_due(clock=lambda: next(times, now + MINUTE), until=now + MINUTE) in {1, 2}
    left = Message.objects.filter(status="queued", tries=0, began_at=None)
    assert left
    assert not left.exclude(claim=None)
    assert sum(provider.accepted.values()) == 3 - left.count()


def test_nothing_of_a_mail_is_logged(
    provider: Provider, mail: QueueMail, now: datetime, caplog: pytest.LogCaptureFixture
):
    for name, options in project.LOGGING["loggers"].items():
        if "level" in options:
            caplog.set_level(options["level"], logger=name)
    caplog.set_level(logging.DEBUG)
    provider.answers("503", "400", "cut", "ok")
    messages = [mail() for _ in range(4)]

    send(now)

    assert len(provider.requests) == 4
    for message in messages:
        for word in (message.to_address, message.to_name, message.text, message.subject, "SG.test"):
            assert word not in caplog.text


def test_a_process_that_slept_before_the_first_byte_writes_none(
    provider: Provider, mail: QueueMail, now: datetime, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(wire, "START_WITHIN", -1.0)
    message = sent(mail(), now)

    assert message.status == MessageStatus.QUEUED
    assert not provider.requests


def test_mail_is_sent_in_its_order_and_not_before_its_time(
    provider: Provider, mail: QueueMail, now: datetime
):
    late, early, not_yet = mail(send_at=now), mail(send_at=now - MINUTE), mail(send_at=now + 2 * MINUTE)
    send(now)

    order: Callable[[dict], str] = lambda found: found["custom_args"]["message"]  # noqa: E731
    assert [order(found) for found in provider.mails] == [str(early.pk), str(late.pk)]
    not_yet.refresh_from_db()
    assert not_yet.status == "queued"
