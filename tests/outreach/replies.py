"""Mails of customers as the provider posts them."""

import json
from typing import Any

from django.test import Client

from apps.outreach.models import InboundMail
from apps.outreach.services.replies import read_mails
from tests.factories import NOW

DOOR = "/mail/replies/a-secret-of-the-tests/"


def mail(to: str = "care@replies.example.com", **more: Any) -> dict[str, Any]:
    """The form of SendGrid's Inbound Parse, with "Send Raw" off."""
    headers = {"Message-ID": "<1@example.com>", "Date": "Wed, 4 Mar 2026 10:00:00 +0000"}
    headers |= more.pop("headers", {})
    fields = {
        "from": "Grace Okafor <grace@example.com>",
        "to": to,
        "envelope": json.dumps({"to": [to], "from": "grace@example.com"}),
        "subject": "Re: Thank you",
        "text": "It is still broken.",
        "charsets": json.dumps({"to": "UTF-8", "subject": "UTF-8", "from": "UTF-8", "text": "utf-8"}),
        "SPF": "pass",
        "attachments": "0",
    }
    return {"headers": "".join(f"{name}: {value}\n" for name, value in headers.items()), **fields, **more}


def heard(client: Client, **fields: Any) -> InboundMail:
    """As it is kept once it was posted and read."""
    assert client.post(DOOR, mail(**fields)).status_code == 204
    read_mails(now=NOW)
    return InboundMail.objects.latest("pk")
