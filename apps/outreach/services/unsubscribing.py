"""A customer wants no more optional mail."""

from datetime import datetime

from django.db import transaction

from apps.customers.models import Channel, Permission, Purpose
from apps.customers.services import set_permission

from ..models import Message, Scope, SuppressionReason
from .suppressing import suppress

ORIGIN = "Unsubscribed from a mail"


@transaction.atomic
def unsubscribe(message: Message, *, now: datetime) -> None:
    """By the link or the one click of this mail; it is theirs to do without signing in. Twice is once."""
    suppress(
        message.to_address,
        scope=Scope.OPTIONAL,
        reason=SuppressionReason.UNSUBSCRIBED,
        by=None,
        now=now,
        message=message,
        note=ORIGIN,
    )
    refuse_optional_mail(message, now=now)


def refuse_optional_mail(message: Message, *, now: datetime) -> None:
    """The customer's word, whatever address they have next."""
    set_permission(
        message.customer,
        channel=Channel.EMAIL,
        purpose=Purpose.RECOGNITION,
        state=Permission.State.REFUSED,
        origin=ORIGIN,
        by=None,
        now=now,
    )
