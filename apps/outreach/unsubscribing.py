"""The way out of optional mail: a signed link that never ends, and the one click of RFC 8058."""

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

from .models import Message

SALT = "outreach.unsubscribe"


def unsubscribe_token(message: Message) -> str:
    return _signer().sign(str(message.pk))


def message_of(token: str) -> Message | None:
    """The optional mail that carries this token. Owed mail has no way out, so it has no token either."""
    try:
        key = int(_signer().unsign(token))
    except (BadSignature, ValueError):
        return None
    message = Message.objects.select_related("customer").filter(pk=key).first()
    return message if message and message.is_optional else None


def unsubscribe_url(message: Message) -> str:
    path = reverse("outreach:unsubscribe", kwargs={"token": unsubscribe_token(message)})
    return f"{settings.CARECRM_URL}{path}"


def sample_url() -> str:
    """What stands for the link in a mail that is only shown: it leads nowhere."""
    return f"{settings.CARECRM_URL}{reverse('outreach:unsubscribe', kwargs={'token': 'theirs'})}"


def unsubscribe_headers(message: Message) -> dict[str, str]:
    """For optional mail, both: the one without the other is no one-click."""
    if not message.is_optional:
        return {}
    return {
        "List-Unsubscribe": f"<{unsubscribe_url(message)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def masked(address: str) -> str:
    """`g•••@example.com`: enough to know one's own address by."""
    name, _, host = address.rpartition("@")
    return f"{name[:1]}•••@{host}"


def _signer() -> Signer:
    return Signer(salt=SALT, sep=".")
