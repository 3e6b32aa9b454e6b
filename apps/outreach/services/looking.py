"""What a person does about a mail that the system cannot settle: send it again, or say how it is."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q

from apps.accounts.models import User
from apps.core.statuses import Conflict, advance, record

from ..models import Message, MessageStatus
from ..permissions import may_handle_mail
from ..querysets import TELL_WITHIN
from ..signals import mail_going_again
from .queueing import check_address, earliest_for_person
from .recording import fail

WAIT = "The mail provider has until 15 minutes after the try to say whether it arrived. Look again then."
SETTLED = "This mail needs nothing: load the page again to see how it is."
NOT_ASIDE = "Nobody knows whether this left: send it again, or say whether it arrived."
NEVER_ARRIVED = "It has not arrived, as they say."
IN_DOUBT = {MessageStatus.UNKNOWN, MessageStatus.FAILED}
ASIDE = {MessageStatus.FAILED, MessageStatus.BOUNCED}


def send_again(message: Message, *, by: User, now: datetime) -> None:
    """Queue it anew with all its tries, to the address that the customer has now, in ten seconds.

    What it is about follows, or refuses with a Conflict: then nothing changes.
    """
    _check(message, by)
    if message.status == MessageStatus.UNKNOWN and not _had_its_time(message, now):
        raise Conflict(WAIT)
    check_address(message.customer)
    changes = {
        "to_address": message.customer.email,
        "send_at": earliest_for_person(now),
        "tries": 0,
        "first_tried_at": None,
        "began_at": None,
        "doubted_at": _doubted_at(message),
        "reason": "",
        "looked_at": None,
    }
    with transaction.atomic():
        list(Message.objects.select_for_update(no_key=True).filter(pk=message.pk).values_list("pk"))
        mail_going_again.send(sender=Message, message=message, by=by, now=now)
        advance(message, MessageStatus.QUEUED, by=by, now=now, changes=changes)


def mark_as_sent(message: Message, *, by: User, now: datetime) -> None:
    """A person knows that it left: from the provider's own pages, or from the customer."""
    _check(message, by)
    changes = {"sent_at": message.began_at or now, "reason": ""}
    advance(message, MessageStatus.SENT, by=by, now=now, changes=changes)


def mark_as_not_sent(message: Message, *, by: User, now: datetime) -> None:
    """A person knows that it never left: what it is about goes another way."""
    _check(message, by)
    if message.status != MessageStatus.UNKNOWN:
        raise Conflict(SETTLED)
    if not _had_its_time(message, now):
        raise Conflict(WAIT)
    fail(message, NEVER_ARRIVED, by=by, now=now, only_if=Q(began_at=message.began_at))


def set_aside(message: Message, *, by: User, now: datetime) -> None:
    """Seen, and dealt with another way: it leaves the list and stays what it is."""
    if not may_handle_mail(by):
        raise PermissionDenied
    if message.status == MessageStatus.UNKNOWN:
        raise Conflict(NOT_ASIDE)
    if message.status not in ASIDE:
        raise Conflict(SETTLED)
    with transaction.atomic():
        if not Message.objects.filter(pk=message.pk, status__in=ASIDE).update(looked_at=now):
            raise Conflict(SETTLED)
        record(message, "looked_at", by=by, now=now)
    message.looked_at = now


def _check(message: Message, by: User) -> None:
    if not may_handle_mail(by):
        raise PermissionDenied
    if message.status not in IN_DOUBT:
        raise Conflict(SETTLED)


def _doubted_at(message: Message) -> datetime | None:
    """An earlier doubt stays: that the next try failed says nothing of it."""
    if message.doubted_at or message.status != MessageStatus.UNKNOWN:
        return message.doubted_at
    return message.began_at or message.created_at


def _had_its_time(message: Message, now: datetime) -> bool:
    return message.began_at is None or message.began_at <= now - TELL_WITHIN
