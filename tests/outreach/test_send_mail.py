"""What becomes of a mail by what the provider does, over real sockets."""

import logging
import socket
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings as project
from django.test import Client

from apps.core.models import Event
from apps.customers.models import Purpose
from apps.outreach import wire
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


@pytest.mark.parametrize("answer", ["500", "502", "503", "504", "408", "body-cut-503"])
def test_a_fault_with_an_answer_is_tried_again(
    provider: Provider, mail: QueueMail, now: datetime, answer: str
):
    provider.answers(answer, "ok")
    message = sent(mail(), now)

    assert (message.status, message.tries, message.began_at, message.claim) == ("queued", 1, None, None)
    assert timedelta(seconds=24) <= message.send_at - now <= timedelta(seconds=36)
    assert "fault" in message.reason

    assert sent(message, message.send_at).status == "sent"
    assert (message.tries, message.reason) == (2, "")
    assert provider.accepted == {str(message.pk): 1}


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


def test_429_waits_for_the_reset_and_spares_the_rest_of_the_claim(
    provider: Provider, mail: QueueMail, now: datetime
):
    reset = now + timedelta(minutes=7)
    provider.answers(f"429:X-RateLimit-Reset={int(reset.timestamp())}", "ok")
    first, second = mail(), mail()

    assert sent(first, now).send_at == reset
    second.refresh_from_db()
    assert (second.status, second.send_at, second.tries) == ("queued", reset, 0)
    assert send(reset - timedelta(seconds=1)) == 0
    assert send(reset) == 2
    assert provider.accepted == {str(first.pk): 1, str(second.pk): 1}


@pytest.mark.parametrize(
    ("headers", "waits"),
    [
        ("Retry-After=300", timedelta(minutes=5)),
        ("Retry-After=Wed, 04 Mar 2026 10:20:00 GMT", timedelta(minutes=20)),
        ("Retry-After=300;X-RateLimit-Reset=1772619600", timedelta(hours=0, minutes=20)),
    ],
)
def test_429_says_when_in_several_ways(
    provider: Provider, mail: QueueMail, now: datetime, headers: str, waits: timedelta
):
    headers = headers.replace("1772619600", str(int((now + waits).timestamp())))
    provider.answers(f"429:{headers}")

    assert sent(mail(), now).send_at == now + waits


@pytest.mark.parametrize(
    "headers", ["", ":X-RateLimit-Reset=soon", ":X-RateLimit-Reset=9" + "9" * 20, ":Retry-After=x"]
)
def test_429_without_a_time_that_can_be_read_backs_off(
    provider: Provider, mail: QueueMail, now: datetime, headers: str
):
    provider.answers(f"429{headers}")

    assert timedelta(seconds=24) <= sent(mail(), now).send_at - now <= timedelta(seconds=36)


def test_a_refused_connection_is_tried_again(
    provider: Provider, mail: QueueMail, now: datetime, settings: Any
):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        settings.SENDGRID_HOST = f"http://127.0.0.1:{unused.getsockname()[1]}"
        message = sent(mail(), now)

    assert (message.status, message.tries) == ("queued", 1)
    assert "ConnectionRefusedError" in message.reason


def test_a_name_that_does_not_resolve_is_tried_again(
    provider: Provider, mail: QueueMail, now: datetime, settings: Any
):
    settings.SENDGRID_HOST = "http://nobody.invalid"

    assert sent(mail(), now).status == "queued"


def test_a_name_that_cannot_be_one_is_tried_again(
    provider: Provider, mail: QueueMail, now: datetime, settings: Any
):
    settings.SENDGRID_HOST = f"http://{'a' * 64}.example"
    message = sent(mail(), now)

    assert (message.status, message.tries) == ("queued", 1)
    assert "could not be reached (UnicodeError)" in message.reason


@pytest.mark.parametrize("host", ["no address", "http://", "ftp://provider.example"])
def test_a_host_that_is_none_fails_no_mail_for_good(
    provider: Provider, mail: QueueMail, now: datetime, settings: Any, host: str
):
    settings.SENDGRID_HOST = host

    assert sent(mail(), now).status == "queued"


def test_a_mail_that_cannot_be_built_fails_alone(
    provider: Provider, mail: QueueMail, now: datetime, came_back: Heard
):
    """The SDK refuses what looks like one of its keys."""
    messages = [mail(), mail(text="SG.abc.def is what I see."), mail()]
    send(now)

    assert [Message.objects.get(pk=each.pk).status for each in messages] == ["sent", "failed", "sent"]
    failed = Message.objects.get(pk=messages[1].pk)
    assert "form of a mail (ApiKeyIncludedException)" in failed.reason
    assert [news["message"] for news in came_back] == [failed]
    assert provider.accepted == {str(messages[0].pk): 1, str(messages[2].pk): 1}


