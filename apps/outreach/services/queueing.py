"""Writing a mail into the outbox, and taking it back before it is sent."""

import unicodedata
from collections.abc import Callable
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q

from apps.accounts.models import User
from apps.core.statuses import Conflict, advance, record
from apps.core.undo import GRACE, UNDO_FOR
from apps.customers.models import Customer, Purpose

from ..models import Message, MessageStatus
from ..optouts import standing_of
from ..permissions import may_handle_mail
from ..signals import mail_taken_back
from ..templating import LONGEST_SUBJECT, Rendered, seen_of
from ..unsubscribing import unsubscribe_url

Draw = Callable[[str], Rendered]  # with the link by which to end optional mail

NO_ADDRESS = "{name} has no e-mail address on record. Add one, or reach them another way."
BAD_ADDRESS = "The e-mail address of {name} cannot be right. Correct it, or reach them another way."
NO_SUBJECT = "A mail needs a subject."
LONG_SUBJECT = f"A subject has at most {LONGEST_SUBJECT} characters. Shorten it."
NO_TEXT = "A mail needs its words, as text and as HTML."
NO_WAY_OUT = "Optional mail shows its link in both parts: pass it to the footer."
CONTROL = "The {what} holds a line break or an invisible control character. Remove it."
MAY_HAVE_LEFT = "It was taken back before it was sent again; the first try may have reached them."
TOO_LATE = "It is too late to take this back: it is being sent, or was."


class CannotSend(ValueError):
    """This is no mail that could be sent. The message says what to mend."""


def queue_mail(  # noqa: PLR0913 - a mail has that many parts
    customer: Customer,
    *,
    key: str,
    category: str,
    subject: str,
    text: str,
    html: str,
    by: User | None,
    now: datetime,
    send_at: datetime | None = None,
) -> Message:
    """Write a mail that is owed, in the transaction of what it is about; a worker sends it after the commit.

    `key` says what it is about: the same key again gives the row that is there, unchanged. What a person
    (`by`) sends can be taken back for ten seconds; the system's goes at once. `category` is the play.
    """
    mail = {"subject": subject.strip(), "text": text, "html": html}
    return _written(customer, mail, Purpose.SERVICE, key, category, by, now, send_at)[0]


@transaction.atomic
def queue_optional_mail(
    customer: Customer, *, key: str, category: str, draw: Draw, by: User | None, now: datetime
) -> Message:
    """As `queue_mail`, for what gives way: `draw` makes the mail around the link by which to end them.

    The link names the row, so the row is written first; nobody sees it before its words are whole.
    """
    optional = Purpose.RECOGNITION
    message, is_new = _written(customer, _parts(draw("")), optional, key, category, by, now, None)
    if not is_new:
        return message
    link = unsubscribe_url(message)
    parts = _parts(draw(link))
    if any(link not in parts[name] for name in ("text", "html")):
        raise ValueError(NO_WAY_OUT)
    message.text, message.html = parts["text"], parts["html"]
    message.save(update_fields=["text", "html"])
    return message


def take_back_mail(message: Message, *, by: User | None, now: datetime) -> None:
    """Nobody sends it any more; Conflict once a worker has it.

    Where an earlier try may have carried it, it is not known again, as before it was sent again: nobody is
    told that it does not go out, and the provider's events still count.
    """
    if by and not may_handle_mail(by):
        raise PermissionDenied
    if message.status != MessageStatus.QUEUED:
        raise Conflict(TOO_LATE)
    with transaction.atomic():
        to, changes = MessageStatus.TAKEN_BACK, {}
        if message.doubted_at:
            to, changes = MessageStatus.UNKNOWN, {"began_at": message.doubted_at, "reason": MAY_HAVE_LEFT}
        as_seen = Q(doubted_at=message.doubted_at)
        try:
            advance(message, to, by=by, now=now, changes=changes, only_if=as_seen)
        except Conflict:
            raise Conflict(TOO_LATE) from None
        if to == MessageStatus.TAKEN_BACK:
            mail_taken_back.send(sender=Message, message=message, by=by, now=now)


def _parts(mail: Rendered) -> dict[str, str]:
    return {"subject": mail.subject, "text": mail.text, "html": mail.html}


def _written(
    customer: Customer,
    mail: dict[str, str],
    purpose: str,
    key: str,
    category: str,
    by: User | None,
    now: datetime,
    send_at: datetime | None,
) -> tuple[Message, bool]:
    """The row of this key, and whether it is new."""
    if by and not may_handle_mail(by):
        raise PermissionDenied
    _check(customer, **mail)
    wish = send_at or now
    fields = {
        **mail,
        "customer": customer,
        "purpose": purpose,
        "category": category,
        "to_address": customer.email,
        "to_name": seen_of(customer.name),
        "send_at": max(wish, earliest_for_person(now)) if by else wish,
        "by": by,
        "created_at": now,
    }
    with transaction.atomic():
        message, is_new = Message.objects.get_or_create(key=key, defaults=fields)
        if is_new:
            record(message, "queued", by=by, now=now, to_status=MessageStatus.QUEUED)
    return message, is_new


def earliest_for_person(now: datetime) -> datetime:
    """What a person sends can be taken back first, whenever it is meant to go."""
    return now + UNDO_FOR + GRACE


def why_no_mail(customer: Customer) -> str:
    """Why what is owed cannot go to them by mail, in words; empty where it can. Asked again when it does."""
    try:
        check_address(customer)
    except CannotSend as reason:
        return str(reason)
    return standing_of(customer, Purpose.SERVICE).value


def check_address(customer: Customer) -> None:
    if not customer.email:
        raise CannotSend(NO_ADDRESS.format(name=customer))
    _check_line("address", customer.email)
    _check_line("name", customer.name)
    try:
        validate_email(customer.email)
    except ValidationError:
        raise CannotSend(BAD_ADDRESS.format(name=customer)) from None


def _check(customer: Customer, subject: str, text: str, html: str) -> None:
    check_address(customer)
    if not subject.strip():
        raise CannotSend(NO_SUBJECT)
    _check_line("subject", subject)
    if len(subject.strip()) > LONGEST_SUBJECT:
        raise CannotSend(LONG_SUBJECT)
    if not text.strip() or not html.strip():
        raise CannotSend(NO_TEXT)
    if "\0" in text + html:
        raise CannotSend(CONTROL.format(what="text"))


def _check_line(what: str, value: str) -> None:
    """Nothing that could begin another header: no control characters, nor Unicode's line ends."""
    if any(unicodedata.category(each) in {"Cc", "Zl", "Zp"} for each in value):
        raise CannotSend(CONTROL.format(what=what))
