"""Whether a call of the event webhook is the provider's: ECDSA over its timestamp and its raw body.

Header names and scheme: SendGrid's "Getting started with the Event Webhook security features". The SDK's
verifier raises on a missing header or bad base64, and never looks at the age: both are done here.
"""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from sendgrid.helpers.eventwebhook import EventWebhook, EventWebhookHeader

OLDEST = 300  # seconds, either way: clocks differ
LONGEST_TIMESTAMP, LONGEST_SIGNATURE = 20, 200
NO_KEY = "SENDGRID_WEBHOOK_KEY is not set, so nothing can be believed. Set it to the provider's key."
BAD_KEY = "SENDGRID_WEBHOOK_KEY cannot be read. Set it to the verification key that the provider shows."


class Refused(Exception):
    """The call is not shown to be the provider's. Why is nobody's business who asks."""


class NotSetUp(Exception):
    """We cannot tell: the message says what to set."""


@dataclass(frozen=True)
class Signed:
    """What was proven: the texts as they were signed."""

    timestamp: str
    signature: str
    body: str


def proven(body: bytes, headers: Mapping[str, str], *, key: str, now: datetime) -> Signed:
    """The call's texts, or Refused; NotSetUp where there is no key to prove them by."""
    verifier = _verifier(key)
    timestamp = headers.get(EventWebhookHeader.TIMESTAMP, "")
    signature = headers.get(EventWebhookHeader.SIGNATURE, "")
    if not _is_fresh(timestamp, now) or not _is_base64(signature):
        raise Refused
    try:
        text = body.decode()
    except UnicodeDecodeError as fault:
        raise Refused from fault
    if "\0" in text or not verifier.verify_signature(text, signature, timestamp):
        raise Refused  # no JSON holds a NUL, and no text column of PostgreSQL does
    return Signed(timestamp, signature, text)


@lru_cache(maxsize=4)
def _verifier(key: str) -> Any:
    if not key:
        raise NotSetUp(NO_KEY)
    try:
        verifier = EventWebhook(key)
    except (ValueError, UnsupportedAlgorithm) as fault:
        raise NotSetUp(BAD_KEY) from fault
    if not isinstance(verifier.public_key, EllipticCurvePublicKey):
        raise NotSetUp(BAD_KEY)
    return verifier


def _is_fresh(timestamp: str, now: datetime) -> bool:
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= LONGEST_TIMESTAMP):
        return False
    return abs(now.timestamp() - int(timestamp)) <= OLDEST


def _is_base64(signature: str) -> bool:
    """In its one form: what decodes to the same bytes by leniency is not what was sent."""
    if not 0 < len(signature) <= LONGEST_SIGNATURE:
        return False
    try:
        decoded = base64.b64decode(signature, validate=True)
    except (binascii.Error, ValueError):
        return False
    return base64.b64encode(decoded).decode() == signature