def test_a_tls_handshake_that_fails_is_tried_again(
    provider: Provider, mail: QueueMail, now: datetime, settings: Any
):
    settings.SENDGRID_HOST = provider.url.replace("http:", "https:")
    message = sent(mail(), now)

    assert message.status == "queued"
    assert not provider.requests


def test_a_connect_that_times_out_is_tried_again(
    provider: Provider, mail: QueueMail, now: datetime, settings: Any
):
    settings.MAIL_TIMEOUT = 0.3
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        fillers = [socket.socket() for _ in range(4)]
        for each in fillers:
            each.setblocking(False)
            each.connect_ex(full.getsockname())
        settings.SENDGRID_HOST = f"http://127.0.0.1:{full.getsockname()[1]}"
        message = sent(mail(), now)
        for each in fillers:
            each.close()

    assert (message.status, "TimeoutError" in message.reason) == ("queued", True)


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


def test_a_missing_sender_is_tried_again(provider: Provider, mail: QueueMail, now: datetime, settings: Any):
    settings.MAIL_FROM = ""

    assert sent(mail(), now).status == "queued"
    assert not provider.requests


def test_after_eight_tries_it_is_given_up(
    provider: Provider, mail: QueueMail, now: datetime, came_back: Heard
):
    provider.answers("503")
    message = mail()
    at = now
    for _ in range(20):
        if sent(message, at).status != "queued":
            break
        at = message.send_at

    assert (message.status, message.tries, len(provider.requests)) == ("failed", 8, 8)
    assert "8 times" in message.reason
    assert at - now < timedelta(hours=24)
    assert [news["message"].pk for news in came_back] == [message.pk]


@pytest.mark.parametrize(
    "headers",
    [
        "Retry-After=90000",
        "Retry-After=315360000",
        "Retry-After=9" + "9" * 20,
        "Retry-After=Fri, 31 Dec 9999 23:59:59 GMT",
        "X-RateLimit-Reset=9999999999",
        "X-RateLimit-Reset=253402300799",
    ],
)
def test_429_puts_nothing_off_for_more_than_a_day(
    provider: Provider, mail: QueueMail, now: datetime, headers: str, signed_in: Client
):
    provider.answers(f"429:{headers}", "ok")
    first, second = mail(), mail()
    send(now)

    for message in (first, second):
        message.refresh_from_db()
        assert (message.status, message.send_at) == ("queued", now + timedelta(days=1))
    assert second.tries == 0
    assert signed_in.get("/mails/?tab=moving").status_code == 200
    assert send(now + timedelta(days=1)) == 2


@pytest.mark.parametrize("headers", ["Retry-After=-9", "X-RateLimit-Reset=0", "X-RateLimit-Reset=-86400"])
def test_429_puts_nothing_into_the_past(provider: Provider, mail: QueueMail, now: datetime, headers: str):
    provider.answers(f"429:{headers}", "ok")
    first, second = mail(), mail()
    send(now)
    first.refresh_from_db()
    second.refresh_from_db()

    assert timedelta(seconds=24) <= first.send_at - now <= timedelta(seconds=36)
    assert (second.status, second.send_at) == ("queued", now)


def test_a_wait_that_ends_beyond_a_day_from_the_first_try_gives_up(
    provider: Provider, mail: QueueMail, now: datetime
):
    provider.answers("503", "429:Retry-After=86400")
    message = sent(mail(), now)

    assert sent(message, message.send_at).status == "failed"


@pytest.mark.parametrize(("minutes", "status"), [(59, "sent"), (61, "failed")])
def test_a_retry_that_waited_out_an_outage_of_ours_is_given_up(
    provider: Provider, mail: QueueMail, now: datetime, came_back: Heard, minutes: int, status: str
):
    provider.answers("503", "ok")
    message = sent(mail(), now)

    assert sent(message, now + timedelta(hours=24, minutes=minutes)).status == status
    assert ("over a day ago" in message.reason) == (status == "failed")
    assert len(came_back) == (status == "failed")


def test_who_was_told_to_wait_before_a_try_has_all_its_time(
    provider: Provider, mail: QueueMail, now: datetime
):
    provider.answers("429:Retry-After=86400", "503")
    _, second = mail(), mail()
    send(now)
    send(now + timedelta(days=1))

    second.refresh_from_db()
    assert (second.status, second.tries, second.first_tried_at) == ("queued", 1, now + timedelta(days=1))


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
