"""A mail that did not go out is tried again, at the time that the provider says, and given up after a day."""

import socket
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from apps.outreach.faults import NO_ANSWER_IN_TIME

from .conftest import Heard, QueueMail, send, sent
from .provider import Provider

pytestmark = pytest.mark.django_db


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
    assert message.reason == "The mail provider could not be reached: it takes no connections now."


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
    assert "could not be reached: its address is set up wrong" in message.reason


@pytest.mark.parametrize("host", ["no address", "http://", "ftp://provider.example"])
def test_a_host_that_is_none_fails_no_mail_for_good(
    provider: Provider, mail: QueueMail, now: datetime, settings: Any, host: str
):
    settings.SENDGRID_HOST = host

    assert sent(mail(), now).status == "queued"


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

    assert (message.status, NO_ANSWER_IN_TIME in message.reason) == ("queued", True)


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
