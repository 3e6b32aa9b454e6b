"""A provider on this machine, with a key of its own and what it calls us with; mails that are due at once."""

import base64
import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from django.dispatch import Signal
from django.test import Client
from django.utils import timezone

from apps.accounts.models import Shop
from apps.customers.models import Permission
from apps.outreach.models import Message, Suppression, WebhookCall
from apps.outreach.services import queue_mail, queue_optional_mail, send_due
from apps.outreach.services.events import read_calls
from apps.outreach.signals import customer_wrote, mail_came_back, mail_taken_back
from apps.outreach.templating import Footer, render_letter
from tests.factories import NOW, make_customer, make_message

from .provider import Provider

MINUTE = timedelta(minutes=1)
QueueMail = Callable[..., Message]
EVENTS = "/mail/events/"
KEY = ec.generate_private_key(ec.SECP256R1())
PUBLIC = base64.b64encode(
    KEY.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
).decode()
RSA_KEY = base64.b64encode(
    rsa.generate_private_key(65537, 2048)
    .public_key()
    .public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
).decode()  # of another kind than the provider's
Heard = list[dict[str, Any]]
Told = dict[str, Any]


def signed(body: bytes, *, age: float = 0) -> dict[str, str]:
    """The headers that the provider sends with this body."""
    timestamp = str(int((timezone.now() - timedelta(seconds=age)).timestamp()))
    proof = KEY.sign(timestamp.encode() + body, ec.ECDSA(hashes.SHA256()))
    return {
        "X-Twilio-Email-Event-Webhook-Timestamp": timestamp,
        "X-Twilio-Email-Event-Webhook-Signature": base64.b64encode(proof).decode(),
    }


def call(client: Client, body: bytes, headers: dict[str, str] | None = None) -> int:
    headers = signed(body) if headers is None else headers
    return client.post(EVENTS, body, content_type="application/json", headers=headers).status_code


def event(message: Message | None, kind: str, number: int, /, **more: Any) -> dict[str, Any]:
    """One event as the provider tells it, `number` seconds after the mail left."""
    ours = {"message": str(message.pk), "email": message.to_address} if message else {}
    facts = {"event": kind, "sg_event_id": f"e{number}", "timestamp": int(NOW.timestamp()) + number}
    return {**facts, "email": "someone@example.com", "sg_message_id": "m1.recvd-1", **ours, **more}


def body_of(*events: dict[str, Any]) -> bytes:
    """As SendGrid writes it: one event a line, and CRLF at the end."""
    return b"[" + b",\r\n".join(json.dumps(one).encode() for one in events) + b"]\r\n"


def keep(*events: Told, at: datetime = NOW) -> WebhookCall:
    body = body_of(*events).decode()
    return WebhookCall.objects.create(received_at=at, timestamp="1", signature="s", body=body)


def tell(*events: Told, now: datetime = NOW) -> None:
    keep(*events)
    read_calls(now=now)


def status_of(message: Message) -> str:
    return Message.objects.get(pk=message.pk).status


def state(*messages: Message) -> list[Any]:
    """All that events decide: where each mail is and since when, who is suppressed, what is permitted."""
    pks = [message.pk for message in messages]
    sent = {m.pk: (m.status, m.reason, m.sent_at) for m in Message.objects.filter(pk__in=pks)}
    return [
        [sent[pk] for pk in pks],
        sorted(Suppression.objects.values_list("address", "scope", "reason", "at", "lifted_at")),
        sorted(Permission.objects.values_list("channel", "purpose", "state")),
    ]


def send(now: datetime) -> int:
    return send_due(clock=lambda: now, until=now + MINUTE)


def sent(message: Message, now: datetime) -> Message:
    """The mail after one round of sending."""
    send(now)
    message.refresh_from_db()
    return message


@pytest.fixture(autouse=True)
def _the_webhook_has_its_key(settings: Any) -> None:
    settings.SENDGRID_WEBHOOK_KEY = PUBLIC
    settings.SENDGRID_REPLY_SECRET = "a-secret-of-the-tests"
    settings.SENDGRID_REPLY_DOMAIN = "replies.example.com"
    settings.CARECRM_URL = "https://care.example.com"


@pytest.fixture
def outside() -> Client:
    """The provider, or a mail program: no cookie, no form token, not signed in."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def message() -> Message:
    return make_message(make_customer(email="grace@example.com", name="Grace Okafor"))


@pytest.fixture
def came_back() -> Iterator[Heard]:
    yield from listening(mail_came_back)


@pytest.fixture
def taken_back() -> Iterator[Heard]:
    yield from listening(mail_taken_back)


@pytest.fixture
def wrote() -> Iterator[Heard]:
    yield from listening(customer_wrote)


def listening(signal: Signal) -> Iterator[Heard]:
    heard: Heard = []
    listener: Callable[..., None] = lambda sender, signal, **news: heard.append(news)  # noqa: E731
    signal.connect(listener, weak=False)
    yield heard
    signal.disconnect(listener)


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    """A real server on this machine; mails go there."""
    with Provider() as provider:
        settings.SENDGRID_API_KEY = "SG.test"
        settings.SENDGRID_HOST = provider.url
        settings.MAIL_FROM = "Tern & Thistle <care@tern.example>"
        settings.MAIL_REPLY_TO = ""
        settings.MAIL_TIMEOUT = 10
        yield provider


@pytest.fixture
def mail(shop: Shop, now: datetime) -> QueueMail:
    """Queues a mail of the system, due at once; keywords override."""
    numbers = count(1)

    def queue(**fields: Any) -> Message:
        defaults = {
            "key": f"test:{next(numbers)}",
            "category": "apology",
            "subject": "Your parcel",
            "text": "It was late, and that was our fault.",
            "html": "<p>It was late, and that was our fault.</p>",
            "by": None,
            "now": now,
        }
        customer = fields.pop("customer", None) or make_customer()
        if fields.pop("purpose", "service") == "service":
            return queue_mail(customer, **{**defaults, **fields})
        facts = {**defaults, **fields}
        del facts["html"]
        words = facts.pop("subject"), facts.pop("text")
        draw = lambda link: render_letter(*words, footer=Footer("Tern & Thistle", "", link))  # noqa: E731
        return queue_optional_mail(customer, draw=draw, **facts)

    return queue
