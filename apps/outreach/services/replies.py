"""A customer wrote: kept first, then given to whoever waits for it, once."""

from datetime import datetime

from django.db import transaction

from apps.core.nudges import enqueue
from apps.customers.models import Customer

from ..inbound_form import id_of
from ..letter_heads import answered_ids, heads_of, is_automatic, receivers_of, sender_of
from ..letter_text import words_of
from ..models import InboundMail, InboundOutcome
from ..replying import message_at, message_named_in
from ..signals import customer_wrote
from .arrivals import read_each


def keep_mail(fields: dict[str, str], *, now: datetime) -> InboundMail:
    """One row by its Message-ID, however often the provider posts it; a worker is told."""
    mail, _ = InboundMail.objects.get_or_create(
        external_id=id_of(fields), defaults={"received_at": now, "fields": fields}
    )
    enqueue("outreach.read_replies")
    return mail


def read_mails(*, now: datetime) -> int:
    """Read the mails that wait; returns how many were read."""
    return read_each(InboundMail, _read, now=now)


@transaction.atomic
def _read(mail: InboundMail, now: datetime) -> None:
    """Whose it is, what it says, and the news of it: all or nothing, and never a second time."""
    message = message_at(receivers_of(mail.fields)) or message_named_in(answered_ids(mail.fields))
    customer = message.customer if message else _sender(mail)
    outcome = _outcome(mail, customer)
    unheard = InboundMail.objects.filter(pk=mail.pk, outcome__in=["", InboundOutcome.STRANGER])
    if not unheard.update(outcome=outcome, read_at=now, customer=customer, message=message):
        return
    if outcome == InboundOutcome.HEARD:
        text = words_of(mail.fields.get("text", ""), mail.fields.get("html", ""))
        customer_wrote.send(sender=InboundMail, customer=customer, message=message, text=text, now=now)


def _outcome(mail: InboundMail, customer: Customer | None) -> InboundOutcome:
    """Our own mail that comes round, and what a machine answers, must not set anything going."""
    if message_named_in(heads_of(mail.fields).get("Message-ID", "")) or _is_from_us(mail):
        return InboundOutcome.OURS
    if is_automatic(mail.fields):
        return InboundOutcome.AUTOMATIC
    return InboundOutcome.HEARD if customer else InboundOutcome.STRANGER


def _is_from_us(mail: InboundMail) -> bool:
    return message_at([sender_of(mail.fields)]) is not None


def _sender(mail: InboundMail) -> Customer | None:
    """The one customer with this address; of two we cannot know which."""
    address = sender_of(mail.fields)
    found = list(Customer.objects.filter(email=address).order_by("pk")[:2]) if address else []
    return found[0] if len(found) == 1 else None
