"""What the provider tells is read once each, also after a fault, a death or another reader beside it."""

import random
from datetime import datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import DataError, connection
from django.test import Client
from django.urls import reverse

from apps.core.models import Event
from apps.outreach import provider_json
from apps.outreach.models import Message, ProviderEvent, Suppression, WebhookCall
from apps.outreach.services import events as events_service
from apps.outreach.services.arrivals import MOST_TRIES
from apps.outreach.services.events import read_calls
from tests.factories import NOW, make_message

from .conftest import Heard, event, keep, status_of, tell


@pytest.mark.django_db
@pytest.mark.parametrize("key", ["999999999", "abc", "", None, "-1", "9" * 40, ["1"], {"a": 1}, 1.5])
def test_a_foreign_event_is_kept_and_moves_nothing(key: Any) -> None:
    message = make_message()
    tell(event(None, "delivered", 1, message=key))
    assert ProviderEvent.objects.get().message is None
    assert WebhookCall.objects.get().read_at
    assert status_of(message) == "sent"


@pytest.mark.django_db
def test_what_no_database_takes_is_left_out_and_the_rest_is_read() -> None:
    message = make_message()
    odd = event(message, "click", 1, url="a\x00b \ud83d", reason="x\x00" * 900, nested=[{"a\x00": "\udc00"}])
    tell(odd, event(message, "delivered", 2, timestamp="10e99"), event(message, "open", 3, timestamp=10**30))
    assert WebhookCall.objects.get().fault == ""
    assert ProviderEvent.objects.count() == 3
    assert status_of(message) == "delivered"


@pytest.mark.django_db
def test_an_event_without_an_id_counts_once_too() -> None:
    message = make_message()
    bare = {**event(message, "delivered", 1), "sg_event_id": None}
    tell(bare, bare)
    tell(bare, {**bare, "sg_event_id": "x" * 500})
    assert ProviderEvent.objects.count() == 2


@pytest.mark.django_db
def test_a_call_that_cannot_be_read_says_why_and_stops_nobody(
    now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    broken = WebhookCall.objects.create(received_at=now, timestamp="1", signature="s", body="{")
    message = make_message()
    tell(event(message, "delivered", 1))
    broken.refresh_from_db()
    assert broken.fault == "JSONDecodeError"
    assert (broken.tries, broken.read_at, status_of(message)) == (1, None, "delivered")

    read_calls(now=now)
    broken.refresh_from_db()
    assert broken.tries == 1, "not at once again"

    for day in range(1, 20):
        read_calls(now=now + timedelta(days=day))
    broken.refresh_from_db()
    assert broken.tries == MOST_TRIES, "then it is left for an admin"


@pytest.mark.django_db
def test_a_reader_that_died_is_followed_by_another(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    message = make_message()
    keep(event(message, "bounce", 1))

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(events_service, "follow_events", killed)
        read_calls(now=now)
    assert (ProviderEvent.objects.count(), status_of(message)) == (1, "sent")
    assert read_calls(now=now + timedelta(minutes=1)) == 0, "it may still live"

    assert read_calls(now=now + timedelta(minutes=6)) == 1
    assert status_of(message) == "bounced"


@pytest.mark.django_db
@pytest.mark.parametrize("model", ["webhookcall", "inboundmail", "providerevent", "suppression", "message"])
def test_an_admin_may_look_at_everything(client: Client, admin, model: str) -> None:
    tell(event(make_message(), "bounce", 1))
    client.force_login(admin)
    assert client.get(reverse(f"admin:outreach_{model}_changelist")).status_code == 200
    assert client.get(reverse(f"admin:outreach_{model}_add")).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_two_readers_write_each_event_once(came_back: Heard) -> None:
    messages = [make_message() for _ in range(6)]
    chance = random.Random(4)
    kinds = ["processed", "delivered", "bounce", "unsubscribe"]
    told = [
        event(message, kind, 10 * n + k, type="bounce")
        for n, message in enumerate(messages)
        for k, kind in enumerate(kinds)
    ]
    for _ in range(12):
        keep(*chance.sample(told, len(told)))
    together = Barrier(2)
    faults: list[BaseException] = []

    def read() -> None:
        together.wait()
        try:
            read_calls(now=NOW)
        except BaseException as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [Thread(target=read) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert not WebhookCall.objects.exclude(fault="", tries=1).exists()
    assert not WebhookCall.objects.filter(read_at=None).exists()
    assert ProviderEvent.objects.count() == len(told)
    assert sorted(news["message"].pk for news in came_back) == [message.pk for message in messages]
    assert Suppression.objects.count() == 2 * len(messages)
    assert Event.objects.filter(verb="suppressed").count() == 2 * len(messages)
    assert set(Message.objects.values_list("status", flat=True)) == {"bounced"}


@pytest.mark.django_db
def test_a_number_that_no_database_takes_loses_no_event() -> None:
    message = make_message()
    call = keep(event(message, "delivered", 1, odd="ODD"))
    call.body = call.body.replace('"ODD"', "1e999")
    call.save(update_fields=["body"])
    assert read_calls(now=NOW) == 1
    assert ProviderEvent.objects.get().data["odd"] == "1e999"
    assert status_of(message) == "delivered"


@pytest.mark.django_db(transaction=True)
def test_what_the_database_does_not_take_is_counted_as_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    keep(event(make_message(), "delivered", 1))
    monkeypatch.setattr(provider_json, "_storable", lambda told: {**told, "odd": float("inf")})
    assert read_calls(now=NOW) == 0
    assert WebhookCall.objects.get().fault in {"NotKept", "DataError"}


@pytest.mark.django_db
def test_a_fault_keeps_no_words_of_whom_it_is_about(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise DataError("DETAIL: Failing row contains (1, grace@example.com).")

    keep(event(make_message(), "delivered", 1))
    monkeypatch.setattr(events_service, "_keep_events", refuse)
    read_calls(now=NOW)
    assert "grace@example.com" not in caplog.text + WebhookCall.objects.get().fault
    assert "could not be read: DataError" in caplog.text
