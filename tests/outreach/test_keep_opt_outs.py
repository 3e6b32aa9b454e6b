"""What somebody refused, or a dead address, is asked again before each mail leaves."""

from datetime import datetime

import pytest
from django.db import connection

from apps.customers.models import Channel, Permission, Purpose
from apps.outreach.models import Message, Scope, Suppression

from .conftest import Heard, QueueMail, send, sent
from .provider import Provider

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("scope", "purpose", "status"),
    [
        (Scope.ALL, Purpose.SERVICE, "failed"),
        (Scope.ALL, Purpose.RECOGNITION, "failed"),
        (Scope.OPTIONAL, Purpose.SERVICE, "sent"),
        (Scope.OPTIONAL, Purpose.RECOGNITION, "failed"),
    ],
)
def test_a_suppressed_address_gets_no_such_mail(
    provider: Provider,
    mail: QueueMail,
    now: datetime,
    scope: str,
    purpose: str,
    status: str,
    came_back: Heard,
):
    message = mail(purpose=purpose)
    Message.objects.filter(pk=message.pk).update(to_address=message.to_address.title())
    Suppression.objects.create(address=message.to_address, scope=scope, reason="unsubscribed", at=now)

    assert sent(message, now).status == status
    assert len(provider.requests) == (status == "sent")
    assert [news["message"].pk for news in came_back] == ([message.pk] if status == "failed" else [])
    assert ("no mail any more" in message.reason) == (status == "failed")


def test_a_lifted_suppression_stops_nothing(provider: Provider, mail: QueueMail, now: datetime):
    message = mail()
    Suppression.objects.create(
        address=message.to_address, scope=Scope.ALL, reason="bounced", at=now, lifted_at=now
    )

    assert sent(message, now).status == "sent"


@pytest.mark.parametrize(
    ("channel", "purpose", "status"),
    [
        (Channel.EMAIL, Purpose.SERVICE, "failed"),
        (Channel.PHONE, Purpose.SERVICE, "sent"),
        (Channel.EMAIL, Purpose.RECOGNITION, "sent"),
    ],
)
def test_a_refused_permission_is_kept(
    provider: Provider, mail: QueueMail, now: datetime, channel: str, purpose: str, status: str
):
    message = mail()
    Permission.objects.create(
        customer=message.customer, channel=channel, purpose=purpose, state="refused", at=now
    )

    assert sent(message, now).status == status


@pytest.mark.django_db(transaction=True)
def test_an_opt_out_that_comes_while_the_mail_before_is_sent_is_kept(
    provider: Provider, mail: QueueMail, now: datetime
):
    first, second = mail(), mail()

    def opt_out() -> None:
        Suppression.objects.create(address=second.to_address, scope=Scope.ALL, reason="spam", at=now)
        connection.close()

    provider.while_asked = opt_out
    send(now)

    second.refresh_from_db()
    assert (second.status, provider.accepted) == ("failed", {str(first.pk): 1})
