from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import count
from typing import Any

import pytest

from apps.accounts.models import Shop
from apps.outreach.models import Message
from apps.outreach.services import queue_mail
from tests.factories import make_customer

from .provider import Provider

QueueMail = Callable[..., Message]


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    """A real server on this machine; mails go there."""
    with Provider() as provider:
        settings.SENDGRID_API_KEY = "SG.test"
        settings.SENDGRID_HOST = provider.url
        settings.MAIL_FROM = "Tern & Thistle <care@tern.example>"
        settings.MAIL_REPLY_TO = ""
        settings.MAIL_TIMEOUT = 0.5
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
        return queue_mail(customer, **{**defaults, **fields})

    return queue
