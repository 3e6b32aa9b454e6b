"""How a reply finds the mail it answers: by the address it goes to, or by the id it carries.

The token is in small letters and digits only, since some programs write addresses in small letters.
"""

import re
from collections.abc import Iterable

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from .models import Message

SALT = "outreach.reply"
MARK = r"(\d{1,18})-([0-9a-f]{24})"  # 96 bits of proof
IN_ADDRESS = re.compile(rf"^reply\+{MARK}@", re.IGNORECASE)
IN_ID = re.compile(rf"<{MARK}@[^<>\s]+>", re.IGNORECASE)


def reply_address(message: Message) -> str:
    """Where an answer to this mail goes; empty where no host takes replies (SENDGRID_REPLY_DOMAIN)."""
    domain = settings.SENDGRID_REPLY_DOMAIN
    return f"reply+{_token(message.pk)}@{domain}" if domain else ""


def message_id(message: Message) -> str:
    """For the mail's Message-ID header: programs give it back in In-Reply-To and References."""
    return f"<{_token(message.pk)}@{settings.SENDGRID_REPLY_DOMAIN or 'carecrm.invalid'}>"


def message_at(addresses: Iterable[str]) -> Message | None:
    """The mail whose reply address is among these."""
    return _first(IN_ADDRESS.search(address.strip()) for address in addresses)


def message_named_in(ids: str) -> Message | None:
    """The mail of ours whose id is in this header, the last of them: it is the one that was answered."""
    return _first(reversed(list(IN_ID.finditer(ids))))


def _first(found: Iterable[re.Match[str] | None]) -> Message | None:
    for match in found:
        if match and _is_ours(int(match[1]), match[2]):
            return Message.objects.select_related("customer").filter(pk=int(match[1])).first()
    return None


def _is_ours(key: int, proof: str) -> bool:
    return constant_time_compare(_proof(key), proof.lower())


def _token(key: int) -> str:
    return f"{key}-{_proof(key)}"


def _proof(key: int) -> str:
    return salted_hmac(SALT, str(key), algorithm="sha256").hexdigest()[:24]
