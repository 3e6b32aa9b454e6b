"""What the demo shop's customers said about their orders; what is old was answered long ago."""

import random
from datetime import datetime, timedelta

from apps.feedback.models import FeedbackItem, FeedbackStatus, Reply

from .people import SOURCE
from .sales import Sale
from .words import feedback, work

SPEAK = 0.2
SPEAK_AFTER_A_DELAY = 0.4
LOW, HIGH = 2, 4


def make_feedback(sales: list[Sale], *, anchor: datetime, chance: random.Random) -> list[FeedbackItem]:
    """Items up to `anchor` in the order in which they came in."""
    found = []
    for sale in sales:
        arrived = sale.row.delivered_at
        speaks = chance.random() < (SPEAK_AFTER_A_DELAY if sale.days_late else SPEAK)
        if arrived is None or not speaks:
            continue
        received_at = arrived + timedelta(hours=chance.uniform(3, 96))
        if received_at < anchor:
            found.append(_item(sale, received_at.replace(microsecond=0), chance))
    found.sort(key=lambda item: (item.received_at, item.order.external_id if item.order else ""))
    for number, item in enumerate(found, 1):
        item.external_id = f"F{2_000 + number}"
        if item.place == "Public review":
            item.url = feedback.REVIEW_URL.format(id=item.external_id)
    return found


def _item(sale: Sale, received_at: datetime, chance: random.Random) -> FeedbackItem:
    score, title, text = _words(sale, chance)
    return FeedbackItem(
        source=SOURCE,
        customer=sale.row.customer,
        order=sale.row,
        place=chance.choices(feedback.PLACES, [30, 36, 14, 14, 6])[0],
        score=score,
        title=title,
        text=text.format(
            good=chance.choice(sale.goods), days=max(sale.days_late, 2), order=sale.row.external_id
        ),
        language="en",
        received_at=received_at,
    )


def _words(sale: Sale, chance: random.Random) -> tuple[int, str, str]:
    if sale.days_late and chance.random() < 0.85:
        return chance.choice([1, 1, 2, 2, 3]), *chance.choice(feedback.LATE)
    mood = chance.random()
    if mood < 0.12:
        score = chance.choice([3, 4, 5, 5])
        return score, "", chance.choice(feedback.SHORT[score])
    if mood < 0.62:
        return chance.choice([4, 5, 5, 5]), *chance.choice(feedback.PRAISE)
    if mood < 0.78:
        return chance.choice([3, 4, 4, 5]), *chance.choice(feedback.IDEAS)
    return chance.choice([1, 1, 2, 2, 3]), *chance.choice(feedback.COMPLAINTS)


def answer_the_old(items: list[FeedbackItem], *, before: datetime, chance: random.Random) -> None:
    """Mark what came in before the campaigns began as answered then, all but a few that nobody could."""
    for item in items:
        if item.received_at >= before - timedelta(days=2):
            continue
        item.closed_at = min(item.received_at + timedelta(hours=chance.uniform(4, 90)), before)
        item.status = FeedbackStatus.ANSWERED
        if chance.random() < 0.01:
            item.status = FeedbackStatus.UNANSWERABLE
            item.unanswerable_reason = chance.choice(feedback.CANNOT_ANSWER)


def replies_to(items: list[FeedbackItem], chance: random.Random) -> list[Reply]:
    return [
        Reply(item=item, words=reply_words(item, chance), saved_at=item.closed_at, sent_at=item.closed_at)
        for item in items
        if item.closed_at and item.status == FeedbackStatus.ANSWERED
    ]


def reply_words(item: FeedbackItem, chance: random.Random) -> str:
    mood = "praise" if (item.score or 3) >= HIGH else "complaint" if (item.score or 3) <= LOW else "idea"
    words = chance.choice(work.REPLIES[mood])
    return words.format(name=item.customer.first_name or "customer")
