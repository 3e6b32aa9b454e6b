"""How an answer may go: by mail, where their address is open to us, or by hand where it was written."""

import re
from dataclasses import dataclass
from typing import Any

from apps.customers.models import Customer, Purpose
from apps.desk.customers.page import phone_words
from apps.desk.mails.words import State, state_of
from apps.feedback.models import FeedbackItem, Reply
from apps.feedback.services.mailing import subject_of
from apps.outreach.letter_text import words_of
from apps.outreach.models import InboundOutcome, Message, MessageStatus
from apps.outreach.services import why_no_mail
from apps.worklist.calling import refused_channels
from apps.worklist.models import CareTask, Outcome, Reach

MAIL, POSTED = "mail", "posted"
SEND = "Send it by e-mail to {address}"
POST = "I posted it where it was written"
POST_AT = "I posted it where it was written ({place})"
TOLD = "I told them another way"
BY_MAIL = "By e-mail to {address}"
IN_A_CALL = "In a call"
BY_HAND = "Posted where it was written"
ANOTHER_WAY = "Told another way"
PRIVATE = re.compile(r"\b(e-?mails?|mails?|surveys?|forms?|chats?|calls?|phone|letters?)\b", re.IGNORECASE)
FAILED = {MessageStatus.BOUNCED, MessageStatus.FAILED}


@dataclass(frozen=True)
class Ways:
    """`why_no_mail` says why there is but one way; `subject` is the mail's; `posts`: there is a place.

    `phone` (E.164) and `address` (on one line) are other ways to them that are open, where no mail can go.
    """

    choices: list[tuple[str, str]]
    first: str
    subject: str
    posts: bool
    why_no_mail: str = ""
    phone: str = ""
    address: str = ""

    @property
    def number(self) -> str:
        return phone_words(self.phone, country="")

    @property
    def has_mail(self) -> bool:
        return not self.why_no_mail


@dataclass(frozen=True)
class Went:
    """By which way the answer went, or tried to, and how its mail stands."""

    words: str
    message: Message | None = None

    @property
    def state(self) -> State | None:
        return state_of(self.message) if self.message else None

    @property
    def is_back(self) -> bool:
        return bool(self.message and self.message.status in FAILED)


def ways_of(item: FeedbackItem) -> Ways:
    """By mail first where it was written in no place that others read."""
    closed = why_no_mail(item.customer)
    is_public = bool(item.url or (item.place and not _is_private(item)))
    posts = not _is_private(item)
    by_hand = (POSTED, _by_hand(item))
    if closed:
        phone, address = _other_ways(item.customer)
        return Ways([by_hand], POSTED, subject_of(item), posts, closed, phone, address)
    by_mail = (MAIL, SEND.format(address=item.customer.email))
    choices = [by_hand, by_mail] if is_public else [by_mail, by_hand]
    return Ways(choices, choices[0][0], subject_of(item), posts)


def went_of(item: FeedbackItem, reply: Reply | None, task: CareTask | None) -> Went | None:
    """Of an item that waits, what became of the mail before; None where nothing went."""
    if reply is None:
        return None
    message = reply.message
    if message and message.status != MessageStatus.TAKEN_BACK:
        return Went(BY_MAIL.format(address=message.to_address), message)
    return Went(_told(item, task)) if reply.sent_at else None


def wrote_back(reply: Reply | None, task: CareTask | None) -> str:
    """What they wrote to our answer: with the task, or else as their mail has it."""
    told = str(task.facts.get("wrote", "")) if task else ""
    if told or reply is None or reply.message is None:
        return told
    mails = reply.message.replies.filter(outcome=InboundOutcome.HEARD)
    fields: dict[str, Any] = next(iter(mails.order_by("-received_at").values_list("fields", flat=True)), {})
    return words_of(fields.get("text", ""), fields.get("html", ""))


def _other_ways(customer: Customer) -> tuple[str, str]:
    """Their number and their postal address, each empty where it is not known or was refused."""
    refused = refused_channels(customer, Purpose.SERVICE)
    place = f"{customer.postcode} {customer.city}".strip()
    address = ", ".join([customer.street, place]) if customer.street and place else ""
    return (
        "" if Reach.PHONE in refused else customer.phone,
        "" if Reach.POST in refused else address,
    )


def _by_hand(item: FeedbackItem) -> str:
    if _is_private(item):
        return TOLD
    return POST_AT.format(place=item.place) if item.place and not item.url else POST


def _told(item: FeedbackItem, task: CareTask | None) -> str:
    last = task.attempts.filter(undone_at=None).order_by("-ended_at").first() if task else None
    if last and last.outcome == Outcome.TALKED:
        return IN_A_CALL
    return ANOTHER_WAY if _is_private(item) else BY_HAND


def _is_private(item: FeedbackItem) -> bool:
    """Told to us alone: there is nothing to post an answer under."""
    return item.is_heard or (not item.url and bool(PRIVATE.search(item.place)))
