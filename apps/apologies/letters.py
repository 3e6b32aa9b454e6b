"""Apology letters in plain words, from the facts of an incident.

Each owns the fault, says sorry once, gives no excuse and no promise that nobody has made, says what
we do, and asks for nothing. Which of several wordings a letter takes is decided by the incident's
key: the same incident always gives the same letter, two neighbours rarely do.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from apps.core.templatetags.ui import money

from .models import Compensation, Incident, IncidentKind

# What happened and what it meant; {order} is "order 1042" or "your order"
HAPPENED = {
    IncidentKind.LATE: [
        "we promised {order} for {promised}, and it was not with you that day. You planned on our word, "
        "and we did not keep it. We are sorry.",
        "{order} should have been with you on {promised}. It was not, and you had to wait. We are sorry.",
        "you counted on having {order} by {promised}. We let that day pass. We are sorry.",
    ],
    IncidentKind.LOST: [
        "we lost {order} on its way to you. You paid, you waited past {promised}, and nothing "
        "came. We are sorry.",
        "{order} never reached you. It was due on {promised}, and you heard nothing from us. We are sorry.",
    ],
    IncidentKind.CANCELLED: [
        "you ordered from us, and we cancelled {order}. You had chosen it, and you had to begin again. "
        "We are sorry.",
        "we took {order} and then could not keep to it. That took your time for nothing. We are sorry.",
    ],
    IncidentKind.WRONG: [
        "we sent you the wrong thing with {order}. You unpacked something that you had not asked for. "
        "We are sorry.",
        "what came with {order} was not what you had ordered. We are sorry.",
    ],
    IncidentKind.BROKEN: [
        "what you got with {order} was broken. You should have been able to use it the day it "
        "came. We are sorry.",
        "{order} reached you broken. You looked forward to it, and it was of no use. We are sorry.",
    ],
    IncidentKind.RUDE: [
        "one of us was rude to you. You came for help and did not deserve that. We are sorry.",
        "we spoke to you in a way that nobody should be spoken to. We are sorry.",
    ],
    IncidentKind.SILENT: [
        "you wrote to us, and we did not answer. You were left not knowing where you stood. We are sorry.",
        "you asked us something and heard nothing back. We are sorry.",
    ],
    IncidentKind.OTHER: [
        "we let you down. You could expect better of us. We are sorry.",
        "something went wrong for you, and it went wrong on our side. We are sorry.",
    ],
}

OWNED = {
    IncidentKind.LATE: [
        "This was our fault. We gave you the day, so keeping it was our job.",
        "That is on us and on nobody else. The day was our promise.",
    ],
    IncidentKind.LOST: [
        "This was our fault. It is our job to bring you what you paid for, and to tell you when we cannot.",
        "That is on us. We should have noticed long before you had to wonder.",
    ],
    IncidentKind.CANCELLED: [
        "This was our fault. We should not sell what we cannot send.",
        "That is on us. You did everything right.",
    ],
    IncidentKind.WRONG: [
        "This was our fault. We packed it, and we did not look closely enough.",
        "The mistake is ours. You should not have the work of it.",
    ],
    IncidentKind.BROKEN: [
        "This was our fault. What leaves our hands has to arrive whole.",
        "The mistake is ours. You should not have the work of it.",
    ],
    IncidentKind.RUDE: [
        "This was our fault, whatever went before it.",
        "That is on us. There is nothing that makes it right to speak to you like that.",
    ],
    IncidentKind.SILENT: [
        "This was our fault. Your words reached us, and answering them was our job.",
        "That is on us. You should not have to ask twice.",
    ],
    IncidentKind.OTHER: [
        "This was our fault.",
        "That is on us and on nobody else.",
    ],
}

REPAIRED = {
    IncidentKind.LATE: "{tell} if it is still not with you, and we stay on it until it is.",
    IncidentKind.LOST: (
        "{tell} what you would rather have: the same again, or your money back. We do what you say."
    ),
    IncidentKind.CANCELLED: "{tell} if any of your money is still with us. It goes back to you.",
    IncidentKind.WRONG: (
        "{tell} what you would rather have: the right one, or your money back. We do what you say."
    ),
    IncidentKind.BROKEN: (
        "{tell} what you would rather have: a whole one, or your money back. We do what you say."
    ),
    IncidentKind.RUDE: "{tell} what happened as you saw it, and what you came for. We help with it.",
    IncidentKind.SILENT: "{tell} what is still open, in as few words as you like. You get an answer.",
    IncidentKind.OTHER: "{tell} what would put it right.",
}
REPAIRED_ON_ARRIVAL = "{tell} if anything is wrong with it now that it is with you, and we put that right."
TELL_BY_PHONE = "When we call, tell us"
TELL_IN_WRITING = "Write back and tell us"

GIVEN = {
    Compensation.COUPON: (
        "With this comes a coupon of {amount}, because your time was worth more than we made of it."
    ),
    Compensation.REFUND: (
        "We give you back {amount} of what you paid, because you did not get what it was for."
    ),
    Compensation.CREDIT: (
        "We have set aside {amount} for you as store credit, because your time was worth more "
        "than we made of it."
    ),
    Compensation.GIFT: (
        "With this comes a gift worth {amount}, because your time was worth more than we made of it."
    ),
}

REACHED = "If anything else is not right, say so there and then. You will not have to explain it again."


@dataclass(frozen=True)
class LetterFacts:
    """What a letter may say. `seed` picks among the wordings."""

    kind: str
    amount: Decimal
    currency: str
    seed: int
    first_name: str = ""
    order: str = ""
    promised_on: date | None = None
    shop: str = ""
    compensation: str = Compensation.COUPON
    by_phone: bool = True
    has_arrived: bool = False


def has_arrived(kind: str, delivered_at: datetime | None, now: datetime) -> bool:
    """Is a late parcel known to be there? What else went wrong is not put right by an arrival."""
    return kind == IncidentKind.LATE and delivered_at is not None and delivered_at <= now


def facts_of(
    incident: Incident, *, amount: Decimal, currency: str, shop: str, now: datetime, by_phone: bool = True
) -> LetterFacts:
    """From an incident loaded with its customer and order, as they are known at `now`."""
    order = incident.order
    return LetterFacts(
        kind=incident.kind,
        amount=amount,
        currency=currency,
        seed=incident.pk,
        first_name=incident.customer.first_name,
        order=order.external_id if order else "",
        promised_on=order.promised_on if order else None,
        shop=shop,
        by_phone=by_phone,
        has_arrived=has_arrived(incident.kind, order.delivered_at if order else None, now),
    )


def compose(facts: LetterFacts) -> str:
    """The letter: greeting, what happened, whose fault, what we do, what we give, our name."""
    kind = IncidentKind(facts.kind)
    happened = _one_of(HAPPENED[kind], facts.seed).format(order=_order(facts), promised=_day(facts))
    paragraphs = [
        f"Dear {facts.first_name}," if facts.first_name else "Good day,",
        happened[0].upper() + happened[1:],
        _one_of(OWNED[kind], facts.seed // 2),
        _repaired(facts).format(tell=TELL_BY_PHONE if facts.by_phone else TELL_IN_WRITING),
        given(facts.compensation, facts.amount, facts.currency),
        REACHED,
        facts.shop or "Your shop",
    ]
    return "\n\n".join(paragraphs)


def given(compensation: str, amount: Decimal, currency: str) -> str:
    """The sentence that says what the customer is given."""
    return GIVEN[Compensation(compensation)].format(amount=money(amount, currency))


def reworded(words: str, *, before: tuple[str, Decimal], after: tuple[str, Decimal], currency: str) -> str:
    """`words` with what they say we give changed along with (compensation, amount)."""
    words = words.replace(given(*before, currency), given(*after, currency))
    return words.replace(money(before[1], currency), money(after[1], currency))


def addressed(words: str, *, by_phone: bool) -> str:
    """`words` with the way in which they are asked to tell us changed to how they are reached."""
    wrong, right = TELL_BY_PHONE, TELL_IN_WRITING
    return words.replace(right, wrong) if by_phone else words.replace(wrong, right)


def _one_of(wordings: list[str], seed: int) -> str:
    return wordings[seed % len(wordings)]


def _repaired(facts: LetterFacts) -> str:
    return REPAIRED_ON_ARRIVAL if facts.has_arrived else REPAIRED[IncidentKind(facts.kind)]


def _order(facts: LetterFacts) -> str:
    is_short = facts.order and len(facts.order) <= 12
    return f"your order {facts.order}" if is_short else "your order"


def _day(facts: LetterFacts) -> str:
    day = facts.promised_on
    return f"{day.day} {day:%B}" if day else "the day we named"
