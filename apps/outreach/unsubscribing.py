"""The link by which a customer ends optional mail, and the headers for their mail program (RFC 8058)."""

from django.conf import settings
from django.core import signing

from .models import Message

SALT = "outreach.unsubscribe"


def unsubscribe_token(message: Message) -> str:
    return signing.dumps(message.pk, salt=SALT)


def unsubscribe_url(message: Message) -> str:
    return f"{settings.CARECRM_URL}/mail/unsubscribe/{unsubscribe_token(message)}/"


def unsubscribe_headers(message: Message) -> dict[str, str]:
    """None for owed mail: that is not ended by a click."""
    if not message.is_optional:
        return {}
    return {
        "List-Unsubscribe": f"<{unsubscribe_url(message)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
