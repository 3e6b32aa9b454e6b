"""A reply that goes by mail: whether it can, how it reads, and taking it back."""

from datetime import datetime

from apps.accounts.models import Shop, User
from apps.core.statuses import Conflict
from apps.customers.models import Customer
from apps.outreach.models import Message, MessageStatus
from apps.outreach.services import CannotSend, queue_mail, take_back_mail, why_no_mail
from apps.outreach.templating import Footer, render_letter

from ..models import FeedbackItem, Reply
from .holding import PLAY

WHY = "You get this mail because you told us something, and everybody who does gets an answer."
TO_WHAT_THEY_WROTE = "Our answer to what you wrote"
TO_WHAT_THEY_SAID = "Our answer to what you told us"
ABOUT_ORDER = "{subject} about order {order}"
LONGEST_ORDER = 20
MAIL_LEFT = "It is too late to take this back: the mail to {name} is being sent, or was. Nothing has changed."


def subject_of(item: FeedbackItem) -> str:
    subject = TO_WHAT_THEY_SAID if item.is_heard else TO_WHAT_THEY_WROTE
    number = item.order.external_id if item.order else ""
    short = 0 < len(number) <= LONGEST_ORDER
    return ABOUT_ORDER.format(subject=subject, order=number) if short else subject


def send_reply(reply: Reply, *, by: User, now: datetime) -> Message:
    """Queue its words as they are written. Raises a CannotSend or a CannotRender where they cannot go."""
    item, customer = reply.item, reply.item.customer
    closed = why_no_mail(customer)
    if closed:
        raise CannotSend(closed)
    shop = Shop.current().name or "Your shop"
    mail = render_letter(subject_of(item), reply.words, footer=Footer(shop=shop, why=WHY))
    message = queue_mail(
        customer,
        key=_next_key(reply, customer),
        category=PLAY,
        subject=mail.subject,
        text=mail.text,
        html=mail.html,
        by=by,
        now=now,
    )
    Reply.objects.filter(pk=reply.pk).update(message=message)
    reply.message = message
    return message


def mail_of(item: FeedbackItem, *, lock: bool = False) -> Message | None:
    """The mail by which the item was answered; locked, it is before the item is, as news of it does."""
    mails = Message.objects.filter(reply__item=item, reply__sent_at__isnull=False)
    return (mails.select_for_update(of=("self",), no_key=True) if lock else mails).first()


def take_back_reply(message: Message, *, by: User, now: datetime) -> None:
    """Raises Conflict once it is on its way."""
    try:
        take_back_mail(message, by=by, now=now)
    except Conflict:
        raise Conflict(MAIL_LEFT.format(name=message.customer)) from None


def has_left(message: Message) -> bool:
    return message.status not in {MessageStatus.QUEUED, MessageStatus.TAKEN_BACK}


def _next_key(reply: Reply, customer: Customer) -> str:
    """Each answer is a mail of its own, also after one that was taken back. Read by the customer's index."""
    prefix = f"reply:{reply.pk}:"
    return f"{prefix}{customer.messages.filter(key__startswith=prefix).count() + 1}"
